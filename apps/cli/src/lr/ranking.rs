//! Schedules in the order of the bound on the last iterate, before any training.
//!
//! **Source:** Defazio, Cutkosky, Mehta, Mishchenko 2023 (the bound); each schedule names its own.

use ordine_training::schedules::{
    Bound, Gradients, Plan, Run, Schedule, ScheduleError, advise_d, advise_phi,
};

/// The schedules that people compare with.
const STANDARD: [&str; 11] = [
    "linear",
    "cosine",
    "rex(d=0.5)",
    "uba(phi=0.5)",
    "uba(phi=1)",
    "uba(phi=5)",
    "wsd(cooldown=20%)",
    "one-cycle",
    "exponential(end=0.01)",
    "step(at=[30%, 60%, 90%])",
    "constant",
];

/// A schedule with its bound.
pub struct Ranked {
    /// Its text form, or what it is.
    pub name: String,
    /// Why it is there, where that is not plain.
    pub remark: &'static str,
    /// What the bound says under its best base rate.
    pub bound: Bound,
}

/// The refined schedule, the standard ones, and the best of two families, smallest bound first.
/// Schedules that cannot be laid over so short a run are left out.
///
/// # Errors
/// When the refined schedule has no bound.
pub fn ranking(refined: &Schedule, gradients: &Gradients) -> Result<Vec<Ranked>, ScheduleError> {
    let run = Run::of_steps(i64::try_from(gradients.steps()).unwrap_or(i64::MAX))?;
    let mut ranked =
        vec![Ranked { name: "refined".to_owned(), remark: "", bound: gradients.bound(refined)? }];
    let mut texts: Vec<(String, &'static str)> = Vec::new();
    if let Ok(advice) = advise_phi(gradients) {
        texts.push((format!("uba(phi={:.3})", advice.parameter), "best phi"));
    }
    if let Ok(advice) = advise_d(gradients) {
        texts.push((format!("rex(d={:.3})", advice.parameter), "best d"));
    }
    texts.extend(STANDARD.iter().map(|text| ((*text).to_owned(), "")));
    for (text, remark) in texts {
        let plan: Plan = text.parse().expect("these texts are schedules");
        if let Ok(bound) = plan.over(run).and_then(|schedule| gradients.bound(&schedule)) {
            ranked.push(Ranked { name: plan.to_string(), remark, bound });
        }
    }
    ranked.sort_by(|one, two| one.bound.loss.total_cmp(&two.bound.loss));
    Ok(ranked)
}
