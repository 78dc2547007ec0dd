//! Signatures: what a rule may read, what it is for, which classical rules are its parents. One
//! file each.
//!
//! **Source:** -

mod job_shop;
mod problems;
mod project;
mod single_machine;
mod single_machine_sequence;

pub use job_shop::JOB_SHOP;
pub use problems::ProblemArena;
pub use project::PROJECT;
pub use single_machine::{SINGLE_MACHINE, SingleMachine};
pub use single_machine_sequence::SINGLE_MACHINE_SEQUENCE;

use ordine_construct::Scheme;
use ordine_rule_language::Field;

/// What candidates are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// One expression: the score of a choice.
    Expression,
    /// A script: a whole sequence.
    Script,
}

/// A kind of rule that can be discovered.
#[derive(Debug)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// What candidates are written in.
    pub language: Language,
    /// The task in words, as a person or a model reads it.
    pub task: &'static str,
    /// What a rule may read.
    pub fields: &'static [Field],
    /// Classical rules: name and text.
    pub seeds: &'static [(&'static str, &'static str)],
    /// How schedules are made of the rule.
    pub scheme: Scheme,
}

/// Every signature.
pub const SIGNATURES: [&Signature; 4] =
    [&SINGLE_MACHINE, &SINGLE_MACHINE_SEQUENCE, &JOB_SHOP, &PROJECT];

/// The signature of this name.
pub fn signature_named(name: &str) -> Option<&'static Signature> {
    SIGNATURES.into_iter().find(|it| it.name == name)
}

impl Signature {
    /// The text of a classical rule of this signature.
    pub fn seed(&self, name: &str) -> Option<&'static str> {
        self.seeds.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }
}
