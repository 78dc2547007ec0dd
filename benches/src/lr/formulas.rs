//! Values, identities and invariances that the specs ask for by number, each with its verdict.
//!
//! Stored vectors of 10 000 steps (40 digits, beside the tests of the family), the files of the
//! specs' data sets where they are there, published values, the running median against a naive one,
//! the numeric form against the closed one, and a million random texts for the parser.
//!
//! **Source:** section 6 of the specs of REX, UBA and refinement

use super::shapes::synthetic;
use super::{Arguments, Sheet, bytes, schedule, table};
use anyhow::{Context as _, Result};
use ordine_base::{Seed, Stream};
use ordine_training::schedules::{
    Gradients, Optimizer, Outcome, Plan, Profile, Refinement, Run, Schedule, Trial, UbaForm, WORDS,
    closed_form, minimize_bound, rank_table, refine, running_median,
};

/// Every schedule over 10 000 steps, from its formula alone.
const VECTORS: &str = include_str!("../../../families/training/tests/reference/schedules.csv");

/// Places of the published values.
const PLACES: [f64; 8] = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0];

/// Random texts that the parser must survive.
const TEXTS: u32 = 1_000_000;

pub(super) fn run(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    vectors(sheet)?;
    published(sheet)?;
    identities(sheet)?;
    files(arguments, sheet)?;
    refinement(arguments.seed(), sheet)?;
    ranks(sheet);
    texts(arguments.seed(), sheet)
}

/// Adds a check of a largest difference.
fn near(sheet: &mut Sheet<'_>, what: &str, off: f64, allowed: f64) {
    sheet.check(format!("{what} to {allowed:.0e} (largest {off:.1e})"), off <= allowed);
}

/// The largest distance of pairs; infinite when one is no number.
fn largest(pairs: impl IntoIterator<Item = (f64, f64)>) -> f64 {
    let distance = |(one, two): (f64, f64)| (one - two).abs();
    let fold = |most: f64, it: f64| if it.is_nan() { f64::INFINITY } else { most.max(it) };
    pairs.into_iter().map(distance).fold(0.0, fold)
}

fn vectors(sheet: &mut Sheet<'_>) -> Result<()> {
    let (mut count, mut off, mut name, mut values) = (0, 0.0_f64, "", Vec::new());
    let mut names = 0;
    for line in VECTORS.lines().skip(1) {
        let mut cells = line.split(';');
        let mut cell = || cells.next().context("three cells in each line");
        let plan = cell()?;
        let (step, stated): (usize, f64) = (cell()?.parse()?, cell()?.parse()?);
        if plan != name {
            (name, values) = (plan, schedule(plan, 10_000)?.values(10_000));
            names += 1;
        }
        off = off.max(largest([(values[step], stated)]));
        count += 1;
    }
    near(sheet, &format!("{names} schedules of 10^4 steps at {count} stored places"), off, 1e-12);
    Ok(())
}

/// A profile with its stated values.
type Stated = (&'static str, Profile, [f64; 8]);

fn published(sheet: &mut Sheet<'_>) -> Result<()> {
    let stated: [Stated; 4] = [
        (
            "rex",
            Profile::rex(0.5)?,
            [1.0, 0.947368, 0.857143, 0.666667, 0.4, 0.181818, 0.019802, 0.0],
        ),
        (
            "uba, phi .5",
            Profile::uba(0.5)?,
            [1.0, 0.993768, 0.958871, 0.8, 0.406983, 0.091192, 0.000986, 0.0],
        ),
        (
            "uba, phi 1",
            Profile::uba(1.0)?,
            [1.0, 0.987613, 0.920991, 0.666667, 0.255479, 0.047774, 0.000493, 0.0],
        ),
        (
            "uba, phi 5",
            Profile::uba(5.0)?,
            [1.0, 0.940987, 0.699823, 0.285714, 0.064222, 0.009935, 0.000099, 0.0],
        ),
    ];
    let mut rows = table(&["profile", "z = 0, .1, .25, .5, .75, .9, .99, 1", "stated"]);
    for (name, profile, stated) in stated {
        let found = PLACES.map(|z| profile.value(z));
        let shown = |values: [f64; 8]| values.map(|value| format!("{value:.6}")).join(" ");
        rows.add_row([name.to_owned(), shown(found), shown(stated)]);
        let off = largest(found.into_iter().zip(stated));
        near(sheet, &format!("{name} at eight places as stated"), off, 1e-6);
    }
    let nodes = Schedule::uba(2.0, 4, UbaForm::Nodes)?.values(4);
    let off = largest(nodes.into_iter().zip([0.961940, 0.691342, 0.308658, 0.038060]));
    near(sheet, "node form, T = 4, phi = 2", off, 1e-6);
    let once = |phi: f64| Ok((Schedule::uba(phi, 1, UbaForm::Nodes)?.value(0), 2.0 / (2.0 + phi)));
    let pairs: Result<Vec<(f64, f64)>> = [0.5, 1.0, 5.0].map(once).into_iter().collect();
    near(sheet, "node form, T = 1: 2 / (2 + phi)", largest(pairs?), 1e-15);
    let torch = [1.0, 0.975528, 0.904508, 0.793893, 0.654508, 0.5];
    let off = largest(schedule("cosine", 10)?.values(6).into_iter().zip(torch));
    near(sheet, "CosineAnnealingLR of 10 steps as PyTorch gives it", off, 1e-6);
    let cycle = schedule("torch-one-cycle", 100)?.values(100);
    let peak = cycle.iter().position(|value| *value == 1.0);
    let off = largest([(cycle[0], 0.04), (cycle[99], 4e-6)]);
    sheet.check(format!("OneCycleLR of 100 steps peaks at 29 ({peak:?})"), peak == Some(29));
    near(sheet, "OneCycleLR starts at .04 and ends at 4e-6", off, 1e-9);
    near(
        sheet,
        "Noam at 4000",
        largest([(schedule("noam", 10_000)?.value(4000), 6.9877e-4)]),
        1e-8,
    );
    sheet.table("Profiles", &rows)
}

fn identities(sheet: &mut Sheet<'_>) -> Result<()> {
    let grid: Vec<f64> = (0..=1000).map(|it| f64::from(it) / 1000.0).collect();
    let (mut ends, mut slopes) = (0.0_f64, 0.0_f64);
    for d in [0.0, 0.25, 0.5, 0.75, 0.9] {
        let rex = Profile::rex(d)?;
        ends = ends.max(largest([(rex.value(0.0), 1.0), (rex.value(1.0), 0.0)]));
        slopes = slopes.max(largest([((rex.value(1e-7) - 1.0) / 1e-7, d - 1.0)]));
    }
    near(sheet, "p_d(0) = 1 and p_d(1) = 0", ends, 0.0);
    near(sheet, "slope of p_d at 0 is d - 1", slopes, 1e-6);
    let (line, rex) = (Profile::rex(0.0)?, Profile::rex(0.5)?);
    near(sheet, "p_0 = 1 - z", largest(grid.iter().map(|&z| (line.value(z), 1.0 - z))), 0.0);
    let cells = 1_000_000;
    let place = |it: i32| (f64::from(it) + 0.5) / f64::from(cells);
    let area = (0..cells).map(|it| rex.value(place(it))).sum::<f64>() / f64::from(cells);
    near(sheet, "area under REX is 2 (1 - ln 2)", largest([(area, 0.613_705_638_9)]), 1e-9);
    let knots = schedule("rex | knots([33.333333333333336%, 66.66666666666667%])", 900)?;
    let stated = (0..900).map(|it| [1.0, 0.8, 0.5][it / 300]);
    near(sheet, "REX at knots 1/3, 2/3", largest(knots.values(900).into_iter().zip(stated)), 1e-12);
    let (two, cosine) = (Profile::uba(2.0)?, Profile::COSINE);
    let off = largest(grid.iter().map(|&z| (two.value(z), cosine.value(z))));
    near(sheet, "phi = 2 is the cosine", off, 1e-15);
    let (mut algebra, mut middle, mut falls) = (0.0_f64, 0.0_f64, true);
    let mut before: Option<Profile> = None;
    for phi in [0.05, 0.25, 0.5, 1.0, 2.0, 5.0, 20.0] {
        let uba = Profile::uba(phi)?;
        let chebyshev = |z: f64| {
            let wave = (std::f64::consts::PI * z).cos();
            (1.0 + wave) * 2.0 / ((2.0 + phi) + (2.0 - phi) * wave)
        };
        algebra = algebra.max(largest(grid.iter().map(|&z| (uba.value(z), chebyshev(z)))));
        middle = middle.max(largest([(uba.value(0.5), 2.0 / (2.0 + phi))]));
        falls &= grid.is_sorted_by(|&one, &two| uba.value(one) >= uba.value(two));
        if let Some(before) = &before {
            falls &= grid[1..1000].iter().all(|&z| uba.value(z) < before.value(z));
        }
        before = Some(uba);
    }
    near(sheet, "cosine factor times Chebyshev steps", algebra, 1e-14);
    near(sheet, "u(1/2) = 2 / (2 + phi)", middle, 1e-15);
    sheet.check("u falls in z, and in phi for each z inside", falls);
    Ok(())
}

/// Names of the profiles file, and how plans say them.
const PROFILES: [(&str, &str); 12] = [
    ("linear", "linear"),
    ("cosine", "cosine"),
    ("poly2", "polynomial(power=2)"),
    ("rex", "rex(d=0.5)"),
    // The variant (1 - z) / ((1 - 0.9 z) / 2 + 1/2).
    ("rex_beta0.9", "rex(d=0.45)"),
    ("uba_phi0.25", "uba(phi=0.25, form=continuous)"),
    ("uba_phi0.5", "uba(phi=0.5, form=continuous)"),
    ("uba_phi1", "uba(phi=1, form=continuous)"),
    ("uba_phi2", "uba(phi=2, form=continuous)"),
    ("uba_phi5", "uba(phi=5, form=continuous)"),
    ("wsd_decay0.2_linear", "wsd(cooldown=20%)"),
    ("wsd_decay0.2_1-sqrt", "wsd(cooldown=20%, shape=one-minus-root)"),
];

fn files(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let Some(path) = arguments.file("profiles.csv") else {
        return sheet.line("\nprofiles.csv and refined_synthetic.csv: left out, name --library");
    };
    let (mut off, mut count) = (0.0_f64, 0);
    for line in String::from_utf8(bytes(&path)?)?.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [name, z, stated] = cells[..] else { anyhow::bail!("profiles.csv: {line}") };
        let plan = PROFILES.iter().find(|it| it.0 == name).context("a profile by name")?.1;
        let step = (z.parse::<f64>()? * 100.0).round() as u64;
        off = off.max(largest([(schedule(plan, 100)?.value(step), stated.parse()?)]));
        count += 1;
    }
    near(sheet, &format!("profiles.csv, {count} values"), off, 1e-12);
    let path =
        arguments.file("refined_synthetic.csv").context("refined_synthetic.csv is missing")?;
    let (mut off, mut count) = (0.0_f64, 0);
    let (mut key, mut norms, mut values) = (String::new(), Vec::new(), Vec::new());
    for line in String::from_utf8(bytes(&path)?)?.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [shape, power, step, norm, stated] = cells[..] else { anyhow::bail!("{line}") };
        if key != format!("{shape}{power}") {
            key = format!("{shape}{power}");
            norms = synthetic(&shape.replace('_', "-"));
            values = closed_form(&norms, power.parse()?)?;
        }
        let step: usize = step.parse()?;
        off = off.max(largest([(norms[step], norm.parse()?), (values[step], stated.parse()?)]));
        count += 1;
    }
    near(sheet, &format!("refined_synthetic.csv, {count} lines"), off, 1e-9);
    Ok(())
}

fn refinement(seed: Seed, sheet: &mut Sheet<'_>) -> Result<()> {
    let norms = [4.0, 2.0, 1.0, 1.0, 2.0];
    let sgd = closed_form(&norms, 2.0)? == [0.125, 0.45, 1.0, 0.2, 0.0];
    let adam = closed_form(&norms, 1.0)?;
    let off = largest(adam.into_iter().zip([0.5, 5.0 / 6.0, 1.0, 1.0 / 3.0, 0.0]));
    sheet.check("hand checks, p = 2 exact, p = 1 to the last bit", sgd && off < 1e-15);
    let flat = refine(&vec![3.7; 5000], &Refinement::new(Optimizer::Sgd))?;
    let flat = flat.over(Run::of_steps(10_000)?)?.values(10_000);
    let line = (0..10_000).map(|step| 1.0 - f64::from(step) / 10_000.0);
    near(sheet, "flat norms give 1 - t / T", largest(flat.into_iter().zip(line)), 1e-12);
    let mut stream = seed.stream("scaled norms");
    let norms: Vec<f64> = (0..3000).map(|_| 0.1 + stream.unit()).collect();
    let mut off = 0.0_f64;
    for optimizer in [Optimizer::Sgd, Optimizer::Adam] {
        let one = refine(&norms, &Refinement::new(optimizer))?.values;
        for factor in [1e-120, 7.0, 1e150] {
            let scaled: Vec<f64> = norms.iter().map(|norm| norm * factor).collect();
            let two = refine(&scaled, &Refinement::new(optimizer))?.values;
            off = off.max(largest(one.iter().copied().zip(two)));
        }
    }
    near(sheet, "norms times c give the same schedule", off, 1e-12);
    let same = (0..1000).filter(|_| medians_agree(&mut stream)).count();
    sheet.check(format!("running median equals a naive one ({same} of 1000)"), same == 1000);
    let (mut above, mut tried) = (0, 0);
    for steps in [50, 200, 1000] {
        for _ in 0..20 {
            let norms: Vec<f64> = (0..steps).map(|_| (2.0 * stream.unit()).exp()).collect();
            let gradients = Gradients::new(&norms, 1.0)?;
            let closed = gradients.bound_of_shape(&closed_form(&norms, 2.0)?)?.loss;
            above += usize::from(minimize_bound(&gradients)?.loss > closed);
            tried += 1;
        }
    }
    sheet.check(format!("numeric form above the closed one: {above} of {tried}"), above == 0);
    Ok(())
}

/// A random input, windows wider than it among them, against sorting each window.
fn medians_agree(stream: &mut Stream) -> bool {
    let (count, window) = (1 + stream.below(60), 1 + 2 * stream.below(50));
    let values: Vec<f64> = (0..count).map(|_| (10.0 * stream.unit()).floor()).collect();
    let (reach, last) = ((window / 2) as i64, count as i64 - 1);
    // The left end holds its first value, the right end is mirrored without the last value.
    let mirrored = |at: i64| {
        let period = (2 * last).max(1);
        let folded = at.rem_euclid(period);
        values[folded.min(period - folded).clamp(0, last) as usize]
    };
    let read = |at: i64| if at < 0 { values[0] } else { mirrored(at) };
    let naive = (0..count as i64).map(|at| {
        let mut around: Vec<f64> = (at - reach..=at + reach).map(read).collect();
        around.sort_by(f64::total_cmp);
        around[window / 2]
    });
    running_median(&values, window).into_iter().eq(naive)
}

/// Shares of first and of third places, recomputed from runs that are made to give them.
fn ranks(sheet: &mut Sheet<'_>) {
    let names = ["one", "two", "three", "four"];
    let mut outcomes = Vec::new();
    for experiment in 0..8_usize {
        for (place, name) in names.iter().enumerate() {
            let trial = Trial {
                setting: format!("setting {experiment}"),
                optimizer: "sgdm".to_owned(),
                schedule: (*name).to_owned(),
                budget: if experiment < 4 { 25.0 } else { 50.0 },
                rate: 0.1,
                seed: 1,
            };
            // In experiment e the schedule e mod 4 is first, the next one second, and so on.
            let metric = ((place + 4 - experiment % 4) % 4) as f64;
            outcomes.push(Outcome { trial, metric });
        }
    }
    let exact = rank_table(&outcomes).iter().all(|row| {
        [row.low, row.high, row.overall]
            .iter()
            .all(|it| (it.top1_percent(), it.top3_percent(), it.mean_rank()) == (25.0, 75.0, 2.5))
    });
    sheet.check("rank table: shares recomputed from a list made to give them", exact);
}

/// Random texts of words, numbers and signs: read or refused, and what is read prints and reads
/// back equal.
fn texts(seed: Seed, sheet: &mut Sheet<'_>) -> Result<()> {
    const SIGNS: [&str; 24] = [
        " ", "(", ")", "[", "]", "|", "*", "@", ">", "=", ",", "%", ".5", "1e9", "-3", "0", "7",
        "epochs", "tokens", "steps", "power", "é", "NaN", "1e400",
    ];
    let run = Run::of_steps(100)?.with_epochs(10.0)?.with_tokens(7.0)?;
    let mut stream = seed.stream("texts");
    let (mut read, mut unequal) = (0_u32, 0_u32);
    let mut text = String::new();
    for _ in 0..TEXTS {
        text.clear();
        for _ in 0..1 + stream.below(12) {
            if stream.chance(0.4) {
                text += WORDS[stream.below(WORDS.len())].name;
            } else {
                text += SIGNS[stream.below(SIGNS.len())];
            }
        }
        if let Ok(plan) = text.parse::<Plan>() {
            read += 1;
            unequal += u32::from(plan.to_string().parse::<Plan>().as_ref() != Ok(&plan));
            if let Ok(schedule) = plan.over(run) {
                std::hint::black_box((schedule.value(0), schedule.value(u64::MAX)));
            }
        }
    }
    let words = format!("10^6 random texts: no panic, {read} read, all print and read back equal");
    sheet.check(words, unequal == 0 && read > 1000);
    Ok(())
}
