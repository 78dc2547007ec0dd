//! Fronts of two measures: schedules of which none beats another in both.
//!
//! Both ends are found lexicographically, `(a, b)` and `(b, a)`. Between them the first measure may
//! be as large as each of some evenly spaced values ε, and the second is minimized: the list of
//! levels is `max(a, ε), b, a`, so that a point that is proved is on the front and not beside it.
//! From the largest ε to the smallest; one that a proved point already keeps is left out.
//!
//! **Source:** Haimes, Lasdon, Wismer 1971: the ε-constraint method.

use crate::Outcome;
use ordine_problem::{Level, Objective, Problem, ProblemError, Schedule};

/// A schedule with its values of both measures.
#[derive(Clone, Debug)]
pub struct FrontPoint {
    /// The two values.
    pub values: [i64; 2],
    /// The schedule.
    pub schedule: Schedule,
    /// Whether no schedule beats it: it is known to be on the front.
    pub is_proved: bool,
}

/// A sweep over one problem.
#[derive(Clone, Debug)]
pub struct FrontSweep<'a> {
    problem: &'a Problem,
    measures: [Level; 2],
    points: Vec<FrontPoint>,
}

/// What is to be solved next: the problem, and a schedule to begin from.
type Next<'s> = (&'s Problem, Option<&'s Schedule>);

impl<'a> FrontSweep<'a> {
    /// A sweep of the two levels of `objective`; `None` when it has not two.
    pub fn new(problem: &'a Problem, objective: &Objective) -> Option<Self> {
        let [first, second] = objective.levels() else { return None };
        let plain = |level: &Level| Level::of(level.terms.clone());
        let measures = [plain(first), plain(second)];
        Some(FrontSweep { problem, measures, points: Vec::new() })
    }

    /// Finds about `points` points, by as many calls of `solve` at most; by the first value.
    ///
    /// `solve` gets how many calls may follow, this one included, and what to solve.
    ///
    /// # Errors
    /// Those of `solve`, and when the problem does not go with the measures.
    pub fn run<E: From<ProblemError>>(
        mut self,
        points: usize,
        mut solve: impl FnMut(usize, Next<'_>) -> Result<Outcome<Schedule>, E>,
    ) -> Result<Vec<FrontPoint>, E> {
        let points = points.max(2);
        let [first, second] = self.measures.clone();
        let ends = [[first.clone(), second.clone()], [second.clone(), first.clone()]];
        for (place, levels) in ends.into_iter().enumerate() {
            let problem = self.under(levels.to_vec())?;
            let start = self.points.first().map(|point| point.schedule.clone());
            let outcome = solve(points - place, (&problem, start.as_ref()))?;
            if !self.take(&outcome)? {
                return Ok(self.points);
            }
        }
        let (low, high) = (self.points[0].values[0], self.points[1].values[0]);
        let (inner, mut last) = (points as i64 - 1, self.points[1].clone());
        for place in (1..inner).rev() {
            let most = low + (high - low) * place / inner;
            let is_kept = last.is_proved && last.values[0] <= most;
            if is_kept || most <= low || most >= high {
                continue;
            }
            let floored = Level { floor: Some(most), ..first.clone() };
            let problem = self.under(vec![floored, second.clone(), first.clone()])?;
            let start = self.points[0].schedule.clone();
            let outcome = solve(place as usize, (&problem, Some(&start)))?;
            if self.take(&outcome)? {
                last = self.points[self.points.len() - 1].clone();
            }
        }
        Ok(not_beaten(self.points))
    }

    fn under(&self, levels: Vec<Level>) -> Result<Problem, ProblemError> {
        let objective = Objective::from_levels(levels).expect("levels of an objective");
        self.problem.with(|builder| {
            builder.objective(objective);
            Ok(())
        })
    }

    /// Keeps what was found; whether anything was.
    fn take(&mut self, outcome: &Outcome<Schedule>) -> Result<bool, ProblemError> {
        let Some((schedule, _)) = outcome.best() else { return Ok(false) };
        let both = self.under(self.measures.to_vec())?;
        let cost = schedule.cost(&both);
        let values = [cost.levels()[0], cost.levels()[1]];
        let is_proved = matches!(outcome, Outcome::Optimal { .. });
        self.points.push(FrontPoint { values, schedule: schedule.clone(), is_proved });
        Ok(true)
    }
}

/// The points that no other beats, by the first value; each once.
fn not_beaten(mut points: Vec<FrontPoint>) -> Vec<FrontPoint> {
    points.sort_by_key(|point| (point.values, !point.is_proved));
    let mut least = i64::MAX;
    points.retain(|point| {
        let kept = point.values[1] < least;
        least = least.min(point.values[1]);
        kept
    });
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve;
    use ordine_base::{Demand, Seed, Ticks, Time};
    use ordine_problem::{Job, ProblemBuilder};

    /// Jobs on one machine, with durations, weights and due times.
    fn problem(jobs: &[(i64, i64, i64)]) -> Problem {
        let mut builder = ProblemBuilder::new("front");
        let machine = builder.machine("m");
        for (number, &(duration, weight, due)) in jobs.iter().enumerate() {
            let name = format!("j{number}");
            let job = Job { weight, due: Some(Time::new(due)), ..Job::named(name.clone()) };
            let job = builder.job(job).expect("valid");
            let task = builder.task(name, Some(job)).expect("valid");
            let needs = [(machine, Demand::ONE)];
            builder.mode(task, Ticks::new(duration), &needs).expect("valid");
        }
        builder.seal().expect("valid")
    }

    /// Every order of so many things.
    fn orders(count: usize) -> Vec<Vec<usize>> {
        let Some(last) = count.checked_sub(1) else { return vec![Vec::new()] };
        let shorter = orders(last);
        let with = |order: &Vec<usize>, place: usize| {
            let mut order = order.clone();
            order.insert(place, last);
            order
        };
        shorter.iter().flat_map(|order| (0..count).map(move |place| with(order, place))).collect()
    }

    #[test]
    fn a_fine_sweep_finds_the_front_of_all_sequences() {
        let jobs = [(4, 1, 3), (2, 5, 12), (5, 2, 6), (1, 4, 9), (3, 3, 4)];
        let mut expected: Vec<[i64; 2]> = Vec::new();
        for order in orders(jobs.len()) {
            let (mut end, mut values) = (0, [0, 0]);
            for job in order {
                let (duration, weight, due) = jobs[job];
                end += duration;
                values = [values[0] + weight * end, values[1] + (end - due).max(0)];
            }
            expected.push(values);
        }
        expected.sort_unstable();
        let mut least = i64::MAX;
        expected.retain(|values| {
            let kept = values[1] < least;
            least = least.min(values[1]);
            kept
        });
        let problem = problem(&jobs);
        let objective = "weighted-flow-time,total-tardiness".parse().expect("an objective");
        let sweep = FrontSweep::new(&problem, &objective).expect("two levels");
        let found = sweep.run(1_000, |_, (problem, _)| -> Result<_, ProblemError> {
            Ok(solve(problem, "auto", Seed::new(1), 100_000).expect("no fault"))
        });
        let found = found.expect("valid");
        assert!(found.iter().all(|point| point.is_proved));
        assert_eq!(found.iter().map(|point| point.values).collect::<Vec<_>>(), expected);
        assert!(expected.len() > 3, "{expected:?}");
    }
}
