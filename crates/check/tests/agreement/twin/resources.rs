//! Naive uses of resources, and the rules about them.
//!
//! **Source:** decision record 0004.

use super::{Kinds, Placed, Twin, note, number, ticks};
use ordine_base::Time;
use ordine_problem::{
    BatchKind, FamilyId, Hold, ModeId, Point, Problem, ResourceId, ResourceKind, TaskId,
};

/// A stretch of time in which a task uses a resource.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) it: Placed,
    pub(super) start: i128,
    pub(super) end: i128,
    pub(super) demand: i128,
}

/// The batching machine of a mode, and whether its batches are serial.
pub(super) fn batching(problem: &Problem, mode: ModeId) -> Option<(ResourceId, bool)> {
    problem.requirements(mode).iter().find_map(|need| {
        let batching = problem.resource(need.resource).batching?;
        Some((need.resource, batching.kind == BatchKind::Serial))
    })
}

fn value(time: i128) -> Time {
    Time::new(i64::try_from(time).expect("points of schedules fit"))
}

impl Twin<'_> {
    fn demand(&self, it: &Placed, resource: ResourceId) -> i128 {
        let Some(mode) = it.mode else { return 0 };
        let needs = self.problem.requirements(mode).iter();
        let own = needs.filter(|need| need.resource == resource);
        own.map(|need| i128::from(need.demand.get())).sum()
    }

    /// The tasks with length that are on a machine from the start to the end of a task.
    pub(super) fn batch(&self, machine: ResourceId, it: &Placed) -> Vec<Placed> {
        let together = |other: &&Placed| {
            (other.start, other.end) == (it.start, it.end)
                && it.start < it.end
                && !other.spans
                && self.demand(other, machine) > 0
        };
        self.placed.iter().filter(together).copied().collect()
    }

    fn until(&self, task: TaskId) -> Option<(Hold, i128)> {
        let hold = self.problem.holds().iter().find(|hold| hold.task == task)?;
        Some((*hold, self.get(hold.until)?.start))
    }

    /// Whether its breaks are known and free for others.
    fn frees_breaks(&self, it: &Placed) -> bool {
        let mut broken = Kinds::new();
        self.status(it, &mut broken);
        broken.remove("before-now");
        self.work(it, &mut broken);
        broken.remove("in-break");
        let data = self.problem.task(it.id);
        data.released_in_breaks && !it.spans && it.start >= 0 && broken.is_empty()
    }

    /// The stretches of a task without those that it waits after its end.
    fn own_stretches(&self, it: &Placed) -> Vec<(i128, i128)> {
        let Some(mode) = it.mode.filter(|_| it.start < it.end) else { return Vec::new() };
        if !ticks::has_calendar(self.problem, mode) || !self.frees_breaks(it) {
            return vec![(it.start, it.end)];
        }
        let works =
            |tick: &i128| matches!(ticks::speed(self.problem, mode, *tick), ticks::Speed::Work(_));
        let mut stretches: Vec<(i128, i128)> = Vec::new();
        for tick in (it.start..it.end).filter(works) {
            match stretches.last_mut() {
                Some(last) if last.1 == tick => last.1 = tick + 1,
                _ => stretches.push((tick, tick + 1)),
            }
        }
        stretches
    }

    /// Everything that uses a resource, by (start, end, task).
    pub(super) fn pieces(&self, resource: ResourceId) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for it in &self.placed {
            let demand = self.demand(it, resource);
            let mut stretches = self.own_stretches(it);
            if let Some(last) = stretches.last_mut() {
                let (from, leave) = self.stays(it, resource);
                match last.1 == from {
                    true => last.1 = leave,
                    false if from < leave => stretches.push((from, leave)),
                    false => {}
                }
                if let Some((Hold { buffer: Some(buffer), .. }, until)) = self.until(it.id)
                    && buffer == resource
                    && let Some(machine) = self.machine(it)
                {
                    let (_, leave) = self.stays(it, machine);
                    if leave < until {
                        pieces.push(Piece { it: *it, start: leave, end: until, demand: 1 });
                    }
                }
            }
            if demand > 0 {
                let piece = |(start, end)| Piece { it: *it, start, end, demand };
                pieces.extend(stretches.into_iter().map(piece));
            }
        }
        pieces.sort_by_key(|piece| (piece.start, piece.end, piece.it.id));
        pieces
    }

    fn machine(&self, it: &Placed) -> Option<ResourceId> {
        let mut needs = self.problem.requirements(it.mode?).iter().map(|need| need.resource);
        needs.find(|id| self.problem.resource(*id).is_machine())
    }

    /// The end of a task, and until when it stays on a resource.
    fn stays(&self, it: &Placed, resource: ResourceId) -> (i128, i128) {
        let Some((hold, until)) = self.until(it.id) else { return (it.end, it.end) };
        if hold.buffer.is_none() {
            return (it.end, it.end.max(until));
        }
        if until <= it.end || self.machine(it) != Some(resource) {
            return (it.end, it.end);
        }
        // The first to come after the end, and the setup that it needs.
        let mut next: Option<(i128, TaskId)> = None;
        for other in self.placed.iter().filter(|other| other.id != it.id) {
            if self.demand(other, resource) > 0 {
                for (start, _) in self.own_stretches(other) {
                    if start >= it.end && next.is_none_or(|next| (start, other.id) < next) {
                        next = Some((start, other.id));
                    }
                }
            }
        }
        let Some((start, other)) = next else { return (it.end, until) };
        let (setup, _) = self.setup(resource, self.family(it.id), self.family(other));
        (it.end, until.min(start - setup).max(it.end))
    }

    pub(super) fn family(&self, task: TaskId) -> Option<FamilyId> {
        self.problem.task(task).family
    }

    /// Time and cost between two families.
    pub(super) fn setup(
        &self,
        machine: ResourceId,
        from: Option<FamilyId>,
        to: Option<FamilyId>,
    ) -> (i128, i128) {
        let (Some(setup), Some(from), Some(to)) = (self.problem.resource(machine).setup, from, to)
        else {
            return (0, 0);
        };
        let setup = &self.problem.setups()[setup];
        (i128::from(setup.time(from, to).get()), i128::from(setup.cost(from, to)))
    }

    /// Whether two uses of a machine are one and the same turn.
    pub(super) fn together(&self, machine: ResourceId, left: &Piece, right: &Piece) -> bool {
        let batches = self.problem.resource(machine).batching.is_some();
        let same = (left.it.start, left.it.end) == (right.it.start, right.it.end);
        left.it.id == right.it.id || batches && same
    }

    /// The sequence of a machine: runs of uses that belong together.
    pub(super) fn runs(&self, machine: ResourceId) -> Vec<Vec<Piece>> {
        let mut runs: Vec<Vec<Piece>> = Vec::new();
        for piece in self.pieces(machine) {
            match runs.last_mut().filter(|run| self.together(machine, &run[0], &piece)) {
                Some(run) => run.push(piece),
                None => runs.push(vec![piece]),
            }
        }
        runs
    }

    pub(super) fn resources(&self, kinds: &mut Kinds) {
        for resource in self.problem.resources() {
            match self.problem.resource(resource).kind {
                ResourceKind::Machine => {
                    self.machine_pairs(resource, kinds);
                    self.batches(resource, kinds);
                    self.setups(resource, kinds);
                }
                ResourceKind::Renewable(_) => self.usage(resource, kinds),
                ResourceKind::Consumable(capacity) => {
                    let demands = self.placed.iter().map(|it| (it, self.demand(it, resource)));
                    let total: i128 = demands.clone().map(|(_, demand)| demand).sum();
                    let open = demands.clone().any(|(it, demand)| demand > 0 && !it.done);
                    note(kinds, "overspending", open && total > i128::from(capacity.get()));
                }
                ResourceKind::Reservoir(_) => self.levels(resource, kinds),
            }
        }
        self.sequences(kinds);
        self.swaps(kinds);
    }

    fn machine_pairs(&self, machine: ResourceId, kinds: &mut Kinds) {
        let pieces = self.pieces(machine);
        let batches = self.problem.resource(machine).batching.is_some();
        for (place, left) in pieces.iter().enumerate() {
            for right in &pieces[place + 1..] {
                let apart = left.end <= right.start || right.end <= left.start;
                let open = !(left.it.done && right.it.done);
                let found = !apart && open && !self.together(machine, left, right);
                note(kinds, if batches { "broken-batch" } else { "overlap" }, found);
            }
        }
    }

    fn batches(&self, machine: ResourceId, kinds: &mut Kinds) {
        let Some(batching) = self.problem.resource(machine).batching else { return };
        for it in self.placed.iter().filter(|it| !it.done && self.demand(it, machine) > 0) {
            let batch = self.batch(machine, it);
            for (place, left) in batch.iter().enumerate() {
                for right in &batch[place + 1..] {
                    note(kinds, "mixed-batch", self.family(left.id) != self.family(right.id));
                }
            }
            let size: i128 = batch.iter().map(|it| self.demand(it, machine)).sum();
            note(kinds, "batch-too-large", size > i128::from(batching.size_max.get()));
        }
    }

    fn setups(&self, machine: ResourceId, kinds: &mut Kinds) {
        let runs = self.runs(machine);
        let initial = self.problem.resource(machine).initial_family;
        let mut before = (0, initial, true);
        for run in runs {
            let task = run.iter().map(|piece| piece.it.id).min().expect("a run has pieces");
            let done = run.iter().all(|piece| piece.it.done);
            let (time, _) = self.setup(machine, before.1, self.family(task));
            let start = run[0].start;
            let short = before.0 <= start && start < before.0 + time;
            note(kinds, "setup", short && !(done && before.2));
            let end = run.iter().map(|piece| piece.end).max().expect("a run has pieces");
            before = (end, self.family(task), done);
        }
    }

    fn usage(&self, renewable: ResourceId, kinds: &mut Kinds) {
        let resource = self.problem.resource(renewable);
        let pieces = self.pieces(renewable);
        let now = number(self.problem.now());
        let mut points: Vec<i128> = vec![now];
        points.extend(pieces.iter().flat_map(|piece| [piece.start, piece.end]));
        for function in [&resource.capacity_profile, &resource.usage_min].into_iter().flatten() {
            points.extend(function.steps().iter().map(|step| number(step.0)));
        }
        for point in points {
            let here = || pieces.iter().filter(|it| it.start <= point && point < it.end);
            let usage: i128 = here().map(|piece| piece.demand).sum();
            let open = here().any(|piece| !piece.it.done);
            let hard = resource.overuse_penalty.is_none();
            note(kinds, "overuse", hard && open && usage > self.capacity(renewable, point));
            let least = resource.usage_min.as_ref().map_or(0, |least| least.value(value(point)));
            note(kinds, "least-usage", point >= now && usage < i128::from(least));
        }
    }

    pub(super) fn capacity(&self, renewable: ResourceId, point: i128) -> i128 {
        let resource = self.problem.resource(renewable);
        match (&resource.capacity_profile, resource.kind) {
            (Some(profile), _) => i128::from(profile.value(value(point))),
            (None, ResourceKind::Renewable(capacity)) => i128::from(capacity.get()),
            (None, _) => unreachable!("only renewables have a capacity at a time"),
        }
    }

    fn levels(&self, reservoir: ResourceId, kinds: &mut Kinds) {
        let ResourceKind::Reservoir(stock) = self.problem.resource(reservoir).kind else { return };
        let mut changes: Vec<(i128, i128, bool)> = Vec::new();
        for it in &self.placed {
            let Some(mode) = it.mode else { continue };
            for change in self.problem.stock_changes(mode) {
                if change.reservoir == reservoir {
                    let time = if change.at == Point::Start { it.start } else { it.end };
                    changes.push((time, i128::from(change.amount), it.done));
                }
            }
        }
        for &(time, _, done) in &changes {
            let until = changes.iter().filter(|change| change.0 <= time);
            let level = i128::from(stock.initial) + until.map(|change| change.1).sum::<i128>();
            note(kinds, "stock-too-low", !done && level < i128::from(stock.least));
            note(kinds, "stock-too-high", !done && level > i128::from(stock.most));
        }
    }

    fn sequences(&self, kinds: &mut Kinds) {
        for sequence in self.problem.same_sequences() {
            let mut arcs = Vec::new();
            for &machine in &sequence.machines {
                let mut last: Option<Piece> = None;
                let mut seen: Vec<TaskId> = Vec::new();
                for piece in self.pieces(machine) {
                    let job = |piece: Piece| self.problem.task(piece.it.id).job;
                    if job(piece).is_none() || seen.contains(&piece.it.id) {
                        continue;
                    }
                    seen.push(piece.it.id);
                    if let Some(last) = last.filter(|last| job(*last) != job(piece)) {
                        arcs.push((job(last), job(piece), last.it.done && piece.it.done));
                    }
                    last = Some(piece);
                }
            }
            note(kinds, "same-sequence", has_open_circle(&arcs));
        }
    }

    fn swaps(&self, kinds: &mut Kinds) {
        if self.problem.swaps_allowed() {
            return;
        }
        let machines = |it: &Placed| -> Vec<ResourceId> {
            let used = self.problem.resources().filter(|id| self.demand(it, *id) > 0);
            used.filter(|id| self.problem.resource(*id).is_machine()).collect()
        };
        let mut transfers = Vec::new();
        for hold in self.problem.holds().iter().filter(|hold| hold.buffer.is_none()) {
            let (Some(task), Some(until)) = (self.get(hold.task), self.get(hold.until)) else {
                continue;
            };
            let long = task.start < task.end && until.start < until.end;
            if long && until.start >= task.end {
                for from in machines(task) {
                    for to in machines(until).into_iter().filter(|to| *to != from) {
                        transfers.push((until.start, (from, to, task.done && until.done)));
                    }
                }
            }
        }
        for &(time, _) in &transfers {
            let here = transfers.iter().filter(|transfer| transfer.0 == time);
            let arcs: Vec<_> = here.map(|transfer| transfer.1).collect();
            note(kinds, "swap", has_open_circle(&arcs));
        }
    }
}

/// Whether an arc that is not over leads to where one can come back from.
fn has_open_circle<T: Copy + PartialEq>(arcs: &[(T, T, bool)]) -> bool {
    arcs.iter().any(|&(from, to, done)| {
        let mut reached = vec![to];
        let mut next = 0;
        while let Some(&node) = reached.get(next) {
            next += 1;
            for arc in arcs.iter().filter(|arc| arc.0 == node) {
                if !reached.contains(&arc.1) {
                    reached.push(arc.1);
                }
            }
        }
        !done && reached.contains(&from)
    })
}
