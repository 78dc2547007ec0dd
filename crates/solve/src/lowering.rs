//! From a sealed problem to a model of the proof engine, and back.
//!
//! Every part of the problem is one file here: it adds variables and constraints, and the schedule
//! is read off the variables when all are fixed. What is not lowered is refused by name
//! ([`LOWERED`]). A task with one mode is one interval; with several it is a master interval and an
//! optional interval per mode, exactly one of which is present.
//!
//! Times are divided by the greatest common divisor of everything that is added to them, so that a
//! problem in seconds and the same problem in hours are one model.
//!
//! **Source:** Philippe Laborie et al., *IBM ILOG CP Optimizer for scheduling* (2018), for modes as
//! alternatives of optional intervals.

mod batches;
mod buffers;
mod calendars;
mod dominated;
mod guards;
mod history;
mod horizon;
mod least_usage;
mod limits;
mod machines;
mod mode_relations;
mod mode_totals;
mod objective;
mod ordered;
mod precedences;
mod progress;
mod reservoirs;
mod resources;
mod root;
mod same_sequences;
mod scale;
mod selections;
mod setups;
mod spans;
mod stretches;
mod swaps;
mod tasks;
mod usage_costs;
mod uses;
mod windows;
mod wishes;
mod workload;

use ordine_base::{IdVec, Time};
use ordine_cp::{Atom, Engine, Interval, LearningParameters, LearningSearch, Value, View};
use ordine_problem::{
    Feature, FeatureSet, ModeId, Placement, Problem, ResourceId, Schedule, TaskId,
};

pub(crate) use guards::supports as guards_supported;
pub(crate) use root::Root;
pub(crate) use scale::Scale;
use std::sync::Arc;
pub use uses::Use;

/// The features that are lowered.
pub const LOWERED: FeatureSet = FeatureSet::of(&[
    Feature::SeveralModes,
    Feature::SeveralResources,
    Feature::ResourceFreeWork,
    Feature::Lags,
    Feature::GeneralPrecedences,
    Feature::Branching,
    Feature::Releases,
    Feature::Deadlines,
    Feature::Renewables,
    Feature::CapacityProfiles,
    Feature::Consumables,
    Feature::OtherObjectives,
    Feature::OptionalTasks,
    Feature::Selections,
    Feature::MaximalLags,
    Feature::TimeWindows,
    Feature::Blocking,
    Feature::Setups,
    Feature::Calendars,
    Feature::Reservoirs,
    Feature::SettledTasks,
    Feature::Spans,
    Feature::ModeRelations,
    Feature::SameSequences,
    Feature::SoftPrecedences,
    Feature::IrregularObjectives,
    Feature::LeastUsage,
    Feature::Buffers,
    Feature::SoftCapacities,
    Feature::Batching,
]);

/// One way to run a task, as the engine sees it.
#[derive(Clone, Copy, Debug)]
pub struct LoweredMode {
    /// The mode.
    pub mode: ModeId,
    /// Its interval; that of the task where the task has no other mode.
    pub interval: Interval,
}

/// A task as the engine sees it.
#[derive(Clone, Debug)]
pub struct LoweredTask {
    /// When it runs, whatever the mode.
    pub interval: Interval,
    /// Its usable modes.
    pub modes: Vec<LoweredMode>,
}

/// The order of two intervals on one machine.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// "The first before the second, if both are there".
    pub atom: Atom,
    /// The interval that goes first then.
    pub first: Interval,
    /// The other.
    pub second: Interval,
    /// Their tasks.
    pub tasks: [TaskId; 2],
    /// The modes in which these run.
    pub modes: [ModeId; 2],
    /// The machine.
    pub machine: ResourceId,
    /// Whether each is all that its mode uses of the machine, so that the order of the tasks is
    /// their order.
    pub is_whole: bool,
}

/// A problem as a model of the proof engine.
pub struct Lowered<'p> {
    problem: &'p Problem,
    scale: Scale,
    /// The constraints.
    pub engine: Engine,
    /// Tasks by id.
    pub tasks: IdVec<TaskId, LoweredTask>,
    /// "It is done, if it is there", by task.
    done: IdVec<TaskId, Atom>,
    /// Calendars of modes up to the horizon.
    rhythms: Vec<(calendars::RhythmKey, Arc<calendars::Rhythm>)>,
    /// Tasks that precedences put one after the other.
    ordered: ordered::Ordered,
    /// When machines and renewables are used.
    pub uses: IdVec<ResourceId, Vec<Use>>,
    /// By machine, "use i before use j" at `i * uses + j`; empty where there is nothing to order.
    before: IdVec<ResourceId, Vec<Atom>>,
    /// By machine, who is together.
    batches: IdVec<ResourceId, Option<batches::Batches>>,
    /// By machine, who follows whom, where that was asked for.
    neighbors: IdVec<ResourceId, Option<setups::Neighbors>>,
    /// Who may wait in a buffer.
    waiting: Vec<buffers::Waiting>,
    /// Other choices of the search.
    choices: Vec<Atom>,
    /// Orders on machines.
    pub pairs: Vec<Pair>,
    /// The value of each level of the objective.
    pub levels: Vec<View>,
    /// Jobs that are late.
    pub lates: Vec<Atom>,
    /// What the search fixes to least values at the end.
    pub completion: Vec<View>,
    bytes_max: u64,
    /// Pairs of machines have no order: machines are looked at over bounds.
    over_bounds: bool,
}

/// How a problem is lowered.
#[derive(Clone, Copy)]
struct Manner {
    scale: Scale,
    /// About how many bytes the model takes at most.
    bytes_max: u64,
    over_bounds: bool,
}

/// Trail and clauses take about one of so many parts of the memory of a model.
const GROWING_SHARES: u64 = 4;

/// Why a problem was not lowered to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It was told to stop.
    Stopped,
    /// The model takes more memory than it may.
    TooLarge,
}

impl<'p> Lowered<'p> {
    /// Lowers a problem; only schedules that end at `latest` or before are of interest, if that is
    /// given.
    ///
    /// # Panics
    /// When there is a [`Lowered::refusal`]: ask first.
    pub fn new(problem: &'p Problem, latest: Option<Time>) -> Self {
        let scale = Scale::of(problem);
        Self::to_the_end(problem, latest, Manner { scale, bytes_max: u64::MAX, over_bounds: false })
    }

    /// The same, unless it is told to stop, or the model takes more than about so many bytes.
    ///
    /// # Errors
    /// Why it was not lowered to the end.
    ///
    /// # Panics
    /// As [`Lowered::new`].
    pub fn within(
        problem: &'p Problem,
        latest: Option<Time>,
        bytes_max: u64,
        should_stop: &mut dyn FnMut() -> bool,
    ) -> Result<Self, Cut> {
        let scale = Scale::of(problem);
        Self::lower(problem, latest, Manner { scale, bytes_max, over_bounds: false }, should_stop)
    }

    /// The same in ticks of the problem, whatever divides all times: what the unit is for can be
    /// measured, and that nothing else depends on how fine ticks are.
    ///
    /// # Panics
    /// As [`Lowered::new`].
    pub fn in_ticks(problem: &'p Problem, latest: Option<Time>) -> Self {
        let scale = Scale::TICKS;
        Self::to_the_end(problem, latest, Manner { scale, bytes_max: u64::MAX, over_bounds: false })
    }

    /// The same over bounds, without an order for each pair of tasks on a machine: for searches
    /// that do not learn.
    ///
    /// # Panics
    /// When there is a [`Lowered::refusal`], or the problem is not plain: ask first.
    pub fn over_bounds(problem: &'p Problem, latest: Option<Time>) -> Self {
        assert!(problem.unsupported(FeatureSet::PLAIN).is_empty(), "orders are spoken of");
        let scale = Scale::of(problem);
        Self::to_the_end(problem, latest, Manner { scale, bytes_max: u64::MAX, over_bounds: true })
    }

    fn to_the_end(problem: &'p Problem, latest: Option<Time>, manner: Manner) -> Self {
        let lowered = Self::lower(problem, latest, manner, &mut || false);
        lowered.expect("nobody stops it, and it may take any memory")
    }

    fn lower(
        problem: &'p Problem,
        latest: Option<Time>,
        manner: Manner,
        should_stop: &mut dyn FnMut() -> bool,
    ) -> Result<Self, Cut> {
        let Manner { scale, bytes_max, over_bounds } = manner;
        let refusal = Self::refusal(problem);
        assert!(refusal.is_none(), "not lowered: {refusal:?}");
        let mut lowered = Lowered {
            problem,
            scale,
            engine: Engine::default(),
            tasks: IdVec::new(),
            done: IdVec::new(),
            rhythms: Vec::new(),
            ordered: ordered::Ordered::default(),
            uses: IdVec::new(),
            before: IdVec::new(),
            batches: IdVec::new(),
            neighbors: IdVec::new(),
            waiting: Vec::new(),
            choices: Vec::new(),
            pairs: Vec::new(),
            levels: Vec::new(),
            lates: Vec::new(),
            completion: Vec::new(),
            bytes_max,
            over_bounds,
        };
        let horizon = horizon::horizon(problem).expect("a problem without horizon is refused");
        let horizon = scale.up_to(latest.map_or(horizon, |latest| latest.min(horizon)));
        tasks::lower(&mut lowered, horizon);
        progress::lower(&mut lowered);
        spans::lower(&mut lowered);
        windows::lower(&mut lowered);
        selections::lower(&mut lowered);
        precedences::lower(&mut lowered);
        mode_relations::lower(&mut lowered);
        uses::lower(&mut lowered, horizon);
        lowered.ordered = ordered::Ordered::new(&lowered);
        resources::lower(&mut lowered, horizon, should_stop);
        lowered.goes_on(should_stop)?;
        setups::lower(&mut lowered, should_stop);
        lowered.goes_on(should_stop)?;
        buffers::lower(&mut lowered);
        swaps::lower(&mut lowered, should_stop);
        lowered.goes_on(should_stop)?;
        same_sequences::lower(&mut lowered);
        objective::lower(&mut lowered, horizon);
        mode_totals::lower(&mut lowered);
        lowered.goes_on(should_stop)?;
        Ok(lowered)
    }

    /// Whether lowering ends here: it was told to stop, or takes too much memory.
    fn is_cut(&self, should_stop: &mut dyn FnMut() -> bool) -> bool {
        self.is_too_large() || should_stop()
    }

    fn is_too_large(&self) -> bool {
        self.engine.growing_bytes() > self.bytes_max / GROWING_SHARES
    }

    fn goes_on(&self, should_stop: &mut dyn FnMut() -> bool) -> Result<(), Cut> {
        match () {
            () if self.is_too_large() => Err(Cut::TooLarge),
            () if should_stop() => Err(Cut::Stopped),
            () => Ok(()),
        }
    }

    /// What of a problem is not lowered: features by name, or numbers beyond the engine's.
    pub fn refusal(problem: &Problem) -> Option<String> {
        let unsupported = problem.unsupported(LOWERED);
        if !unsupported.is_empty() {
            return Some(unsupported.to_string());
        }
        limits::too_large(problem).map(str::to_owned)
    }

    /// About how many bytes the model of a problem takes, known before there is one.
    pub fn bytes(problem: &Problem) -> u64 {
        limits::bytes(problem)
    }

    /// The problem that was lowered.
    pub fn problem(&self) -> &'p Problem {
        self.problem
    }

    /// What the learning search decides first of all: presences, then orders.
    pub fn booleans(&self) -> Vec<Atom> {
        let of_task = |task: &LoweredTask| {
            let modes = task.modes.iter().map(|mode| mode.interval.present);
            std::iter::once(task.interval.present).chain(modes).collect::<Vec<_>>()
        };
        let presences = self.tasks.values().flat_map(of_task);
        let mut booleans: Vec<Atom> = presences
            .filter(|&present| present != Atom::TRUE)
            .chain(self.lates.iter().copied())
            .chain(self.pairs.iter().map(|pair| pair.atom))
            .chain(self.choices.iter().copied())
            .collect();
        // The presence of a task with one mode is that of the mode.
        booleans.dedup();
        booleans
    }

    /// A learning search on the model.
    pub fn learning_search(&self, parameters: LearningParameters) -> LearningSearch {
        let mut search = LearningSearch::new(parameters, &self.booleans(), &self.completion);
        for pair in &self.pairs {
            search.matters_only_with(pair.atom, pair.first.present, pair.second.present);
        }
        search
    }

    /// An atom that holds exactly when two tasks are done, where they are there.
    fn both_done(&mut self, first: TaskId, second: TaskId) -> Atom {
        self.all_of(&[self.done[first], self.done[second]])
    }

    /// "One use of a machine before another, if both are there".
    fn order(&self, machine: ResourceId, first: usize, second: usize) -> Atom {
        self.before[machine][first * self.uses[machine].len() + second]
    }

    /// A new Boolean that the search decides.
    fn choice(&mut self) -> Atom {
        let choice = self.engine.boolean();
        self.choices.push(choice);
        choice
    }

    /// An atom that holds exactly when all of these do.
    fn all_of(&mut self, atoms: &[Atom]) -> Atom {
        let trail = &self.engine.trail;
        let mut open: Vec<Atom> =
            atoms.iter().copied().filter(|&atom| !trail.is_true(atom)).collect();
        open.sort_unstable();
        open.dedup();
        match open[..] {
            [] => Atom::TRUE,
            [atom] => atom,
            _ if open.iter().any(|&atom| trail.is_false(atom)) => Atom::FALSE,
            _ => {
                let all = self.engine.boolean();
                for &atom in &open {
                    self.engine.post_clause(&[!all, atom]);
                }
                let mut clause: Vec<Atom> = open.iter().map(|&atom| !atom).collect();
                clause.push(all);
                self.engine.post_clause(&clause);
                all
            }
        }
    }

    /// 1 where an atom holds, else 0.
    fn indicator(&mut self, atom: Atom) -> View {
        let trail = &self.engine.trail;
        let view = atom.as_view();
        match (trail.is_true(atom), trail.is_false(atom)) {
            (true, _) => View::constant(1),
            (_, true) => View::constant(0),
            _ if trail.lower(view) >= 0 && trail.upper(view) <= 1 => view,
            _ => {
                let holds = self.engine.boolean();
                self.engine.post_clause(&[!holds, atom]);
                self.engine.post_clause(&[holds, !atom]);
                holds.as_view()
            }
        }
    }

    /// An atom that holds exactly when one of these does.
    fn any_of(&mut self, atoms: &[Atom]) -> Atom {
        let negated: Vec<Atom> = atoms.iter().map(|&atom| !atom).collect();
        negation(self.all_of(&negated))
    }

    /// Value of a level of the objective as the problem counts it.
    pub fn up(&self, value: Value) -> i64 {
        self.scale.up(value)
    }

    /// The largest value of the model that is at most `value` of the problem.
    pub fn down(&self, value: i64) -> Value {
        value.div_euclid(self.scale.unit())
    }

    /// The schedule that the engine holds, all variables being fixed.
    pub fn schedule(&self) -> Schedule {
        let trail = &self.engine.trail;
        let mut schedule = Schedule::empty(self.problem);
        for (task, lowered) in self.tasks.iter() {
            let Some(mode) = lowered.modes.iter().find(|mode| trail.is_true(mode.interval.present))
            else {
                continue;
            };
            let at = |view: View| Time::new(self.scale.up(trail.lower(view)));
            let (start, end) = (at(mode.interval.start), at(mode.interval.end));
            schedule.place(task, Placement { mode: mode.mode, start, end });
        }
        schedule
    }

    /// Values of all variables that say what `schedule` says, for the search to follow.
    pub fn values_of(&self, schedule: &Schedule) -> Vec<Value> {
        let trail = &self.engine.trail;
        let mut values: Vec<Value> =
            (0..trail.sides() / 2).map(|variable| trail.variable_lower(variable)).collect();
        let mut write = |view: View, value: Value| {
            if !view.is_constant() {
                let (variable, value) = view.variable_value(value);
                values[variable] = value;
            }
        };
        for (task, placement) in schedule.placed() {
            let Some(lowered) = self.tasks.get(task) else { continue };
            let start = self.scale.down(placement.start);
            write(lowered.interval.start, start);
            write(lowered.interval.end, self.scale.down(placement.end));
            for mode in &lowered.modes {
                let chosen = mode.mode == placement.mode;
                if mode.interval.present != Atom::TRUE {
                    write(mode.interval.present.as_view(), Value::from(chosen));
                }
                write(mode.interval.start, start);
                if chosen {
                    write(mode.interval.end, self.scale.down(placement.end));
                }
            }
        }
        let of = |view: View| view.value_from(values[view.side.variable()]);
        let orders: Vec<(View, Value)> = self
            .pairs
            .iter()
            .map(|pair| (pair.atom.as_view(), of(pair.first.start) < of(pair.second.start)))
            .map(|(view, first)| (view, Value::from(first)))
            .collect();
        for (view, value) in orders {
            let (variable, value) = view.variable_value(value);
            values[variable] = value;
        }
        values
    }
}

/// The negation of an atom; of a constant the other constant.
pub(crate) fn negation(atom: Atom) -> Atom {
    match atom {
        Atom::TRUE => Atom::FALSE,
        Atom::FALSE => Atom::TRUE,
        _ => !atom,
    }
}
