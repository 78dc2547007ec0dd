//! The chip as a graph with typed nodes, kept true from one decision epoch to the next.
//!
//! Nodes: `task` (one per place of a task in the system), `job`, `element`. A task has the six
//! published features: idle elements / s, +2 before its job has started and -2 after, busy
//! elements / s, elapsed × expected time of what its element runs / 10 000, elapsed / 200 (both 0
//! while it has no element), and 0; s is the number of elements, or 6.5 as published. Relations:
//! `precedes` with the volume, `of` its job, `runs on` with the expected time in microseconds.
//! Places of absent tasks stay, with features 0 and without edges. O(tasks + elements) an epoch;
//! edges change only when a job of another profile takes a place.
//!
//! **Source:** Sung et al. 2020, section on the state; features as in Decima (Mao et al. 2019).

use crate::ProfileId;
use crate::simulator::{Phase, Simulator};
use ordine_base::Id;
use ordine_problem::TaskId;
use ordine_world::{Graph, NodeId, NodeTypeId, RelationId};

const TASK_FEATURES: &[&str] = &[
    "idle elements, scaled",
    "2 before its job has started, -2 after",
    "busy elements, scaled",
    "elapsed x expected us of its element / 10000",
    "elapsed us of its element / 200",
    "0",
];
const JOB_FEATURES: &[&str] = &["is in the system", "has started", "us in the system / 200"];
const ELEMENT_FEATURES: &[&str] = &["running tasks", "us to the nominal end / 200"];

/// What the published code divides counts of elements by.
const PUBLISHED_SCALE: f32 = 6.5;

/// The graph of a running chip.
#[derive(Clone, Debug)]
pub struct SocGraph {
    graph: Graph,
    task: NodeTypeId,
    job: NodeTypeId,
    element: NodeTypeId,
    precedes: RelationId,
    of: RelationId,
    runs_on: RelationId,
    scale: f32,
    /// Profile whose edges each place of a job has.
    drawn: Vec<Option<ProfileId>>,
}

impl SocGraph {
    pub(crate) fn new(simulator: &Simulator) -> Self {
        let mut graph = Graph::new();
        let task = graph.node_type("task", TASK_FEATURES);
        let job = graph.node_type("job", JOB_FEATURES);
        let element = graph.node_type("element", ELEMENT_FEATURES);
        let precedes = graph.relation("precedes", task, task, &["volume"]);
        let of = graph.relation("of", task, job, &[]);
        let runs_on = graph.relation("runs on", task, element, &["expected us"]);
        for _ in 0..simulator.tasks.len() {
            graph.node(task, &[0.0; 6]);
        }
        for _ in 0..simulator.jobs.len() {
            graph.node(job, &[0.0; 3]);
        }
        for _ in 0..simulator.elements.len() {
            graph.node(element, &[0.0; 2]);
        }
        let (scale, drawn) = (simulator.elements.len() as f32, vec![None; simulator.jobs.len()]);
        SocGraph { graph, task, job, element, precedes, of, runs_on, scale, drawn }
    }

    pub(crate) fn published(simulator: &Simulator) -> Self {
        SocGraph { scale: PUBLISHED_SCALE, ..SocGraph::new(simulator) }
    }

    /// The graph itself.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Says which nodes the candidates stand for.
    pub(crate) fn show(&mut self, tasks: &[TaskId]) {
        let task = self.task;
        let node = |id: &TaskId| (task, NodeId::from_index(id.index()));
        self.graph.set_candidates(tasks.iter().map(node));
    }

    /// Says that the candidates are elements.
    pub(crate) fn show_elements(&mut self, count: usize) {
        let element = self.element;
        self.graph.set_candidates((0..count).map(|it| (element, NodeId::from_index(it))));
    }

    /// Brings features and edges up to the present.
    pub(crate) fn update(&mut self, simulator: &Simulator) {
        self.update_edges(simulator);
        let busy = simulator.elements.values().filter(|it| !it.running.is_empty()).count() as f32;
        let idle = simulator.elements.len() as f32 - busy;
        for (id, state) in simulator.elements.iter() {
            let ends = state.running.iter().map(|&task| {
                let end = simulator.tasks[task].start + simulator.nominal(task);
                (end - simulator.now).positive_part().get() as f32
            });
            let features = [state.running.len() as f32, ends.fold(0.0, f32::max) / 200.0];
            let node = NodeId::from_index(id.index());
            self.graph.features_mut(self.element, node).copy_from_slice(&features);
        }
        for (place, job) in simulator.jobs.iter().enumerate() {
            let is_here = job.left > 0;
            let elapsed = if is_here { (simulator.now - job.injected).get() as f32 } else { 0.0 };
            let has_started = f32::from(u8::from(is_here && job.started));
            let features = [f32::from(u8::from(is_here)), has_started, elapsed / 200.0];
            let node = NodeId::from_index(place);
            self.graph.features_mut(self.job, node).copy_from_slice(&features);
            let sign = if job.started { -2.0 } else { 2.0 };
            let common = [idle / self.scale, sign, busy / self.scale];
            for position in 0..simulator.stride {
                let id = TaskId::from_index(place * simulator.stride + position);
                let features =
                    if is_here { task_features(simulator, id, common) } else { [0.0; 6] };
                self.write(id, features);
            }
        }
    }

    /// Brings the features of a task up to the present that went to an element.
    pub(crate) fn update_task(&mut self, simulator: &Simulator, id: TaskId) {
        let node = NodeId::from_index(id.index());
        let [idle, sign, busy, ..] = self.graph.nodes(self.task).features(node) else { return };
        let common = [*idle, *sign, *busy];
        self.write(id, task_features(simulator, id, common));
    }

    fn write(&mut self, id: TaskId, features: [f32; 6]) {
        let node = NodeId::from_index(id.index());
        self.graph.features_mut(self.task, node).copy_from_slice(&features);
    }

    /// Edges follow the profiles of the jobs; they are written anew when one of them is another.
    fn update_edges(&mut self, simulator: &Simulator) {
        let mut is_same = true;
        for (drawn, job) in self.drawn.iter_mut().zip(&simulator.jobs) {
            let now = (job.left > 0).then_some(job.profile);
            is_same &= *drawn == now;
            *drawn = now;
        }
        if is_same {
            return;
        }
        for relation in [self.precedes, self.of, self.runs_on] {
            self.graph.clear_edges(relation);
        }
        let (stride, instance) = (simulator.stride, &simulator.instance);
        for (place, profile) in self.drawn.iter().enumerate() {
            let Some(profile) = *profile else { continue };
            let node = |position: usize| NodeId::from_index(place * stride + position);
            for position in 0..instance.profiles[profile].graph.tasks.len() {
                let kind = &instance.kinds[instance.kind(profile, position)];
                for &(after, volume) in &kind.after {
                    let ends = (node(position), node(after));
                    self.graph.edge(self.precedes, ends.0, ends.1, &[volume as f32]);
                }
                self.graph.edge(self.of, node(position), NodeId::from_index(place), &[]);
                for (element, duration) in kind.durations.iter() {
                    let Some(duration) = duration else { continue };
                    let on = NodeId::from_index(element.index());
                    self.graph.edge(self.runs_on, node(position), on, &[duration.get() as f32]);
                }
            }
        }
    }
}

fn task_features(simulator: &Simulator, id: TaskId, common: [f32; 3]) -> [f32; 6] {
    let state = &simulator.tasks[id];
    let [idle, sign, busy] = common;
    match state.phase {
        Phase::Absent => [0.0; 6],
        Phase::Outstanding | Phase::Ready => [idle, sign, busy, 0.0, 0.0, 0.0],
        _ => {
            let running = simulator.elements[state.element].running.first();
            let (elapsed, expected) = running.map_or((0.0, 0.0), |&task| {
                let elapsed = (simulator.now - simulator.tasks[task].start).get() as f32;
                (elapsed, simulator.nominal(task).get() as f32)
            });
            [idle, sign, busy, elapsed * expected / 10_000.0, elapsed / 200.0, 0.0]
        }
    }
}
