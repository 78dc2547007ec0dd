//! Stored cheats: none of them becomes a member of an island.
//!
//! Texts that rewrite data, call what is not there, grow, nest or give no number; and answers that
//! drop, repeat or invent jobs, which no text of the language can give, so that the judge is asked.
//!
//! **Source:** logs of Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025 (rewritten due dates)

use super::{Arguments, Sheet, table};
use anyhow::Result;
use ordine_base::Seed;
use ordine_discover::{Harness, JobSet, SingleMachine, Splits, Verdict, generate};
use ordine_rule_language::{Limits, Scratch};

/// Text and verdict.
const TEXTS: [(&str, &str, Verdict); 17] = [
    ("rewrites due times", "d[0] = 1000000", Verdict::Syntax),
    ("rewrites all due times", "d[:] = [sum(p)] * len(d)", Verdict::Syntax),
    ("rewrites durations", "p = 0", Verdict::Syntax),
    ("assigns in an expression", "max(t + p, (d := 0))", Verdict::Syntax),
    ("adds in place", "d += t", Verdict::Syntax),
    ("imports", "import os", Verdict::Syntax),
    ("opens a file", "open(\"optima.csv\")", Verdict::Syntax),
    ("loops", "while 1: p", Verdict::Syntax),
    ("recurses", "f(f(p))", Verdict::Syntax),
    ("reads past the end", "p[1000000]", Verdict::Syntax),
    ("reads the optimum", "optimum - t", Verdict::Type),
    ("reads the number of the job", "id", Verdict::Type),
    ("reads the name of the set", "set + index", Verdict::Type),
    ("reads weights that are not there", "w * p", Verdict::Type),
    ("memorizes a sequence", "3, 5, 2, 0, 1, 4", Verdict::Syntax),
    ("gives no number", "log(0 - p) + log(-p)", Verdict::Ok),
    ("makes all ties", "0 * p", Verdict::Ok),
];

/// Sequences of six jobs that break a rule.
const SEQUENCES: [(&str, &[u32]); 5] = [
    ("drops a job", &[0, 1, 2, 3, 4]),
    ("repeats a job", &[0, 1, 2, 3, 4, 4]),
    ("repeats instead of dropping", &[0, 0, 1, 2, 3, 4]),
    ("invents a job", &[0, 1, 2, 3, 4, 6]),
    ("gives too many jobs", &[0, 1, 2, 3, 4, 5, 0]),
];

pub(super) fn run(_arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let set: JobSet = generate("cheats", 6, 10, false, Seed::new(3));
    let arena = SingleMachine::new(vec![set]);
    let facts = ordine_discover::Arena::facts(&arena);
    let splits = Splits::by_hash(facts, 0..facts.len());
    let harness = Harness::new(&arena, splits, Limits::default());
    let mut scratch = Scratch::default();
    let seed = harness.read("max(t + p, d)").map_err(|it| anyhow::anyhow!("{it:?}"))?;
    let base = harness.evaluate(&seed, None, &mut scratch)?.loss;
    let mut lines = table(&["cheat", "verdict", "what was said"]);
    let mut right = 0;
    for (name, text, expected) in TEXTS {
        let (verdict, words) = match harness.read(text) {
            Err(rejected) => (rejected.verdict, rejected.failure.unwrap_or_default()),
            Ok(candidate) => {
                // What is worst everywhere is a legal rule that gains nothing.
                let evaluation = harness.evaluate(&candidate, None, &mut scratch)?;
                (evaluation.verdict, format!("no gain: {}", evaluation.loss >= base))
            }
        };
        right += usize::from(verdict == expected);
        lines.add_row([name.to_owned(), format!("{verdict:?}").to_lowercase(), words]);
    }
    for (name, text) in [
        ("grows", vec!["p"; 300].join(" + ")),
        ("nests", format!("{}p{}", "(".repeat(100), ")".repeat(100))),
    ] {
        let rejected = harness.read(&text).err();
        right += usize::from(rejected.as_ref().is_some_and(|it| it.verdict == Verdict::Syntax));
        let words = rejected.and_then(|it| it.failure).unwrap_or_default();
        lines.add_row([name.to_owned(), "syntax".to_owned(), words]);
    }
    for (name, order) in SEQUENCES {
        let judged = arena.judge(0, order);
        right += usize::from(judged.is_err());
        lines.add_row([name.to_owned(), "infeasible".to_owned(), format!("{judged:?}")]);
    }
    sheet.table("Cheats", &lines)?;
    let all = TEXTS.len() + 2 + SEQUENCES.len();
    sheet.check(format!("{right} of {all} cheats get their verdict"), right == all);
    Ok(())
}
