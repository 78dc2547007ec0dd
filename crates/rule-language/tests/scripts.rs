//! Scripts: equal to rules of the library, and held by their limits.
//!
//! **Source:** -

use ordine_base::Seed;
use ordine_rule_language::script::SCRIPTS;
use ordine_rule_language::{Script, ScriptFailure, ScriptLimits};
use ordine_world::{SingleMachine, eddc_sequence, mddc_sequence};

fn script(name: &str) -> Script {
    let text = SCRIPTS.iter().find(|it| it.0 == name).expect("a script of the library").1;
    Script::read(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn order(script: &Script, jobs: &SingleMachine) -> Vec<usize> {
    let limits = ScriptLimits::for_jobs(jobs.len());
    let (order, _) = script.run(&jobs.durations, &jobs.due, limits).expect("an order");
    order.into_iter().map(|it| it as usize).collect()
}

#[test]
fn published_rules_as_scripts_give_the_sequences_of_the_built_in_ones() {
    let (eddc, mddc) = (script("eddc"), script("mddc"));
    let mut stream = Seed::new(5).stream("jobs");
    for round in 0..300 {
        let count = 1 + stream.below(30);
        // Small numbers make ties, and durations of 0.
        let most = if round % 2 == 0 { 6 } else { 100 };
        let draw = |stream: &mut ordine_base::Stream| stream.below(most) as i64;
        let durations: Vec<i64> = (0..count).map(|_| draw(&mut stream)).collect();
        let due = (0..count).map(|_| draw(&mut stream) * count as i64 / 3 - 5).collect();
        let jobs = SingleMachine::new(durations, due);
        assert_eq!(order(&eddc, &jobs), eddc_sequence(&jobs), "{jobs:?}");
        assert_eq!(order(&mddc, &jobs), mddc_sequence(&jobs), "{jobs:?}");
    }
    let durations = vec![10, 11, 10, 10, 11, 10];
    let published = SingleMachine::new(durations, vec![15, 11, 13, 11, 12, 11]);
    assert_eq!(order(&script("mddc"), &published), [3, 5, 2, 0, 1, 4]);
    assert_eq!(order(&script("mdd"), &published), [1, 0, 2, 3, 5, 4]);
}

/// What a body makes of four jobs.
fn ran(body: &str) -> Result<Vec<i64>, ScriptFailure> {
    let text = format!("def assignment(p, d):\n    {}\n", body.replace('\n', "\n    "));
    let script = Script::read(&text).unwrap_or_else(|error| panic!("{body}: {error}"));
    let limits = ScriptLimits::for_jobs(4);
    script.run(&[3, 1, 4, 1], &[5, 9, 2, 6], limits).map(|it| it.0)
}

#[test]
fn the_language_means_what_python_means() {
    for (body, expected) in [
        ("return [7 // 2, -7 // 2, 7 % 3, -7 % 3]", vec![3, -4, 1, 2]),
        ("return [j for j in range(4) if d[j] > 5 and not p[j] == 4]", vec![1, 3]),
        ("return [a + b for a in [1, 2] for b in [10, 20]]", vec![11, 21, 12, 22]),
        ("return sorted(range(4), key=lambda j: (p[j], -d[j]))", vec![1, 3, 0, 2]),
        ("return sorted([2, 1, 3], reverse=True)", vec![3, 2, 1]),
        ("x = [1, 2]\nx += [3]\nx[0] *= 5\nreturn x[-1:] + x[:1]", vec![3, 5]),
        ("a, b = 1, 2\na, b = b, a\nreturn [a, b] * 2", vec![2, 1, 2, 1]),
        ("return [1 if 2 in p else 0, len(p), sum(p), max(3, 8), min(d)]", vec![0, 4, 9, 8, 2]),
        (
            "for i in range(9, 0, -3):\n    if i < 5:\n        continue\n    break\nreturn [i]",
            vec![9],
        ),
        ("return [k * v for k, v in zip(p, d)] + prefix_sums(p)", vec![15, 9, 8, 6, 0, 3, 4, 8, 9]),
        ("return [tardiness([2, 0]), argmin(p), min(range(4), key=lambda j: d[j])]", vec![4, 1, 2]),
        ("\"\"\"Said\n in words.\"\"\"\nreturn [int(2.9), sum(p[j] for j in [0, 2])]", vec![2, 7]),
        ("return [i for i, x in enumerate(p) if x == 1 or x == 4]", vec![1, 2, 3]),
    ] {
        assert_eq!(ran(body), Ok(expected), "{body}");
    }
}

#[test]
fn nothing_is_written_that_is_frozen_and_nothing_goes_on_without_end() {
    let words = |body: &str| match ran(body) {
        Err(ScriptFailure::Runtime { words, .. }) => words,
        other => panic!("{body}: {other:?}"),
    };
    for body in ["d[0] = 1000", "p[1] *= 0", "d.append(3)", "p.pop()", "d.insert(0, 1)"] {
        assert!(words(body).contains("frozen"), "{body}");
    }
    for (body, expected) in [
        ("return p[9]", "an index into 4 values"),
        ("return [1 // 0]", "a division by 0"),
        ("x = 3\nfor i in range(99):\n    x = x * x", "beyond 2^53"),
        ("if p == [9]:\n    q = 1\nreturn [q]", "read before it has a value"),
        ("x = []\nx.append(x)", "a list that exists"),
        ("t = (1, 2)\nfor i in range(99):\n    t = (t, t)", "in each other"),
    ] {
        assert!(words(body).contains(expected), "{body}: {}", words(body));
    }
    for body in [
        "x = [0] * 9007199254740992",
        "return range(9007199254740992)",
        "x = [1]\nfor i in range(900):\n    x = x + x",
        "x = [1]\nfor i in x:\n    x.append(i)",
        "for a in range(200):\n    for b in range(200):\n        a + b",
        "return [a for a in range(300) for b in range(300)]",
        "x = [0] * 3000\nfor i in range(3000):\n    x.index(1) if 1 in x else 0",
    ] {
        assert_eq!(ran(body), Err(ScriptFailure::Work), "{body}");
    }
    let heap = ScriptLimits { heap_bytes: 1000, ..ScriptLimits::for_jobs(4) };
    let hungry = "def assignment(p, d):\n    return [0] * 900\n";
    let hungry = Script::read(hungry).expect("a script").run(&[1], &[1], heap);
    assert!(matches!(hungry, Err(ScriptFailure::Runtime { .. })), "{hungry:?}");
    for body in ["return 3", "return [1.0, 0.0]", "x = 1", "return [p]"] {
        assert!(matches!(ran(body), Err(ScriptFailure::NoOrder(_))), "{body}");
    }
}

#[test]
fn calls_are_of_functions_above_and_end_at_a_depth() {
    let mut text = "def f0(x):\n    return x\n".to_owned();
    for number in 1..30 {
        text += &format!("def f{number}(x):\n    return f{}(x)\n", number - 1);
    }
    text += "def assignment(p, d):\n    return [fN(j) for j in range(len(p))]\n";
    let run = |number: &str| {
        let script = Script::read(&text.replace("fN", number)).expect("a script");
        script.run(&[1, 2], &[3, 4], ScriptLimits::for_jobs(2))
    };
    assert_eq!(run("f9").map(|it| it.0), Ok(vec![0, 1]));
    assert!(matches!(run("f29"), Err(ScriptFailure::Runtime { .. })));
}

#[test]
fn mistakes_have_a_line_and_unknown_names_are_told_apart() {
    for (text, line, unknown) in [
        ("def assignment(p, d):\n    while True:\n        pass\n", 2, false),
        ("import os\ndef assignment(p, d):\n    return p\n", 1, false),
        ("load(\"x\", \"y\")\n", 1, false),
        ("def assignment(p, d):\n    return open(p)\n", 2, true),
        ("def assignment(p, d):\n    return optimum\n", 2, true),
        ("def assignment(p, d):\n    return assignment(p, d)\n", 2, true),
        ("def assignment(p, d):\n    return p.sort()\n", 2, true),
        ("def assignment(p, d):\n    x = \"text\"\n", 2, false),
        ("def assignment(p, d):\n    return [x for x in p\n", 2, false),
        ("def assignment(p, d):\n  x = 1\n    return p\n", 3, false),
        ("def assignment(p):\n    return p\n", 2, false),
        ("def assignment(p, d):\n    f = lambda j: j\n", 2, false),
        ("x = 1\n", 1, false),
        ("", 0, false),
    ] {
        let error = Script::read(text).expect_err(text);
        assert_eq!((error.line, error.is_unknown_name), (line, unknown), "{text}: {error}");
    }
    let deep = format!("def assignment(p, d):\n    return {}p{}\n", "(".repeat(99), ")".repeat(99));
    assert!(Script::read(&deep).is_err());
    let long = format!("def assignment(p, d):\n    return [{}]\n", "-".repeat(999) + "1");
    assert!(Script::read(&long).is_err());
    let large = format!("def assignment(p, d):\n    return p\n{}", "#".repeat(70_000));
    assert!(Script::read(&large).is_err());
}

#[test]
fn the_canonical_form_forgets_names_layout_and_dead_code() {
    let canonical = |text: &str| Script::read(text).expect(text).canonical();
    let first = canonical("def assignment(p, d):\n    x = 2 * 3\n    return [x]\n");
    let same = "# a comment\ndef assignment(a, b):\n  \"\"\"Words.\"\"\"\n  y = 6\n\n  \
                return [y]\n  pass\n  y = 4\n";
    assert_eq!(first, canonical(same));
    assert_ne!(first, canonical("def assignment(p, d):\n    x = 7\n    return [x]\n"));
}
