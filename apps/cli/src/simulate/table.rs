//! The table of a simulation: means with intervals, and paired differences.
//!
//! **Source:** Law 2015, sections 9.4, 10.2 and 10.3 (Bonferroni).

use super::one::Setup;
use crate::exit::Failure;
use crate::report;
use comfy_table::{Table, presets};
use ordine_sim::{Better, Metric, Samples, Study, Summary};
use serde::Serialize;
use serde_json::{Value, json};

/// What a simulation gave.
pub(super) struct Results<'a> {
    pub(super) setup: &'a Setup,
    pub(super) policies: &'a [String],
    /// Positions of metrics in their columns.
    pub(super) order: &'a [usize],
    pub(super) samples: &'a Samples,
}

/// What policies are compared with.
struct Reference {
    system: usize,
    /// Confidence of each interval, so that all of them together have the one asked for.
    confidence: f64,
}

/// Says that there is no such policy to compare with.
pub(super) fn unknown_reference(policies: &[String], against: &str) -> Failure {
    let names = policies.join(", ");
    Failure::bad_input(format!("--against {against}: expected `best` or one of {names}"))
}

/// A mean with its interval.
#[derive(Serialize)]
struct Interval {
    mean: f64,
    half_width: f64,
}

impl Interval {
    fn of(summary: &Summary, confidence: f64) -> Self {
        Interval { mean: summary.mean(), half_width: summary.half_width(confidence) }
    }

    /// Both with as many decimals as two digits of the half-width need; four digits of a mean that
    /// no run differed from.
    fn words(&self) -> String {
        if self.mean.is_nan() {
            return "none".to_owned();
        }
        let digits_of = |number: f64, count: f64| match number.abs() {
            0.0 => 0,
            size => (count - 1.0 - size.log10().floor()).clamp(0.0, 9.0) as usize,
        };
        if self.half_width.is_nan() {
            let digits = digits_of(self.mean, 4.0);
            return format!("{:.digits$}", self.mean);
        }
        if self.half_width == 0.0 {
            let digits = digits_of(self.mean, 4.0);
            return format!("{:.digits$} ± 0", self.mean);
        }
        let digits = digits_of(self.half_width, 2.0);
        format!("{:.digits$} ± {:.digits$}", self.mean, self.half_width)
    }
}

impl Results<'_> {
    fn metrics(&self) -> impl Iterator<Item = Metric> {
        self.order.iter().map(|&place| self.setup.scenario.metrics()[place])
    }

    fn reference(&self, study: &Study, against: &str) -> Result<Reference, Failure> {
        let count = self.policies.len();
        let named = self.policies.iter().position(|policy| policy == against);
        let (system, comparisons) = match (named, against) {
            (Some(system), _) => (system, count - 1),
            // Which one is the best is known from the same values, so all pairs are compared.
            (None, "best") => (self.best(), count * (count - 1) / 2),
            _ => return Err(unknown_reference(self.policies, against)),
        };
        let confidence = 1.0 - (1.0 - study.confidence) / comparisons.max(1) as f64;
        Ok(Reference { system, confidence })
    }

    fn best(&self) -> usize {
        let better = self.metrics().next().map_or(Better::Lower, |metric| metric.better);
        let mean = |system: &usize| {
            let mean = self.samples.summary(*system, 0).mean();
            if better == Better::Higher { -mean } else { mean }
        };
        let systems = 0..self.policies.len();
        systems.min_by(|one, other| mean(one).total_cmp(&mean(other))).unwrap_or(0)
    }

    /// The tables as lines.
    pub(super) fn lines(&self, study: &Study, against: &str) -> Result<Vec<String>, Failure> {
        let reference = self.reference(study, against)?;
        let count = self.samples.replications();
        let mut lines = vec![
            self.setup.scenario.title(),
            format!(
                "{count} replications, seed {}, intervals of {} %, ordine {}",
                study.seed.get(),
                100.0 * study.confidence,
                report::VERSION_LINE
            ),
            String::new(),
        ];
        let mean = |system: usize, metric: usize| {
            Interval::of(&self.samples.summary(system, metric), study.confidence).words()
        };
        lines.extend(self.table("policy", |system| {
            Some((0..self.order.len()).map(|metric| mean(system, metric)).collect())
        }));
        if self.policies.len() > 1 && count > 1 {
            let name = &self.policies[reference.system];
            lines.push(String::new());
            lines.extend(self.table(&format!("minus {name}"), |system| {
                let cell = |metric| self.difference(system, metric, &reference);
                let differs = system != reference.system;
                differs.then(|| (0..self.order.len()).map(cell).collect())
            }));
        }
        Ok(lines)
    }

    fn difference(&self, system: usize, metric: usize, reference: &Reference) -> String {
        let summary = self.samples.difference(system, reference.system, metric);
        let interval = Interval::of(&summary, reference.confidence);
        let base = self.samples.summary(reference.system, metric).mean();
        let sure = interval.mean.abs() > interval.half_width;
        let share = match base == 0.0 || !interval.mean.is_finite() {
            true => String::new(),
            false => format!(" ({:+.1} %)", 100.0 * interval.mean / base.abs()),
        };
        format!("{}{share}{}", interval.words(), if sure { " *" } else { "" })
    }

    fn table(
        &self,
        corner: &str,
        row: impl Fn(usize) -> Option<Vec<String>>,
    ) -> impl Iterator<Item = String> {
        let mut table = Table::new();
        let names = self.metrics().map(|metric| metric.name.to_owned());
        table.load_style(presets::NOTHING);
        table.set_header(std::iter::once(corner.to_owned()).chain(names));
        for (system, policy) in self.policies.iter().enumerate() {
            if let Some(cells) = row(system) {
                table.add_row(std::iter::once(policy.clone()).chain(cells));
            }
        }
        let text = table.trim_fmt();
        text.lines().map(str::to_owned).collect::<Vec<_>>().into_iter()
    }

    /// Everything as one JSON document.
    pub(super) fn json(&self, study: &Study, against: &str) -> Result<String, Failure> {
        let reference = self.reference(study, against)?;
        let of_metric = |system: usize, (index, metric): (usize, Metric)| -> Value {
            let difference = self.samples.difference(system, reference.system, index);
            json!({
                "metric": metric.name,
                "interval": Interval::of(&self.samples.summary(system, index), study.confidence),
                "difference": (system != reference.system)
                    .then(|| Interval::of(&difference, reference.confidence)),
                "values": self.samples.values(system, index),
            })
        };
        let of_policy = |(system, policy): (usize, &String)| -> Value {
            let metrics = self.metrics().enumerate().map(|it| of_metric(system, it));
            json!({ "policy": policy, "metrics": metrics.collect::<Vec<_>>() })
        };
        let settings: serde_json::Map<String, Value> =
            self.setup.settings.iter().map(|(name, value)| (name.into(), value.into())).collect();
        let document = json!({
            "format": "ordine/simulation/1",
            "version": report::VERSION_LINE,
            "world": self.setup.about.name,
            "title": self.setup.scenario.title(),
            "set": settings,
            "seed": study.seed.get(),
            "replications": self.samples.replications(),
            "confidence": study.confidence,
            "against": self.policies[reference.system],
            "confidence_of_differences": reference.confidence,
            "policies": self.policies.iter().enumerate().map(of_policy).collect::<Vec<_>>(),
        });
        Ok(document.to_string())
    }
}
