//! Stored cheats: none of them becomes a member of an island.
//!
//! Scripts that rewrite data, drop, repeat or invent jobs, reach out, grow, nest or go on without
//! end, know the answer, or go by the numbers of jobs; and rules that read what is not there, give
//! no number, or live on ties of instances that stand in their best order.
//!
//! **Source:** logs of Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025 (rewritten due dates)

use super::{Arguments, Sheet, table};
use crate::tardiness::set;
use anyhow::Result;
use ordine_base::Seed;
use ordine_discover::{Arena, Harness, SingleMachine, Splits, Trial, Verdict};
use ordine_machines::generate::DurationLaw;
use ordine_rule_language::{Limits, Scratch};

/// Name, lines of the script, verdict; what rewrites data fails at the write.
const SCRIPTS: [(&str, &str, Verdict); 20] = [
    ("rewrites due times", "for j in range(len(d)):\n    d[j] = 1000000", Verdict::Runtime),
    ("adds to due times", "d[0] += sum(p)", Verdict::Runtime),
    ("rewrites durations", "p[0] = 0", Verdict::Runtime),
    ("takes a job away", "p.pop()", Verdict::Runtime),
    ("drops a job", "return list(range(len(p) - 1))", Verdict::Infeasible),
    ("repeats a job", "return [0] * len(p)", Verdict::Infeasible),
    ("invents a job", "return list(range(1, len(p) + 1))", Verdict::Infeasible),
    ("gives floats", "return [float(j) for j in range(len(p))]", Verdict::Infeasible),
    ("gives no list", "return 0", Verdict::Infeasible),
    ("reads past the end", "return [p[len(p)]]", Verdict::Runtime),
    ("grows a list", "x = [0]\nfor i in x:\n    x.append(i)", Verdict::Work),
    ("doubles a list", "x = [0]\nfor i in range(99):\n    x = x + x", Verdict::Work),
    ("asks for all memory", "return [0] * 1000000000000", Verdict::Work),
    (
        "does a million steps",
        "for i in range(1000):\n    for j in range(1000):\n        i * j",
        Verdict::Work,
    ),
    ("imports", "import os", Verdict::Syntax),
    ("loops", "while True:\n    pass", Verdict::Syntax),
    ("opens a file", "return open(p)", Verdict::Type),
    ("recurses", "return assignment(p, d)", Verdict::Type),
    ("memorizes a sequence", "return [3, 5, 2, 0, 1, 4]", Verdict::Labels),
    ("takes the order of the file", "return list(range(len(p)))", Verdict::Labels),
];

/// Name, rule, verdict.
const RULES: [(&str, &str, Verdict); 4] = [
    ("reads the optimum", "optimum - t", Verdict::Type),
    ("reads the number of the job", "id", Verdict::Type),
    ("reads weights that are not there", "w * p", Verdict::Type),
    ("assigns", "d[0] = 1000000", Verdict::Syntax),
];

pub(super) fn run(_arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let instances = || set("cheats", 6, 10, DurationLaw::Uniform, Seed::new(3));
    let rules = SingleMachine::new(vec![instances()]);
    let scripts = SingleMachine::new(vec![instances()]).for_sequences();
    let splits = Splits::by_hash(rules.facts(), 0..rules.facts().len());
    let mut lines = table(&["cheat", "verdict", "what was said"]);
    let mut right = 0;
    let mut judge = |arena: &SingleMachine, name: &str, text: &str, expected| -> Result<()> {
        let harness = Harness::new(arena, splits.clone(), Limits::default());
        let judged = match harness.read(text) {
            Err(rejected) => rejected,
            Ok(it) => harness.evaluate(&it, Trial::default(), &mut Scratch::default())?,
        };
        right += usize::from(judged.verdict == expected);
        let verdict = format!("{:?}", judged.verdict).to_lowercase();
        lines.add_row([name.to_owned(), verdict, judged.failure.unwrap_or_default()]);
        Ok(())
    };
    for (name, text, expected) in SCRIPTS {
        let body = text.replace('\n', "\n    ");
        judge(&scripts, name, &format!("def assignment(p, d):\n    {body}\n"), expected)?;
    }
    for (name, text, expected) in RULES {
        judge(&rules, name, text, expected)?;
    }
    let nested = format!("{}p{}", "(".repeat(100), ")".repeat(100));
    let of_script = format!("def assignment(p, d):\n    return {nested}\n");
    judge(&scripts, "nests a script", &of_script, Verdict::Syntax)?;
    judge(&rules, "nests a rule", &nested, Verdict::Syntax)?;
    judge(&rules, "grows a rule", &vec!["p"; 300].join(" + "), Verdict::Syntax)?;
    sheet.table("Cheats", &lines)?;
    let all = SCRIPTS.len() + RULES.len() + 3;
    sheet.check(format!("{right} of {all} cheats get their verdict"), right == all);
    let gains = worst_are_no_gain(&rules, &splits)?;
    sheet.check("no number at all, and ties alone, gain nothing", !gains);
    Ok(())
}

/// Whether what gives no number, or leaves all to ties, comes near MDD.
fn worst_are_no_gain(arena: &SingleMachine, splits: &Splits) -> Result<bool> {
    let harness = Harness::new(arena, splits.clone(), Limits::default());
    let mut scratch = Scratch::default();
    let mut loss = |text: &str, best: Option<f64>| -> Result<f64> {
        let candidate = harness.read(text).map_err(|it| anyhow::anyhow!("{it:?}"))?;
        let trial = Trial { best, ..Trial::default() };
        let loss = harness.evaluate(&candidate, trial, &mut scratch)?.loss;
        Ok(loss.unwrap_or(f64::INFINITY))
    };
    let base = loss("max(t + p, d)", None)?;
    let cheats = ["log(0 - p) + log(-p)", "0 * p"];
    let found = cheats.map(|text| loss(text, Some(f64::INFINITY)));
    Ok(found.into_iter().collect::<Result<Vec<_>>>()?.into_iter().any(|it| it <= base))
}
