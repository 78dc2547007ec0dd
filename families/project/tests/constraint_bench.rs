//! The benchmark of feasibility: its generator, judge, prompts and reader of answers.
//!
//! **Source:** Jain, Wetter 2025 (arXiv 2508.15204); acceptance is ours.

use ordine_base::Seed;
use ordine_project::constraint_bench::answer::{Coercion, Entry};
use ordine_project::constraint_bench::faithfulness::{Statement, faithfulness};
use ordine_project::constraint_bench::faults::with_fault;
use ordine_project::constraint_bench::tools::conflict;
use ordine_project::constraint_bench::tracks::{
    Constraint, CoreVerdict, has_schedule, judge_core, only, without_schedule,
};
use ordine_project::constraint_bench::{
    Answer, BenchInstance, Class, Dropped, Kind, LEVELS, Mode, Order, Phase, Rendering, Sees,
    Tightness, Variant, generate, generate_domain, lower, lower_without, prompt, read_answer,
    read_prompt, serial, transitive_reduction, violations,
};

fn instances() -> Vec<BenchInstance> {
    let mut all = Vec::new();
    for phase in Phase::RAMP {
        for level in [5, 30, 60] {
            let made = generate(Seed::new(1), phase, level, 0, Tightness::NORMAL, false);
            all.push(made.expect("every level of the ramp can be reached"));
        }
    }
    all.push(generate_domain(Seed::new(1), 24, 0, Tightness::NORMAL));
    all
}

fn hidden(instance: &BenchInstance) -> Answer {
    Answer::of_starts(instance, instance.hidden.as_deref().expect("generated with a schedule"))
}

#[test]
fn hidden_schedules_are_feasible_and_levels_have_their_edges() {
    for instance in instances() {
        assert_eq!(violations(&instance, &hidden(&instance)), [], "{}", instance.id);
        if instance.phase != Phase::Domain {
            assert_eq!(instance.precedence.len(), instance.level as usize, "{}", instance.id);
        }
    }
    for level in LEVELS {
        let made = generate(Seed::new(3), Phase::Capacity, level, 1, Tightness::NORMAL, true);
        let instance = made.expect("every level can be reached strictly");
        let reduced = transitive_reduction(&instance);
        assert_eq!((reduced.len(), reduced), (level as usize, instance.precedence.clone()));
    }
}

#[test]
fn the_same_seed_gives_the_same_lines_and_lines_read_back() {
    let lines = || instances().iter().map(BenchInstance::line).collect::<String>();
    assert_eq!(lines(), lines());
    assert_eq!(BenchInstance::read_lines(&lines()).expect("valid"), instances());
    assert!(!instances()[0].public().line().contains("hidden"));
    let broken = instances()[0].line().replacen("\"cap\":", "\"cap\":-", 1);
    assert!(BenchInstance::read_lines(&broken).is_err());
}

#[test]
fn every_kind_of_fault_is_reported_as_what_it_is() {
    let mut stream = Seed::new(2).stream("faults");
    for instance in instances() {
        let starts = instance.hidden.clone().expect("generated with a schedule");
        for kind in Kind::ALL {
            let Some(answer) = with_fault(&instance, &starts, kind, &mut stream) else { continue };
            let found = violations(&instance, &answer);
            assert!(found.iter().any(|it| it.kind == kind), "{kind:?} {}: {found:?}", instance.id);
        }
    }
}

/// The judge once more, unit of time by unit of time.
fn is_feasible_slowly(instance: &BenchInstance, starts: &[i64]) -> bool {
    let place = |id: i64| instance.place_of(id).expect("a task");
    let end = |task: usize| starts[task] + instance.tasks[task].duration;
    let runs = |task: usize, time: i64| starts[task] <= time && time < end(task);
    let all = 0..starts.len();
    let windows = all.clone().all(|task| {
        let data = &instance.tasks[task];
        starts[task] >= data.release && end(task) <= data.deadline.min(instance.horizon)
    });
    let order =
        instance.precedence.iter().all(|[one, two]| end(place(*one)) <= starts[place(*two)]);
    windows
        && order
        && (0..instance.horizon).all(|time| {
            let pairs = instance.disjoint.iter();
            let apart = pairs
                .clone()
                .all(|[one, two]| !(runs(place(*one), time) && runs(place(*two), time)));
            let resources = instance.resources.iter().enumerate();
            apart
                && resources.clone().all(|(column, resource)| {
                    let running = all.clone().filter(|&task| runs(task, time));
                    let usage: i64 = running.map(|it| instance.tasks[it].demand[column]).sum();
                    let down = resource.down.iter().any(|it| it[0] <= time && time < it[1]);
                    usage <= if down { 0 } else { resource.capacity }
                })
        })
}

#[test]
fn the_judge_agrees_with_one_that_counts_time_units() {
    let mut stream = Seed::new(4).stream("moves");
    let (mut feasible, mut infeasible) = (0, 0);
    for instance in instances() {
        for _ in 0..20 {
            let mut starts = instance.hidden.clone().expect("generated with a schedule");
            for _ in 0..stream.below(3) {
                let task = stream.below(starts.len());
                starts[task] = (starts[task] + stream.below(5) as i64 - 2).max(0);
            }
            let fast = violations(&instance, &Answer::of_starts(&instance, &starts)).is_empty();
            assert_eq!(fast, is_feasible_slowly(&instance, &starts), "{} {starts:?}", instance.id);
            *(if fast { &mut feasible } else { &mut infeasible }) += 1;
        }
    }
    assert!(feasible > 20 && infeasible > 20, "{feasible} and {infeasible}");
}

#[test]
fn huge_starts_are_judged_without_harm() {
    let instance = &instances()[11];
    let starts = vec![i64::MAX; instance.tasks.len()];
    let found = violations(instance, &Answer::of_starts(instance, &starts));
    assert!(found.iter().any(|it| it.kind == Kind::Deadline), "{found:?}");
}

#[test]
fn what_generation_sees_decides_what_it_breaks() {
    let instance = &instances()[11];
    let naive = serial(instance, Order::Number, Sees::CAPACITY);
    let kinds = |starts: &[i64]| -> Vec<Kind> {
        let found = violations(instance, &Answer::of_starts(instance, starts));
        found.into_iter().map(|it| it.kind).collect()
    };
    assert!(!kinds(&naive).contains(&Kind::Capacity) && !kinds(&naive).is_empty());
    let greedy = serial(instance, Order::Deadline, Sees::ALL);
    assert!(kinds(&greedy).iter().all(|kind| *kind == Kind::Deadline));
}

#[test]
fn prompts_read_back_in_every_rendering_and_variant() {
    for instance in instances() {
        for variant in Variant::ALL {
            let changed = variant.apply(&instance);
            assert_eq!(violations(&changed, &hidden(&changed)), [], "{variant:?}");
            for rendering in Rendering::ALL {
                let said = prompt(&changed, rendering, Mode::Direct, variant);
                let mut read = read_prompt(&said.user, rendering).expect("our own words");
                assert!(
                    (said.user.len() + said.system.len()) / 3 < 6_000 || changed.tasks.len() > 30
                );
                if rendering == Rendering::Story {
                    read.tasks.iter_mut().zip(&changed.tasks).for_each(|(it, told)| {
                        assert!(it.name.is_some());
                        it.name.clone_from(&told.name);
                    });
                    read.resources.iter_mut().zip(&changed.resources).for_each(|(it, told)| {
                        it.name.clone_from(&told.name);
                    });
                }
                let (phase, level, seed) = (changed.phase, changed.level, changed.seed);
                let read = BenchInstance { phase, level, seed, ..read };
                assert_eq!(read, changed.public(), "{variant:?} {rendering:?}");
            }
        }
    }
    let torn = "Resource 0 has a capacity of many.";
    assert!(read_prompt(torn, Rendering::Sentences).is_err());
}

#[test]
fn a_problem_is_faithful_to_itself_and_lacks_exactly_what_was_dropped() {
    let instance = &instances()[11];
    let whole = faithfulness(instance, &lower(instance).expect("acyclic"));
    assert!(whole.values().all(|it| it.missing + it.invented + it.altered == 0), "{whole:?}");
    for (dropped, lacking) in [
        (Dropped::Precedence, &[Statement::Precedence][..]),
        (Dropped::Capacity, &[Statement::Capacity]),
        (Dropped::Downtime, &[Statement::Downtime]),
        (Dropped::Windows, &[Statement::Release, Statement::Deadline]),
        (Dropped::Disjunctive, &[Statement::Disjunctive]),
    ] {
        let written = lower_without(instance, dropped).expect("acyclic");
        for (statement, comparison) in faithfulness(instance, &written) {
            let is_whole = comparison.recall() >= 1.0;
            assert_eq!(is_whole, !lacking.contains(&statement), "{dropped:?} {statement:?}");
        }
    }
}

#[derive(serde::Deserialize)]
struct StoredReply {
    text: String,
    class: Class,
    coercions: Vec<Coercion>,
    entries: Vec<(i64, i64)>,
}

#[test]
fn stored_replies_fall_into_their_classes() {
    for line in include_str!("../../../benches/lists/replies.jsonl").lines() {
        let stored: StoredReply = serde_json::from_str(line).expect("a stored reply");
        let answer = read_answer(&stored.text, false);
        let found = (answer.class, &answer.coercions);
        assert_eq!(found, (stored.class, &stored.coercions), "{}", stored.text);
        let both = answer.entries.iter().filter_map(|it| Some((it.task?, it.start?)));
        assert_eq!(both.collect::<Vec<_>>(), stored.entries, "{}", stored.text);
    }
}

#[test]
fn what_is_no_start_is_a_mistake_of_format_and_nothing_is_guessed() {
    let text = "{\"schedule\":[{\"task\":1,\"start\":1.5},{\"task\":99,\"start\":0},\
                {\"task\":2,\"start\":\"soon\"},{\"task\":3},7,{\"task\":4,\"start\":-1}]}";
    let answer = read_answer(text, false);
    let instance = &instances()[0];
    let found = violations(instance, &answer);
    let format: Vec<_> = found.iter().filter(|it| it.kind == Kind::Format).collect();
    assert_eq!(format.len(), 6, "{format:?}");
    let entry = Entry { task: Some(1), start: None, words: "1.5".to_owned() };
    assert_eq!(answer.entries[0], entry);
    let drafts =
        "{\"schedule\":[{\"task\":1,\"start\":0}]} no: {\"schedule\":[{\"task\":1,\"start\":9}]}";
    assert_eq!(read_answer(drafts, true).entries[0].start, Some(9));
}

#[test]
fn random_bytes_never_harm_the_reader() {
    let mut stream = Seed::new(6).stream("bytes");
    let letters = b"{}[]\",:0123456789 taskstartschedule|-.\n/*\\`\xff\xc3";
    for _ in 0..2_000 {
        let length = stream.below(120);
        let bytes: Vec<u8> = (0..length).map(|_| letters[stream.below(letters.len())]).collect();
        let _ = read_answer(&String::from_utf8_lossy(&bytes), stream.chance(0.5));
    }
}

#[test]
fn a_core_is_right_when_it_is_a_conflict_and_nothing_of_it_is_needless() {
    let mut stream = Seed::new(9).stream("cores");
    let base = &instances()[10];
    let instance = without_schedule(base, &mut stream);
    assert_eq!(has_schedule(&instance), Some(false));
    let core = conflict(&instance).expect("acyclic").expect("within the budget");
    assert!(!core.is_empty());
    // The chain of predecessors to the deadline, found by hand: drop what is not needed.
    let deadlines = instance.tasks.iter().zip(&base.tasks).filter(|(new, old)| new != old);
    let mut named: Vec<Constraint> =
        deadlines.map(|(task, _)| Constraint::Deadline(task.id)).collect();
    named.extend(instance.precedence.iter().map(|it| Constraint::Precedence(it[0], it[1])));
    let CoreVerdict::Larger(_) = judge_core(&instance, &named) else {
        panic!("all precedences are more than a minimal conflict");
    };
    for constraint in named.clone() {
        let rest: Vec<Constraint> = named.iter().copied().filter(|it| *it != constraint).collect();
        if has_schedule(&only(&instance, &rest)) == Some(false) {
            named = rest;
        }
    }
    assert_eq!(judge_core(&instance, &named), CoreVerdict::Right);
    assert_eq!(judge_core(&instance, &named[1..]), CoreVerdict::NoConflict);
    for constraint in named {
        assert_eq!(constraint.to_string().parse(), Ok(constraint));
    }
}
