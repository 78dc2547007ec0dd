//! Pictures of the experiments: cost over omega, choices over time, cost over unknowns.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, figures of sections 5.1 and 5.2

use anyhow::{Context as _, Result};
use ordine_chart::{Axis, Curves, Series, Theme, curves_svg};
use std::path::PathBuf;

/// Most points of a trace: more would only make the file large.
const TRACE_POINTS: usize = 1000;

/// Where pictures go, and what is gathered for those that need all grids.
pub(super) struct Plots {
    folder: Option<PathBuf>,
    iterations: Vec<Series>,
    seconds: Vec<Series>,
}

impl Plots {
    /// Into this folder, or nowhere.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(super) fn new(folder: Option<PathBuf>) -> Result<Self> {
        if let Some(folder) = &folder {
            let words = || format!("cannot make the folder {}", folder.display());
            std::fs::create_dir_all(folder).with_context(words)?;
        }
        Ok(Plots { folder, iterations: Vec::new(), seconds: Vec::new() })
    }

    /// Iterations over omega, ours and those of the reference.
    pub(super) fn cost_curve(&self, points: &[(f64, f64, f64)]) -> Result<()> {
        let mut points = points.to_vec();
        points.sort_by(|one, two| one.0.total_cmp(&two.0));
        let ours = points.iter().map(|it| (it.0, it.2)).collect();
        let theirs = points.iter().map(|it| (it.0, it.1)).collect();
        let curves = Curves {
            title: "SOR at shift 0".to_owned(),
            subtitle: "10 x 10 grid, mean of 20 right-hand sides".to_owned(),
            x: Axis::linear("omega"),
            y: Axis::logarithmic("iterations"),
            series: vec![Series::line("ours", ours), Series::points("reference", theirs)],
        };
        self.write("sor-cost", &curves)
    }

    /// What a policy chose in each step of one run.
    pub(super) fn choices(&self, cells: usize, policy: &str, omegas: &[f64]) -> Result<()> {
        let stride = omegas.len().div_ceil(TRACE_POINTS).max(1);
        let steps = omegas.iter().enumerate().step_by(stride);
        let points = steps.map(|(step, &omega)| (step as f64, omega)).collect();
        let curves = Curves {
            title: format!("Choices of {policy}"),
            subtitle: format!("heat equation, {cells} x {cells} cells, first trial"),
            x: Axis::linear("step"),
            y: Axis::linear("omega"),
            series: vec![Series::points(policy, points)],
        };
        let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
        let name: String = policy.chars().map(plain).collect();
        self.write(&format!("heat-choices-{cells}-{name}"), &curves)
    }

    /// What a policy paid on one grid, per step.
    pub(super) fn add(&mut self, policy: &str, cells: usize, iterations: f64, seconds: f64) {
        let unknowns = ((cells - 1) * (cells - 1)) as f64;
        for (all, paid) in [(&mut self.iterations, iterations), (&mut self.seconds, seconds)] {
            if !(paid.is_finite() && paid > 0.0) {
                continue;
            }
            match all.iter_mut().find(|series| series.name == policy) {
                Some(series) => series.points.push((unknowns, paid)),
                None => all.push(Series::line(policy, vec![(unknowns, paid)])),
            }
        }
    }

    /// The pictures over all grids, where there were several.
    pub(super) fn finish(self) -> Result<()> {
        let pictures = [
            ("heat-iterations", "iterations per step", &self.iterations),
            ("heat-seconds", "milliseconds of a processor per step", &self.seconds),
        ];
        for (name, what, series) in pictures {
            let several =
                series.iter().filter(|it| it.points.len() > 1).cloned().collect::<Vec<_>>();
            if several.is_empty() {
                continue;
            }
            let curves = Curves {
                title: "Heat equation".to_owned(),
                subtitle: "mean over trials".to_owned(),
                x: Axis::logarithmic("unknowns"),
                y: Axis::logarithmic(what),
                series: several,
            };
            self.write(name, &curves)?;
        }
        Ok(())
    }

    fn write(&self, name: &str, curves: &Curves) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let path = folder.join(format!("{name}.svg"));
        let text = curves_svg(curves, Theme::Auto);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}
