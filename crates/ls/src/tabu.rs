//! Tabu search for job shops and flexible job shops, resumable at any iteration.
//!
//! Trajectories follow each other. One ends after a number of iterations without a better
//! makespan; its best schedule goes to a pool of elites. While the pool fills, the next trajectory
//! starts between the best schedule and a random one; afterwards between two elites. When the pool
//! refuses as many schedules in a row as it holds, it is emptied except for the best.
//!
//! The same problem, parameters, stream, start and adopted schedules give the same run, however it
//! is sliced into calls of [`TabuSearch::advance`].
//!
//! **Source:** Nowicki, Smutnicki 1996 and 2005 (i-TSAB); Peng, Lü, Cheng 2015 (TS/PR).

use crate::elites::{Elite, Elites};
use crate::relink::{between, random_elite};
use crate::shop_model::ShopModel;
use crate::trajectory::Trajectory;
use crate::{LsError, SequenceGraph, TabuParameters};
use ordine_base::{Stream, Time};
use ordine_problem::{FeatureSet, Problem, Schedule};
use std::sync::Arc;

/// Work between two questions whether to stop; well below a millisecond.
const WORK_BETWEEN_STOPS: u64 = 20_000;

/// A tabu search in progress.
#[derive(Clone, Debug)]
pub struct TabuSearch {
    model: Arc<ShopModel>,
    parameters: TabuParameters,
    stream: Stream,
    trajectory: Trajectory,
    /// Best schedule of the trajectory.
    local: Elite,
    best: Elite,
    elites: Elites,
    idle: u32,
    /// Idle iterations that end a trajectory.
    idle_max: u32,
    /// Schedules that the pool refused since it last took one.
    refused: usize,
    /// Whether the best schedule came from outside and awaits a trajectory of its own.
    adopted: bool,
    iterations: u64,
}

impl TabuSearch {
    /// The features that the search respects; see also [`TabuSearch::supports`].
    pub const SUPPORTED: FeatureSet = SequenceGraph::SUPPORTED;

    /// Whether the search can run on `problem`.
    pub fn supports(problem: &Problem) -> bool {
        SequenceGraph::supports(problem)
    }

    /// A search that starts from a feasible schedule.
    ///
    /// # Errors
    /// When the problem is not supported, a parameter is out of range, or the start is infeasible.
    pub fn new(
        problem: &Problem,
        parameters: TabuParameters,
        stream: Stream,
        start: &Schedule,
    ) -> Result<Self, LsError> {
        let parameters = parameters.validated()?;
        let model = Arc::new(ShopModel::new(problem)?);
        let graph = SequenceGraph::with_model(Arc::clone(&model), start)?;
        let first = Elite::of(&graph);
        let trajectory = Trajectory::new(graph, &parameters);
        let reinserts = trajectory.reinserts(&parameters);
        Ok(TabuSearch {
            model,
            stream,
            trajectory,
            idle_max: if reinserts { parameters.idle_max_reinsert } else { parameters.idle_max },
            local: first.clone(),
            best: first,
            elites: Elites::new(parameters.elites as usize),
            idle: 0,
            refused: 0,
            adopted: false,
            iterations: 0,
            parameters,
        })
    }

    /// Searches until `work_budget` units are spent or `should_stop` says so; gives the units
    /// spent. A unit is one label (head or tail) computed or one move evaluated.
    ///
    /// The budget is passed by less than one iteration. `should_stop` is asked at least once per
    /// 20 000 units, rounded up to iterations.
    pub fn advance(&mut self, work_budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        let begin = self.trajectory.work();
        let mut next_question = 0;
        loop {
            let spent = self.trajectory.work() - begin;
            if spent >= work_budget {
                return spent;
            }
            if spent >= next_question {
                if should_stop() {
                    return spent;
                }
                next_question = spent + WORK_BETWEEN_STOPS;
            }
            self.iterate();
        }
    }

    fn iterate(&mut self) {
        if self.idle >= self.idle_max || self.adopted {
            self.next_trajectory();
        }
        self.iterations += 1;
        let best = self.best.makespan;
        let moved = self.trajectory.step(&self.parameters, best, &mut self.stream);
        let makespan = self.trajectory.graph.makespan;
        if makespan < self.local.makespan {
            self.local.copy_from(&self.trajectory.graph);
            self.idle = 0;
            if makespan < best {
                self.best.clone_from(&self.local);
            }
        } else {
            self.idle = if moved { self.idle + 1 } else { self.idle_max };
        }
    }

    fn next_trajectory(&mut self) {
        let finished = std::mem::take(&mut self.local);
        let taken = self.elites.insert(finished);
        self.refused = if taken { 0 } else { self.refused + 1 };
        if self.refused >= self.parameters.elites as usize {
            self.refused = 0;
            self.elites.clear();
            self.elites.insert(self.best.clone());
        }
        let (order, mode) = self.next_start();
        self.trajectory.graph.rebuild(&order, &mode);
        self.local.copy_from(&self.trajectory.graph);
        self.idle = 0;
    }

    fn next_start(&mut self) -> (Vec<u32>, Vec<u32>) {
        if std::mem::take(&mut self.adopted) {
            return (self.best.order.clone(), self.best.mode.clone());
        }
        let count = self.elites.len();
        if !self.parameters.relink || !self.elites.is_full() {
            let random = random_elite(&self.model, &self.best, &mut self.stream);
            let share = self.parameters.disturbance;
            return between(&self.best, &random, share, &mut self.stream);
        }
        let first = self.stream.below(count);
        let second = (first + 1 + self.stream.below(count - 1)) % count;
        let (first, second) = (self.elites.get(first), self.elites.get(second));
        between(first, second, 0.5, &mut self.stream)
    }

    /// Makespan of the best schedule.
    pub fn best_makespan(&self) -> Time {
        Time::new(self.best.makespan)
    }

    /// The best schedule: semi-active, every task as early as its sequence allows.
    pub fn best_schedule(&self) -> Schedule {
        let mut graph = self.trajectory.graph.clone();
        graph.rebuild(&self.best.order, &self.best.mode);
        graph.schedule()
    }

    /// Takes in a feasible schedule from outside, at an exchange point. A better one than the best
    /// is the start of the next trajectory, at once; any other joins the elites.
    ///
    /// # Errors
    /// When the schedule is infeasible.
    pub fn adopt(&mut self, schedule: &Schedule) -> Result<(), LsError> {
        let graph = SequenceGraph::with_model(Arc::clone(&self.model), schedule)?;
        let elite = Elite::of(&graph);
        if elite.makespan < self.best.makespan {
            self.best = elite;
            self.adopted = true;
        } else {
            self.elites.insert(elite);
        }
        Ok(())
    }

    /// Iterations so far, over all trajectories.
    pub fn iterations(&self) -> u64 {
        self.iterations
    }

    /// Work units spent so far.
    pub fn work(&self) -> u64 {
        self.trajectory.work()
    }
}
