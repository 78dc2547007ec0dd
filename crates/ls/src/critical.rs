//! One critical path and its blocks.
//!
//! A path is walked backwards from a task that ends last, each time to a predecessor whose arc is
//! tight (`r(u) + length = r(v)`), drawn at random among the tight ones. A block is a longest run
//! of tasks that follow each other on one machine. O(tasks on the path).
//!
//! **Source:** Grabowski, Nowicki, Zdrzalka 1986 (blocks); random choice as in Nowicki, Smutnicki
//! 1996.

use crate::SequenceGraph;
use crate::shop_model::Neighbor;
use ordine_base::Stream;
use std::ops::Range;

/// A critical path, and where its blocks begin.
#[derive(Clone, Debug, Default)]
pub(crate) struct CriticalPath {
    /// Tasks in the order of time.
    pub(crate) tasks: Vec<u32>,
    /// Positions in `tasks` where blocks begin, and its length.
    borders: Vec<u32>,
}

impl CriticalPath {
    /// Replaces the content by a critical path of `graph`.
    pub(crate) fn find(&mut self, graph: &SequenceGraph, stream: &mut Stream) {
        self.tasks.clear();
        let last = |&&task: &&u32| graph.end[task as usize] == graph.makespan;
        let Some(mut at) = draw(graph.model.leaves.iter().filter(last).copied(), stream) else {
            self.borders.clear();
            return;
        };
        loop {
            self.tasks.push(at);
            match draw(tight_predecessors(graph, at as usize), stream) {
                Some(before) => at = before,
                None => break,
            }
        }
        self.tasks.reverse();
        self.find_borders(graph);
    }

    fn find_borders(&mut self, graph: &SequenceGraph) {
        self.borders.clear();
        self.borders.push(0);
        for place in 1..self.tasks.len() {
            let (before, at) = (self.tasks[place - 1], self.tasks[place] as usize);
            let follows = graph.machine_before[at] == before;
            if !follows || graph.end[before as usize] < graph.head[at] {
                self.borders.push(place as u32);
            }
        }
        self.borders.push(self.tasks.len() as u32);
    }

    /// The blocks, as ranges of positions in `tasks`.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.borders.windows(2).map(|pair| pair[0] as usize..pair[1] as usize)
    }
}

fn tight_predecessors(graph: &SequenceGraph, task: usize) -> impl Iterator<Item = u32> + '_ {
    let head = graph.head[task];
    let before = graph.machine_before[task];
    let on_machine = (graph.end[before as usize] == head).then_some(before);
    let tight = move |arc: &Neighbor| {
        graph.end[arc.task as usize] + arc.lag == head && Some(arc.task) != on_machine
    };
    let by_precedence = graph.model.before.of(task).filter(tight).map(|arc| arc.task);
    on_machine.into_iter().chain(by_precedence)
}

/// One of the items, each with equal chance; draws nothing when there is only one.
fn draw(items: impl Iterator<Item = u32>, stream: &mut Stream) -> Option<u32> {
    let mut drawn = None;
    for (seen, item) in items.enumerate() {
        if seen == 0 || stream.chance(1.0 / (seen + 1) as f64) {
            drawn = Some(item);
        }
    }
    drawn
}
