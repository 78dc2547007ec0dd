//! What all runs of a project have in common: tasks, precedences, capacities, and what rules see.
//!
//! Durations are planned ones in ticks. The resource flow of a schedule hands units of each
//! resource from task to task; who hands to whom becomes a precedence, after which no two tasks can
//! compete. O(tasks² × resources).
//!
//! **Source:** Artigues, Michelon, Reusser 2003, section 4 (resource flow); longest paths as in
//! Kelley 1963.

use ordine_base::{Demand, Id, Seed, Ticks, Time};
use ordine_problem::{Feature, FeatureSet, ModeId, Problem, ResourceKind, Schedule};
use ordine_sim::SimulationError;
use ordine_solve::solve;
use ordine_world::Features;

/// What a project may have here.
pub(super) const SUPPORTED: FeatureSet = FeatureSet::of(&[
    Feature::SeveralResources,
    Feature::ResourceFreeWork,
    Feature::Renewables,
    Feature::Branching,
]);

/// A task.
#[derive(Clone, Debug)]
pub(super) struct PlanTask {
    pub(super) name: String,
    pub(super) mode: ModeId,
    pub(super) needs: Vec<(usize, Demand)>,
    pub(super) predecessors: u32,
    pub(super) successors: Vec<usize>,
    /// What rules see, but for the present.
    pub(super) features: Features,
}

/// A project in ticks.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The problem in ticks.
    pub(super) problem: Problem,
    pub(super) tasks: Vec<PlanTask>,
    pub(super) resources: Vec<String>,
    pub(super) capacities: Vec<Demand>,
    /// Ticks per unit.
    pub(super) ticks: i64,
    order: Vec<usize>,
}

impl Plan {
    /// The project with so many ticks per unit.
    pub(super) fn of(problem: &Problem, ticks: i64) -> Result<Self, SimulationError> {
        let scaled = problem.with(|builder| {
            for task in problem.tasks() {
                let duration = problem.duration_min(task).get();
                let duration = duration.checked_mul(ticks).unwrap_or(i64::MAX);
                builder.replace_duration(task, 0, Ticks::new(duration))?;
            }
            Ok(())
        });
        let problem = scaled.map_err(|error| SimulationError::Input(error.to_string()))?;
        let task = |task| {
            let mode = problem.usable_modes(task)[0];
            let needs = problem.requirements(mode).iter();
            let links = problem.successors(task).iter();
            PlanTask {
                name: problem.task(task).name.clone(),
                mode,
                needs: needs.map(|need| (need.resource.index(), need.demand)).collect(),
                predecessors: problem.predecessors(task).len() as u32,
                successors: links.map(|link| link.task.index()).collect(),
                features: Features {
                    duration: problem.mode(mode).duration,
                    weight: 1,
                    ..Features::default()
                },
            }
        };
        let resource = |id| {
            let data = problem.resource(id);
            let capacity = match data.kind {
                ResourceKind::Renewable(capacity) => capacity,
                _ => Demand::ONE,
            };
            (data.name.clone(), capacity)
        };
        let (resources, capacities) = problem.resources().map(resource).unzip();
        let order = problem.topological_order().iter().map(|task| task.index()).collect();
        let tasks = problem.tasks().map(task).collect();
        let mut plan = Plan { tasks, resources, capacities, ticks, order, problem };
        plan.describe();
        Ok(plan)
    }

    /// Works out what rules see of each task.
    fn describe(&mut self) {
        let count = self.tasks.len();
        let mut heads = vec![Ticks::ZERO; count];
        for &place in &self.order {
            let end = heads[place] + self.tasks[place].features.duration;
            for &after in &self.tasks[place].successors {
                heads[after] = heads[after].max(end);
            }
        }
        let ends = heads.iter().zip(&self.tasks).map(|(head, it)| *head + it.features.duration);
        let longest = ends.max().unwrap_or(Ticks::ZERO);
        let mut reached: Vec<Vec<bool>> = vec![Vec::new(); count];
        for &place in self.order.iter().rev() {
            let (mut tail, mut chain, mut weight) = (Ticks::ZERO, 0, Ticks::ZERO);
            let mut all = vec![false; count];
            for &after in &self.tasks[place].successors {
                let other = &self.tasks[after].features;
                tail = tail.max(other.work_remaining);
                chain = chain.max(other.tasks_remaining);
                weight += other.duration;
                all[after] = true;
                all.iter_mut().zip(&reached[after]).for_each(|(one, other)| *one |= *other);
            }
            let features = &mut self.tasks[place].features;
            features.work_remaining = tail + features.duration;
            features.tasks_remaining = chain + 1;
            features.positional_weight = weight + features.duration;
            features.latest_end = Time::ORIGIN + (longest - tail);
            features.latest_start = features.latest_end - features.duration;
            features.successors = all.iter().filter(|it| **it).count() as u32;
            reached[place] = all;
        }
    }

    /// The longest path under these durations.
    pub(super) fn longest_path(&self, duration: impl Fn(usize) -> Ticks) -> Ticks {
        let mut heads = vec![Ticks::ZERO; self.tasks.len()];
        let mut longest = Ticks::ZERO;
        for &place in &self.order {
            let end = heads[place] + duration(place);
            longest = longest.max(end);
            for &after in &self.tasks[place].successors {
                heads[after] = heads[after].max(end);
            }
        }
        longest
    }

    /// A resource of which more is used than there is, if any, by tasks with these bars.
    pub(super) fn overused(&self, bars: &[(Time, Time)]) -> Option<&str> {
        for (resource, capacity) in self.capacities.iter().enumerate() {
            let mut events = Vec::new();
            for (task, bar) in self.tasks.iter().zip(bars).filter(|(_, bar)| bar.0 < bar.1) {
                let needs = task.needs.iter().filter(|need| need.0 == resource);
                for (_, demand) in needs {
                    // What ends at an instant is free for what starts then.
                    events.push((bar.0, 1, demand.get()));
                    events.push((bar.1, 0, -demand.get()));
                }
            }
            events.sort_unstable();
            let mut usage = 0;
            for (_, _, change) in events {
                usage += change;
                if usage > capacity.get() {
                    return Some(&self.resources[resource]);
                }
            }
        }
        None
    }

    /// Adds precedences along the resource flow of a good schedule of planned durations.
    pub(super) fn add_resource_flow(&mut self, work: u64) -> Result<(), SimulationError> {
        let outcome = solve(&self.problem, "auto", Seed::new(1), work)
            .map_err(|error| SimulationError::Input(error.to_string()))?;
        let Some((schedule, _)) = outcome.best() else {
            let words = format!("{}: no schedule was found; raise `work`", self.problem.name());
            return Err(SimulationError::Input(words));
        };
        for (before, after) in self.flow(schedule) {
            if !self.tasks[before].successors.contains(&after) {
                self.tasks[before].successors.push(after);
                self.tasks[after].predecessors += 1;
            }
        }
        let starts = self.starts(schedule);
        self.order.sort_by_key(|&place| starts[place]);
        self.describe();
        Ok(())
    }

    /// Start, end and position, by which tasks of no length stand where precedences put them.
    fn starts(&self, schedule: &Schedule) -> Vec<(Time, Time, usize)> {
        let mut rank = vec![0; self.tasks.len()];
        self.order.iter().enumerate().for_each(|(position, &place)| rank[place] = position);
        let tasks = self.problem.tasks().zip(rank);
        let placed = tasks.map(|(task, rank)| {
            let placement = schedule.placement(task);
            placement.map_or((Time::ORIGIN, Time::ORIGIN, rank), |it| (it.start, it.end, rank))
        });
        placed.collect()
    }

    /// Who hands units of a resource to whom.
    fn flow(&self, schedule: &Schedule) -> Vec<(usize, usize)> {
        let starts = self.starts(schedule);
        let mut order = self.order.clone();
        order.sort_by_key(|&place| starts[place]);
        let mut pairs = Vec::new();
        for (resource, capacity) in self.capacities.iter().enumerate() {
            // Units by who had them last, and since when they are free.
            let mut holders: Vec<(Time, Option<usize>, i64)> =
                vec![(Time::ORIGIN, None, capacity.get())];
            for &place in &order {
                let need = self.tasks[place].needs.iter().find(|need| need.0 == resource);
                let Some(mut missing) = need.map(|need| need.1.get()) else { continue };
                let (start, end, _) = starts[place];
                // From those that come before anyway first, then from who was free last.
                holders.sort_by_key(|holder| {
                    let known =
                        holder.1.is_some_and(|it| self.tasks[it].successors.contains(&place));
                    (!known, std::cmp::Reverse(holder.0), holder.1)
                });
                for holder in holders.iter_mut().filter(|holder| holder.0 <= start) {
                    let taken = holder.2.min(missing);
                    if taken > 0 {
                        holder.2 -= taken;
                        missing -= taken;
                        pairs.extend(holder.1.map(|before| (before, place)));
                    }
                }
                holders.retain(|holder| holder.2 > 0);
                let amount = need.map_or(0, |need| need.1.get());
                holders.push((end, Some(place), amount));
            }
        }
        pairs
    }
}
