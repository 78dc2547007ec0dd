//! One tabu trajectory: each iteration makes the best move that is not tabu.
//!
//! Without several modes the moves are shifts at the borders of critical blocks, judged by the
//! estimated path through the stretch; with several modes they are reinsertions of critical tasks,
//! judged by the exact makespan and then by the path through the task. Ties are broken at random.
//!
//! After a shift all orders that it changed are forbidden for a while; a later shift is tabu when
//! it restores the order with the last task that it passes. After a change of mode the old mode is
//! tabu. A tabu move that promises a new best makespan is allowed; when all moves are tabu one of
//! them is drawn.
//!
//! O(tasks + moves) per iteration for shifts, O(tasks · critical tasks) for reinsertions.
//!
//! **Source:** Nowicki, Smutnicki 1996; Zhang, Li, Rao, Guan 2008; Mastrolilli, Gambardella 2000.

use crate::critical::CriticalPath;
use crate::reinsert::{Detached, Insertion, Reinsert};
use crate::shift::{Goal, Shift};
use crate::tabu_memory::TabuMemory;
use crate::{Move, SequenceGraph, TabuParameters};
use ordine_base::Stream;

/// Labels that one iteration of reinsertions may compute before it stops to sample tasks.
const LABELS_MAX: u64 = 100_000;

/// A move and what it promises; smaller is better.
#[derive(Clone, Copy, Debug)]
struct Choice<M> {
    candidate: M,
    value: (i64, i64),
    ties: usize,
}

/// Keeps the best of the moves offered, and one of all at random.
#[derive(Clone, Copy, Debug)]
struct Picker<M> {
    best: Option<Choice<M>>,
    any: Option<M>,
    seen: usize,
}

impl<M: Copy> Picker<M> {
    fn new() -> Self {
        Picker { best: None, any: None, seen: 0 }
    }

    /// Notes a move that is tabu.
    fn refuse(&mut self, candidate: M, stream: &mut Stream) {
        self.seen += 1;
        if self.best.is_none() && (self.seen == 1 || stream.chance(1.0 / self.seen as f64)) {
            self.any = Some(candidate);
        }
    }

    /// Notes a move that may be made.
    fn offer(&mut self, candidate: M, value: (i64, i64), stream: &mut Stream) {
        match &mut self.best {
            Some(best) if value > best.value => {}
            Some(best) if value == best.value => {
                best.ties += 1;
                if stream.chance(1.0 / best.ties as f64) {
                    best.candidate = candidate;
                }
            }
            best => *best = Some(Choice { candidate, value, ties: 1 }),
        }
    }

    fn pick(self) -> Option<M> {
        self.best.map(|best| best.candidate).or(self.any)
    }
}

/// State of one trajectory.
#[derive(Clone, Debug)]
pub(crate) struct Trajectory {
    pub(crate) graph: SequenceGraph,
    memory: TabuMemory,
    path: CriticalPath,
    detached: Detached,
    /// Tasks whose reinsertion is tried in this iteration.
    candidates: Vec<u32>,
    iteration: u64,
    /// Least tenure of this problem.
    tenure: u64,
    tenure_excess: usize,
    /// Work that the graph does not count: moves evaluated, labels of graphs without a task.
    work: u64,
}

impl Trajectory {
    pub(crate) fn new(graph: SequenceGraph, parameters: &TabuParameters) -> Self {
        let model = &graph.model;
        let is_root = |task: &usize| model.before.first[*task].task == graph.none();
        let jobs = (0..model.tasks).filter(is_root).count();
        let tenure = u64::from(parameters.tenure) + (jobs / model.machines.max(1)) as u64;
        Trajectory {
            memory: TabuMemory::new(model.tasks, model.modes.len()),
            path: CriticalPath::default(),
            detached: Detached::default(),
            candidates: Vec::new(),
            iteration: 0,
            tenure,
            tenure_excess: (tenure as f64 * parameters.tenure_excess) as usize,
            work: 0,
            graph,
        }
    }

    /// Work units spent so far: labels computed and moves evaluated.
    pub(crate) fn work(&self) -> u64 {
        self.graph.relabeled + self.work
    }

    /// Whether iterations make reinsertions, not shifts.
    pub(crate) fn reinserts(&self, parameters: &TabuParameters) -> bool {
        self.graph.model.flexible && parameters.reinsert
    }

    /// One iteration; `best` is the makespan that a tabu move must promise to beat. Gives whether
    /// there was any move.
    pub(crate) fn step(
        &mut self,
        parameters: &TabuParameters,
        best: i64,
        stream: &mut Stream,
    ) -> bool {
        self.iteration += 1;
        self.work += 1;
        let aspired = if parameters.aspiration { best } else { i64::MIN };
        self.path.find(&self.graph, stream);
        if self.reinserts(parameters) {
            self.step_reinsert(aspired, stream)
        } else {
            self.step_shift(parameters, aspired, stream)
        }
    }

    fn step_shift(
        &mut self,
        parameters: &TabuParameters,
        aspired: i64,
        stream: &mut Stream,
    ) -> bool {
        let mut picker = Picker::new();
        let (graph, memory, iteration) = (&self.graph, &self.memory, self.iteration);
        let work = &mut self.work;
        parameters.neighborhood.list(graph, &self.path, |shift| {
            *work += 1;
            let value = shift.predict(graph);
            let is_tabu = undoes_shift(memory, shift, iteration);
            if is_tabu && value >= aspired {
                picker.refuse(shift, stream);
            } else {
                picker.offer(shift, (value, 0), stream);
            }
        });
        let Some(shift) = picker.pick() else { return false };
        self.remember_shift(shift, stream);
        shift.apply(&mut self.graph);
        true
    }

    fn remember_shift(&mut self, shift: Shift, stream: &mut Stream) {
        let until = self.until(stream);
        for passed in shift.passed(&self.graph) {
            let (before, after) = shift.order_now(passed);
            self.memory.forbid_order(before, after, until);
        }
    }

    fn until(&self, stream: &mut Stream) -> u64 {
        self.iteration + self.tenure + stream.below(self.tenure_excess + 1) as u64
    }

    fn step_reinsert(&mut self, aspired: i64, stream: &mut Stream) -> bool {
        self.sample_path(stream);
        let mut picker = Picker::new();
        let (graph, memory, iteration) = (&self.graph, &self.memory, self.iteration);
        for &task in &self.candidates {
            self.work += self.detached.take_out(graph, task);
            self.work += self.detached.places(graph, &mut |insertion: Insertion| {
                let Insertion { reinsert, makespan, through } = insertion;
                let is_tabu = undoes_reinsertion(graph, memory, reinsert, iteration);
                if is_tabu && makespan >= aspired {
                    picker.refuse(reinsert, stream);
                } else {
                    picker.offer(reinsert, (makespan, through), stream);
                }
            });
        }
        let Some(reinsert) = picker.pick() else { return false };
        match reinsert.as_shift(&self.graph) {
            Some(shift) => self.remember_shift(shift, stream),
            None => {
                let until = self.until(stream);
                self.memory.forbid_mode(self.graph.mode[reinsert.task as usize], until);
            }
        }
        reinsert.apply(&mut self.graph);
        true
    }
}

impl Trajectory {
    /// Keeps of the path the tasks that a reinsertion can help, at most as many as one iteration
    /// may afford, drawn at random.
    fn sample_path(&mut self, stream: &mut Stream) {
        let mut kept = std::mem::take(&mut self.candidates);
        kept.clear();
        for block in self.path.blocks() {
            let alone = block.len() == 1;
            let can_move = |task: &&u32| !alone || self.graph.model.modes_of(**task).len() > 1;
            kept.extend(self.path.tasks[block].iter().filter(can_move));
        }
        let affordable = (LABELS_MAX / self.graph.model.tasks as u64).max(1) as usize;
        if kept.len() > affordable {
            stream.shuffle(&mut kept);
            kept.truncate(affordable);
        }
        self.candidates = kept;
    }
}

/// Whether the shift restores a forbidden order with the last task that it passes.
fn undoes_shift(memory: &TabuMemory, shift: Shift, iteration: u64) -> bool {
    let (Goal::Behind(far) | Goal::Before(far)) = shift.goal;
    let (before, after) = shift.order_now(far);
    memory.order_is_tabu(after, before, iteration)
}

fn undoes_reinsertion(
    graph: &SequenceGraph,
    memory: &TabuMemory,
    reinsert: Reinsert,
    iteration: u64,
) -> bool {
    match reinsert.as_shift(graph) {
        Some(shift) => undoes_shift(memory, shift, iteration),
        None => memory.mode_is_tabu(reinsert.mode, iteration),
    }
}
