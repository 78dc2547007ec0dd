//! How each declaration is posted in an engine, with every switch there is.
//!
//! **Source:** MiniMalloc's tests (Martin Maas et al., 2023), which build the grid of switches from
//! the record of parameters.

use crate::atom::{Atom, Interval, Value, View};
use crate::declaration::{Declaration, General, Scheduling};
use crate::engine::Engine;
use crate::failure::FailureParameters;
use crate::learning::LearningParameters;
use crate::propagators::{
    Acyclic, CircuitArc, Cumulative, CumulativeEnergy, Disjunctive, DisjunctiveParameters, Elapsed,
    EnergyParameters, Forbidden, Load, Rectangle, RectangleParameters, Reservoir, Sequence,
    SequenceParameters, Setups, post_all_different, post_alternative, post_at_least, post_circuit,
    post_circuit_length, post_element, post_exactly, post_linear, post_linear_equal,
    post_no_overlap_2d, post_reach, post_span, post_table,
};
use std::sync::Arc;

/// The parameters of everything that takes part.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Of machines with an atom per pair.
    pub sequence: SequenceParameters,
    /// Of machines without.
    pub disjunctive: DisjunctiveParameters,
    /// Of the energy of resources.
    pub energy: EnergyParameters,
    /// Of rectangles.
    pub rectangle: RectangleParameters,
    /// Setups of sets of families.
    pub setups: bool,
    /// Gaps between loads of a bin.
    pub gaps: bool,
    /// Of the learning search.
    pub learning: LearningParameters,
    /// Of the failure-directed search.
    pub failure: FailureParameters,
    /// Machines of few tasks are swept by plain loops, not by trees.
    pub plain_loops: bool,
}

impl Default for Setting {
    /// Everything is on; the searches restart and forget as soon as they can, for models are tiny.
    fn default() -> Self {
        let learning =
            LearningParameters { restart_conflicts: 1, clauses_max: 2, ..Default::default() };
        let failure =
            FailureParameters { restart_failures: 2.0, strong: true, ..Default::default() };
        Setting {
            sequence: SequenceParameters::default(),
            disjunctive: DisjunctiveParameters::default(),
            energy: EnergyParameters::default(),
            rectangle: RectangleParameters::default(),
            setups: true,
            gaps: true,
            learning,
            failure,
            plain_loops: true,
        }
    }
}

impl Setting {
    /// Every switch. A field that is missing here does not compile.
    fn switches(&mut self) -> Vec<&mut bool> {
        let Setting {
            sequence,
            disjunctive,
            energy,
            rectangle,
            setups,
            gaps,
            learning,
            failure,
            plain_loops,
        } = self;
        let SequenceParameters { predecessors, edge_finding } = sequence;
        let DisjunctiveParameters { detectable, not_last, overload, edge_finding: edge, small: _ } =
            disjunctive;
        let EnergyParameters { overload: windows, edge_finding: pushes } = energy;
        let RectangleParameters { energy: areas, cumulative } = rectangle;
        let LearningParameters {
            restart_conflicts: _,
            activity_decay: _,
            clauses_max: _,
            bound_atoms,
            solution_phase,
        } = learning;
        let FailureParameters {
            step_share: _,
            choices_per_variable: _,
            parts: _,
            restart_failures: _,
            restart_growth: _,
            memory: _,
            nogoods,
            strong,
            strong_choices: _,
            strong_depth: _,
        } = failure;
        vec![
            predecessors,
            edge_finding,
            detectable,
            not_last,
            overload,
            edge,
            windows,
            pushes,
            areas,
            cumulative,
            setups,
            gaps,
            bound_atoms,
            solution_phase,
            nogoods,
            strong,
            plain_loops,
        ]
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
        setting.disjunctive.small = if setting.plain_loops { 96 } else { 0 };
        let DisjunctiveParameters { detectable, not_last, overload, edge_finding, .. } =
            &mut setting.disjunctive;
        // Without any rule it would accept what overlaps.
        *overload |= !(*detectable || *not_last || *edge_finding);
        setting
    }
}

/// Posts what a declaration says; false if nobody wrote how.
pub fn post(engine: &mut Engine, declaration: &Declaration, setting: &Setting) -> bool {
    match declaration {
        Declaration::Clause(atoms) => engine.post_clause(atoms),
        Declaration::Difference { from, to, weight, guard } => {
            engine.post_difference(*from, *to, *weight, *guard);
        }
        Declaration::Disjunctive { tasks } => {
            let parameters = setting.disjunctive.clone();
            engine.post(Box::new(Disjunctive::new(tasks, parameters)));
        }
        Declaration::Sequence { tasks, before } => post_sequence(engine, tasks, before, setting),
        Declaration::General(general) => post_general(engine, general, setting),
        Declaration::Scheduling(it) => return post_scheduling(engine, it, setting),
        Declaration::Cumulative { usages, capacity } => {
            engine.post(Box::new(Cumulative::new(usages, capacity.clone())));
            let parameters = setting.energy.clone();
            if parameters.overload || parameters.edge_finding {
                let energy = CumulativeEnergy::new(usages, capacity.clone(), parameters);
                engine.post(Box::new(energy));
            }
        }
        #[allow(unreachable_patterns, reason = "constraints are added on their own")]
        _ => return false,
    }
    true
}

fn post_sequence(engine: &mut Engine, tasks: &[Interval], before: &[Atom], setting: &Setting) {
    let count = tasks.len();
    let pairs = (0..count).flat_map(|i| (0..count).map(move |j| (i, j)));
    for (i, j) in pairs.filter(|(i, j)| i != j) {
        engine.post_difference(tasks[i].end, tasks[j].start, 0, before[i * count + j]);
    }
    engine.post(Box::new(Sequence::new(tasks, before.to_vec(), setting.sequence.clone())));
}

fn post_scheduling(engine: &mut Engine, it: &Scheduling, setting: &Setting) -> bool {
    match it {
        Scheduling::Alternative { master, options } => post_alternative(engine, *master, options),
        Scheduling::Span { parent, children } => post_span(engine, *parent, children),
        Scheduling::Reservoir { events, initial, least, most } => {
            engine.post(Box::new(Reservoir::new(events, *initial, *least, *most)));
        }
        Scheduling::Elapsed { start, end, work, present, time } => {
            let elapsed = Elapsed::new(*start, *end, *work, *present, Arc::clone(time));
            engine.post(Box::new(elapsed));
        }
        Scheduling::Forbidden { view, present, intervals } => {
            engine.post(Box::new(Forbidden::new(*view, *present, intervals)));
        }
        Scheduling::Setups { tasks, before, families, times } => {
            let (count, kinds) = (tasks.len(), times.len().isqrt());
            for (i, j) in (0..count * count).map(|pair| (pair / count, pair % count)) {
                if i != j {
                    let setup = times[families[i] * kinds + families[j]];
                    let guard = before[i * count + j];
                    engine.post_difference(tasks[i].end, tasks[j].start, setup, guard);
                }
            }
            if setting.setups {
                let setups = Setups::new(tasks, before.clone(), families, kinds, times);
                engine.post(Box::new(setups));
            }
        }
        Scheduling::Acyclic { nodes, arcs } => {
            engine.post(Box::new(Acyclic::new(*nodes, arcs.clone())));
        }
        #[allow(unreachable_patterns, reason = "constraints are added on their own")]
        _ => return false,
    }
    true
}

fn post_general(engine: &mut Engine, general: &General, setting: &Setting) {
    match general {
        General::Linear { terms, bound, conditions } => {
            let condition = conjunction(engine, conditions);
            post_linear(engine, terms, *bound, condition);
        }
        General::AtLeast { count, atoms, condition } => {
            post_at_least(engine, *count, atoms, *condition);
        }
        General::Reach { target, items, conditions } => {
            let condition = conjunction(engine, conditions);
            post_reach(engine, *target, items, condition);
        }
        General::Element { target, items } => {
            let selectors: Vec<Atom> = items.iter().map(|&(_, selector)| selector).collect();
            post_exactly(engine, 1, &selectors, Atom::TRUE);
            post_element(engine, *target, items);
        }
        General::Table { columns, rows } => post_table(engine, columns, rows),
        General::AllDifferent(views) => post_all_different(engine, views),
        General::Load { items, load } => {
            let mut terms: Vec<(Value, View)> =
                items.iter().map(|&(size, atom)| (size, atom.as_view())).collect();
            terms.push((-1, *load));
            post_linear_equal(engine, &terms, 0, Atom::TRUE);
            if setting.gaps {
                engine.post(Box::new(Load::new(items, *load)));
            }
        }
        General::NoOverlap2d(pairs) => {
            let rectangles: Vec<Rectangle> =
                pairs.iter().map(|&(x, y)| Rectangle { x, y }).collect();
            post_no_overlap_2d(engine, &rectangles, &setting.rectangle);
        }
        General::CircuitLength { nodes, arcs, length } => {
            let lengths: Vec<Value> = arcs.iter().map(|it| it.3).collect();
            let arcs: Vec<CircuitArc> =
                arcs.iter().map(|&(from, to, chosen, _)| CircuitArc { from, to, chosen }).collect();
            post_circuit(engine, *nodes, &arcs);
            post_circuit_length(engine, *nodes, &arcs, &lengths, *length);
        }
        General::Circuit { nodes, arcs } => {
            let arcs: Vec<CircuitArc> =
                arcs.iter().map(|&(from, to, chosen)| CircuitArc { from, to, chosen }).collect();
            post_circuit(engine, *nodes, &arcs);
        }
    }
}

/// An atom that holds if all conditions do.
fn conjunction(engine: &mut Engine, conditions: &[Atom]) -> Atom {
    match *conditions {
        [] => Atom::TRUE,
        [condition] => condition,
        _ => {
            let all = engine.boolean();
            let mut clause: Vec<Atom> = conditions.iter().map(|&condition| !condition).collect();
            clause.push(all);
            engine.post_clause(&clause);
            all
        }
    }
}
