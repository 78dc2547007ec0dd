//! What is written in a format is read back equal, names aside: all formats, all samples.
//!
//! **Source:** the contract of `Format::write`.

use ordine_problem::{Problem, Resource, Setup, Task};
use ordine_registry::formats;
use ordine_wire::{Diagnostics, Found, Item, Request, read_problems};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::ControlFlow;
use std::path::Path;

/// Texts in formats of which no file lives with the project.
const SMALL: [(&str, &str, &str); 5] = [
    ("flow-shop-tardiness", "late.txt", "3\n2\n2 4 9\n1 2\n3 4\n5 6\n"),
    ("fjs-matrix", "matrix.txt", "2\n3\n1 2\n1 2 0\n3 0 5\n5 6 7\n"),
    ("cpr", "tank.rcp", "4 1 1\n2 3\n0 0 0 0 2 2 3\n3 1 2 0 1 4\n2 2 0 4 1 4\n0 0 0 0 0\n"),
    ("open-shop", "open.txt", "2 3\n1 2 3\n4 5 6\n"),
    ("smtt", "late.txt", "1\n3 7\n4 2 9\n5 6 -1\n"),
];

/// What a text is read as.
fn read(name: &str, bytes: &[u8], format: Option<&str>) -> Result<Found, Diagnostics> {
    let formats = formats();
    let request = Request { name, selector: None, format, formats: &formats };
    let mut found = None;
    read_problems(&request, &mut &bytes[..], &mut |item| {
        found = Some(match item {
            Item::Found(found) => Ok(*found),
            Item::Bad(diagnostics) => Err(diagnostics),
            Item::Skipped(diagnostic) => Err(diagnostic.into()),
        });
        ControlFlow::Break(())
    });
    found.expect("at least one item is given")
}

/// All instances that live with the project, and the small texts.
fn samples() -> Vec<Found> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let families = ["machines", "project", "shop"].map(|it| format!("families/{it}/tests/data"));
    let folders = ["data", "data/models", "crates/wire/tests"].map(str::to_owned);
    let mut samples = Vec::new();
    for folder in folders.into_iter().chain(families) {
        let folder = std::fs::read_dir(root.join(folder)).expect("the folder is there");
        let mut paths: Vec<_> = folder.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let extension = name.rsplit('.').next().unwrap_or_default();
            let is_text = name.contains("LICENSE") || ["md", "rs"].contains(&extension);
            let is_no_instance = ["pocket-schedule.json", "ft06-positions.txt"];
            if path.is_file() && !is_text && !is_no_instance.contains(&name.as_str()) {
                let bytes = std::fs::read(&path).expect("a file");
                samples.push(read(&name, &bytes, None).unwrap_or_else(|error| panic!("{error}")));
            }
        }
    }
    samples.extend(SMALL.map(|(format, name, text)| {
        read(name, text.as_bytes(), Some(format)).unwrap_or_else(|error| panic!("{error}"))
    }));
    samples
}

/// Everything that two problems must have in common, names aside.
fn parts(problem: &Problem) -> Vec<(&'static str, String)> {
    fn all<T: Debug>(parts: impl Iterator<Item = T>) -> String {
        parts.map(|part| format!("{part:?}\n")).collect()
    }
    let no_name = String::new;
    let task = |id| Task { name: no_name(), ..problem.task(id).clone() };
    let resource = |id| Resource { name: no_name(), ..problem.resource(id).clone() };
    let job = |id| ordine_problem::Job { name: no_name(), ..problem.job(id).clone() };
    let setup = |setup: &Setup| Setup { name: no_name(), ..setup.clone() };
    let calendar = |it: &ordine_problem::Calendar| (it.first, it.steps.clone(), it.period);
    let modes = problem.tasks().flat_map(|task| problem.modes(task));
    let mode = |id| {
        let mode = problem.mode(id);
        (mode.task, mode.duration, problem.requirements(id), problem.stock_changes(id))
    };
    vec![
        ("tasks", all(problem.tasks().map(task))),
        ("modes", all(modes.map(mode))),
        ("resources", all(problem.resources().map(resource))),
        ("jobs", all(problem.jobs().map(job))),
        ("precedences", all(problem.precedences().values())),
        ("selections", all(problem.selections().iter())),
        ("spans", all(problem.spans().iter())),
        ("holds", all(problem.holds().iter())),
        ("same sequences", all(problem.same_sequences().iter())),
        ("mode relations", all(problem.mode_relations().iter())),
        ("setups", all(problem.setups().values().map(setup))),
        ("calendars", all(problem.calendars().values().map(calendar))),
        ("families", problem.families().len().to_string()),
        ("objective", problem.objective().to_string()),
        ("present", problem.now().to_string()),
        ("swaps", problem.swaps_allowed().to_string()),
    ]
}

#[test]
fn whatever_is_written_is_read_back_equal_in_every_format() {
    let mut written: BTreeMap<&str, usize> = BTreeMap::new();
    for sample in samples() {
        let own = sample.format.about().name;
        let expected = parts(&sample.problem);
        for format in formats() {
            let name = format.about().name;
            let text = match format.write_scaled(&sample.problem, &sample.scale) {
                Ok(text) => text,
                Err(error) => {
                    assert_ne!(name, own, "{}: {error}", sample.source);
                    continue;
                }
            };
            // The file bears the name of the instance, which some formats take from it.
            let extension = format.about().extensions.first().unwrap_or(&"txt");
            let file = format!("{}.{extension}", sample.problem.name());
            let again = read(&file, text.as_bytes(), Some(name));
            let again = again.unwrap_or_else(|error| panic!("{}: {error}", sample.source));
            for (before, after) in expected.iter().zip(parts(&again.problem)) {
                assert_eq!(*before, after, "{} as {name}:\n{text}", sample.source);
            }
            if name == own || name == "json" {
                assert!(again.problem == sample.problem, "{} as {name}", sample.source);
            }
            *written.entry(name).or_default() += 1;
        }
    }
    for format in formats() {
        assert!(written.contains_key(format.about().name), "{format:?} was never written");
    }
}

#[test]
fn every_reader_tells_the_line_of_every_mistake() {
    let broken = [
        "",
        "\n\n# a note\n",
        "2 2\n0 1 1 x\n",
        "2\n2\n2\n",
        "{}",
        "{\"format\":\"ordine/problem/1\"}",
        "task,duration\na,b\n",
        "1 1\n0 1099511627776\n0 1099511627776\n",
        "\u{202e}\n-1 -1\n",
        "1 2 3 4 5 6 7 8 9\n",
        "3\n1099511627776\n1099511627776\n1099511627776\n",
    ];
    for text in broken {
        for format in formats() {
            let name = format.about().name;
            for forced in [None, Some(name)] {
                let Err(diagnostics) = read("x.txt", text.as_bytes(), forced) else { continue };
                for it in diagnostics.all() {
                    assert!(it.line.is_some(), "{forced:?}, {text:?}: {it}");
                    assert!(!it.found.is_empty() && !it.hint.is_empty(), "{text:?}: {it}");
                }
            }
        }
    }
}
