//! Clusters: tasks that must be inserted together, and the order in which clusters may follow.
//!
//! Strongly connected parts of the graph of precedences, in which every pull (largest gap,
//! blocking, span, batch, one order of jobs) points both ways. O(tasks + arcs).
//!
//! **Source:** Tarjan 1972; cycle structures: Neumann, Zhan 1995.

use super::decisions::{Batches, Decisions};
use ordine_base::{Id, Ticks};
use ordine_problem::{Link, Problem, ResourceId, TaskId};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Flat lists by node.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    first: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    pub(super) fn new(nodes: usize, pairs: &[(u32, u32)]) -> Self {
        let mut first = vec![0_u32; nodes + 1];
        for pair in pairs {
            first[pair.0 as usize + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut items = vec![0; pairs.len()];
        for &(from, to) in pairs {
            items[next[from as usize] as usize] = to;
            next[from as usize] += 1;
        }
        Lists { first, items }
    }

    fn of(&self, node: usize) -> &[u32] {
        &self.items[self.first[node] as usize..self.first[node + 1] as usize]
    }
}

/// The clusters of a problem.
#[derive(Clone, Debug, Default)]
pub(super) struct Clusters {
    cluster_of: Vec<u32>,
    tasks: Lists,
    later: Lists,
    earlier_count: Vec<u32>,
}

impl Clusters {
    pub(super) fn new(problem: &Problem, batches: &Batches) -> Self {
        let count = problem.tasks().len();
        let arcs = arcs(problem, batches);
        let graph = Lists::new(count, &arcs);
        let cluster_of = strong_components(count, &graph);
        let clusters = cluster_of.iter().max().map_or(0, |&most| most as usize + 1);
        let owned: Vec<(u32, u32)> =
            cluster_of.iter().enumerate().map(|(task, &cluster)| (cluster, task as u32)).collect();
        let mut between: Vec<(u32, u32)> = arcs
            .iter()
            .map(|&(from, to)| (cluster_of[from as usize], cluster_of[to as usize]))
            .filter(|(from, to)| from != to)
            .collect();
        between.sort_unstable();
        between.dedup();
        let mut earlier_count = vec![0; clusters];
        for &(_, to) in &between {
            earlier_count[to as usize] += 1;
        }
        let tasks = Lists::new(clusters, &owned);
        Clusters { cluster_of, tasks, later: Lists::new(clusters, &between), earlier_count }
    }

    /// A queue of all clusters by the priority of their most urgent present task.
    pub(super) fn queue(&self, problem: &Problem, decisions: &Decisions) -> Queue {
        let urgency = |cluster: usize| {
            let tasks =
                self.tasks.of(cluster).iter().map(|&task| TaskId::from_index(task as usize));
            let of_task = |task: TaskId| match problem.task(task).status.settled() {
                // What still keeps its resources was there before all others.
                Some(_) if problem.task(task).status.is_done() => {
                    (0, if problem.hold_of(task).is_some() { -2 } else { -1 })
                }
                Some((_, start)) => (0, start.get()),
                None => (1, i64::from(decisions.rank(task))),
            };
            tasks.filter(|&task| decisions.is_present(task)).map(of_task).min().unwrap_or((0, 0))
        };
        let urgencies: Vec<(u8, i64)> = (0..self.earlier_count.len()).map(urgency).collect();
        let mut queue = Queue {
            heap: BinaryHeap::new(),
            waiting: self.earlier_count.clone(),
            taken: vec![false; urgencies.len()],
            urgencies,
        };
        for cluster in 0..queue.waiting.len() {
            // What is settled stands whatever comes before it.
            if queue.waiting[cluster] == 0 || queue.urgencies[cluster].0 == 0 {
                queue.push(cluster);
            }
        }
        queue
    }

    /// The present tasks of a cluster, in the order of being inserted.
    pub(super) fn members(
        &self,
        cluster: usize,
        problem: &Problem,
        decisions: &Decisions,
        members: &mut Vec<TaskId>,
    ) {
        members.clear();
        let tasks = self.tasks.of(cluster).iter().map(|&task| TaskId::from_index(task as usize));
        members.extend(tasks.filter(|&task| decisions.is_present(task)));
        if members.len() > 1 {
            let inside = |task: TaskId| self.cluster_of[task.index()] as usize == cluster;
            order_members(problem, decisions, &inside, members);
        }
    }
}

/// Orders tasks by rank as far as arcs of positive length allow; parents of spans come after their
/// children.
fn order_members(
    problem: &Problem,
    decisions: &Decisions,
    inside: &dyn Fn(TaskId) -> bool,
    members: &mut Vec<TaskId>,
) {
    let mut place: Vec<(TaskId, u32)> =
        members.iter().enumerate().map(|(place, &task)| (task, place as u32)).collect();
    place.sort_unstable();
    let place_of = |task: TaskId| {
        let found = place.binary_search_by_key(&task, |it| it.0);
        found.ok().map(|position| place[position].1)
    };
    let mut pairs = Vec::new();
    for &task in members.iter() {
        let from = place_of(task).expect("a member has a place");
        let later = problem.successors(task).iter().filter(|link| is_forward(problem, task, link));
        for link in later.filter(|link| inside(link.task)) {
            pairs.extend(place_of(link.task).map(|to| (from, to)));
            // What comes before a parent comes before its children.
            let children = problem.span_of(link.task).map_or(&[][..], |span| &span.children);
            let children = children.iter().filter_map(|&child| place_of(child));
            pairs.extend(children.map(|to| (from, to)));
        }
        if let Some(span) = problem.span_of(task) {
            let children = span.children.iter().filter_map(|&child| place_of(child));
            pairs.extend(children.map(|child| (child, from)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let graph = Lists::new(members.len(), &pairs);
    let mut waiting = vec![0_u32; members.len()];
    pairs.iter().for_each(|pair| waiting[pair.1 as usize] += 1);
    let is_parent = |task: TaskId| problem.span_of(task).is_some();
    let key = |at: usize| (is_parent(members[at]), decisions.rank(members[at]), at);
    let mut open: BTreeSet<(bool, u32, usize)> =
        (0..members.len()).filter(|&at| waiting[at] == 0).map(key).collect();
    let mut stuck: BTreeSet<(bool, u32, usize)> =
        (0..members.len()).filter(|&at| waiting[at] > 0).map(key).collect();
    let mut ordered = Vec::with_capacity(members.len());
    while let Some(next) = open.pop_first().or_else(|| stuck.pop_first()) {
        ordered.push(members[next.2]);
        for &to in graph.of(next.2) {
            let to = to as usize;
            waiting[to] = waiting[to].saturating_sub(1);
            if waiting[to] == 0 && stuck.remove(&key(to)) {
                open.insert(key(to));
            }
        }
    }
    *members = ordered;
}

/// Whether the later task never starts before the earlier one.
fn is_forward(problem: &Problem, task: TaskId, link: &Link) -> bool {
    let (shortest, longest) = (problem.duration_min(task), problem.duration_max(link.task));
    link.start_to_start(shortest, longest) >= Ticks::ZERO
}

/// Clusters that are not inserted yet.
pub(super) struct Queue {
    heap: BinaryHeap<Reverse<(u8, i64, usize)>>,
    waiting: Vec<u32>,
    urgencies: Vec<(u8, i64)>,
    /// Clusters inserted with others before their turn.
    taken: Vec<bool>,
}

impl Queue {
    pub(super) fn pop(&mut self) -> Option<usize> {
        self.heap.pop().map(|Reverse((_, _, cluster))| cluster)
    }

    pub(super) fn push(&mut self, cluster: usize) {
        let (class, rank) = self.urgencies[cluster];
        self.heap.push(Reverse((class, rank, cluster)));
    }

    /// Clusters that wait for this one alone.
    pub(super) fn followers(&self, clusters: &Clusters, cluster: usize) -> Vec<usize> {
        let later = clusters.later.of(cluster).iter().map(|&later| later as usize);
        later.filter(|&it| self.waiting[it] == 1 && self.urgencies[it].0 != 0).collect()
    }

    /// A group of clusters has been inserted, some of which may have waited for others of it.
    pub(super) fn take(&mut self, clusters: &Clusters, group: &[usize]) {
        group.iter().for_each(|&cluster| self.taken[cluster] = true);
        group.iter().for_each(|&cluster| self.release(clusters, cluster));
    }

    /// The cluster has been inserted.
    pub(super) fn release(&mut self, clusters: &Clusters, cluster: usize) {
        for &later in clusters.later.of(cluster) {
            let later = later as usize;
            self.waiting[later] -= 1;
            let is_next = self.waiting[later] == 0 && !self.taken[later];
            if is_next && self.urgencies[later].0 != 0 {
                self.push(later);
            }
        }
    }
}

fn arcs(problem: &Problem, batches: &Batches) -> Vec<(u32, u32)> {
    let number = |task: TaskId| task.index() as u32;
    let mut arcs = Vec::new();
    let mut both = |one: TaskId, other: TaskId| {
        arcs.push((number(one), number(other)));
        arcs.push((number(other), number(one)));
    };
    for precedence in problem.precedences().values() {
        if precedence.penalty.is_none() && precedence.lag_max.is_some() {
            both(precedence.before, precedence.after);
        }
    }
    for hold in problem.holds() {
        both(hold.task, hold.until);
    }
    for span in problem.spans() {
        span.children.iter().for_each(|&child| both(span.parent, child));
    }
    for group in batches.groups() {
        group.windows(2).for_each(|pair| both(pair[0], pair[1]));
    }
    let listed: BTreeSet<ResourceId> =
        problem.same_sequences().iter().flat_map(|it| it.machines.iter().copied()).collect();
    if !listed.is_empty() {
        let needs_listed = |task: &TaskId| {
            let mut needs =
                problem.usable_modes(*task).iter().flat_map(|&mode| problem.requirements(mode));
            needs.any(|need| listed.contains(&need.resource))
        };
        for job in problem.jobs() {
            let tasks = problem.job_tasks(job).iter().copied().filter(needs_listed);
            let tasks: Vec<TaskId> = tasks.collect();
            tasks.windows(2).for_each(|pair| both(pair[0], pair[1]));
        }
    }
    for precedence in problem.precedences().values() {
        if precedence.penalty.is_none() && precedence.lag_max.is_none() {
            arcs.push((number(precedence.before), number(precedence.after)));
        }
    }
    arcs
}

/// The strong component of each node; components are numbered in the order of being closed.
pub(super) fn strong_components(nodes: usize, graph: &Lists) -> Vec<u32> {
    const UNSEEN: u32 = u32::MAX;
    let mut component = vec![UNSEEN; nodes];
    let (mut number, mut low) = (vec![UNSEEN; nodes], vec![0_u32; nodes]);
    let (mut stack, mut path): (Vec<usize>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    let (mut numbers, mut components) = (0, 0);
    for root in 0..nodes {
        if number[root] != UNSEEN {
            continue;
        }
        path.push((root, 0));
        while let Some((node, arc)) = path.pop() {
            if arc == 0 {
                (number[node], low[node]) = (numbers, numbers);
                numbers += 1;
                stack.push(node);
            } else {
                let child = graph.of(node)[arc - 1] as usize;
                low[node] = low[node].min(low[child]);
            }
            let mut next = None;
            for (place, &to) in graph.of(node).iter().enumerate().skip(arc) {
                let to = to as usize;
                if number[to] == UNSEEN {
                    next = Some((place, to));
                    break;
                }
                if component[to] == UNSEEN {
                    low[node] = low[node].min(number[to]);
                }
            }
            if let Some((place, to)) = next {
                path.push((node, place + 1));
                path.push((to, 0));
            } else if low[node] == number[node] {
                while let Some(member) = stack.pop() {
                    component[member] = components;
                    if member == node {
                        break;
                    }
                }
                components += 1;
            }
        }
    }
    component
}
