//! The rule language: equal to its interpreter, fast, and equal to published rules.
//!
//! **Source:** -

use super::{Arguments, Sheet, percent, table};
use crate::WallClock;
use anyhow::{Context as _, Result};
use ordine_base::{Clock, Seed, Stream};
use ordine_discover::library::{PUBLISHED, Training};
use ordine_discover::{Arena, Candidate, gap, signature_named};
use ordine_rule_language::script::SCRIPTS;
use ordine_rule_language::{
    Binary, Field, Limits, Program, RuleText, Scope, Scratch, Script, ScriptLimits, Table, Tree,
    Unary, interpret,
};
use ordine_world::SingleMachine;

/// Trees that are compared, on ten states each.
const TREES: usize = 10_000;
/// Candidates of the measurement.
const CANDIDATES: usize = 4096;
/// Scores per second and core that are asked for.
const SPEED: f64 = 20e6;

pub(super) fn speed(_arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let mut stream = Seed::new(11).stream("language");
    let mut scratch = Scratch::default();
    let states: Vec<Table> = (0..10).map(|_| state(&mut stream, 8)).collect();
    let mut differing = 0;
    for _ in 0..TREES {
        let tree = tree(&mut stream, 6);
        let program = Program::compile(&tree, &[])?;
        for state in &states {
            let mut scores = [0.0; 8];
            program.scores(state, &mut scratch, &mut scores);
            let equal = |(place, score): (usize, &f64)| {
                interpret(&tree, state, &[], place).to_bits() == score.to_bits()
            };
            differing += usize::from(!scores.iter().enumerate().all(equal));
        }
    }
    let words =
        format!("{TREES} random trees x 10 states: {differing} differ from the interpreter");
    sheet.check(words, differing == 0);
    let mut lines = table(&["rule", "candidates at once", "million scores per second and core"]);
    for (name, text) in [
        ("mdd", "max(t + p, d)"),
        ("mddc", signature_named("single_machine").and_then(|it| it.seed("mddc")).unwrap_or("p")),
    ] {
        for candidates in [20, 100, CANDIDATES] {
            let rate = rate(text, candidates, &mut stream)?;
            lines.add_row([name.to_owned(), candidates.to_string(), format!("{:.0}", rate / 1e6)]);
            if name == "mdd" && candidates == CANDIDATES {
                let words = format!("MDD: {:.0} million scores per second, 20 asked", rate / 1e6);
                sheet.check(words, rate >= SPEED);
            }
        }
    }
    sheet.table("Speed of compiled rules", &lines)
}

/// Scores per second.
fn rate(text: &str, candidates: usize, stream: &mut Stream) -> Result<f64> {
    let rule: RuleText = text.parse()?;
    let program = rule.programs()?.swap_remove(0);
    let state = state(stream, candidates);
    let (mut scratch, mut scores) = (Scratch::default(), vec![0.0; candidates]);
    let rounds = 40_000_000 / candidates.max(1) / (program.steps() + 1);
    let clock = WallClock::start();
    for _ in 0..rounds {
        program.scores(&state, &mut scratch, &mut scores);
        std::hint::black_box(&scores);
    }
    Ok((rounds * candidates) as f64 / clock.elapsed().as_secs_f64())
}

fn state(stream: &mut Stream, candidates: usize) -> Table {
    let mut table = Table::default();
    for (field, _, _) in Field::ALL {
        let mut value = || stream.below(1000) as f64;
        match field.scope() {
            Scope::Candidate => table.column_mut(field).extend((0..candidates).map(|_| value())),
            Scope::State => table.set(field, value()),
        }
    }
    table
}

fn tree(stream: &mut Stream, depth: usize) -> Tree {
    if depth == 1 || stream.chance(0.2) {
        return if stream.chance(0.25) {
            Tree::Constant(stream.unit() * 20.0 - 5.0)
        } else {
            Tree::Field(Field::ALL[stream.below(Field::ALL.len())].0)
        };
    }
    let first = Box::new(tree(stream, depth - 1));
    if stream.chance(0.3) {
        return Tree::Unary(Unary::ALL[stream.below(Unary::ALL.len())].0, first);
    }
    let operator = Binary::ALL[stream.below(Binary::ALL.len())].0;
    Tree::Binary(operator, first, Box::new(tree(stream, depth - 1)))
}

/// Scripts beside the rules that they are.
pub(super) fn scripts(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    type Sequence = fn(&SingleMachine) -> Vec<usize>;
    let rules: [(&str, Sequence); 2] =
        [("eddc", ordine_world::eddc_sequence), ("mddc", ordine_world::mddc_sequence)];
    let (arena, _) = arguments.sets(Training::Uniform)?;
    let mut lines = table(&["script", "instances", "equal sequences", "seconds", "most ticks"]);
    for (name, rule) in rules {
        let text = SCRIPTS.iter().find(|it| it.0 == name).context("a script of the library")?.1;
        let script = Script::read(text)?;
        let (mut equal, mut count, mut share, clock) = (0, 0, 0.0_f64, WallClock::start());
        for (_, range) in arena.sets().iter().take(PUBLISHED.len()) {
            for place in range.clone() {
                let jobs = arena.jobs(place);
                let limits = ScriptLimits::for_jobs(jobs.durations.len());
                let ran = script.run(&jobs.durations, &jobs.dues, limits);
                let native = rule(&SingleMachine::new(jobs.durations.clone(), jobs.dues.clone()));
                let same = |order: &[i64]| order.iter().map(|&it| it as usize).eq(native);
                count += 1;
                if let Ok((order, ticks)) = ran {
                    equal += usize::from(same(&order));
                    share = share.max(ticks as f64 / limits.ticks as f64);
                }
            }
        }
        let seconds = format!("{:.1}", clock.elapsed().as_secs_f64());
        let share = format!("{:.0} % of the limit", 100.0 * share);
        lines.add_row([name.to_owned(), count.to_string(), equal.to_string(), seconds, share]);
        let words = format!("{name} as a script: {equal} of {count} sequences equal the rule's");
        sheet.check(words, equal == count);
    }
    sheet.table("Whole-sequence scripts", &lines)
}

/// Mean gaps that the spec states, in the order of the sets.
const STATED: [(&str, [&str; 5]); 4] = [
    ("mdd", ["1.86", "2.51", "1.81", "2.07", "1.87"]),
    ("mdd-tuned", ["1.72", "2.06", "1.60", "2.00", "1.84"]),
    ("mddc", ["1.70", "1.71", "1.52", "2.00", "1.82"]),
    ("mdd-late-long", ["1.53", "2.26", "1.39", "1.85", "1.70"]),
];

pub(super) fn rules(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let (arena, _) = arguments.sets(Training::Uniform)?;
    let mut head = vec!["rule", ""];
    head.extend(PUBLISHED);
    let mut lines = table(&head);
    for (name, stated) in STATED {
        let text = arena.signature().seed(name).context("a rule of the signature")?;
        let read = Candidate::read(text, arena.signature(), Limits::default());
        let candidate = read.map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let mut scratch = Scratch::default();
        let (mut row, mut close) = (vec![name.to_owned(), "ours".to_owned()], true);
        for ((_, range), stated) in arena.sets().iter().zip(stated) {
            let (mut sum, mut count) = (0.0, 0.0);
            for place in range.clone() {
                let ran = arena.run(place, &candidate, &mut scratch, None);
                let ran = ran.map_err(|error| anyhow::anyhow!("{error:?}"))?;
                let reference = arena.facts()[place].reference;
                if reference > 0 {
                    (sum, count) = (sum + gap(ran.objective, reference), count + 1.0);
                }
            }
            let mean: f64 = sum / count;
            close &= (100.0 * mean - stated.parse::<f64>()?).abs() < 0.01;
            row.push(percent(mean));
        }
        lines.add_row(row);
        let stated = stated.map(str::to_owned);
        lines.add_row([name.to_owned(), "spec".to_owned()].into_iter().chain(stated));
        sheet.check(format!("{name} as a text gives the stated mean gaps"), close);
    }
    sheet.table("Rules in text form, mean gap in percent", &lines)
}
