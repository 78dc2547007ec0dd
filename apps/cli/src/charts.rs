//! Charts as files: `--gantt` and `--convergence`, whose form the extension of the file chooses.
//!
//! **Source:** -

use crate::exit::Failure;
use crate::outputs::Destination;
use ordine_base::{Cost, RunEvent};
use ordine_chart::{Chart, Convergence, Effort, FileKind, Theme};
use ordine_problem::Problem;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where charts of one option go, and how they look.
#[derive(Debug)]
pub struct ChartFiles {
    destination: Destination,
    kind: FileKind,
    theme: Theme,
}

impl ChartFiles {
    /// The place that `option` names; a folder takes SVG files.
    ///
    /// # Errors
    /// When nothing can be written there, or no chart has that extension.
    pub fn new(
        option: &'static str,
        path: &Path,
        theme: Theme,
        inputs: &[PathBuf],
    ) -> Result<Self, Failure> {
        let found = path.extension().unwrap_or_default().to_string_lossy();
        let kind = FileKind::of_extension(&found).unwrap_or(FileKind::Svg);
        let destination = Destination::new(option, path, FileKind::Svg.extension())?;
        let destination = destination.sparing(inputs)?;
        if destination.takes_several() {
            return Ok(ChartFiles { destination, kind: FileKind::Svg, theme });
        }
        if FileKind::of_extension(&found).is_none() {
            let found = if found.is_empty() { "none".to_owned() } else { format!(".{found}") };
            return Err(Failure::bad_input(format!(
                "{option} {}: expected a file that ends with .svg, .png, .html or .txt, found \
                 {found}; rename it",
                path.display()
            )));
        }
        Ok(ChartFiles { destination, kind, theme })
    }

    /// The place itself.
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// Writes the chart of one instance.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, instance: &str, chart: Chart<'_>) -> Result<(), Failure> {
        self.destination.write(instance, chart.file(self.kind, self.theme))
    }
}

/// The theme of this name.
///
/// # Errors
/// When there is none.
pub fn theme(name: &str) -> Result<Theme, String> {
    let names = Theme::ALL.map(Theme::name).join(", ");
    Theme::named(name).ok_or_else(|| format!("expected one of {names}"))
}

/// What a run told, for its chart of convergence.
#[derive(Debug, Default)]
pub struct Recorder {
    incumbents: Vec<Told>,
    bounds: Vec<Told>,
}

#[derive(Debug)]
struct Told {
    cost: Cost,
    elapsed: Duration,
    work: u64,
}

/// What a run has cost in the end.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// Wall time.
    pub wall: Duration,
    /// Work units.
    pub work: u64,
    /// Whether work limited the run, and not the clock.
    pub by_work: bool,
}

impl Recorder {
    /// What is known before anything is searched.
    pub fn begin(&mut self, bound: &Cost) {
        let told = Told { cost: bound.clone(), elapsed: Duration::ZERO, work: 0 };
        (self.incumbents, self.bounds) = (Vec::new(), vec![told]);
    }

    /// Takes notice of `event`.
    pub fn notice(&mut self, event: &RunEvent) {
        let (list, cost, elapsed, work) = match event {
            RunEvent::Incumbent { cost, elapsed, work, .. } => {
                (&mut self.incumbents, cost, elapsed, work)
            }
            RunEvent::Bound { bound, elapsed, work, .. } => {
                (&mut self.bounds, bound, elapsed, work)
            }
        };
        list.push(Told { cost: cost.clone(), elapsed: *elapsed, work: *work });
    }

    /// The chart of the first level of the objective on which incumbents differ.
    pub fn convergence(&self, problem: &Problem, spent: Spent) -> Convergence {
        let level = self.level();
        let best = self.incumbents.last().map(|told| told.cost.levels());
        let measure = problem.objective().to_string();
        let measure = measure.split(',').nth(level).unwrap_or_default().to_owned();
        let effort = |elapsed: Duration, work: u64| match spent.by_work {
            true => work as f64,
            false => elapsed.as_secs_f64(),
        };
        let points = |list: &[Told]| -> Vec<(f64, f64)> {
            let agrees = |told: &&Told| {
                best.is_none_or(|best| told.cost.levels().get(..level) == best.get(..level))
            };
            let point = |told: &Told| {
                let value = *told.cost.levels().get(level)?;
                Some((effort(told.elapsed, told.work), value as f64))
            };
            list.iter().filter(agrees).filter_map(point).collect()
        };
        Convergence {
            title: problem.name().to_owned(),
            measure,
            effort: if spent.by_work { Effort::Work } else { Effort::Time },
            incumbents: points(&self.incumbents),
            bounds: points(&self.bounds),
            end: effort(spent.wall, spent.work),
        }
    }

    fn level(&self) -> usize {
        let Some(last) = self.incumbents.last() else { return 0 };
        let differs = |level: &usize| {
            let value = |told: &Told| told.cost.levels().get(*level).copied();
            self.incumbents.iter().any(|told| value(told) != value(last))
        };
        (0..last.cost.levels().len()).find(differs).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_problem::ProblemBuilder;

    fn incumbent(levels: [i64; 2], work: u64) -> RunEvent {
        let elapsed = Duration::from_millis(work);
        RunEvent::Incumbent { cost: Cost::from_levels(&levels), source: "test", elapsed, work }
    }

    #[test]
    fn the_level_that_changes_is_drawn() {
        let mut builder = ProblemBuilder::new("two levels");
        builder.objective("total-flow-time,makespan".parse().expect("an objective"));
        let problem = builder.seal().expect("valid");
        let mut recorder = Recorder::default();
        recorder.begin(&Cost::from_levels(&[0, 5]));
        recorder.notice(&incumbent([0, 9], 10));
        recorder.notice(&incumbent([0, 7], 20));
        let spent = Spent { wall: Duration::from_secs(1), work: 30, by_work: true };
        let chart = recorder.convergence(&problem, spent);
        assert_eq!((chart.measure.as_str(), chart.end), ("makespan", 30.0));
        assert_eq!(chart.incumbents, [(10.0, 9.0), (20.0, 7.0)]);
        assert_eq!(chart.bounds, [(0.0, 5.0)]);
    }
}
