//! Writes a problem as tables.
//!
//! Tables and columns that say nothing are left out.
//!
//! **Source:** RFC 4180 (CSV).

use super::cells::{
    BATCHES, BREAKS, KINDS, LIMITS, Limit, STATES, State, is_usable, is_usable_in_lists, items,
    list, predecessor, predecessor_text, resource_text, shift_text, stock_change_text, word,
};
use super::columns::Kind;
use crate::problem_json::TimeScale;
use csv::WriterBuilder;
use ordine_base::{Id, Ticks, Time};
use ordine_problem::{
    BreakPolicy, JobId, ModeId, Precedence, PrecedenceKind, Problem, Resource, ResourceId,
    ResourceKind, Status, TaskId,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The problem, of which CSV can say everything.
pub(super) fn write(problem: &Problem, scale: &TimeScale) -> String {
    let writer = Writer::new(problem);
    let mut out = String::new();
    table(&mut out, Kind::Tasks, problem.tasks().flat_map(|task| writer.task(task)));
    if !writer.lists_predecessors {
        let precedences = problem.precedences().values();
        table(&mut out, Kind::Precedences, precedences.map(|it| writer.precedence(it)));
    }
    if writer.has_job_table {
        table(&mut out, Kind::Jobs, problem.jobs().map(|job| writer.job(job)));
    }
    if writer.has_resource_table {
        table(&mut out, Kind::Resources, problem.resources().map(|id| writer.resource(id)));
    }
    let families = writer.families.iter().map(|name| vec![name.to_string()]);
    table(&mut out, Kind::Families, families);
    table(&mut out, Kind::Setups, writer.setups());
    table(&mut out, Kind::Calendars, writer.calendars());
    let name = if is_usable(problem.name()) { problem.name() } else { "" };
    let now = (problem.now() > Time::ORIGIN).then_some(problem.now());
    let head = vec![
        name.to_owned(),
        scale.unit.clone().unwrap_or_default(),
        scale.origin.clone().unwrap_or_default(),
        problem.objective().to_string(),
        if_any(now),
    ];
    table(&mut out, Kind::Problem, std::iter::once(head));
    out
}

/// Adds a table without the columns that say nothing; no table without rows, but that of tasks.
fn table(out: &mut String, kind: Kind, rows: impl Iterator<Item = Vec<String>>) {
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() && kind != Kind::Tasks {
        return;
    }
    let columns = kind.columns();
    let says = |place: usize| rows.iter().any(|row| !row[place].is_empty());
    let needed = |place: usize| kind.needed().contains(&columns[place]);
    let kept: Vec<usize> =
        (0..columns.len()).filter(|&place| needed(place) || says(place)).collect();
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let never = "rows of one length are written into memory";
    writer.write_record(kept.iter().map(|&place| columns[place])).expect(never);
    for row in &rows {
        writer.write_record(kept.iter().map(|&place| &row[place])).expect(never);
    }
    let bytes = writer.into_inner().expect(never);
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&String::from_utf8(bytes).expect("strings are written as they are"));
}

fn if_any(value: Option<impl ToString>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

fn unless_zero(number: i64) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

fn if_later(time: Time) -> String {
    unless_zero(time.get())
}

fn yes(flag: bool) -> String {
    if flag { "yes".to_owned() } else { String::new() }
}

struct Writer<'p> {
    problem: &'p Problem,
    jobs: Vec<Cow<'p, str>>,
    resources: Vec<Cow<'p, str>>,
    tasks: Vec<Cow<'p, str>>,
    families: Vec<Cow<'p, str>>,
    setups: Vec<Cow<'p, str>>,
    calendars: Vec<Cow<'p, str>>,
    /// Whether cells of tasks say all precedences, and in their order.
    lists_predecessors: bool,
    has_job_table: bool,
    has_resource_table: bool,
}

impl<'p> Writer<'p> {
    fn new(problem: &'p Problem) -> Self {
        let tasks = problem.tasks().map(|id| problem.task(id).name.as_str());
        let jobs = problem.jobs().map(|id| problem.job(id).name.as_str());
        let resources = problem.resources().map(|id| problem.resource(id).name.as_str());
        let families = problem.families().values().map(String::as_str);
        let setups = problem.setups().values().map(|it| it.name.as_str());
        let calendars = problem.calendars().values().map(|it| it.name.as_str());
        let tasks = names("t", tasks, is_usable);
        Writer {
            problem,
            lists_predecessors: lists_predecessors(problem, &tasks),
            has_job_table: !jobs_appear_in_order(problem),
            has_resource_table: !machines_appear_in_order(problem),
            tasks,
            jobs: names("j", jobs, is_usable),
            resources: names("r", resources, is_usable_in_lists),
            families: names("f", families, is_usable),
            setups: names("s", setups, is_usable),
            calendars: names("c", calendars, is_usable),
        }
    }

    /// The rows of a task, one per mode.
    fn task(&self, id: TaskId) -> Vec<Vec<String>> {
        let task = self.problem.task(id);
        let modes = self.problem.modes(id).enumerate();
        let row = |(number, mode): (usize, ModeId)| {
            let is_first = number == 0;
            let mut row = vec![self.tasks[id.index()].to_string()];
            row.push(if_any(task.job.filter(|_| is_first).map(|job| &self.jobs[job.index()])));
            row.push(self.problem.mode(mode).duration.to_string());
            row.push(self.needs(mode));
            row.push(if is_first { self.predecessors(id) } else { String::new() });
            let says_job = |job: &JobId| self.problem.job_tasks(*job).first() == Some(&id);
            let own_job = task.job.filter(says_job).filter(|_| is_first && !self.has_job_table);
            row.extend(own_job.map_or_else(|| vec![String::new(); 5], |job| self.dates(job)));
            match is_first {
                true => row.extend([
                    yes(task.optional),
                    unless_zero(task.absence_penalty),
                    if_any(task.family.map(|family| &self.families[family.index()])),
                    match task.breaks {
                        BreakPolicy::Wait => String::new(),
                        other => word(BREAKS, &other).to_owned(),
                    },
                    yes(task.released_in_breaks),
                    if_later(task.earliest_start),
                    if_any(task.latest_start),
                    if_later(task.earliest_end),
                    if_any(task.latest_end),
                ]),
                false => row.extend(vec![String::new(); 9]),
            }
            row.push(self.stock_changes(mode));
            row.extend(status(task.status, number));
            let planned = task.planned.filter(|planned| planned.mode as usize == number);
            row.push(if_any(planned.map(|planned| planned.start)));
            row
        };
        modes.map(row).collect()
    }

    fn needs(&self, mode: ModeId) -> String {
        let needs = self.problem.requirements(mode).iter();
        list(
            needs.map(|need| {
                resource_text(&self.resources[need.resource.index()], need.demand.get())
            }),
        )
    }

    fn stock_changes(&self, mode: ModeId) -> String {
        let changes = self.problem.stock_changes(mode).iter();
        list(changes.map(|change| {
            let name = &self.resources[change.reservoir.index()];
            stock_change_text(name, change.amount, change.at)
        }))
    }

    fn predecessors(&self, task: TaskId) -> String {
        if !self.lists_predecessors {
            return String::new();
        }
        let links = self.problem.predecessors(task).iter();
        list(links.map(|link| predecessor_text(&self.tasks[link.task.index()], link.lag)))
    }

    fn precedence(&self, it: &Precedence) -> Vec<String> {
        vec![
            self.tasks[it.before.index()].to_string(),
            self.tasks[it.after.index()].to_string(),
            match it.kind {
                PrecedenceKind::EndToStart => String::new(),
                other => word(KINDS, &other).to_owned(),
            },
            unless_zero(it.lag.get()),
            if_any(it.lag_max),
            if_any(it.penalty),
        ]
    }

    fn job(&self, job: JobId) -> Vec<String> {
        let mut row = vec![self.jobs[job.index()].to_string()];
        row.extend(self.dates(job));
        row
    }

    fn dates(&self, job: JobId) -> Vec<String> {
        let job = self.problem.job(job);
        let weight = if job.weight == 1 { String::new() } else { job.weight.to_string() };
        let times = [job.due_from, job.due, job.deadline].map(if_any);
        [weight, if_later(job.release)].into_iter().chain(times).collect()
    }

    fn resource(&self, id: ResourceId) -> Vec<String> {
        let it = self.problem.resource(id);
        let (limit, capacity, stock) = match it.kind {
            ResourceKind::Machine => (Limit::Machine, None, None),
            ResourceKind::Renewable(capacity) => (Limit::Renewable, Some(capacity), None),
            ResourceKind::Consumable(capacity) => (Limit::Consumable, Some(capacity), None),
            ResourceKind::Reservoir(stock) => (Limit::Reservoir, None, Some(stock)),
        };
        vec![
            self.resources[id.index()].to_string(),
            word(LIMITS, &limit).to_owned(),
            if_any(capacity),
            if_any(stock.map(|stock| stock.initial)),
            if_any(stock.map(|stock| stock.least)),
            if_any(stock.map(|stock| stock.most)),
            if_any(it.calendar.map(|id| &self.calendars[id.index()])),
            if_any(it.setup.map(|id| &self.setups[id.index()])),
            if_any(it.initial_family.map(|id| &self.families[id.index()])),
            if_any(it.batching.map(|batching| word(BATCHES, &batching.kind))),
            if_any(it.batching.map(|batching| batching.size_max)),
            unless_zero(it.price),
            if_any(it.overuse_penalty),
        ]
    }

    fn setups(&self) -> impl Iterator<Item = Vec<String>> {
        let mut rows = Vec::new();
        for (setup, name) in self.problem.setups().values().zip(&self.setups) {
            if self.families.is_empty() {
                let nothing = || String::new();
                rows.push(vec![name.to_string(), nothing(), nothing(), nothing(), nothing()]);
            }
            let pairs = self.families.iter().flat_map(|from| {
                let to = self.families.iter();
                to.map(move |to| [name.to_string(), from.to_string(), to.to_string()])
            });
            rows.extend(pairs.enumerate().map(|(place, pair)| {
                let mut row = pair.to_vec();
                row.push(unless_zero(setup.times[place].get()));
                row.push(if_any(setup.costs.get(place)));
                row
            }));
        }
        rows.into_iter()
    }

    fn calendars(&self) -> impl Iterator<Item = Vec<String>> {
        let mut rows = Vec::new();
        for (calendar, name) in self.problem.calendars().values().zip(&self.calendars) {
            let (first, period) = (shift_text(calendar.first), if_any(calendar.period));
            rows.push(vec![name.to_string(), String::new(), first, period]);
            rows.extend(calendar.steps.iter().map(|&(time, shift)| {
                vec![name.to_string(), time.to_string(), shift_text(shift), String::new()]
            }));
        }
        rows.into_iter()
    }
}

/// Status, start, end and remaining work in the row of a mode.
fn status(status: Status, number: usize) -> [String; 4] {
    let row = |state: State, start: Time, end: Option<Time>, remaining: Option<Ticks>| {
        [word(STATES, &state).to_owned(), start.to_string(), if_any(end), if_any(remaining)]
    };
    if status.settled().is_none_or(|(mode, _)| mode as usize != number) {
        return Default::default();
    }
    match status {
        Status::Free => Default::default(),
        Status::Done { start, end, .. } => row(State::Done, start, Some(end), None),
        Status::Running { start, remaining, .. } => {
            row(State::Running, start, None, Some(remaining))
        }
        Status::Frozen { start, .. } => row(State::Frozen, start, None, None),
    }
}

/// The names if each can be read back as itself, numbered ones otherwise.
fn names<'p>(
    prefix: &str,
    names: impl Iterator<Item = &'p str>,
    is_usable: impl Fn(&str) -> bool,
) -> Vec<Cow<'p, str>> {
    let names: Vec<&str> = names.collect();
    let mut seen = BTreeSet::new();
    if names.iter().all(|name| is_usable(name) && seen.insert(*name)) {
        return names.into_iter().map(Cow::Borrowed).collect();
    }
    (0..names.len()).map(|number| format!("{prefix}{number}").into()).collect()
}

/// Whether lists of predecessors say all precedences, each by an item that is read as it is meant,
/// in the order of the problem.
fn lists_predecessors(problem: &Problem, tasks: &[Cow<'_, str>]) -> bool {
    let known: BTreeMap<&str, usize> =
        tasks.iter().zip(0..).map(|(name, number)| (name.as_ref(), number)).collect();
    let precedences = problem.precedences().values();
    let is_sorted = precedences.clone().is_sorted_by_key(|it| it.after);
    let mut precedences = precedences;
    is_sorted
        && precedences.all(|it| {
            let name = tasks[it.before.index()].as_ref();
            let text = predecessor_text(name, it.lag);
            let is_whole = items(&text).eq([text.as_str()]);
            let is_plain = *it == Precedence::end_to_start(it.before, it.after).with_lag(it.lag);
            let read = predecessor(&text, |name| known.contains_key(name));
            is_plain && is_whole && read == (name, it.lag)
        })
}

/// Whether the tasks name all jobs in the order of the problem.
fn jobs_appear_in_order(problem: &Problem) -> bool {
    let jobs = problem.tasks().filter_map(|task| problem.task(task).job);
    appear_in_order(jobs.map(Id::index), problem.jobs().len())
}

/// Whether all resources are machines of no further word, and the modes name all of them in the
/// order of the problem.
fn machines_appear_in_order(problem: &Problem) -> bool {
    let is_plain = |id: ResourceId| {
        let resource = problem.resource(id);
        let plain = Resource {
            name: resource.name.clone(),
            kind: ResourceKind::Machine,
            capacity_profile: None,
            usage_min: None,
            calendar: None,
            setup: None,
            initial_family: None,
            batching: None,
            price: 0,
            overuse_penalty: None,
        };
        *resource == plain
    };
    let modes = problem.tasks().flat_map(|task| problem.modes(task));
    let needs = modes.flat_map(|mode| problem.requirements(mode));
    appear_in_order(needs.map(|need| need.resource.index()), problem.resources().len())
        && problem.resources().all(is_plain)
}

/// Whether the numbers below `count` appear for the first time in ascending order, all of them.
fn appear_in_order(numbers: impl Iterator<Item = usize>, count: usize) -> bool {
    let mut next = 0;
    for number in numbers {
        if number > next {
            return false;
        }
        next += usize::from(number == next);
    }
    next == count
}
