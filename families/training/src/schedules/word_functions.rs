//! What the words of plans do: from arguments to schedules.
//!
//! **Source:** the table of words names each

use super::error::{ScheduleError, within};
use super::one_cycle::OneCycle;
use super::profile::{Between, Profile};
use super::run::{Amount, Run};
use super::schedule::{Noise, STEPS_MAX, Schedule, Warmup, cycle_start};
use super::uba::UbaForm;
use super::words::Arguments;

type Built = Result<Schedule, ScheduleError>;
type Inside = Result<Run, ScheduleError>;

/// The end of a cooldown that falls geometrically.
const EXPONENTIAL_END: f64 = 0.01;

pub(super) fn constant(_: Arguments<'_>) -> Built {
    Schedule::constant(1.0)
}

pub(super) fn linear(arguments: Arguments<'_>) -> Built {
    arguments.run.curve(Profile::LINEAR)
}

pub(super) fn cosine(arguments: Arguments<'_>) -> Built {
    arguments.run.curve(Profile::COSINE)
}

pub(super) fn polynomial(arguments: Arguments<'_>) -> Built {
    arguments.run.curve(Profile::polynomial(arguments.number("power"))?)
}

pub(super) fn exponential(arguments: Arguments<'_>) -> Built {
    arguments.run.curve(Profile::exponential(arguments.number("end"))?)
}

pub(super) fn geometric(arguments: Arguments<'_>) -> Built {
    Schedule::geometric(arguments.number("factor"))
}

pub(super) fn step(arguments: Arguments<'_>) -> Built {
    let run = arguments.run;
    let knots = match arguments.list("at") {
        None => vec![0.3, 0.6, 0.9],
        Some(at) => at.iter().map(|&it| run.share("knot", it)).collect::<Result<_, _>>()?,
    };
    let factors = match arguments.list("factors") {
        None => vec![arguments.number("factor"); knots.len()],
        Some(factors) => numbers(factors),
    };
    run.curve(Profile::levels(&knots, &factors)?)
}

pub(super) fn staircase(arguments: Arguments<'_>) -> Built {
    Schedule::staircase(arguments.steps("period")?, arguments.number("factor"))
}

pub(super) fn rex(arguments: Arguments<'_>) -> Built {
    arguments.run.curve(Profile::rex(arguments.number("d"))?)
}

pub(super) fn uba(arguments: Arguments<'_>) -> Built {
    let (phi, run) = (arguments.number("phi"), arguments.run);
    match arguments.word("form") {
        "nodes" => Schedule::uba(phi, run.steps, UbaForm::Nodes),
        "automatic" if !run.end_inclusive => Schedule::uba(phi, run.steps, UbaForm::Automatic),
        _ => run.curve(Profile::uba(phi)?),
    }
}

pub(super) fn wsd(arguments: Arguments<'_>) -> Built {
    let run = arguments.run;
    let cooldown = arguments.steps("cooldown")?;
    let end = run.of(cooldown)?.curve(way(arguments.word("shape"))?)?;
    if cooldown > run.steps {
        let part = "cooldown";
        return Err(ScheduleError::TooLong { part, found: cooldown, total: run.steps });
    }
    end.delayed(run.steps - cooldown)
}

pub(super) fn one_cycle(arguments: Arguments<'_>) -> Built {
    Ok(OneCycle::smith(arguments.run.steps)?.rate)
}

pub(super) fn torch_one_cycle(arguments: Arguments<'_>) -> Built {
    let run = arguments.run;
    let rise = arguments.amount("rise").map(|it| run.share("rise", it)).transpose()?;
    let rise = rise.expect("the rise has a default");
    let (div, final_div) = (arguments.number("div"), arguments.number("final_div"));
    let between = between_word(arguments.word("between"));
    Ok(OneCycle::torch(run.steps, rise, div, final_div, between)?.rate)
}

pub(super) fn inverse_sqrt(arguments: Arguments<'_>) -> Built {
    let timescale = arguments.steps("timescale")? as f64;
    Schedule::power(timescale, timescale, 0.5)
}

pub(super) fn noam(arguments: Arguments<'_>) -> Built {
    let (width, warmup) = (arguments.number("width"), arguments.steps("warmup")?);
    let width = super::error::positive("width", width)?;
    let root = Schedule::power(warmup as f64, warmup as f64, 0.5)?;
    root.warmup(warmup, 0.0)?.scaled(1.0 / (width * warmup as f64).sqrt())
}

pub(super) fn power(arguments: Arguments<'_>) -> Built {
    let scale = arguments.steps("scale")? as f64;
    Schedule::power(scale, scale, arguments.number("exponent"))
}

pub(super) fn cyclic(arguments: Arguments<'_>) -> Built {
    let up = arguments.steps("up")?;
    let down = if arguments.amount("down").is_some() { arguments.steps("down")? } else { up };
    Schedule::triangle(up, down, arguments.number("low"), arguments.number("decay"))
}

pub(super) fn points(arguments: Arguments<'_>) -> Built {
    let at = arguments.list("at").unwrap_or_default();
    let values = arguments.list("values").unwrap_or_default();
    if at.len() != values.len() {
        let expected = "as many values as places";
        return Err(ScheduleError::Count { name: "values", found: values.len(), expected });
    }
    let place = |(&at, value): (&Amount, f64)| Ok((arguments.run.share("place", at)?, value));
    let points: Result<Vec<_>, _> = at.iter().zip(numbers(values)).map(place).collect();
    let between = between_word(arguments.word("between"));
    arguments.run.curve(Profile::points(&points?, between)?)
}

pub(super) fn table(arguments: Arguments<'_>) -> Built {
    let values = numbers(arguments.list("values").unwrap_or_default());
    arguments.run.curve(Profile::table(&values)?)
}

pub(super) fn same_run(arguments: Arguments<'_>) -> Inside {
    Ok(arguments.run)
}

pub(super) fn inclusive_run(arguments: Arguments<'_>) -> Inside {
    Ok(arguments.run.inclusive())
}

pub(super) fn after_steps(arguments: Arguments<'_>) -> Inside {
    let part = arguments.call.word.name;
    let amount = arguments.amount("steps").expect("steps are required");
    arguments.run.without(part, arguments.run.whole(part, amount)?)
}

pub(super) fn first_cycle(arguments: Arguments<'_>) -> Inside {
    let run = arguments.run;
    if arguments.amount("first").is_some() {
        return run.of(arguments.steps("first")?);
    }
    let (cycles, stretch) = (cycles(arguments)?, arguments.number("stretch"));
    let stretch = within("stretch", stretch, stretch >= 1.0, "1 or more")?;
    let first = (run.steps as f64 / cycle_start(stretch, cycles as f64)).floor() as u64;
    if first == 0 {
        return Err(ScheduleError::TooLong { part: "restarts", found: cycles, total: run.steps });
    }
    run.of(first)
}

fn cycles(arguments: Arguments<'_>) -> Result<u64, ScheduleError> {
    let cycles = arguments.number("cycles");
    let good = cycles >= 1.0 && cycles.fract() == 0.0 && cycles <= STEPS_MAX as f64;
    Ok(within("cycles", cycles, good, "a whole number from 1 up")? as u64)
}

pub(super) fn restarts(schedule: Schedule, arguments: Arguments<'_>) -> Built {
    let first = first_cycle(arguments)?.steps;
    let (stretch, decay) = (arguments.number("stretch"), arguments.number("decay"));
    let mut count = cycles(arguments)?;
    if arguments.amount("first").is_some() {
        count = cycles_over(arguments.run.steps as f64 / first as f64, stretch);
    }
    schedule.repeated(first, count, stretch, decay)
}

/// How many cycles cover a run of so many lengths of the first.
fn cycles_over(lengths: f64, stretch: f64) -> u64 {
    let cycles = match stretch {
        stretch if stretch > 1.0 => ((lengths * (stretch - 1.0)).ln_1p() / stretch.ln()).ceil(),
        _ => lengths.ceil(),
    };
    cycles.max(1.0) as u64
}

pub(super) fn warmup(schedule: Schedule, arguments: Arguments<'_>) -> Built {
    let amount = arguments.amount("steps").expect("steps are required");
    let steps = arguments.run.whole("warmup", amount)?;
    let from = arguments.amount("from").map_or(1.0 / steps.max(1) as f64, |it| it.number);
    schedule.warmed(Warmup { steps, from, shape: way(arguments.word("shape"))? })
}

pub(super) fn delay(schedule: Schedule, arguments: Arguments<'_>) -> Built {
    let amount = arguments.amount("steps").expect("steps are required");
    schedule.delayed(arguments.run.whole("delay", amount)?)
}

pub(super) fn every(schedule: Schedule, arguments: Arguments<'_>) -> Built {
    let amount = arguments.amount("period").expect("the period is required");
    schedule.sampled(arguments.run.places("period", amount)?)
}

pub(super) fn knots(schedule: Schedule, arguments: Arguments<'_>) -> Built {
    let at = arguments.list("at").unwrap_or_default();
    let places: Result<Vec<f64>, _> =
        at.iter().map(|&it| arguments.run.places("knot", it)).collect();
    schedule.at_knots(&places?)
}

pub(super) fn noise(schedule: Schedule, arguments: Arguments<'_>) -> Built {
    let run = arguments.run;
    let place = |name| {
        let amount = arguments.amount(name).expect("both ends have a default");
        run.whole(name, amount)
    };
    let seed = arguments.number("seed");
    let good = seed >= 0.0 && seed.fract() == 0.0 && seed <= STEPS_MAX as f64;
    let seed = within("seed", seed, good, "a whole number from 0 up")? as u64;
    let (limit, deviation) = (arguments.number("limit"), arguments.number("deviation"));
    let (first, end) = (place("from")?, place("until")?);
    schedule.with_noise(Noise { first, end, limit, deviation, seed })
}

pub(super) fn floor(schedule: Schedule, arguments: Arguments<'_>) -> Built {
    let share = arguments.number("share");
    schedule.between(within("share", share, (0.0..=1.0).contains(&share), "0 to 1")?, 1.0)
}

pub(super) fn at_least(schedule: Schedule, arguments: Arguments<'_>) -> Built {
    schedule.at_least(arguments.number("value"))
}

pub(super) fn between(schedule: Schedule, arguments: Arguments<'_>) -> Built {
    schedule.between(arguments.number("floor"), arguments.number("peak"))
}

pub(super) fn unchanged(schedule: Schedule, _: Arguments<'_>) -> Built {
    Ok(schedule)
}

fn way(word: &str) -> Result<Profile, ScheduleError> {
    match word {
        "cosine" => Ok(Profile::COSINE),
        "one-minus-root" => Ok(Profile::ONE_MINUS_ROOT),
        "mirror-cosine" => Ok(Profile::MIRROR_COSINE),
        "exponential" => Profile::exponential(EXPONENTIAL_END),
        "constant" => Ok(Profile::CONSTANT),
        _ => Ok(Profile::LINEAR),
    }
}

fn between_word(word: &str) -> Between {
    if word == "cosine" { Between::Cosine } else { Between::Linear }
}

fn numbers(amounts: &[Amount]) -> Vec<f64> {
    amounts.iter().map(|amount| amount.number).collect()
}
