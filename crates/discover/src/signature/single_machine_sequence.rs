//! Whole sequences of a single machine, as scripts; least total tardiness.
//!
//! **Source:** Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025 (EDDC, MDDC).

use super::{Language, Signature};
use ordine_construct::Scheme;
use ordine_rule_language::script::SCRIPTS;

/// Orders of the jobs of one machine.
pub const SINGLE_MACHINE_SEQUENCE: Signature = Signature {
    name: "single_machine_sequence",
    language: Language::Script,
    task: "One machine processes jobs one after the other, without idle time. Give the order of \
           the jobs. Minimize the sum of the tardiness max(0, end - due) of all jobs.",
    fields: &[],
    seeds: &SCRIPTS,
    scheme: Scheme::Serial,
};
