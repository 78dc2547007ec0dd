//! A plan tick by tick: when tasks end, and who uses what at each tick.
//!
//! Written from decision record 0004 alone: shares nothing with engines, judge or `WorkTime`.
//!
//! **Source:** decision record 0004.

use ordine_base::{Id, StepFunction, Time};
use ordine_problem::{
    BatchKind, BreakPolicy, Calendar, ModeId, Problem, Requirement, ResourceId, ResourceKind,
    Shift, Status, TaskId,
};

/// Ticks after which work counts as never done.
const TICKS_MAX: i64 = 600;

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub mode: ModeId,
    pub start: i64,
    pub end: i64,
}

/// Places by number of the task; `None` where one is absent.
pub type Plan = Vec<Option<Place>>;

/// A use of a resource at one tick.
#[derive(Clone, Copy, Debug)]
pub struct User {
    pub task: TaskId,
    pub demand: i64,
}

/// A problem with a plan, and who uses each resource at each tick.
pub struct Case<'a> {
    pub problem: &'a Problem,
    pub plan: &'a [Option<Place>],
    /// Number of ticks looked at.
    pub ticks: i64,
    /// Whether a task is over; one that spans others is when all of them are.
    pub done: Vec<bool>,
    /// By resource, by tick.
    pub users: Vec<Vec<Vec<User>>>,
}

pub fn step_value(function: &StepFunction, tick: i64) -> i64 {
    let before = function.steps().iter().filter(|step| step.0.get() <= tick).count();
    match before {
        0 => function.value(Time::new(-Time::MAX.get())),
        _ => function.steps()[before - 1].1,
    }
}

fn calendar_shift(calendar: &Calendar, tick: i64) -> Shift {
    let within = calendar.period.map_or(tick, |period| tick.rem_euclid(period.get()));
    let mut past = calendar.steps.iter().filter(|step| step.0.get() <= within);
    past.next_back().map_or(calendar.first, |step| step.1)
}

/// What the resources of a mode do together at a tick.
pub fn mode_shift(problem: &Problem, mode: ModeId, tick: i64) -> Shift {
    let (mut percent, mut paused) = (None, false);
    for need in problem.requirements(mode) {
        let Some(calendar) = problem.resource(need.resource).calendar else { continue };
        match calendar_shift(problem.calendar(calendar), tick) {
            Shift::Closed => return Shift::Closed,
            Shift::Paused => paused = true,
            Shift::Open(speed) => {
                percent = Some(percent.map_or(speed, |slowest: u32| slowest.min(speed)));
            }
        }
    }
    if paused { Shift::Paused } else { Shift::Open(percent.unwrap_or(100)) }
}

pub fn rate(problem: &Problem, mode: ModeId, tick: i64) -> i64 {
    match mode_shift(problem, mode, tick) {
        Shift::Open(percent) => i64::from(percent),
        Shift::Closed | Shift::Paused => 0,
    }
}

/// First tick by which `work` is done when it goes on from `from`.
pub fn work_done(problem: &Problem, mode: ModeId, from: i64, work: i64) -> Option<i64> {
    let (mut tick, mut missing) = (from, 100 * work);
    while missing > 0 {
        missing -= rate(problem, mode, tick);
        tick += 1;
        if tick > from + TICKS_MAX {
            return None;
        }
    }
    Some(tick)
}

fn is_done(problem: &Problem, plan: &[Option<Place>], task: TaskId) -> bool {
    let Some(span) = problem.spans().iter().find(|span| span.parent == task) else {
        return matches!(problem.task(task).status, Status::Done { .. });
    };
    let present = span.children.iter().filter(|child| plan[child.index()].is_some());
    let done: Vec<bool> = present.map(|&child| is_done(problem, plan, child)).collect();
    !done.is_empty() && done.into_iter().all(|done| done)
}

/// Machine that runs batches, among those of a mode.
pub fn batch_machine(problem: &Problem, mode: ModeId) -> Option<ResourceId> {
    let mut needs = problem.requirements(mode).iter().map(|need| need.resource);
    needs.find(|&id| problem.resource(id).batching.is_some())
}

/// Work of a task, and from when on it is done.
pub fn work_from(problem: &Problem, task: TaskId, place: Place) -> (i64, i64) {
    match problem.task(task).status {
        Status::Running { remaining, .. } => (remaining.get(), problem.now().get()),
        _ => (problem.mode(place.mode).duration.get(), place.start),
    }
}

/// Whether a break of this shift may lie inside a task of this policy.
pub fn reaches_across(policy: BreakPolicy, shift: Shift) -> bool {
    match (policy, shift) {
        (_, Shift::Open(_)) | (BreakPolicy::Pause, _) => true,
        (BreakPolicy::MustFit, Shift::Paused) => true,
        (BreakPolicy::MustFit, Shift::Closed) | (BreakPolicy::Wait, _) => false,
    }
}

impl<'a> Case<'a> {
    pub fn new(problem: &'a Problem, plan: &'a [Option<Place>]) -> Self {
        let times = plan.iter().flatten().flat_map(|place| [place.start, place.end]);
        let profiles = problem.resources().filter_map(|id| problem.resource(id).usage_min.as_ref());
        let steps = profiles.flat_map(StepFunction::steps).map(|step| step.0.get());
        let ticks = times.chain(steps).max().unwrap_or(0) + 1;
        let users = problem.resources().map(|_| vec![Vec::new(); ticks as usize]).collect();
        let done = problem.tasks().map(|task| is_done(problem, plan, task)).collect();
        let mut case = Case { problem, plan, ticks, done, users };
        for task in problem.tasks() {
            case.use_resources(task);
        }
        // The next use of a machine does not depend on when others leave it.
        let buffered = problem.holds().iter().filter(|hold| hold.buffer.is_some());
        let waits: Vec<_> = buffered.filter_map(|hold| case.wait(hold.task)).collect();
        for (task, machine, demand, [end, leave, until], buffer) in waits {
            // What ended in a break, and is history, had left its machine before.
            let last = &case.users[machine.index()][end as usize - 1];
            if last.iter().any(|user| user.task == task) {
                case.note(machine, User { task, demand }, end..leave);
            }
            case.note(buffer, User { task, demand: 1 }, leave..until);
        }
        case
    }

    pub fn is_done(&self, task: TaskId) -> bool {
        self.done[task.index()]
    }

    /// Whether its start has happened, or that of a task that it spans.
    pub fn has_begun(&self, task: TaskId) -> bool {
        let span = self.problem.spans().iter().find(|span| span.parent == task);
        match span {
            None => !matches!(self.problem.task(task).status, Status::Free | Status::Frozen { .. }),
            Some(span) => {
                let mut present = span.children.iter().filter(|it| self.place(**it).is_some());
                present.any(|child| self.has_begun(*child))
            }
        }
    }

    pub fn place(&self, task: TaskId) -> Option<Place> {
        self.plan[task.index()]
    }

    /// Present tasks of length above 0.
    pub fn lasting(&self, task: TaskId) -> Option<Place> {
        self.place(task).filter(|place| place.start < place.end)
    }

    /// Machines and renewables that a mode needs.
    pub fn returned_needs(&self, mode: ModeId) -> Vec<Requirement> {
        let needs = self.problem.requirements(mode).iter().copied();
        let returned = |need: &Requirement| {
            let kind = self.problem.resource(need.resource).kind;
            matches!(kind, ResourceKind::Machine | ResourceKind::Renewable(_))
        };
        needs.filter(returned).collect()
    }

    /// Start of the task until which this one holds its resources.
    pub fn held_until(&self, task: TaskId) -> Option<i64> {
        let hold = self.problem.holds().iter().find(|hold| hold.task == task)?;
        Some(self.place(hold.until)?.start)
    }

    fn buffer(&self, task: TaskId) -> Option<ResourceId> {
        self.problem.holds().iter().find(|hold| hold.task == task)?.buffer
    }

    /// Whether a task covers others.
    pub fn spans(&self, task: TaskId) -> bool {
        self.problem.spans().iter().any(|span| span.parent == task)
    }

    fn note(&mut self, resource: ResourceId, user: User, ticks: std::ops::Range<i64>) {
        for tick in ticks {
            self.users[resource.index()][tick as usize].push(user);
        }
    }

    /// Uses up to the end, and while it holds without a buffer.
    fn use_resources(&mut self, task: TaskId) {
        let Some(place) = self.lasting(task) else { return };
        let spans = self.spans(task);
        let leaves = self.problem.task(task).released_in_breaks && !spans;
        let until = self.held_until(task).filter(|_| self.buffer(task).is_none());
        let release = until.unwrap_or(place.end).max(place.end);
        for need in self.returned_needs(place.mode) {
            let user = User { task, demand: need.demand.get() };
            for tick in place.start..release {
                let working = rate(self.problem, place.mode, tick) > 0;
                if tick >= place.end || working || !leaves {
                    self.note(need.resource, user, tick..tick + 1);
                }
            }
        }
    }

    /// Machine, demand, [end, leave, until] and buffer of a task that waits in its buffer.
    fn wait(&self, task: TaskId) -> Option<(TaskId, ResourceId, i64, [i64; 3], ResourceId)> {
        let (place, until) = (self.lasting(task)?, self.held_until(task)?);
        let needs = self.returned_needs(place.mode);
        let (machine, demand) = (needs.first()?.resource, needs.first()?.demand.get());
        if until <= place.end {
            return None;
        }
        let next = self
            .turns(machine)
            .into_iter()
            .find(|(start, other)| *start >= place.end && *other != task);
        let leave = next.map_or(until, |(start, other)| {
            (start - self.setup_time(machine, Some(task), other)).min(until).max(place.end)
        });
        Some((task, machine, demand, [place.end, leave, until], self.buffer(task)?))
    }

    /// Beginnings of stretches of use on a machine, by tick and task; a batch is its first task.
    pub fn turns(&self, machine: ResourceId) -> Vec<(i64, TaskId)> {
        let mut turns = Vec::new();
        for tick in 0..self.ticks {
            let now = &self.users[machine.index()][tick as usize];
            let mut fresh: Vec<TaskId> = now.iter().map(|user| user.task).collect();
            fresh.retain(|&task| {
                let begins = self.place(task).is_some_and(|place| place.start == tick);
                let before = tick.checked_sub(1).filter(|before| *before >= 0);
                let earlier = before.map(|before| &self.users[machine.index()][before as usize]);
                let went_on = earlier.is_some_and(|users| users.iter().any(|it| it.task == task));
                begins || !went_on
            });
            fresh.sort_unstable();
            if self.problem.resource(machine).batching.is_some() {
                fresh.truncate(1);
            }
            turns.extend(fresh.into_iter().map(|task| (tick, task)));
        }
        turns
    }

    pub fn setup_time(&self, machine: ResourceId, from: Option<TaskId>, to: TaskId) -> i64 {
        self.setup(machine, from, to).0
    }

    /// Time and cost of the setup from a task, or from the beginning, to a task.
    pub fn setup(&self, machine: ResourceId, from: Option<TaskId>, to: TaskId) -> (i64, i64) {
        let data = self.problem.resource(machine);
        let from = match from {
            Some(task) => self.problem.task(task).family,
            None => data.initial_family,
        };
        let Some(setup) = data.setup.map(|id| &self.problem.setups()[id]) else { return (0, 0) };
        let (Some(from), Some(to)) = (from, self.problem.task(to).family) else { return (0, 0) };
        let cell = from.index() * setup.families + to.index();
        (setup.times[cell].get(), setup.costs.get(cell).copied().unwrap_or(0))
    }

    pub fn usage(&self, resource: ResourceId, tick: i64) -> i64 {
        self.users[resource.index()][tick as usize].iter().map(|user| user.demand).sum()
    }

    pub fn capacity(&self, resource: ResourceId, tick: i64) -> i64 {
        let data = self.problem.resource(resource);
        match (&data.capacity_profile, data.kind) {
            (Some(profile), _) => step_value(profile, tick),
            (None, ResourceKind::Renewable(capacity)) => capacity.get(),
            (None, _) => i64::MAX,
        }
    }

    /// Tasks that run together with this one, itself included.
    pub fn batch(&self, task: TaskId) -> Vec<TaskId> {
        let Some(place) = self.lasting(task) else { return vec![task] };
        let Some(machine) = batch_machine(self.problem, place.mode) else { return vec![task] };
        let together = |other: &TaskId| {
            self.lasting(*other).is_some_and(|it| {
                (it.start, it.end) == (place.start, place.end)
                    && batch_machine(self.problem, it.mode) == Some(machine)
            })
        };
        self.problem.tasks().filter(together).collect()
    }

    /// When the work of a task, or of its batch, is done.
    pub fn expected_end(&self, task: TaskId, place: Place) -> Option<i64> {
        let (work, from) = work_from(self.problem, task, place);
        let running = matches!(self.problem.task(task).status, Status::Running { .. });
        if !running && self.problem.mode(place.mode).duration.get() == 0 {
            return Some(place.start);
        }
        let (mut works, mut latest) = (Vec::new(), from);
        for other in self.batch(task) {
            let Some(it) = self.place(other).filter(|_| !self.is_done(other)) else {
                continue;
            };
            let (work, from) = work_from(self.problem, other, it);
            works.push(work);
            latest = latest.max(from);
        }
        let machine = batch_machine(self.problem, place.mode);
        let kind = machine.and_then(|id| self.problem.resource(id).batching).map(|it| it.kind);
        let work = match kind {
            Some(BatchKind::Serial) => works.iter().sum(),
            Some(BatchKind::Parallel) => works.iter().copied().max().unwrap_or(work),
            None => work,
        };
        work_done(self.problem, place.mode, latest, work)
    }
}
