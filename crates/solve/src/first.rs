//! First schedules: a warm start, a list, and the rules.
//!
//! A start that the judge accepts becomes the incumbent as it is. Any other is repaired: modes are
//! kept where the consumables permit, tasks are taken in the order of their starts, and each is
//! placed as early as possible.
//!
//! **Source:** warm starts that are never lost: see the complaints about hints in CP-SAT.

use crate::{Context, Fault, bounds};
use ordine_base::{Id, IdVec, Stream, Ticks, Time};
use ordine_construct::{CriticalPath, Direction, Generation, ModeAssignment, Scheme, generate};
use ordine_ls::Decoder;
use ordine_problem::{Problem, Schedule, TaskId};
use ordine_world::{
    Atc, Covert, Edd, Fifo, Grpw, Lft, Lpt, Mdd, Minslk, Mopnr, Mwkr, Observation, Rule,
    RulePolicy, Spt, Wmdd,
};

/// A rule with its name.
type Named = (&'static str, &'static dyn Rule);

/// Rules for any objective: a few of each kind, the best for makespans first.
const OF_LENGTHS: [Named; 8] = [
    ("mwkr", &Mwkr),
    ("lft", &Lft),
    ("fifo", &Fifo),
    ("grpw", &Grpw),
    ("lpt", &Lpt),
    ("minslk", &Minslk),
    ("mopnr", &Mopnr),
    ("spt", &Spt),
];

/// Rules for objectives that compare ends with due times.
const OF_DATES: [Named; 5] =
    [("atc", &Atc), ("covert", &Covert), ("edd", &Edd), ("mdd", &Mdd), ("wmdd", &Wmdd)];

/// Modes of candidates that all rules together may look at before the search begins.
const RULE_LOOKS: u64 = 20_000_000;

/// Offers the warm start, repaired when the judge does not accept it.
///
/// # Errors
/// Those of [`Context::offer`] on the repaired schedule.
pub fn offer_start(context: &Context<'_>, assignment: &ModeAssignment) -> Result<(), Fault> {
    let Some(start) = context.start() else { return Ok(()) };
    if ordine_check::check(context.problem(), start).is_ok() {
        context.offer("start", start)?;
        return Ok(());
    }
    let repaired = repair(context.problem(), start, assignment);
    context.spend(repaired.len() as u64);
    context.offer("repaired start", &repaired)?;
    Ok(())
}

/// Keeps the modes and the order of `schedule` as far as possible.
fn repair(problem: &Problem, schedule: &Schedule, assignment: &ModeAssignment) -> Schedule {
    let mut assignment = assignment.clone();
    for (task, placement) in schedule.placed() {
        if task.index() >= problem.tasks().len() {
            continue;
        }
        let usable = problem.usable_modes(task);
        if usable.contains(&placement.mode) && assignment.permits(problem, task, placement.mode) {
            assignment.switch(problem, task, placement.mode);
        }
    }
    let latest = CriticalPath::new(problem, Direction::Forward).latest_starts;
    let key = |task: TaskId| schedule.placement(task).map_or(latest[task], |it| it.start);
    let mut decoder = Decoder::new(problem);
    let mut order = Vec::new();
    decoder.order_by_key(key, &mut order);
    let decoded = decoder.decode(Direction::Forward, &order, assignment.modes(), &mut || false);
    decoded.expect("nobody stops this decoding");
    decoder.schedule()
}

/// Offers a schedule at once, then those of several rules under both schemes while there is time;
/// publishes the root bounds in between, so that a proof ends the run early.
///
/// # Errors
/// Those of [`Context::offer`] and [`Context::raise_bound`].
pub fn offer_rules(context: &Context<'_>, assignment: &ModeAssignment) -> Result<(), Fault> {
    offer_list(context, assignment)?;
    bounds::raise_root_bounds(context)?;
    let due = context.problem().objective().terms().any(|term| term.measure.needs_due());
    let of_dates = if due { &OF_DATES[..] } else { &[] };
    let rules = || of_dates.iter().chain(&OF_LENGTHS);
    let mut looks = 0;
    for scheme in [Scheme::Parallel, Scheme::Serial] {
        for &rule in rules() {
            if context.should_stop().is_some() || looks >= RULE_LOOKS {
                return Ok(());
            }
            looks += offer_scored(context, rule, scheme, assignment, RULE_LOOKS - looks)?;
        }
    }
    Ok(())
}

/// Offers the schedule that takes tasks by latest start, each in its mode of least end:
/// O(n log n) however many tasks are eligible at a time.
///
/// # Errors
/// Those of [`Context::offer`].
pub fn offer_list(context: &Context<'_>, assignment: &ModeAssignment) -> Result<(), Fault> {
    let latest = CriticalPath::new(context.problem(), Direction::Forward).latest_starts;
    let stop = &mut || context.is_cut_off();
    if let Some(schedule) = list_schedule(context, assignment, |task| latest[task], stop) {
        context.offer("latest start", &schedule)?;
    }
    Ok(())
}

/// The schedule of the tasks by least key, as far as precedences allow; `None` when stopped.
fn list_schedule(
    context: &Context<'_>,
    assignment: &ModeAssignment,
    key: impl Fn(TaskId) -> Time,
    stop: &mut dyn FnMut() -> bool,
) -> Option<Schedule> {
    let mut decoder = Decoder::new(context.problem());
    let (mut order, mut assignment) = (Vec::new(), assignment.clone());
    decoder.order_by_key(key, &mut order);
    let decoded = decoder.decode_choosing(&order, &mut assignment, stop);
    context.spend(decoder.work());
    decoded.map(|()| decoder.schedule())
}

/// Offers the schedule of one rule under one scheme, unless the run stops or more than
/// `looks_max` modes of candidates had to be looked at; gives the number of looks.
///
/// # Errors
/// Those of [`Context::offer`].
pub fn offer_scored(
    context: &Context<'_>,
    (name, rule): (&'static str, &dyn Rule),
    scheme: Scheme,
    assignment: &ModeAssignment,
    looks_max: u64,
) -> Result<u64, Fault> {
    let mut policy = RulePolicy::of(rule);
    let mut stream = context.seed().stream("rules");
    let problem = context.problem();
    let modes_per_task = problem.mode_count().div_ceil(problem.tasks().len().max(1)) as u64;
    let mut looks = 0;
    let stop = &mut |observation: &Observation| {
        looks += observation.candidates.len() as u64 * modes_per_task;
        looks > looks_max || context.should_stop().is_some()
    };
    let (modes, extras) = (assignment.clone(), rule.extras());
    let start = Generation::with_extras(problem, scheme, Direction::Forward, modes, extras);
    if let Some((schedule, choices)) = generate(start, &mut policy, &mut stream, stop) {
        context.spend(choices);
        context.offer(name, &schedule)?;
    }
    Ok(looks)
}

/// A schedule by latest starts with up to a quarter of noise: different starts for different
/// searchers. `None` when the run stops on the way.
pub fn random_schedule(
    context: &Context<'_>,
    assignment: &ModeAssignment,
    stream: &mut Stream,
) -> Option<Schedule> {
    let path = CriticalPath::new(context.problem(), Direction::Forward);
    let reach = (path.length - Time::ORIGIN).get() / 4;
    let noise = |_| Ticks::new((stream.unit() * reach as f64) as i64);
    let noisy: IdVec<TaskId, Ticks> = context.problem().tasks().map(noise).collect();
    let stop = &mut || context.should_stop().is_some();
    list_schedule(context, assignment, |task| path.latest_starts[task] + noisy[task], stop)
}
