//! Large neighborhoods through the proof engine: most of the incumbent is fixed, the rest is
//! searched for something better.
//!
//! A neighborhood relaxes some tasks. The others keep their modes and, on each machine, their
//! order; on a renewable they keep the order in which they hand it on ([`chains`]). Times are free,
//! so everything may move. What is fixed holds on one level of the search, so the clauses that are
//! learned stay true for the neighborhoods that follow; those that speak of no decision are told as
//! facts, and facts of others are posted before a neighborhood is opened. A neighborhood that is
//! searched through makes the next one of its kind larger, one that meets its limit makes it
//! smaller.
//!
//! **Source:** Paul Shaw (CP 1998); Daniel Godard, Philippe Laborie, Wim Nuijten, *Randomized large
//! neighborhood search for cumulative scheduling* (ICAPS 2005), for keeping a partial order.

mod chains;
mod kinds;

use crate::lowering::{Cut, Lowered, Root, negation};
use crate::{Facts, Searcher};
use kinds::{KINDS, Surroundings};
use ordine_base::{Cost, Id, Seed, Stream};
use ordine_cp::{Answer, Atom, EffortLimit, Engine, LearningParameters, LearningSearch, Value};
use ordine_problem::{Problem, Schedule};

/// Effort of the engine that counts as one unit of work.
const EFFORT_PER_UNIT: u64 = 8;

/// Tasks that a kind relaxes at first.
const TASKS_AT_FIRST: f64 = 10.0;

/// Growth of a kind after a neighborhood that was searched through.
const GROWTH: f64 = 1.05;

/// Conflicts after which a neighborhood is given up.
const CONFLICTS_MAX: u64 = 400;

/// Large-neighborhood search; sleeps until it hears of an incumbent.
pub struct NeighborhoodSearch<'p> {
    problem: &'p Problem,
    surroundings: Surroundings,
    stream: Stream,
    /// Tasks to relax, by kind.
    sizes: [f64; KINDS.len()],
    incumbent: Option<(Vec<i64>, Schedule)>,
    found: Option<Schedule>,
    model: Option<Model<'p>>,
    /// The neighborhood that is searched now, and its conflicts left.
    open: Option<Neighborhood>,
    model_bytes: u64,
    done: bool,
}

/// The lowered problem and the search in it.
struct Model<'p> {
    lowered: Lowered<'p>,
    search: LearningSearch,
    root: Root,
    /// What holds at the root holds for schedules of at most this cost.
    cost_max: i64,
}

#[derive(Clone, Copy)]
struct Neighborhood {
    kind: usize,
    /// Conflicts of the search when it is given up.
    until: u64,
    /// "The order on renewables is kept", where there is one to keep.
    keeps: Option<Atom>,
    /// Differences of the engine without those of the neighborhood.
    differences: usize,
}

impl<'p> NeighborhoodSearch<'p> {
    /// A search on a problem that can be lowered.
    pub fn new(problem: &'p Problem, seed: Seed) -> Self {
        NeighborhoodSearch {
            problem,
            surroundings: Surroundings::new(problem),
            stream: seed.stream("neighborhoods"),
            sizes: [TASKS_AT_FIRST; KINDS.len()],
            incumbent: None,
            found: None,
            model: None,
            open: None,
            model_bytes: u64::MAX,
            done: false,
        }
    }

    /// The same, with a model of about so many bytes at most; a larger one is not searched.
    pub fn within(self, model_bytes: u64) -> Self {
        NeighborhoodSearch { model_bytes, ..self }
    }

    /// Lowers the problem when the first neighborhood is opened.
    fn prepare(&mut self, should_stop: &mut dyn FnMut() -> bool) {
        if self.model.is_none() && self.incumbent.is_some() {
            match Lowered::within(self.problem, None, self.model_bytes, should_stop) {
                Ok(lowered) => {
                    let search = lowered.learning_search(LearningParameters::default());
                    let root = Root::new(&lowered);
                    self.model = Some(Model { lowered, search, root, cost_max: i64::MAX });
                }
                Err(Cut::Stopped) => {}
                Err(Cut::TooLarge) => self.done = true,
            }
        }
    }

    /// Opens a neighborhood of the incumbent.
    fn open(&mut self) -> Option<Neighborhood> {
        let (cost, schedule) = self.incumbent.as_ref()?;
        let problem = self.problem;
        let Model { lowered, search, root, cost_max } = self.model.as_mut()?;
        let kind = self.stream.below(KINDS.len());
        let count = self.sizes[kind].round() as usize;
        let tasks = (KINDS[kind].relax)(&self.surroundings, schedule, count, &mut self.stream);
        let mut is_free = vec![false; problem.tasks().len()];
        for task in tasks {
            is_free[task.index()] = true;
        }
        search.to_root(&mut lowered.engine);
        let demanded = lowered.up(lowered.down(cost[0]) - 1);
        *cost_max = root.post(lowered, demanded).min(*cost_max);
        let differences = lowered.engine.differences();
        let keeps = chains::keep(lowered, schedule, &is_free);
        let mut fixed = kept(lowered, schedule, &is_free);
        fixed.extend(keeps);
        fixed.extend(better(lowered, cost, &mut self.stream));
        search.fix(fixed);
        let until = search.conflicts_total + CONFLICTS_MAX;
        Some(Neighborhood { kind, until, keeps, differences })
    }

    /// The model, where facts can be exchanged: they speak of one cost.
    fn exchanging(&mut self) -> Option<&mut Model<'p>> {
        let has_one = self.problem.objective().levels().len() == 1;
        self.model.as_mut().filter(|_| has_one)
    }

    fn close(&mut self, neighborhood: Neighborhood, answer: Answer) {
        let Model { lowered, search, .. } = self.model.as_mut().expect("a neighborhood is open");
        let size = &mut self.sizes[neighborhood.kind];
        match answer {
            Answer::Solution => {
                let schedule = lowered.schedule();
                search.follow(&lowered.engine);
                let cost = schedule.cost(self.problem).levels().to_vec();
                self.found = Some(schedule.clone());
                self.incumbent = Some((cost, schedule));
            }
            Answer::Refuted => *size = (*size * GROWTH).min(self.problem.tasks().len() as f64),
            Answer::Limit => *size = (*size / GROWTH).max(2.0),
            Answer::Infeasible => self.done = true,
        }
        search.to_root(&mut lowered.engine);
        if let Some(keeps) = neighborhood.keeps {
            lowered.engine.post_fact(!keeps);
            lowered.engine.forget_differences(neighborhood.differences);
        }
    }
}

/// Modes of the tasks that are not relaxed, and their orders on machines.
fn kept(lowered: &Lowered<'_>, schedule: &Schedule, is_free: &[bool]) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for (task, of_task) in lowered.tasks.iter().filter(|(task, _)| !is_free[task.index()]) {
        let placement = schedule.placement(task);
        atoms.push(if_holds(of_task.interval.present, placement.is_some()));
        for mode in &of_task.modes {
            let is_chosen = placement.is_some_and(|placement| placement.mode == mode.mode);
            atoms.push(if_holds(mode.interval.present, is_chosen));
        }
    }
    let keeps_order = |tasks: [_; 2]| tasks.iter().all(|&task: &_| !is_free[Id::index(task)]);
    for pair in lowered.pairs.iter().filter(|pair| pair.is_whole && keeps_order(pair.tasks)) {
        if let [Some(first), Some(second)] = pair.tasks.map(|task| schedule.placement(task)) {
            let before = (first.start, first.end) < (second.start, second.end);
            atoms.push(if_holds(pair.atom, before));
        }
    }
    atoms.retain(|&atom| atom != Atom::TRUE);
    atoms
}

fn if_holds(atom: Atom, holds: bool) -> Atom {
    if holds { atom } else { negation(atom) }
}

/// One level of the objective must be better than it is, those before it no worse.
fn better(lowered: &Lowered<'_>, cost: &[i64], stream: &mut Stream) -> Vec<Atom> {
    let level = stream.below(cost.len());
    let at_most = |index: usize| {
        let known: Value = lowered.down(cost[index]);
        lowered.levels[index].at_most(known - Value::from(index == level))
    };
    (0..=level).map(at_most).collect()
}

impl Searcher for NeighborhoodSearch<'_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        let mut work = 0;
        self.prepare(should_stop);
        while !self.done && work < budget && !should_stop() {
            let Some(neighborhood) = self.open.take().or_else(|| self.open()) else { break };
            let Model { lowered, search, .. } =
                self.model.as_mut().expect("a neighborhood is open");
            let engine = &mut lowered.engine;
            let (before, effort) = (engine.effort(), (budget - work) * EFFORT_PER_UNIT);
            let mut stopped = |engine: &Engine| engine.effort() >= before + effort || should_stop();
            engine.effort_limit = EffortLimit(before + effort);
            let conflicts = neighborhood.until.saturating_sub(search.conflicts_total);
            let answer = search.run(engine, &[], conflicts, &mut stopped);
            work += 1 + (engine.effort() - before) / EFFORT_PER_UNIT;
            if answer == Answer::Limit && search.conflicts_total < neighborhood.until {
                self.open = Some(neighborhood);
            } else {
                self.close(neighborhood, answer);
            }
        }
        work
    }

    fn improvement(&mut self) -> Option<Schedule> {
        self.found.take()
    }

    fn tell(&mut self, facts: &mut Facts) {
        if let Some(Model { lowered, root, cost_max, .. }) = self.exchanging() {
            root.tell(lowered, *cost_max, facts);
        }
    }

    fn hear(&mut self, facts: &Facts) {
        if let Some(Model { root, .. }) = self.exchanging() {
            root.hear(facts);
        }
    }

    fn consider(&mut self, incumbent: &Schedule, cost: &Cost) {
        let is_better = |known: &[i64]| cost.levels() < known;
        if self.incumbent.as_ref().is_none_or(|(known, _)| is_better(known)) {
            self.incumbent = Some((cost.levels().to_vec(), incumbent.clone()));
            if let Some(neighborhood) = self.open.take() {
                self.close(neighborhood, Answer::Limit);
            }
            if let Some(Model { lowered, search, .. }) = &mut self.model {
                search.follow_values(lowered.values_of(incumbent));
            }
        }
    }
}
