//! Programs against the interpreter, texts against trees, mistakes against messages, rules in a
//! world.
//!
//! **Source:** -

use ordine_base::{Id, Seed, Stream, Ticks, Time};
use ordine_problem::{ModeId, TaskId};
use ordine_rule_language::{
    Binary, Comparison, ExpressionRule, Field, Program, RuleText, Scope, Scratch, Table, Tree,
    Unary, canonical, interpret,
};
use ordine_world::{Candidate, Features, Observation, Rule};

/// A tree of at most this depth.
fn random_tree(stream: &mut Stream, depth: usize) -> Tree {
    if depth == 1 || stream.chance(0.2) {
        return match stream.below(4) {
            0 => Tree::Constant((stream.unit() * 40.0).floor() / 4.0 - 3.0),
            1 => Tree::Rule("spt".into()),
            _ => Tree::Field(Field::ALL[stream.below(Field::ALL.len())].0),
        };
    }
    let mut part = || Box::new(random_tree(stream, depth - 1));
    let [first, second, third, fourth] = [part(), part(), part(), part()];
    match stream.below(12) {
        0 => Tree::Choice(Comparison::Less, Box::new([*first, *second, *third, *fourth])),
        1 => Tree::Choice(Comparison::AtMost, Box::new([*first, *second, *third, *fourth])),
        2..6 => Tree::Unary(Unary::ALL[stream.below(5)].0, first),
        _ => Tree::Binary(Binary::ALL[stream.below(6)].0, first, second),
    }
}

/// Candidates with small, equal, missing and huge values.
fn random_table(stream: &mut Stream, candidates: usize) -> Table {
    let mut table = Table::default();
    let mut value = || match stream.below(8) {
        0 => 0.0,
        1 => f64::INFINITY,
        2 => -1e300,
        _ => stream.below(100) as f64,
    };
    for (field, _, _) in Field::ALL {
        match field.scope() {
            Scope::Candidate => {
                table.column_mut(field).extend((0..candidates).map(|_| value()));
            }
            Scope::State => table.set(field, value()),
        }
    }
    table.rules_mut().push((0..candidates).map(|_| value()).collect());
    table
}

#[test]
fn programs_equal_the_interpreter_bit_for_bit_and_texts_their_trees() {
    let mut stream = Seed::new(5).stream("language");
    let rules: [Box<str>; 1] = ["spt".into()];
    let mut scratch = Scratch::default();
    let tables: Vec<Table> = (0..10).map(|_| random_table(&mut stream, 3)).collect();
    for _ in 0..10_000 {
        let depth = 1 + stream.below(5);
        let tree = random_tree(&mut stream, depth);
        let text = tree.to_string();
        let read: RuleText = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        // A sign before a number is part of the number, so texts are compared, not trees.
        assert_eq!(read.to_string(), text);
        let program = Program::compile(&tree, &rules).expect("known names");
        let short = Program::compile(&canonical(&tree), &rules).expect("known names");
        for table in &tables {
            let mut scores = [0.0; 3];
            program.scores(table, &mut scratch, &mut scores);
            let mut scores_short = [0.0; 3];
            short.scores(table, &mut scratch, &mut scores_short);
            for place in 0..3 {
                let meant = interpret(&tree, table, &rules, place);
                assert_eq!(scores[place].to_bits(), meant.to_bits(), "{text}");
                assert_eq!(scores_short[place].to_bits(), meant.to_bits(), "canonical: {text}");
            }
        }
    }
}

#[test]
fn many_candidates_are_scored_as_few_are() {
    let mut stream = Seed::new(6).stream("language");
    let table = random_table(&mut stream, 1000);
    let rule: RuleText = "max(t + p, d) * 1.5 if p < k else exp(w / psum)".parse().expect("a rule");
    let program = &rule.programs().expect("fields only")[0];
    let mut scores = vec![0.0; 1000];
    program.scores(&table, &mut Scratch::default(), &mut scores);
    for (place, score) in scores.iter().enumerate() {
        let meant = interpret(&rule.levels()[0], &table, &[], place);
        assert_eq!(score.to_bits(), meant.to_bits());
    }
}

#[test]
fn equal_rules_have_one_canonical_form() {
    for (first, second) in [
        ("max(t + p, d)", "max(d, p + t)"),
        ("p * 1 + 0", "p"),
        ("2 * 3 * p", "p * 6"),
        ("--p - 0", "p"),
        ("p if 1 < 2 else d", "p"),
        ("min(w, w) / 1", "w"),
        ("abs(-p)", "abs(p)"),
    ] {
        let form = |text: &str| text.parse::<RuleText>().expect("a rule").canonical().to_string();
        assert_eq!(form(first), form(second));
    }
    let apart = "p - d".parse::<RuleText>().expect("a rule").canonical().to_string();
    assert_ne!(apart, "d - p".parse::<RuleText>().expect("a rule").canonical().to_string());
}

#[test]
fn mistakes_are_told_with_place_expected_and_found() {
    let deep = format!("{}p{}", "(".repeat(60), ")".repeat(60));
    let long = vec!["p"; 200].join(" + ");
    for (text, message) in [
        ("", "column 1: expected a number, a field, a rule, a function or `(`, found the end"),
        ("max(t + p, d", "column 13: expected `)` or `,`, found the end"),
        ("p p", "column 3: expected an operator, `if`, `then` or the end, found `p`"),
        ("sqr(p, d)", "column 1: expected 1 operand of sqr, found 2"),
        ("min(p)", "column 1: expected 2 operands or more of min, found 1"),
        ("log + 1", "column 5: expected `(` after log, found `+`"),
        ("p if d else w", "column 8: expected `<`, `<=`, `>` or `>=`, found `else`"),
        ("1e999", "column 1: expected a finite number, found `1e999`"),
        ("1.2.3", "column 1: expected a finite number, found `1.2.3`"),
        ("p ∧ d", "column 3: expected an operator, `if`, `then` or the end, found `∧`"),
        (&deep, "column 49: expected at most 48 levels of nesting, found `(`"),
        (&long, "column 1: expected at most 256 nodes and depth 48, found 399 nodes and depth 200"),
    ] {
        let error = text.parse::<RuleText>().expect_err(text);
        assert_eq!(error.to_string(), message, "{text}");
    }
    let unknown = ExpressionRule::new(&"spt + spd".parse().expect("a rule")).expect_err("spd");
    assert!(unknown.to_string().contains("found `spd`"), "{unknown}");
}

#[test]
fn rules_are_written_as_formula_json_and_rust() {
    let rule: RuleText = "max(t + 1.5 * p, d) / w then p".parse().expect("a rule");
    assert_eq!(rule.formula(), "score = max(t + 1.5 · p, d) / w then p");
    assert_eq!(
        rule.json(),
        "{\"format\":\"ordine/rule/1\",\"rule\":\"max(t + 1.5 * p, d) / w then p\",\"nodes\":10,\
         \"trees\":[[\"/\",[\"max\",[\"+\",\"t\",[\"*\",1.5,\"p\"]],\"d\"],\"w\"],\"p\"]}"
    );
    assert!(rule.rust("found").contains("fn found(p: f64, d: f64, w: f64, t: f64) -> [f64; 2]"));
}

fn candidate(index: usize, duration: i64, due: i64) -> Candidate {
    let at = Time::new(10);
    Candidate {
        task: TaskId::from_index(index),
        mode: ModeId::from_index(index),
        allowed: true,
        features: Features {
            duration: Ticks::new(duration),
            eligible_since: at,
            start: at,
            latest_start: at,
            latest_end: at,
            work_remaining: Ticks::new(duration),
            tasks_remaining: 1,
            positional_weight: Ticks::new(duration),
            weight: 1,
            release: Time::ORIGIN,
            due: Some(Time::new(due)),
            ..Features::default()
        },
    }
}

/// Positions of the candidates from best to worst.
fn ranking(text: &str) -> Vec<usize> {
    let candidates = vec![candidate(0, 9, 40), candidate(1, 3, 12), candidate(2, 5, 12)];
    let observation = Observation { now: Time::new(10), candidates, ..Observation::default() };
    let rule = ExpressionRule::new(&text.parse().expect("a rule")).expect("known").for_tasks(7);
    let mut places = vec![0, 1, 2];
    let score = |place: &usize| rule.score(&observation.candidates[*place], &observation);
    places.sort_by(|a, b| score(a).total_cmp(&score(b)));
    places
}

#[test]
fn rules_decide_in_a_world_weighted_tie_broken_and_switched() {
    assert_eq!(ranking("max(t + p, d)"), [1, 2, 0]);
    assert_eq!(ranking("d"), [1, 2, 0]);
    assert_eq!(ranking("d then -p"), [2, 1, 0]);
    assert_eq!(ranking("2 * spt - 0.5 * d"), [0, 1, 2]);
    assert_eq!(ranking("spt if k < 3 else lpt"), [0, 2, 1]);
    assert_eq!(ranking("spt if n - psum / k < 2 else lpt"), [1, 2, 0]);
}
