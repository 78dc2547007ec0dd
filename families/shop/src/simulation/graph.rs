//! The dynamic disjunctive graph of a shop: what a learned policy sees.
//!
//! A node per operation. An operation is over when its job has left its machine; then it has no
//! edge any more, and of its features only `over` is not 0. Relations: `next` along the job,
//! `previous` back, `machine` between two operations that can run on one machine, in both
//! directions, `blocks` from the operation that has a machine to those that wait for it. Times are
//! divided by the mean duration of the shop. An update costs O(jobs + edges that vanish +
//! operations of machines that are down) and allocates nothing once arrays have grown.
//!
//! **Source:** Park, Chun, Kim, Kim, Park 2021 (disjunctive graph with status, completion ratio,
//! duration, operations left, waiting time, time left); Wong et al. 2024 (blocked and down).

use super::ShopWorld;
use super::world::{NEVER, NONE, Place};
use ordine_base::Id;
use ordine_world::{EdgeId, Graph, NodeId, NodeTypeId, RelationId};
use rustc_hash::FxHashMap;
use std::fmt::Write as _;

/// Names of the features of an operation.
pub const FEATURES: [&str; 13] = [
    "not started",
    "processing",
    "blocking",
    "down",
    "over",
    "completion ratio",
    "duration",
    "operations left",
    "waiting since",
    "time left, -1 before",
    "machine down",
    "repair left",
    "candidate",
];

/// Places of features that change.
const STATUS: [usize; 5] = [0, 1, 2, 3, 4];
const WAITING: usize = 8;
const TIME_LEFT: usize = 9;
const MACHINE_DOWN: usize = 10;
const REPAIR_LEFT: usize = 11;
const CANDIDATE: usize = 12;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Waiting,
    Processing,
    Blocking,
    Down,
    Over,
}

/// The graph of a shop, and what keeps it true.
#[derive(Clone, Debug)]
pub(super) struct ShopGraph {
    pub(super) graph: Graph,
    operation: NodeTypeId,
    /// `next`, `previous`, `machine`, `blocks`.
    relations: [RelationId; 4],
    /// Where the edges of the first three are.
    edges: FxHashMap<(u8, u32, u32), EdgeId>,
    /// By machine, the operations that can run on it.
    users: Vec<Vec<u32>>,
    /// By job, its first operation that is not over.
    alive_from: Vec<u32>,
    was_down: Vec<bool>,
    candidates: Vec<u32>,
}

impl ShopGraph {
    /// The graph of a shop at its present.
    pub(super) fn new(world: &ShopWorld) -> Self {
        let shop = &*world.shop;
        let mut graph = Graph::new();
        let operation = graph.node_type("operation", &FEATURES);
        let names = ["next", "previous", "machine", "blocks"];
        let relations = names.map(|name| graph.relation(name, operation, operation, &[]));
        let mut users = vec![Vec::new(); shop.machines];
        for number in 0..shop.operations() {
            let job = shop.job[number] as usize;
            let last = shop.first_operation[job + 1] as usize;
            let total = shop.flow_due(last - 1).max(1) as f64;
            let mut features = [0.0; FEATURES.len()];
            features[0] = 1.0;
            features[5] = (shop.flow_due(number) as f64 / total) as f32;
            features[6] = (shop.shortest[number] as f64 / shop.duration_mean) as f32;
            features[7] = (last - number) as f32;
            features[TIME_LEFT] = -1.0;
            graph.node(operation, &features);
            for choice in shop.choices(number) {
                let users = &mut users[shop.machine[choice] as usize];
                if users.last() != Some(&(number as u32)) {
                    users.push(number as u32);
                }
            }
        }
        let mut built = ShopGraph {
            graph,
            operation,
            relations,
            edges: FxHashMap::default(),
            users,
            alive_from: shop.first_operation[..shop.jobs()].to_vec(),
            was_down: vec![false; shop.machines],
            candidates: Vec::new(),
        };
        built.join(world);
        built.update(world);
        built
    }

    /// Adds all edges that do not depend on what happened.
    fn join(&mut self, world: &ShopWorld) {
        let shop = &*world.shop;
        for second in 1..shop.operations() as u32 {
            let first = second - 1;
            if shop.job[first as usize] == shop.job[second as usize] {
                self.edge(0, first, second);
                self.edge(1, second, first);
            }
        }
        for machine in 0..self.users.len() {
            for place in 0..self.users[machine].len() {
                for other in 0..place {
                    let (first, second) = (self.users[machine][other], self.users[machine][place]);
                    self.edge(2, first, second);
                    self.edge(2, second, first);
                }
            }
        }
    }

    fn edge(&mut self, relation: u8, from: u32, to: u32) {
        let Self { graph, relations, edges, .. } = self;
        edges
            .entry((relation, from, to))
            .or_insert_with(|| graph.edge(relations[relation as usize], node(from), node(to), &[]));
    }

    fn cut(&mut self, relation: u8, from: u32, to: u32) {
        let Some(edge) = self.edges.remove(&(relation, from, to)) else { return };
        let id = self.relations[relation as usize];
        self.graph.remove_edge(id, edge);
        // The last edge has moved to this place.
        if let Some(&(from, to)) = self.graph.edges(id).pairs().get(edge.index()) {
            let key = (relation, from.index() as u32, to.index() as u32);
            self.edges.insert(key, edge);
        }
    }

    /// Makes the graph true again.
    pub(super) fn update(&mut self, world: &ShopWorld) {
        for job in 0..self.alive_from.len() {
            let (from, to) = (self.alive_from[job], alive_from(world, job));
            (from..to).for_each(|operation| self.bury(world, operation));
            self.alive_from[job] = to;
        }
        // An operation of several machines shows one that is down, whatever came up.
        for is_down in [false, true] {
            for machine in 0..world.shop.machines {
                self.update_machine(world, machine, is_down);
            }
        }
        for job in 0..self.alive_from.len() {
            self.update_job(world, job);
        }
        self.update_blocks(world);
        self.update_candidates(world);
    }

    /// An operation is over.
    fn bury(&mut self, world: &ShopWorld, operation: u32) {
        let shop = &*world.shop;
        let job = shop.job[operation as usize] as usize;
        if operation + 1 < shop.first_operation[job + 1] {
            self.cut(0, operation, operation + 1);
            self.cut(1, operation + 1, operation);
        }
        for choice in shop.choices(operation as usize) {
            let machine = shop.machine[choice] as usize;
            for place in 0..self.users[machine].len() {
                let other = self.users[machine][place];
                self.cut(2, operation, other);
                self.cut(2, other, operation);
            }
        }
        let row = self.graph.features_mut(self.operation, node(operation));
        row.fill(0.0);
        row[STATUS[Doing::Over as usize]] = 1.0;
    }

    /// The repair of a machine concerns all operations that can run on it.
    fn update_machine(&mut self, world: &ShopWorld, machine: usize, is_down: bool) {
        let left = world.repair_left(machine);
        let down = left.is_some() || !world.is_up(machine);
        if down != is_down || !down && !self.was_down[machine] {
            return;
        }
        self.was_down[machine] = down;
        let left = left.unwrap_or(0) as f64 / world.shop.duration_mean;
        for place in 0..self.users[machine].len() {
            let operation = self.users[machine][place];
            let job = world.shop.job[operation as usize] as usize;
            if operation >= self.alive_from[job] {
                let row = self.graph.features_mut(self.operation, node(operation));
                row[MACHINE_DOWN] = if down { 1.0 } else { 0.0 };
                row[REPAIR_LEFT] = left as f32;
            }
        }
    }

    /// The operation that a job is at, and the one that it waits for.
    fn update_job(&mut self, world: &ShopWorld, job: usize) {
        let shop = &*world.shop;
        let (at, end) = (self.alive_from[job], shop.first_operation[job + 1]);
        if at == end {
            return;
        }
        if let Place::On(machine) = world.place[job] {
            let machine = machine as usize;
            let is_shut = world.shut_until[machine] > world.now;
            let doing = match (world.finished[machine], is_shut || !world.is_up(machine)) {
                (true, _) => Doing::Blocking,
                (false, true) => Doing::Down,
                (false, false) => Doing::Processing,
            };
            let left = match doing {
                Doing::Blocking => 0,
                _ => processing_left(world, machine),
            };
            self.set(world, at, doing, 0, left as f64);
        }
        let next = world.next[job];
        let waits = matches!(world.place[job], Place::Outside | Place::Buffer(_))
            || matches!(world.place[job], Place::On(machine) if world.finished[machine as usize]);
        if waits && next < end {
            let waited = world.now - world.since[job];
            self.set(world, next, Doing::Waiting, waited, -shop.duration_mean);
        }
    }

    fn set(&mut self, world: &ShopWorld, operation: u32, doing: Doing, waited: i64, left: f64) {
        let mean = world.shop.duration_mean;
        let row = self.graph.features_mut(self.operation, node(operation));
        STATUS.iter().for_each(|&place| row[place] = 0.0);
        row[STATUS[doing as usize]] = 1.0;
        row[WAITING] = (waited as f64 / mean) as f32;
        row[TIME_LEFT] = (left / mean) as f32;
    }

    /// Who has a machine blocks those that wait for it.
    fn update_blocks(&mut self, world: &ShopWorld) {
        let blocks = self.relations[3];
        self.graph.clear_edges(blocks);
        for machine in 0..world.shop.machines {
            if world.on[machine] == NONE {
                continue;
            }
            let holder = world.next[world.on[machine] as usize] - 1;
            for word in 0..world.words {
                let mut bits = world.requests[machine * world.words + word];
                while bits != 0 {
                    let job = word * 64 + bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    self.graph.edge(blocks, node(holder), node(world.next[job]), &[]);
                }
            }
        }
    }

    fn update_candidates(&mut self, world: &ShopWorld) {
        let mut candidates = std::mem::take(&mut self.candidates);
        for &operation in &candidates {
            let job = world.shop.job[operation as usize] as usize;
            if operation >= self.alive_from[job] {
                self.graph.set(self.operation, node(operation), CANDIDATE, 0.0);
            }
        }
        candidates.clear();
        let hold = world.shop.hold();
        let offered = world.observation.candidates.iter().filter(|it| it.task != hold);
        candidates.extend(offered.map(|it| it.task.index() as u32));
        for &operation in &candidates {
            self.graph.set(self.operation, node(operation), CANDIDATE, 1.0);
        }
        let of = self.operation;
        self.graph.set_candidates(candidates.iter().map(|&operation| (of, node(operation))));
        self.candidates = candidates;
    }
}

fn node(operation: u32) -> NodeId {
    NodeId::from_index(operation as usize)
}

/// The first operation of a job that is not over.
fn alive_from(world: &ShopWorld, job: usize) -> u32 {
    match world.place[job] {
        Place::On(_) => world.next[job] - 1,
        Place::Coming | Place::Outside | Place::Buffer(_) | Place::Gone => world.next[job],
    }
}

/// Processing that the operation on a machine lacks, its repair aside.
fn processing_left(world: &ShopWorld, machine: usize) -> i64 {
    let left = match world.completes[machine] {
        NEVER => world.remaining[machine],
        completes => completes - world.now,
    };
    left - (world.shut_until[machine] - world.now).max(0)
}

/// A graph as JSON, for debugging: features and edges by name, nodes that are over left out.
pub fn graph_json(graph: &Graph) -> String {
    let mut text = String::from("{\"nodes\":{");
    for (place, (_, table)) in graph.node_types().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        let names: Vec<String> = table.feature_names.iter().map(|it| format!("{it:?}")).collect();
        let _ = write!(
            text,
            "{comma}{:?}:{{\"features\":[{}],\"rows\":{{",
            table.name,
            names.join(",")
        );
        let mut first = true;
        for node in 0..table.len() {
            let row = table.features(NodeId::from_index(node));
            let over = table.feature_names.iter().position(|name| *name == "over");
            if over.is_some_and(|over| row[over] == 1.0) {
                continue;
            }
            let values: Vec<String> = row.iter().map(f32::to_string).collect();
            let comma = if first { "" } else { "," };
            let _ = write!(text, "{comma}\"{node}\":[{}]", values.join(","));
            first = false;
        }
        text.push_str("}}");
    }
    text.push_str("},\"edges\":{");
    for (place, (_, table)) in graph.relations().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        let pair = |it: &(NodeId, NodeId)| format!("[{},{}]", it.0.index(), it.1.index());
        let pairs: Vec<String> = table.pairs().iter().map(pair).collect();
        let _ = write!(text, "{comma}{:?}:[{}]", table.name, pairs.join(","));
    }
    text.push_str("}}");
    text
}
