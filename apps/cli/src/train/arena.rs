//! Instances to train on.
//!
//! **Source:** -

use super::TrainArguments;
use crate::exit::Failure;
use crate::inputs;
use ordine_base::Seed;
use ordine_benches::tardiness::{generated, published};
use ordine_discover::library::{Training, divided};
use ordine_discover::{Arena, ProblemArena, SingleMachine, Splits, signature_named};
use ordine_problem::Problem;
use ordine_solve::bounds::trivial_bound;
use ordine_wire::Item;
use std::ops::ControlFlow;

/// Fewest instances that can be divided.
const INSTANCES_MIN: usize = 4;

/// Instances with their division.
pub enum World {
    /// One machine.
    Tardiness(SingleMachine, Splits),
    /// Shops or projects.
    Problems(ProblemArena, Splits),
}

impl World {
    /// Reads or makes the instances.
    ///
    /// # Errors
    /// When there are none, or too few.
    pub fn open(arguments: &TrainArguments) -> Result<Self, Failure> {
        if arguments.world == "smtt" {
            if !arguments.files.is_empty() {
                let words = "smtt: expected --library DIR, found files; they are read from there";
                return Err(Failure::bad_input(words));
            }
            let arena = match &arguments.library {
                Some(library) => {
                    published(library).map_err(|it| Failure::bad_input(format!("{it:#}")))?
                }
                None => generated(Seed::new(20_260_101)),
            };
            let arena = match arguments.language.as_str() {
                "script" => arena.for_sequences(),
                _ => arena,
            };
            let training = match arguments.training.as_str() {
                "mixed" => Training::Mixed,
                _ => Training::Uniform,
            };
            let splits = divided(&arena, training);
            return Ok(World::Tardiness(arena, splits));
        }
        if arguments.language == "script" {
            let words = "--language script: expected smtt, for scripts order single machines";
            return Err(Failure::bad_input(words));
        }
        let signature = signature_named(&arguments.world.replace('-', "_"));
        let signature = signature.expect("the worlds of the command line are signatures");
        let mut problems: Vec<(Problem, u32, i64, bool)> = Vec::new();
        let mut wrong = None;
        for address in &arguments.files {
            inputs::read(address, None, &mut |item| {
                match item {
                    Item::Found(found) => {
                        let bound = trivial_bound(&found.problem).first();
                        problems.push((found.problem, 0, bound, true));
                    }
                    Item::Bad(diagnostics) => wrong = Some(Failure::from(diagnostics)),
                    Item::Skipped(_) => {}
                }
                if wrong.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
        }
        if let Some(failure) = wrong {
            return Err(failure);
        }
        let arena = ProblemArena::new(signature, problems);
        let count = arena.facts().len();
        if count < INSTANCES_MIN {
            return Err(Failure::bad_input(format!(
                "{}: expected at least {INSTANCES_MIN} instances to train, choose and test on, \
                 found {count}; name files",
                arguments.world
            )));
        }
        let splits = Splits::by_hash(arena.facts(), 0..count);
        Ok(World::Problems(arena, splits))
    }

    /// The instances.
    pub fn arena(&self) -> &dyn Arena {
        match self {
            World::Tardiness(arena, _) => arena,
            World::Problems(arena, _) => arena,
        }
    }

    /// Their division.
    pub fn splits(&self) -> &Splits {
        match self {
            World::Tardiness(_, splits) | World::Problems(_, splits) => splits,
        }
    }

    /// What the run file says of them.
    pub fn names(&self) -> Vec<String> {
        match self {
            World::Tardiness(arena, _) => arena
                .sets()
                .iter()
                .map(|(name, range)| format!("{name}: {}", range.len()))
                .collect(),
            World::Problems(arena, _) => arena.facts().iter().map(|it| it.name.clone()).collect(),
        }
    }
}
