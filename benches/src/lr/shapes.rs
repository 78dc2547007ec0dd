//! Bounds, refined shapes and robust quadratics: what is computed without drawing.
//!
//! **Source:** Defazio et al. 2023 (bound, shapes); Tang et al. 2025 (robust quadratics)

use super::{Arguments, Sheet, schedule, table};
use anyhow::Result;
use ordine_training::schedules::{
    Gradients, advise_d, advise_phi, chebyshev_polynomial, chebyshev_steps, closed_form,
    minimize_bound, quadratic_residual,
};

/// Plans with their stated bounds for 1000 and 100 steps.
const BOUNDS: [(&str, f64, Option<f64>); 8] = [
    ("linear", 0.06343, Some(0.2036)),
    ("rex(d=0.5)", 0.06404, Some(0.2061)),
    ("uba(phi=1, form=continuous)", 0.06457, Some(0.2076)),
    ("uba(phi=0.5, form=continuous)", 0.06463, None),
    ("cosine", 0.06525, Some(0.2091)),
    ("uba(phi=0.25, form=continuous)", 0.06526, None),
    ("uba(phi=5, form=continuous)", 0.06758, None),
    ("constant", 0.09212, Some(0.2485)),
];

pub(super) fn bounds(_: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let (long, short) = (Gradients::unit(1000)?, Gradients::unit(100)?);
    let mut rows = table(&["schedule", "T = 1000, stated", "ours", "T = 100, stated", "ours"]);
    let (mut largest, mut found) = (0.0_f64, Vec::new());
    for (plan, stated, stated_short) in BOUNDS {
        let ours = long.bound(&schedule(plan, 1000)?)?.loss;
        let ours_short = short.bound(&schedule(plan, 100)?)?.loss;
        largest = largest.max((ours - stated).abs());
        found.push(ours);
        rows.add_row([
            plan.to_owned(),
            format!("{stated:.5}"),
            format!("{ours:.5}"),
            stated_short.map_or("-".to_owned(), |it| format!("{it:.4}")),
            format!("{ours_short:.4}"),
        ]);
    }
    sheet.table("Bound on the last iterate, G = 1, D = 1, best constant scale", &rows)?;
    sheet.check(format!("bounds at T = 1000 as stated to 1e-4 (largest {largest:.1e})"), {
        largest <= 1e-4
    });
    sheet.check("order of the bounds as stated", found.is_sorted());
    let numeric = minimize_bound(&long)?.loss;
    sheet.check(format!("numeric form at T = 1000 <= .06344 ({numeric:.5})"), numeric <= 0.06344);
    let (phi, d) = (advise_phi(&long)?, advise_d(&long)?);
    sheet.line(&format!(
        "advice for flat norms: phi {:.2} with bound {:.5}, d {:.2} with bound {:.5}",
        phi.parameter, phi.bound.loss, d.parameter, d.bound.loss
    ))
}

/// A shape with the power of its weights, where its maximum is, and values at four places.
type Shape = (&'static str, f64, usize, [f64; 4]);

const SHAPES: [Shape; 5] = [
    ("flat", 2.0, 0, [0.9905, 0.9505, 0.5003, 0.1001]),
    ("down", 2.0, 270, [0.0182, 0.2539, 0.5837, 0.1167]),
    ("down", 1.0, 256, [0.1421, 0.5257, 0.5797, 0.1159]),
    ("down-up", 2.0, 242, [0.0205, 0.2847, 0.2120, 0.0190]),
    ("down-down", 2.0, 301, [0.0173, 0.2418, 0.8603, 0.2839]),
];

const PLACES: [usize; 4] = [20, 100, 1000, 1800];

pub(super) fn refined(_: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let mut rows = table(&["norms, p", "maximum at", "stated", "z = .01/.05/.5/.9", "stated"]);
    let mut holds = true;
    for (shape, power, stated_at, stated) in SHAPES {
        let values = closed_form(&synthetic(shape), power)?;
        let at = (0..values.len()).fold(0, |at, it| if values[it] > values[at] { it } else { at });
        let found = PLACES.map(|place| values[place - 1]);
        holds &= at == stated_at;
        holds &= found.iter().zip(stated).all(|(one, two)| (one - two).abs() < 1e-4);
        let shown = |values: [f64; 4]| values.map(|value| format!("{value:.4}")).join(" ");
        rows.add_row([
            format!("{shape}, {power}"),
            at.to_string(),
            stated_at.to_string(),
            shown(found),
            shown(stated),
        ]);
    }
    sheet.table("Refined schedules of synthetic norms over 2000 steps", &rows)?;
    sheet.check("synthetic shapes as stated", holds);
    Ok(())
}

/// Heights joined by straight lines, smoothed by a Gaussian of 40 steps cut off at 4 sigma.
pub(super) fn synthetic(shape: &str) -> Vec<f64> {
    const STEPS: i64 = 2000;
    const SIGMA: f64 = 40.0;
    let places = [0.0, 0.003, 0.02, 0.03, 0.1, 1.0];
    let heights = match shape {
        "flat" => [1.0; 6],
        "down" => [15.0, 6.0, 4.0, 2.0, 1.0, 1.0],
        "down-up" => [15.0, 6.0, 4.0, 2.0, 1.0, 2.0],
        _ => [15.0, 6.0, 4.0, 2.0, 1.0, 0.7],
    };
    let raw = |step: i64| {
        let z = step.clamp(0, STEPS - 1) as f64 / (STEPS - 1) as f64;
        let at = (1..5).find(|&it| z <= places[it]).unwrap_or(5);
        let share = (z - places[at - 1]) / (places[at] - places[at - 1]);
        heights[at - 1] + (heights[at] - heights[at - 1]) * share
    };
    let weight = |it: i64| (-(it * it) as f64 / (2.0 * SIGMA * SIGMA)).exp();
    let reach = 4 * SIGMA as i64;
    let total: f64 = (-reach..=reach).map(weight).sum();
    let smooth = |step: i64| (-reach..=reach).map(|it| weight(it) * raw(step + it)).sum::<f64>();
    (0..STEPS).map(|step| smooth(step) / total).collect()
}

/// Condition number and steps of the robust quadratics.
const QUADRATIC: (f64, usize) = (100.0, 16);

/// Curvatures that residuals are measured at.
const CURVATURES: usize = 2001;

pub(super) fn quadratic(_: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let (kappa, steps) = QUADRATIC;
    let exact = chebyshev_steps(1.0, kappa, steps as u64)?;
    let stated = 1.0 / chebyshev_polynomial(steps as u64, (kappa + 1.0) / (kappa - 1.0));
    let residual = quadratic_residual(&exact, kappa, CURVATURES);
    let mut rows = table(&["steps", "largest residual", "at peak"]);
    rows.add_row(["Chebyshev".to_owned(), format!("{residual:.4}"), "-".to_owned()]);
    let mut least = f64::INFINITY;
    for plan in ["constant", "linear", "rex", "uba(0.5)", "uba(1)", "uba(2)", "uba(5)", "uba(20)"] {
        let shape = schedule(plan, steps)?.values(steps);
        let at = |peak: f64| {
            let rates: Vec<f64> = shape.iter().map(|it| it * peak).collect();
            quadratic_residual(&rates, kappa, CURVATURES)
        };
        let peaks = (0..=400).map(|it| 0.01 * 1.02_f64.powi(it));
        let swept = peaks.map(|peak| (at(peak), peak));
        let best = swept.min_by(|one, two| one.0.total_cmp(&two.0)).unwrap_or((f64::NAN, 0.0));
        least = least.min(best.0);
        rows.add_row([plan.to_owned(), format!("{:.4}", best.0), format!("{:.4}", best.1)]);
    }
    let title = format!("Gradient descent on curvatures 1 to {kappa}, {steps} steps, peak swept");
    sheet.table(&title, &rows)?;
    let words = format!("Chebyshev residual is 1 / T_16 to 1e-8 ({residual:.6})");
    sheet.check(words, (residual - stated).abs() < 1e-8);
    sheet.check("no schedule beats the Chebyshev steps", least >= residual);
    Ok(())
}
