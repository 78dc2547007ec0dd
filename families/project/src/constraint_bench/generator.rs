//! Instances of the ramp: layers, precedences that say something new, downtime, windows, pairs.
//!
//! Tasks fall into equal layers; pairs of tasks from a lower to a higher layer come in random order
//! and become precedences while fewer than k are there and the second task is not reachable from
//! the first yet. A schedule by random priorities is kept hidden; windows are drawn around it and
//! pairs among tasks that do not overlap in it, so that every instance is solvable. Each downtime,
//! window and pair is there with probability 0.75. One stream per instance: the same seed gives the
//! same bytes.
//!
//! **Source:** Jain, Wetter 2025, for the principle; sizes and distributions are ours.

use super::instance::{BenchInstance, BenchResource, BenchTask, Phase};
use super::serial::{Order, Sees, serial};
use ordine_base::{Seed, Stream};

/// Levels of the standard set.
pub const LEVELS: [u32; 12] = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60];

/// Probability of each downtime, window and pair.
pub(super) const PRESENT: f64 = 0.75;

const TASKS: usize = 30;
const LAYERS: usize = 5;
const RESOURCES: usize = 3;
/// Orders of pairs that are tried before the level counts as out of reach.
const ATTEMPTS: u32 = 64;

/// How far windows reach beyond the hidden schedule, on each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tightness(pub u32);

impl Tightness {
    /// 12 units.
    pub const LOOSE: Tightness = Tightness(12);
    /// 6 units.
    pub const NORMAL: Tightness = Tightness(6);
    /// 3 units.
    pub const TIGHT: Tightness = Tightness(3);
}

/// Why there is no such instance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a level that {tasks} tasks in {layers} layers can reach, found {level}: lower it"
)]
pub struct GenerateError {
    level: u32,
    tasks: usize,
    layers: usize,
}

/// Instance `number` of a phase and level. In a strict one no precedence follows from others.
///
/// # Errors
/// When there are not so many precedences.
pub fn generate(
    set: Seed,
    phase: Phase,
    level: u32,
    number: u64,
    tightness: Tightness,
    strict: bool,
) -> Result<BenchInstance, GenerateError> {
    let id = format!("{}-k{level:02}-s{number:03}", phase.word());
    let mut stream =
        set.child(number).stream(&format!("r-constraintbench/{}/{level}", phase.word()));
    let mut instance = bare(id, phase, level, number, &mut stream);
    let edges = edges(level as usize, strict, &mut stream);
    let edges = edges.ok_or(GenerateError { level, tasks: TASKS, layers: LAYERS })?;
    let id_of = |place: usize| place as i64 + 1;
    instance.precedence = edges.iter().map(|it| [id_of(it.0), id_of(it.1)]).collect();
    if phase >= Phase::Downtime {
        let work: i64 = instance.tasks.iter().map(|task| task.duration).sum();
        for resource in &mut instance.resources {
            if stream.chance(PRESENT) {
                let start = between(&mut stream, 3, work / 3);
                resource.down.push([start, start + between(&mut stream, 2, 6)]);
            }
        }
    }
    hide(&mut instance, &mut stream);
    if phase >= Phase::Windows {
        add_windows(&mut instance, tightness, &mut stream);
    }
    if phase >= Phase::Disjunctive {
        instance.disjoint = pairs(&instance, TASKS, &mut stream, |_, _| true);
    }
    Ok(instance)
}

/// A uniform number from `least` to `most`, both included.
pub(super) fn between(stream: &mut Stream, least: i64, most: i64) -> i64 {
    least + stream.below((most - least).max(0) as usize + 1) as i64
}

/// Tasks and resources.
fn bare(id: String, phase: Phase, level: u32, seed: u64, stream: &mut Stream) -> BenchInstance {
    let capacities: Vec<i64> = (0..RESOURCES).map(|_| between(stream, 2, 4)).collect();
    let ample = phase == Phase::PrecedenceOnly;
    let resource = |(id, &capacity): (usize, &i64)| BenchResource {
        id: id as i64,
        name: None,
        capacity: if ample { TASKS as i64 } else { capacity },
        down: Vec::new(),
    };
    let resources = capacities.iter().enumerate().map(resource).collect();
    let mut tasks = Vec::with_capacity(TASKS);
    for id in 1..=TASKS as i64 {
        let duration = between(stream, 1, 8);
        let mut order: Vec<usize> = (0..RESOURCES).collect();
        stream.shuffle(&mut order);
        let mut demand = vec![0; RESOURCES];
        for &resource in &order[..between(stream, 1, 2) as usize] {
            let most = if ample { 1 } else { capacities[resource].min(2) };
            demand[resource] = between(stream, 1, most);
        }
        tasks.push(BenchTask { id, name: None, duration, demand, release: 0, deadline: 0 });
    }
    let horizon = 2 * tasks.iter().map(|task| task.duration).sum::<i64>();
    for task in &mut tasks {
        task.deadline = horizon;
    }
    BenchInstance {
        id,
        phase,
        level,
        horizon,
        unit: "hour".to_owned(),
        tasks,
        resources,
        precedence: Vec::new(),
        disjoint: Vec::new(),
        hidden: None,
        seed,
    }
}

/// So many precedences between layers, by positions.
fn edges(level: usize, strict: bool, stream: &mut Stream) -> Option<Vec<(usize, usize)>> {
    let layer = |task: usize| task * LAYERS / TASKS;
    for attempt in 0..ATTEMPTS {
        let mut pairs = Vec::new();
        for before in 0..TASKS {
            let later = (before + 1..TASKS).filter(|&after| layer(before) < layer(after));
            pairs.extend(later.map(|after| (before, after)));
        }
        stream.shuffle(&mut pairs);
        // Precedences between neighboring layers never follow from others: preferring them more
        // and more, every level that can be reached is.
        let bias = u64::from(attempt) << 58;
        let distance = |pair: &(usize, usize)| (layer(pair.1) - layer(pair.0) - 1) as u64;
        pairs.sort_by_cached_key(|pair| {
            (stream.bits() >> 2).saturating_add(bias.saturating_mul(distance(pair)))
        });
        let mut graph = Closure::new(TASKS);
        for pair in pairs {
            if graph.edges.len() == level {
                break;
            }
            graph.add(pair, strict);
        }
        if graph.edges.len() == level {
            return Some(graph.edges);
        }
    }
    None
}

/// Edges with the tasks that are reachable from each, as bit sets (there are at most 64 tasks).
pub(super) struct Closure {
    pub(super) edges: Vec<(usize, usize)>,
    /// From each task, those reachable.
    reach: Vec<u64>,
}

impl Closure {
    pub(super) fn new(tasks: usize) -> Self {
        assert!(tasks <= 64, "a bit set holds 64 tasks");
        Closure { edges: Vec::new(), reach: vec![0; tasks] }
    }

    pub(super) fn is_ordered(&self, one: usize, other: usize) -> bool {
        self.reach[one] >> other & 1 == 1 || self.reach[other] >> one & 1 == 1
    }

    /// Takes an edge whose head is not reachable from its tail; gives whether it did. A strict one
    /// drops the edges that follow from the others from now on.
    pub(super) fn add(&mut self, (before, after): (usize, usize), strict: bool) -> bool {
        if self.reach[before] >> after & 1 == 1 {
            return false;
        }
        self.edges.push((before, after));
        let gained = self.reach[after] | 1 << after;
        for task in 0..self.reach.len() {
            if task == before || self.reach[task] >> before & 1 == 1 {
                self.reach[task] |= gained;
            }
        }
        if strict {
            let follows = |edge: &(usize, usize)| {
                let mut middles = self.edges.iter().filter(|it| it.0 == edge.0 && it.1 != edge.1);
                middles.any(|middle| self.reach[middle.1] >> edge.1 & 1 == 1)
            };
            let kept = self.edges.iter().filter(|edge| !follows(edge)).copied().collect();
            self.edges = kept;
        }
        true
    }
}

/// Keeps a schedule by random priorities.
pub(super) fn hide(instance: &mut BenchInstance, stream: &mut Stream) {
    let keys: Vec<u64> = instance.tasks.iter().map(|_| stream.bits()).collect();
    let hidden = serial(instance, Order::Keys(&keys), Sees::ALL);
    let ends = instance.tasks.iter().zip(&hidden).map(|(task, start)| start + task.duration);
    let makespan = ends.max().unwrap_or(0);
    if makespan > instance.horizon {
        instance.horizon = makespan;
        for task in &mut instance.tasks {
            task.deadline = makespan;
        }
    }
    instance.hidden = Some(hidden);
}

/// Windows around the hidden schedule.
pub(super) fn add_windows(
    instance: &mut BenchInstance,
    Tightness(slack): Tightness,
    stream: &mut Stream,
) {
    let hidden = instance.hidden.clone().unwrap_or_default();
    let slack = i64::from(slack);
    for (task, start) in instance.tasks.iter_mut().zip(hidden) {
        if stream.chance(PRESENT) {
            task.release = (start - between(stream, 0, slack)).max(0);
            let deadline = start + task.duration + between(stream, 0, slack);
            task.deadline = deadline.min(instance.horizon);
        }
    }
}

/// Pairs among `wanted` candidates that do not overlap in the hidden schedule and have no order.
pub(super) fn pairs(
    instance: &BenchInstance,
    wanted: usize,
    stream: &mut Stream,
    is_apt: impl Fn(usize, usize) -> bool,
) -> Vec<[i64; 2]> {
    let hidden = instance.hidden.clone().unwrap_or_default();
    let mut graph = Closure::new(instance.tasks.len());
    for edge in instance.placed(&instance.precedence) {
        graph.add(edge, false);
    }
    let end = |task: usize| hidden[task] + instance.tasks[task].duration;
    let apart = |one: usize, other: usize| end(one) <= hidden[other] || end(other) <= hidden[one];
    let mut candidates = Vec::new();
    for one in 0..hidden.len() {
        for other in one + 1..hidden.len() {
            if apart(one, other) && !graph.is_ordered(one, other) && is_apt(one, other) {
                candidates.push([instance.tasks[one].id, instance.tasks[other].id]);
            }
        }
    }
    stream.shuffle(&mut candidates);
    candidates.truncate(wanted);
    candidates.retain(|_| stream.chance(PRESENT));
    candidates
}
