//! Setups beside a shop: sequence-dependent times between the jobs of each machine.
//!
//! Family of a task is its job; machine k needs time `s_k(i, j)` between consecutive tasks of
//! jobs i and j. They are read from a text of their own, in one of two shapes that the lengths of
//! lines tell apart:
//!
//! * *positions*: one line per machine with one pair `x y` per job, whole numbers; the setup is
//!   the distance √((x_i − x_j)² + (y_i − y_j)²) rounded to the nearest whole number. A distance
//!   of whole numbers is never half-way between two of them, so rounding half away from zero and
//!   every other rule of rounding to nearest agree; it is computed in integers.
//! * *matrices*: machine by machine, one line per job with the setup from it to each job.
//!
//! Distances keep the triangle inequality only before rounding. O(machines × jobs²).
//!
//! **Source:** Brucker, Thiele 1996 (problem); positions in the plane as in transport matrices of
//! blocking and travelling job shops.

use crate::instance::ShopError;
use ordine_base::{Id, Ticks};
use ordine_problem::{FamilyId, Problem, ProblemBuilder, ResourceId, Setup};
use ordine_wire::{Diagnostics, Report, Text};

/// Setups of a machine: from job (row) to job (column).
pub(crate) type Matrix = Vec<Ticks>;

/// Largest coordinate of a position, in either direction.
const COORDINATE_MAX: i64 = 1 << 30;

/// The problem with the setups of a text, which must fit its jobs and machines.
///
/// # Errors
/// All mistakes of the text, with their lines; or why the problem takes no setups.
///
/// ```
/// use ordine_shop::{io::FORMATS, setups};
/// use ordine_wire::{Text, read_one};
///
/// let shop = read_one(b"2 2\n0 3 1 2\n1 4 0 1\n", "tiny.txt", FORMATS)?.problem;
/// let text = Text::new("tiny.setups", b"0 0 3 4\n0 0 1 1\n")?;
/// let with_setups = setups::read(&text, &shop)?;
/// assert_eq!(with_setups.setups().len(), 2);
/// # Ok::<(), ordine_wire::Diagnostics>(())
/// ```
pub fn read(text: &Text<'_>, problem: &Problem) -> Result<Problem, Diagnostics> {
    let mut report = Report::new(text);
    let hint = "give a job shop without setups of its own";
    let machines = match machines_for_setups(problem) {
        Ok(machines) => machines.len(),
        Err(why) => {
            report.whole("a shop whose machines need setups between jobs", why, hint);
            return Err(report.fail());
        }
    };
    let layout = Layout::of(text, machines, problem.jobs().len());
    let matrices = layout.read(text, &mut report);
    if !report.is_clean() {
        return Err(report.fail());
    }
    match with(problem, &matrices) {
        Ok(problem) => report.finish(problem),
        Err(error) => {
            report.invalid(None, "setups for this shop", &error, hint);
            Err(report.fail())
        }
    }
}

/// The problem with these setups, one matrix per machine in their order, row by row.
///
/// # Errors
/// When the problem has setups or families already, a task has no job, or the matrices do not
/// fit its machines and jobs.
pub fn with(problem: &Problem, matrices: &[Vec<Ticks>]) -> Result<Problem, ShopError> {
    let machines = machines_for_setups(problem).map_err(ShopError::Setups)?;
    let (found, expected) = (matrices.len(), machines.len());
    if found != expected {
        return Err(ShopError::Setups(format!("{expected} machines, but {found} matrices")));
    }
    Ok(problem.with(|builder| {
        add(problem, builder, matrices);
        Ok(())
    })?)
}

fn machines_for_setups(problem: &Problem) -> Result<Vec<ResourceId>, String> {
    if !problem.setups().is_empty() || !problem.families().is_empty() {
        return Err("setups or families that are there already".to_owned());
    }
    if let Some(task) = problem.tasks().find(|&task| problem.task(task).job.is_none()) {
        return Err(format!("task {}, which has no job", problem.task(task).name));
    }
    Ok(machines(problem).collect())
}

fn machines(problem: &Problem) -> impl Iterator<Item = ResourceId> {
    problem.resources().filter(|&resource| problem.resource(resource).is_machine())
}

/// Adds a matrix to each machine, and to each task the family of its job.
pub(crate) fn add(problem: &Problem, builder: &mut ProblemBuilder, matrices: &[Matrix]) {
    let families: Vec<FamilyId> =
        problem.jobs().map(|job| builder.family(problem.job(job).name.clone())).collect();
    for task in problem.tasks() {
        let job = problem.task(task).job;
        builder.edit_task(task).family = job.map(|job| families[job.index()]);
    }
    for (machine, times) in machines(problem).zip(matrices) {
        let name = problem.resource(machine).name.clone();
        let (families, times, costs) = (families.len(), times.clone(), Vec::new());
        let setup = builder.setup(Setup { name, families, times, costs });
        builder.edit_resource(machine).setup = Some(setup);
    }
}

/// The matrices of a problem whose setups are of the kind that [`add`] adds.
///
/// # Errors
/// What is different about them.
pub(crate) fn of_jobs(problem: &Problem) -> Result<Vec<&[Ticks]>, String> {
    let family_of = |task| problem.task(task).family.map(Id::index);
    let job_of = |task| problem.task(task).job.map(Id::index);
    if problem.families().len() != problem.jobs().len()
        || problem.tasks().any(|task| family_of(task) != job_of(task))
    {
        return Err("families other than one per job".to_owned());
    }
    let mut matrices = Vec::new();
    for machine in machines(problem) {
        let data = problem.resource(machine);
        let setup = data.setup.filter(|setup| setup.index() == matrices.len());
        let setup = setup.map(|setup| &problem.setups()[setup]);
        match setup.filter(|it| it.costs.is_empty() && data.initial_family.is_none()) {
            Some(setup) => matrices.push(&setup.times[..]),
            None => return Err(format!("machine {} without setups of its own", data.name)),
        }
    }
    match matrices.len() == problem.setups().len() {
        true => Ok(matrices),
        false => Err("setups of no machine".to_owned()),
    }
}

/// What the lines of a text of setups say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Positions,
    Matrices,
}

/// The lines that a text of setups must have.
#[derive(Clone, Copy)]
struct Layout {
    shape: Shape,
    machines: usize,
    jobs: usize,
}

impl Layout {
    /// That of a text whose first line has as many numbers as there are jobs is a matrix.
    fn of(text: &Text<'_>, machines: usize, jobs: usize) -> Self {
        let width = text.data_lines().next().map_or(0, |line| line.tokens().count());
        let shape = if width == jobs { Shape::Matrices } else { Shape::Positions };
        Layout { shape, machines, jobs }
    }

    /// A matrix per machine; none after a mistake, which is in the report.
    fn read(self, text: &Text<'_>, report: &mut Report<'_>) -> Vec<Matrix> {
        let (what, range) = match self.shape {
            Shape::Positions => ("a coordinate", -COORDINATE_MAX..=COORDINATE_MAX),
            Shape::Matrices => ("a setup time", 0..=Ticks::MAX.get()),
        };
        self.check(text, report);
        if !report.is_clean() {
            return Vec::new();
        }
        let mut rows: Vec<Vec<i64>> = Vec::new();
        for line in text.data_lines() {
            let tokens = line.tokens();
            rows.push(tokens.map_while(|it| report.number(it, what, range.clone())).collect());
        }
        if !report.is_clean() {
            return Vec::new();
        }
        match self.shape {
            Shape::Positions => rows.iter().map(|row| distances(row)).collect(),
            Shape::Matrices => rows.chunks(self.jobs.max(1)).map(joined).collect(),
        }
    }

    fn check(self, text: &Text<'_>, report: &mut Report<'_>) {
        let Layout { shape, machines, jobs } = self;
        let (width, rows, line_words, rows_words) = match shape {
            Shape::Positions => (
                2 * jobs,
                machines,
                format!("{jobs} positions `x y`, one per job"),
                format!("{machines} lines of positions, one per machine"),
            ),
            Shape::Matrices => (
                jobs,
                machines * jobs,
                format!("{jobs} setups, one per job that may follow"),
                format!("{} lines, {jobs} for each of {machines} machines", machines * jobs),
            ),
        };
        let hint = "give setups of this shop: a line of positions per machine, or its matrix";
        let mut count = 0;
        for line in text.data_lines() {
            count += 1;
            let found = line.tokens().count();
            if found != width {
                report.line(line.number, line_words.clone(), format!("{found} numbers"), hint);
            }
        }
        if count != rows && report.is_clean() {
            report.line(text.line_last(), rows_words, format!("{count}"), hint);
        }
    }
}

fn joined(rows: &[Vec<i64>]) -> Matrix {
    rows.iter().flatten().map(|&ticks| Ticks::new(ticks)).collect()
}

/// Rounded distances between the positions of a line.
fn distances(row: &[i64]) -> Matrix {
    let positions: Vec<(i64, i64)> = row.chunks(2).map(|pair| (pair[0], pair[1])).collect();
    let from = |&one: &(i64, i64)| positions.iter().map(move |&other| distance(one, other));
    positions.iter().flat_map(from).collect()
}

/// √square + ½ rounded down: above r + ½ exactly when the square is above r² + r.
fn distance(one: (i64, i64), other: (i64, i64)) -> Ticks {
    let (x, y) = (one.0 - other.0, one.1 - other.1);
    let square = x.unsigned_abs().pow(2) + y.unsigned_abs().pow(2);
    let root = square.isqrt();
    let rounded = if square - root * root > root { root + 1 } else { root };
    Ticks::new(rounded as i64)
}
