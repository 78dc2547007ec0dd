//! How each declaration is posted in an engine, with every switch there is.
//!
//! **Source:** MiniMalloc's tests (Martin Maas et al., 2023), which build the grid of switches from
//! the record of parameters.

use crate::declaration::Declaration;
use crate::engine::Engine;
use crate::learning::LearningParameters;
use crate::propagators::{Sequence, SequenceParameters};

/// The parameters of everything that takes part.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Of machines.
    pub sequence: SequenceParameters,
    /// Of the learning search.
    pub learning: LearningParameters,
}

impl Default for Setting {
    /// Everything is on; the search restarts and forgets as soon as it can, for models are tiny.
    fn default() -> Self {
        let learning =
            LearningParameters { restart_conflicts: 1, clauses_max: 2, ..Default::default() };
        Setting { sequence: SequenceParameters::default(), learning }
    }
}

impl Setting {
    /// Every switch. A field that is missing here does not compile.
    fn switches(&mut self) -> Vec<&mut bool> {
        let SequenceParameters { predecessors, edge_finding } = &mut self.sequence;
        let LearningParameters {
            restart_conflicts: _,
            activity_decay: _,
            clauses_max: _,
            bound_atoms,
            solution_phase,
        } = &mut self.learning;
        vec![predecessors, edge_finding, bound_atoms, solution_phase]
    }

    /// Number of settings that differ in switches.
    pub fn count() -> u64 {
        1 << Setting::default().switches().len()
    }

    /// The setting whose switch k is off where bit k of `number` is 1; 0 has everything on.
    pub fn of(number: u64) -> Setting {
        let mut setting = Setting::default();
        for (place, switch) in setting.switches().into_iter().enumerate() {
            *switch = number >> place & 1 == 0;
        }
        setting
    }
}

/// Posts what a declaration says.
pub fn post(engine: &mut Engine, declaration: &Declaration, setting: &Setting) {
    match declaration {
        Declaration::Clause(atoms) => engine.post_clause(atoms),
        Declaration::Difference { from, to, weight, guard } => {
            engine.post_difference(*from, *to, *weight, *guard);
        }
        Declaration::Sequence { tasks, before } => {
            let count = tasks.len();
            let pairs = (0..count).flat_map(|i| (0..count).map(move |j| (i, j)));
            for (i, j) in pairs.filter(|(i, j)| i != j) {
                engine.post_difference(tasks[i].end, tasks[j].start, 0, before[i * count + j]);
            }
            let parameters = setting.sequence.clone();
            engine.post(Box::new(Sequence::new(tasks, before.clone(), parameters)));
        }
        #[allow(unreachable_patterns, reason = "constraints are added on their own")]
        other => unreachable!("nobody wrote how to post {other:?}"),
    }
}
