//! Two weeks of shifts with lunch breaks: what is found holds minute by minute.
//!
//! **Source:** docs/decisions/0004, working time.

mod simulator;
mod workshop;

use ordine_base::{Seed, Time};
use ordine_check::check;
use ordine_construct::{Decisions, Insertion};
use ordine_problem::{BreakPolicy, Placement, Problem, Schedule};
use simulator::{Stay, faults};
use workshop::{DAY, Place, TWO_WEEKS, Workshop};

fn stays(problem: &Problem, schedule: &Schedule) -> Vec<Stay> {
    let stay = |task| {
        let Placement { mode, start, end } = schedule.placement(task).expect("placed");
        Stay { way: problem.mode_number(mode), start: start.get(), end: end.get() }
    };
    problem.tasks().map(stay).collect()
}

fn schedule(problem: &Problem, plan: &[Stay]) -> Schedule {
    Schedule::from_placements(problem.tasks().zip(plan).map(|(task, stay)| {
        let mode = problem.numbered_mode(task, stay.way)?;
        Some(Placement { mode, start: Time::new(stay.start), end: Time::new(stay.end) })
    }))
}

/// Schedules by insertion in several orders, and one by search.
fn schedules(problem: &Problem, seed: Seed) -> Vec<Schedule> {
    let mut stream = seed.stream("orders");
    let mut insertion = Insertion::new(problem);
    let mut built = |order: usize| {
        let mut decisions = Decisions::new(problem);
        for task in problem.tasks().filter(|_| order > 0) {
            decisions.set_rank(task, stream.below(1000) as u32);
            let modes = problem.usable_modes(task);
            decisions.set_mode(problem, task, modes[stream.below(modes.len())]);
        }
        insertion.build(&decisions, &mut || false)
    };
    let built = (0..8).map(&mut built).filter(|built| built.is_complete());
    let mut schedules: Vec<Schedule> = built.map(|built| built.schedule).collect();
    assert!(schedules.len() > 4, "insertion built only {}", schedules.len());
    let outcome = ordine_solve::solve(problem, "auto", seed, 4_000).expect("no fault");
    schedules.push(outcome.best().expect("a schedule is found").0.clone());
    schedules
}

#[test]
fn what_is_found_holds_minute_by_minute() {
    let (mut across, mut shared) = (0, 0);
    for seed in (0..5).map(Seed::new) {
        let workshop = Workshop::random(seed);
        let problem = workshop.problem();
        assert_eq!(problem.tasks().len(), 40);
        for schedule in schedules(&problem, seed) {
            let plan = stays(&problem, &schedule);
            assert_eq!(faults(&workshop, &plan), [""; 0], "seed {}", seed.get());
            assert!(check(&problem, &schedule).is_ok(), "seed {}", seed.get());
            let end = schedule.makespan().get();
            assert!((5 * DAY..TWO_WEEKS).contains(&end), "ends at {end}");
            across += workshop.steps.iter().zip(&plan).filter(|it| it.1.is_across(it.0)).count();
            shared += stepped_aside(&workshop, &plan);
        }
    }
    assert!(across > 100 && shared > 10, "{across} across breaks, {shared} in breaks of others");
}

impl Stay {
    /// Whether it takes longer than at its slowest without a break.
    fn is_across(&self, step: &workshop::Step) -> bool {
        step.policy != BreakPolicy::Wait && self.end - self.start > 2 * step.ways[self.way].work
    }
}

/// Pairs at the oven of which one lies in a pause of the other.
fn stepped_aside(workshop: &Workshop, plan: &[Stay]) -> usize {
    let baked = || {
        let steps = workshop.steps.iter().zip(plan);
        steps.filter(|it| it.0.ways[0].places.contains(&Place::Oven)).map(|it| *it.1)
    };
    let inside =
        |outer: Stay| baked().filter(move |it| outer.start < it.start && it.end < outer.end);
    baked().map(|outer| inside(outer).count()).sum()
}

#[test]
fn a_minute_off_is_seen_by_simulator_and_judge() {
    let seed = Seed::new(3);
    let workshop = Workshop::random(seed);
    let problem = workshop.problem();
    let (mut wrong, mut right) = (0, 0);
    for good in schedules(&problem, seed).into_iter().rev().take(2) {
        let plan = stays(&problem, &good);
        for number in 0..plan.len() {
            for (start, end) in [(-1, -1), (1, 1), (0, 1), (0, -1), (-1, 0), (1, 0)] {
                let mut moved = plan.clone();
                moved[number].start += start;
                moved[number].end += end;
                let seen = faults(&workshop, &moved);
                let judged = check(&problem, &schedule(&problem, &moved));
                let what = format!("step {number} by {start} and {end}: {seen:?} {judged:?}");
                assert_eq!(seen.is_empty(), judged.is_ok(), "{what}");
                assert!(!seen.is_empty() || start != 0, "{what}");
                wrong += usize::from(judged.is_err());
                right += usize::from(judged.is_ok());
            }
        }
    }
    assert!(wrong > 350 && right > 10, "{wrong} wrong, {right} right");
}
