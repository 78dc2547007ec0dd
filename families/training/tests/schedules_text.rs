//! Plans as text: round trips, errors with a column, and random texts.
//!
//! **Source:** -

use expect_test::{Expect, expect};
use ordine_base::{Seed, Stream};
use ordine_training::schedules::{Cursor, Plan, Run, Schedule, WORDS, WordKind};

fn pick<'a>(stream: &mut Stream, items: &[&'a str]) -> &'a str {
    items[stream.below(items.len())]
}

const SHAPES: [&str; 21] = [
    "constant",
    "linear",
    "cosine",
    "polynomial(power=1.5)",
    "exponential(end=0.05)",
    "geometric(factor=0.997)",
    "step(at=[20%, 0.7 epochs, 90%], factors=[0.5, 0.1, 2])",
    "staircase(period=10%, factor=0.7)",
    "rex(d=0.7)",
    "uba(phi=0.3)",
    "uba(phi=4, form=continuous)",
    "wsd(cooldown=10%, shape=one-minus-root)",
    "wsd(cooldown=150 tokens)",
    "one-cycle",
    "torch-one-cycle(rise=40%, between=linear)",
    "inverse-sqrt(timescale=7)",
    "noam(width=64, warmup=30)",
    "cyclic(up=5, down=9, low=0.3, decay=0.9)",
    "points(at=[10%, 50%], values=[0.25, 3e-7], between=cosine)",
    "table(values=[1, 0.5, -0.25])",
    "2.5",
];

const CHANGES: [&str; 12] = [
    "warmup(steps=7)",
    "warmup(steps=5%, from=0, shape=cosine)",
    "delay(steps=10%)",
    "every(period=3)",
    "every(period=7.5%)",
    "knots(at=[20%, 60%])",
    "restarts(cycles=3, stretch=1.5, decay=0.8)",
    "floor(share=0.05)",
    "at-least(value=0.01)",
    "between(floor=0.001, peak=0.3)",
    "noise(limit=0.5, from=10%, seed=3)",
    "inclusive",
];

/// A random plan in canonical form.
fn random_plan(stream: &mut Stream, depth: usize) -> String {
    let chain = |stream: &mut Stream| {
        let mut text = match stream.below(6) {
            0 if depth > 0 => format!("({})", random_plan(stream, depth - 1)),
            _ => pick(stream, &SHAPES).to_owned(),
        };
        for _ in 0..stream.below(3) {
            text = format!("{text} | {}", pick(stream, &CHANGES));
        }
        text
    };
    let part = |stream: &mut Stream| {
        let factors: Vec<String> = (0..1 + stream.below(2)).map(|_| chain(stream)).collect();
        factors.join(" * ")
    };
    let first = part(stream);
    match stream.below(3) {
        0 => format!("{first} @ {} > {}", pick(stream, &["30%", "40%", "17"]), part(stream)),
        _ => first,
    }
}

fn run() -> Run {
    let run = Run::of_steps(1000).and_then(|run| run.with_epochs(100.0));
    run.and_then(|run| run.with_tokens(2.5)).expect("valid")
}

#[test]
fn canonical_texts_print_as_they_were_read() {
    let mut stream = Seed::new(1).stream("plans");
    for _ in 0..10_000 {
        let text = random_plan(&mut stream, 2);
        let plan: Plan = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(plan.to_string(), text);
        assert_eq!(plan.to_string().parse(), Ok(plan));
    }
}

#[test]
fn random_compositions_resume_anywhere_bit_for_bit() {
    let mut stream = Seed::new(2).stream("plans");
    let mut tried = 0;
    while tried < 200 {
        let plan: Plan = random_plan(&mut stream, 2).parse().expect("canonical");
        let Ok(schedule) = plan.over(run()) else { continue };
        tried += 1;
        let values = schedule.values(1200);
        let first = stream.below(1100);
        let mut rest = vec![0.0; 1200 - first];
        schedule.fill(first as u64, &mut rest);
        assert_eq!(rest, values[first..], "{plan} from {first}");
        let text = plan.to_string();
        let again: Schedule = text.parse::<Plan>().expect("its own").over(run()).expect("valid");
        let mut cursor = Cursor::resume(again, first as u64);
        for (step, &value) in values.iter().enumerate().skip(first) {
            assert_eq!(cursor.rate(), value, "{plan} at {step}");
            assert_eq!(cursor.step(), step as u64);
            cursor.advance();
        }
    }
}

fn check(text: &str, steps: i64, expected: Expect) {
    let built = text.parse::<Plan>().and_then(|plan| plan.over(Run::of_steps(steps)?));
    let words = built.expect_err("wrong").to_string();
    let lines = words.replace(": expected ", ":\nexpected ").replace("; ", ";\n");
    expected.assert_eq(&lines.replace(", found ", ",\nfound "));
}

#[test]
fn wrong_texts_name_the_column_and_the_cure() {
    check(
        "rex(d=0.5",
        10,
        expect![[r#"
            column 10:
            expected `,`,
            found the end;
            separate arguments by commas and close the parenthesis"#]],
    );
    check(
        "rex(e=0.5)",
        10,
        expect![[r#"
            column 5:
            expected an argument of rex: d,
            found `e`;
            name one of them, or remove it"#]],
    );
    check(
        "linear(3)",
        10,
        expect![[r#"
            column 8:
            expected `)`: it has no arguments,
            found `3`;
            name one of them, or remove it"#]],
    );
    check(
        "cosine | warmup",
        10,
        expect![[r#"
            column 16:
            expected `steps=` and a value,
            found the end;
            warmup needs it: steps of the warm-up, taken from the run"#]],
    );
    check(
        "cosine > linear",
        10,
        expect![[r#"
            column 8:
            expected `@` and an amount,
            found `>`;
            say how long the part before `>` is, such as `@ 500` or `@ 10%`"#]],
    );
    check(
        "cosine | every(5 minutes)",
        10,
        expect![[r#"
            column 18:
            expected `%`, `epochs`, `tokens` or nothing,
            found `minutes`;
            write steps without a unit"#]],
    );
    check(
        "cosine cosine",
        10,
        expect![[r#"
            column 8:
            expected `|`, `*`, `@`, `>` or the end,
            found `cosine`;
            remove it, or join it"#]],
    );
    check(
        "uba(phi=1e999)",
        10,
        expect![[r#"
            column 9:
            expected a finite number,
            found `1e999`;
            write digits, such as 0.5 or 3e-4"#]],
    );
}

#[test]
fn wrong_numbers_say_what_to_change() {
    check(
        "cosine | warmup(20)",
        10,
        expect![[r#"
            warmup takes 20 of 10 steps:
            expected fewer than 10;
            shorten it or lengthen the run"#]],
    );
    check(
        "cosine",
        -3,
        expect![[r#"
            the run has -3 steps:
            expected 1 to 2^52;
            give the number of updates"#]],
    );
    check(
        "uba(phi=0)",
        10,
        expect![[r#"
            phi is 0:
            expected a finite number above 0 (it is not limited to 1: 2 is the cosine);
            change phi"#]],
    );
    check(
        "cosine | every(1 epoch)",
        10,
        expect![[r#"
            period is given in epochs:
            expected a run that says how many steps an epoch has;
            give steps per epoch, or write steps or percent"#]],
    );
    check(
        "cosine | between(floor=2, peak=1)",
        10,
        expect![[r#"
            floor is 2:
            expected at most the peak;
            change floor"#]],
    );
}

#[test]
fn words_are_unique_and_every_schedule_has_a_usage() {
    for (index, word) in WORDS.iter().enumerate() {
        assert!(WORDS[..index].iter().all(|earlier| earlier.name != word.name), "{}", word.name);
        assert!(word.usage().starts_with(word.name));
        assert!(!word.summary.is_empty() && !word.source.is_empty());
        if word.kind() == WordKind::Change {
            assert!(word.name.parse::<Plan>().is_err());
        }
    }
}

#[test]
fn random_texts_never_panic() {
    const PIECES: [&str; 40] = [
        "rex",
        "uba",
        "(",
        ")",
        "[",
        "]",
        ",",
        "=",
        "|",
        ">",
        "@",
        "*",
        "%",
        "1",
        "0",
        "-",
        ".5",
        "e",
        "e9",
        "1e308",
        "d",
        "phi",
        " ",
        "warmup",
        "every",
        "steps",
        "cosine",
        "linear",
        "at",
        "step",
        "ü",
        "\n",
        "epochs",
        "restarts",
        "stretch=1.0000001",
        "first=1",
        "wsd",
        "noam",
        "inclusive",
        "99999999999999999999",
    ];
    let mut stream = Seed::new(3).stream("fuzz");
    let run = run();
    for _ in 0..100_000 {
        let count = 1 + stream.below(12);
        let text: String = (0..count).map(|_| pick(&mut stream, &PIECES)).collect();
        if let Ok(schedule) = text.parse::<Plan>().and_then(|plan| plan.over(run)) {
            let _ = schedule.value(17);
        }
    }
    let deep = "(".repeat(100_000);
    assert!(deep.parse::<Plan>().is_err());
}
