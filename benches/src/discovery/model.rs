//! Language models as proposers, from a script and from cassettes.
//!
//! **Source:** error mix of the logs of Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025

use super::search::{Folder, small};
use super::{Arguments, Sheet, table};
use anyhow::Result;
use ordine_chat::{CassetteMode, Endpoint, NoPause, Price, Recorded, Scripted, reply_body};
use ordine_discover::{
    Context, Ended, Event, Harness, Islands, Member, Model, OPERATORS, Propose, Report, Run,
    SIGNATURES, Settings, Shown, StopCause, Template, prompt, replies,
};
use ordine_rule_language::Limits;

/// Replies: three of five are no programs of use, as in the logs.
const REPLIES: [&str; 10] = [
    "Due dates matter.\n```\nscore = max(t + 1.1 * p, d)\n```",
    "```python\nscore = priority[j] / p\n```",
    "I would sort the jobs.",
    "```\nscore = max(t + p, d\n```",
    "```\nscore = max(t + p, d)\n```",
    "```\nscore = max(p + t, d)\n```",
    "```\nscore = d[0] = 10\n```",
    "```\nscore = undefined_name * p\n```",
    "Two ideas:\n```\nscore = d + p\n```\nor\n```\nscore = max(t + p, d) + 0.1 * p\n```",
    "```\nscore = max(t + p, d) +",
];

const PRICE: Price = Price { input: 1.0, cached: 0.1, output: 4.0 };

fn script(rounds: usize) -> Scripted {
    let mut answers = Vec::new();
    for (place, reply) in REPLIES.iter().cycle().take(REPLIES.len() * rounds).enumerate() {
        match place % 7 {
            3 => answers.push((429, "slow down".to_owned())),
            5 => answers.push((500, "again".to_owned())),
            _ => {}
        }
        answers.push((200, reply_body(reply, 1000, 50)));
    }
    Scripted::of(answers)
}

fn settings(calls: u64) -> Settings {
    let mut settings = Settings::language_model("single_machine");
    settings.seeds = vec!["mdd".to_owned()];
    settings.evaluations_max = 1 << 40;
    settings.calls_max = calls;
    settings.tune = 0;
    settings
}

fn go(harness: &Harness<'_>, settings: &Settings, proposer: &mut dyn Propose) -> Result<Ended> {
    let folder = Folder::new("model")?;
    let run = Run::open(harness, settings.clone(), folder.path(), 1)?;
    Ok(run.go(proposer, &mut (), &mut |_| false)?)
}

pub(super) fn run(_arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let (arena, splits) = small();
    let harness = Harness::new(&arena, splits, Limits { nodes: 40, depth: 24 });
    let limited = settings(20);
    let endpoint = Endpoint::new(script(2), NoPause, 1);
    let ended = go(&harness, &limited, &mut Model::new(endpoint, "scripted", PRICE))?;
    let mut lines = table(&["verdict", "candidates"]);
    for (verdict, count) in &ended.islands.verdicts {
        lines.add_row([format!("{verdict:?}").to_lowercase(), count.to_string()]);
    }
    sheet.table("Twenty scripted replies with the errors of the logs", &lines)?;
    let report = Report::new(&harness, &limited, &ended)?.json();
    let value: serde_json::Value = serde_json::from_str(&report)?;
    let dollars = value["ledger"]["dollars"].as_f64().unwrap_or(f64::NAN);
    let calls = value["ledger"]["calls"].as_f64().unwrap_or(f64::NAN);
    let expected = 20.0 * (1000.0 * PRICE.input + 50.0 * PRICE.output) / 1e6;
    sheet.check(
        format!("{calls} calls and {dollars:.6} dollars; tries again are not paid twice"),
        calls == 20.0 && (dollars - expected).abs() < 1e-9 && ended.cause == StopCause::Calls,
    );
    let counts: Vec<u64> = ended.islands.verdicts.values().copied().collect();
    sheet.check(
        format!("verdicts {counts:?}: ok, syntax, type, duplicate as known"),
        counts == [4, 8, 2, 7],
    );
    let folder = Folder::new("cassettes")?;
    let endpoint = Endpoint::new(script(2), NoPause, 1);
    let recorder = Recorded::new(endpoint, folder.path(), CassetteMode::Record);
    let first = go(&harness, &limited, &mut Model::new(recorder, "scripted", PRICE))?;
    let replay = Recorded::replay(folder.path());
    let second = go(&harness, &limited, &mut Model::new(replay, "scripted", PRICE))?;
    let report = |ended: &Ended| Report::new(&harness, &limited, ended).map(|it| it.html());
    let equal = report(&first)? == report(&second)?;
    sheet.check("cassettes give the same report, byte for byte", equal);
    let replay = Recorded::replay(folder.path());
    let missing = go(&harness, &settings(21), &mut Model::new(replay, "scripted", PRICE));
    let words = missing.err().map_or_else(String::new, |error| error.to_string());
    sheet.line(&format!("\nA call without a cassette: {words}"))?;
    sheet.check("a missing cassette is an error with its hash", words.contains(".json"));
    stops(&harness, sheet)?;
    templates(sheet)
}

/// Each stop, and how many calls were made when it was reached.
fn stops(harness: &Harness<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
    let call = (1000.0 * PRICE.input + 50.0 * PRICE.output) / 1e6;
    let open = || Settings { calls_max: 0, ..settings(0) };
    let limits = [
        (Settings { calls_max: 7, ..open() }, StopCause::Calls, 7),
        (Settings { tokens_max: 7 * 1050, ..open() }, StopCause::Tokens, 7),
        (Settings { tokens_max: 7 * 1050 + 1, ..open() }, StopCause::Tokens, 8),
        (Settings { dollars_max: 7.0 * call - 1e-9, ..open() }, StopCause::Dollars, 7),
        (Settings { patience: 1, ..open() }, StopCause::Patience, 0),
        (Settings { evaluations_max: 3, ..open() }, StopCause::Evaluations, 0),
    ];
    let (mut right, count) = (0, limits.len());
    for (settings, cause, calls) in limits {
        let endpoint = Endpoint::new(script(4), NoPause, 1);
        let ended = go(harness, &settings, &mut Model::new(endpoint, "scripted", PRICE))?;
        let of_events = |event: &Event| match event {
            Event::Call(call) => Some(call.dollars),
            _ => None,
        };
        let paid: Vec<f64> = ended.events.iter().filter_map(of_events).collect();
        let report: serde_json::Value =
            serde_json::from_str(&Report::new(harness, &settings, &ended)?.json())?;
        let told = report["ledger"]["dollars"].as_f64().unwrap_or(f64::NAN);
        let sums = (told - paid.iter().sum::<f64>()).abs() < 1e-9;
        let in_time = calls == 0 || paid.len() == calls;
        right += usize::from(ended.cause == cause && sums && in_time);
    }
    let words = format!("{right} of {count} stops are honored, and ledgers equal the events");
    sheet.check(words, right == count);
    Ok(())
}

/// Most bytes of a script among candidates.
const SCRIPT_BYTES: usize = 5000;

/// Prompts with two parents as large as may be.
fn templates(sheet: &mut Sheet<'_>) -> Result<()> {
    let islands = Islands::new(1);
    let settings = settings(1);
    let context = Context {
        signature: SIGNATURES[2],
        islands: &islands,
        settings: &settings,
        limits: Limits::default(),
        batch: 1,
        calls: 0,
        vetoes: &[],
        task: SIGNATURES[2].task,
        lessons: &[],
    };
    let member = Member {
        number: 1,
        text: vec!["latest_start * 1.2345678"; 64].join(" + "),
        loss: 0.1,
        classes: Vec::new(),
        nodes: 255,
        distance: 0.0,
        complete: true,
    };
    let script = Member { text: "x".repeat(SCRIPT_BYTES), nodes: 60, ..member.clone() };
    let scripts = Context { signature: SIGNATURES[1], ..context };
    let tokens = |template: &Template, member: &Member, context: &Context<'_>| {
        let parents = [member; 2];
        let shown = Shown { parents: &parents[..template.parents], ..Shown::default() };
        let text = prompt(template, shown, context);
        ordine_chat::Request::asking("model", &text).tokens_estimate()
    };
    let of_rules = OPERATORS.iter().map(|template| tokens(template, &member, &context));
    let of_scripts = OPERATORS.iter().map(|template| tokens(template, &script, &scripts));
    let most = of_rules.chain(of_scripts).max().unwrap_or(0);
    sheet.check(format!("prompts take at most {most} tokens, 6000 allowed"), most <= 6000);
    let (wrong, count) = replies::misread();
    let right = count - wrong.len();
    sheet.check(format!("{right} of {count} stored replies are read as known"), wrong.is_empty());
    Ok(())
}
