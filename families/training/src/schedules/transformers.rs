//! The schedules that the `transformers` library knows by name, as plans.
//!
//! All start their warm-up at 0 and count it as part of the run, as that library does.
//!
//! **Source:** `transformers/optimization.py` (formulas and names)

use super::error::{ScheduleError, not_negative, positive, share, within};
use super::plan::Plan;

/// A name of that library.
#[derive(Clone, Copy, Debug)]
pub struct TransformersName {
    /// The name, as `lr_scheduler_type` takes it.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    plan: fn(&TransformersOptions) -> Result<String, ScheduleError>,
}

/// What the library takes beside the name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TransformersOptions {
    /// `num_warmup_steps`.
    pub warmup: u64,
    /// `num_cycles` of hard restarts.
    pub cycles: u64,
    /// `power` of the polynomial.
    pub power: f64,
    /// The end as a share of the peak (`lr_end / lr`, `min_lr_rate`, `min_lr_ratio`).
    pub end: f64,
    /// `num_decay_steps` of warm-up, stable, decay.
    pub decay: u64,
    /// `timescale` of the inverse root; the warm-up, or 10 000, when not given.
    pub timescale: Option<u64>,
}

impl Default for TransformersOptions {
    /// The defaults of the library; it leaves decay steps to the user.
    fn default() -> Self {
        TransformersOptions {
            warmup: 0,
            cycles: 1,
            power: 1.0,
            end: 0.0,
            decay: 1,
            timescale: None,
        }
    }
}

/// Every name whose rate depends on the step alone.
pub const TRANSFORMERS: [TransformersName; 10] = [
    named("constant", "always the peak", |_| Ok("constant".to_owned())),
    named("constant_with_warmup", "warm-up, then the peak", |it| warmed(it, "constant")),
    named("linear", "warm-up, then straight to zero", |it| warmed(it, "linear")),
    named("cosine", "warm-up, then half a wave to zero", |it| warmed(it, "cosine")),
    named("cosine_with_restarts", "warm-up, then hard restarts", |it| {
        within("cycles", it.cycles as f64, it.cycles >= 1, "at least 1")?;
        warmed(it, &format!("cosine | restarts(cycles={})", it.cycles))
    }),
    named("polynomial", "warm-up, then a power of the straight line", |it| {
        let (power, end) = (positive("power", it.power)?, share("end", it.end)?);
        warmed(it, &format!("polynomial(power={power:?}) | floor({end:?})"))
    }),
    named("inverse_sqrt", "warm-up, then the inverse root", |it| {
        let usual = if it.warmup > 0 { it.warmup } else { 10_000 };
        warmed(it, &format!("inverse-sqrt({})", it.timescale.unwrap_or(usual)))
    }),
    named("cosine_with_min_lr", "warm-up, then half a wave to a floor", |it| {
        warmed(it, &format!("cosine | floor({:?})", share("end", it.end)?))
    }),
    named("warmup_stable_decay", "warm-up, the peak, half a wave down", |it| {
        let end = not_negative("end", it.end)?;
        warmed(it, &format!("wsd(cooldown={}, shape=cosine) | floor({end:?})", it.decay))
    }),
    named("rex", "warm-up, then REX (not of the library)", |it| warmed(it, "rex(d=0.5)")),
];

const fn named(
    name: &'static str,
    summary: &'static str,
    plan: fn(&TransformersOptions) -> Result<String, ScheduleError>,
) -> TransformersName {
    TransformersName { name, summary, plan }
}

fn warmed(options: &TransformersOptions, plan: &str) -> Result<String, ScheduleError> {
    Ok(match options.warmup {
        0 => plan.to_owned(),
        steps => format!("{plan} | warmup({steps}, from=0)"),
    })
}

/// The plan behind a name of the `transformers` library.
///
/// # Errors
/// When the library has no such name, or an option is out of its range.
pub fn transformers_plan(name: &str, options: &TransformersOptions) -> Result<Plan, ScheduleError> {
    let Some(entry) = TRANSFORMERS.iter().find(|entry| entry.name == name) else {
        let names: Vec<&str> = TRANSFORMERS.iter().map(|entry| entry.name).collect();
        let (found, expected) = (name.to_owned(), names.join(", "));
        return Err(ScheduleError::Name { found, expected });
    };
    (entry.plan)(options)?.parse()
}
