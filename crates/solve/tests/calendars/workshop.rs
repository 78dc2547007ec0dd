//! A workshop over two weeks, in its own words, and as a problem.
//!
//! Ten orders of four steps each. Time is in minutes from Monday, midnight. Hours are given to the
//! problem as weekly calendars; the simulator knows them from the clock instead.
//!
//! **Source:** docs/decisions/0004, working time.

use ordine_base::{Demand, Seed, Stream, Ticks, Time};
use ordine_problem::{
    BreakPolicy, Calendar, CalendarId, Job, Precedence, Problem, ProblemBuilder, ResourceId, Shift,
};

pub const HOUR: i64 = 60;
pub const DAY: i64 = 24 * HOUR;
pub const TWO_WEEKS: i64 = 14 * DAY;

/// When a place works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hours {
    /// Monday to Friday, 8 h from six o'clock, with an hour of lunch after four.
    Early,
    /// The same from one o'clock on.
    Late,
    /// Monday to Friday, 8 h from eight o'clock, with an hour of lunch: at 80 % of full speed
    /// before it, at 50 % after it.
    Slow,
    /// At all times.
    Always,
}

/// What tasks need: one of them at a time, or as many as there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Saw,
    Lathe,
    OldLathe,
    Press,
    Oven,
    Fitter,
}

pub const PLACES: [(Place, Hours, usize); 6] = [
    (Place::Saw, Hours::Early, 1),
    (Place::Lathe, Hours::Late, 1),
    (Place::OldLathe, Hours::Slow, 1),
    (Place::Press, Hours::Slow, 1),
    (Place::Oven, Hours::Always, 1),
    (Place::Fitter, Hours::Early, 2),
];

/// One way to do a step: how much work, and where.
pub struct Way {
    pub work: i64,
    pub places: Vec<Place>,
}

/// A step of an order; the next one follows it.
pub struct Step {
    pub order: usize,
    pub ways: Vec<Way>,
    pub policy: BreakPolicy,
    /// Whether others may use its places while it pauses.
    pub steps_aside: bool,
    /// Least time from its end to the start of the next step.
    pub cools: i64,
}

pub struct Workshop {
    /// Step by step, order by order.
    pub steps: Vec<Step>,
    /// By order, when it may begin; all end within two weeks.
    pub releases: Vec<i64>,
}

impl Workshop {
    pub fn random(seed: Seed) -> Self {
        let mut stream = seed.stream("workshop");
        let steps = (0..10).flat_map(|order| steps(&mut stream, order)).collect();
        let releases = (0..10).map(|order| (order / 3) * DAY + 7 * HOUR).collect();
        Workshop { steps, releases }
    }

    pub fn problem(&self) -> Problem {
        let mut builder = ProblemBuilder::new("workshop");
        let places: Vec<ResourceId> = PLACES.iter().map(|it| place(&mut builder, *it)).collect();
        let jobs: Vec<_> = self
            .releases
            .iter()
            .map(|&release| {
                let (release, deadline) = (Time::new(release), Some(Time::new(TWO_WEEKS)));
                let job = Job { release, deadline, ..Job::named("order") };
                builder.job(job).expect("valid")
            })
            .collect();
        let mut before = None;
        for step in &self.steps {
            let task = builder.task("step", Some(jobs[step.order])).expect("valid");
            builder.edit_task(task).breaks = step.policy;
            builder.edit_task(task).released_in_breaks = step.steps_aside;
            for way in &step.ways {
                let number = |place: &Place| PLACES.iter().position(|it| it.0 == *place);
                let used = way.places.iter().filter_map(number);
                let needs: Vec<_> = used.map(|it| (places[it], Demand::ONE)).collect();
                builder.mode(task, Ticks::new(way.work), &needs).expect("valid");
            }
            if let Some((order, earlier, cools)) = before.replace((step.order, task, step.cools))
                && order == step.order
            {
                let follows = Precedence::end_to_start(earlier, task).with_lag(Ticks::new(cools));
                builder.precedence(follows).expect("valid");
            }
        }
        builder.seal().expect("valid")
    }
}

fn steps(stream: &mut Stream, order: usize) -> [Step; 4] {
    let mut work = |least: usize, most: usize| (least + stream.below(most - least + 1)) as i64;
    let way = |work, places: &[Place]| Way { work, places: places.to_vec() };
    let step = |ways, policy| Step { order, ways, policy, steps_aside: false, cools: 0 };
    let turned = work(30, 150);
    let [saw, turn, press, bake] = [
        step(vec![way(work(30, 235), &[Place::Saw])], BreakPolicy::Wait),
        step(
            vec![
                way(turned, &[Place::Lathe, Place::Fitter]),
                way(turned, &[Place::OldLathe]),
                way(turned + 15, &[Place::Lathe]),
            ],
            if order.is_multiple_of(2) { BreakPolicy::MustFit } else { BreakPolicy::Wait },
        ),
        step(vec![way(work(30, 210), &[Place::Press])], BreakPolicy::MustFit),
        match order % 3 {
            2 => step(vec![way(work(60, 400), &[Place::Oven])], BreakPolicy::Wait),
            _ => step(vec![way(work(150, 550), &[Place::Oven, Place::Fitter])], BreakPolicy::Pause),
        },
    ];
    let press = Step { cools: 45, ..press };
    [saw, turn, press, Step { steps_aside: order % 3 == 1, ..bake }]
}

fn place(builder: &mut ProblemBuilder, (_, hours, count): (Place, Hours, usize)) -> ResourceId {
    let calendar = calendar(builder, hours);
    let id = match count {
        1 => builder.machine("machine"),
        _ => builder.renewable("people", Demand::new(count as i64)).expect("valid"),
    };
    builder.edit_resource(id).calendar = calendar;
    id
}

/// The hours as changes within a week.
fn calendar(builder: &mut ProblemBuilder, hours: Hours) -> Option<CalendarId> {
    let (from, before, after) = match hours {
        Hours::Early => (6, 100, 100),
        Hours::Late => (13, 100, 100),
        Hours::Slow => (8, 80, 50),
        Hours::Always => return None,
    };
    let of_day = |day: i64| {
        let shifts = [
            (from, Shift::Open(before)),
            (from + 4, Shift::Paused),
            (from + 5, Shift::Open(after)),
            (from + 9, Shift::Closed),
        ];
        shifts.map(|(hour, shift)| (Time::new(day * DAY + hour * HOUR), shift))
    };
    Some(builder.calendar(Calendar {
        first: Shift::Closed,
        steps: (0..5).flat_map(of_day).collect(),
        period: Some(Ticks::new(7 * DAY)),
        ..Calendar::always("hours")
    }))
}
