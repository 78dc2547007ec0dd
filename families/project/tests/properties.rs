//! What is written is read back; no mutation of a good file brings the reader down.
//!
//! **Source:** Zeller, Gopinath, Böhme, Fraser, Holler (The Fuzzing Book), mutation-based fuzzing.

use ordine_base::{Demand, Seed, Stream, Ticks, Time};
use ordine_project::io::FORMATS;
use ordine_project::{Activity, ActivityMode, Flow, ProjectInstance, StartLag, lower, raise};
use ordine_wire::{DIAGNOSTICS_MAX, read_one};
use std::path::PathBuf;

/// A project that the format has words for.
fn random_project(format: &str, stream: &mut Stream) -> ProjectInstance {
    let (is_psplib, is_cpr) = (format == "psplib", format == "cpr");
    let mut amounts = |most: usize| -> Vec<Demand> {
        (0..stream.below(most + 1)).map(|_| Demand::new(5 + stream.below(5) as i64)).collect()
    };
    let renewables = amounts(2);
    let nonrenewables = amounts(is_psplib.into());
    let reservoirs = amounts(2 * usize::from(is_cpr));
    let resources = renewables.len() + nonrenewables.len();
    let count = 2 + stream.below(6);
    let end = |number: usize| is_cpr && (number == 0 || number == count - 1);
    let amount = |stream: &mut Stream| Demand::new(stream.below(6) as i64);
    let mode = |number: usize, stream: &mut Stream| ActivityMode {
        duration: Ticks::new(if end(number) { 0 } else { stream.below(9) as i64 }),
        demands: (0..resources).map(|_| amount(stream)).collect(),
    };
    let flow = |number: usize, stream: &mut Stream| match end(number) {
        true => Flow::default(),
        false => Flow { consumed: amount(stream), produced: amount(stream) },
    };
    let activity = |number: usize, stream: &mut Stream| {
        let (mut successors, mut lags) = (Vec::new(), Vec::new());
        for other in (0..count).filter(|other| *other != number) {
            let present = stream.chance(0.3);
            match format {
                _ if !present => {}
                // Backwards as well: long behind, where a cycle cannot be positive.
                "progen-max" => {
                    let least = if other > number { -3 } else { -90 };
                    let lag = Ticks::new(least + stream.below(9) as i64);
                    lags.push(StartLag { other, lag });
                }
                _ if other > number => successors.push(other),
                _ => {}
            }
        }
        let modes = if is_psplib { 1 + stream.below(3) } else { 1 };
        Activity {
            successors,
            lags,
            flows: reservoirs.iter().map(|_| flow(number, stream)).collect(),
            modes: (0..modes).map(|_| mode(number, stream)).collect(),
        }
    };
    let activities = (0..count).map(|number| activity(number, stream)).collect();
    let release = Time::new(if is_psplib { stream.below(4) as i64 } else { 0 });
    let name = "random".to_owned();
    ProjectInstance { name, release, renewables, nonrenewables, reservoirs, activities }
}

#[test]
fn random_projects_are_read_back_equal() {
    let mut stream = Seed::new(21).stream("projects");
    for format in FORMATS {
        let about = format.about();
        for _ in 0..1000 {
            let project = random_project(about.name, &mut stream);
            let problem = lower(&project).expect("valid");
            assert_eq!(raise(&problem), Ok(project.clone()));
            let written = format.write(&problem).expect("a project can be written");
            let file = format!("random.{}", about.extensions[0]);
            let again = read_one(written.as_bytes(), &file, FORMATS)
                .unwrap_or_else(|error| panic!("{written}\n{error}"));
            assert_eq!(again.format.about().name, about.name, "{written}");
            assert_eq!(raise(&again.problem), Ok(project), "{written}");
        }
    }
}

/// Changes one thing about a text that stays near to a valid one.
fn mutate(bytes: &mut Vec<u8>, stream: &mut Stream) {
    let lines = |bytes: &[u8]| bytes.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
    let place = stream.below(bytes.len() + 1);
    match stream.below(7) {
        0 if place < bytes.len() => bytes[place] ^= 1 << stream.below(8),
        1 if place < bytes.len() => drop(bytes.remove(place)),
        2 => bytes.insert(place, b"0123456789 -.\n:R*\0"[stream.below(18)]),
        3 => bytes.truncate(place),
        4 => {
            let mut all: Vec<Vec<u8>> = lines(bytes);
            let (one, other) = (stream.below(all.len()), stream.below(all.len()));
            match stream.below(3) {
                0 => all.swap(one, other),
                1 => all[one] = all[other].clone(),
                _ => drop(all.remove(one)),
            }
            *bytes = all.join(&b'\n');
        }
        _ => {
            let numbers = ["-1", "0", "1", "7", "4194304", "1099511627776", "9223372036854775808"];
            let is_digit = |at: &usize| bytes[*at].is_ascii_digit();
            let Some(start) = (place..bytes.len()).find(is_digit) else { return };
            let end = (start..bytes.len()).find(|at| !is_digit(at)).unwrap_or(bytes.len());
            let number = numbers[stream.below(numbers.len())];
            bytes.splice(start..end, number.bytes());
        }
    }
}

#[test]
fn forty_thousand_mutations_of_good_files_are_read_or_refused() {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let mut good: Vec<Vec<u8>> = ["j301_1.sm", "j1010_1.mm"]
        .map(|file| std::fs::read(data.join(file)).expect("the file is in data/"))
        .to_vec();
    let mut stream = Seed::new(22).stream("mutations");
    for format in FORMATS.iter().cycle().take(32) {
        let problem = lower(&random_project(format.about().name, &mut stream)).expect("valid");
        good.push(format.write(&problem).expect("a project can be written").into_bytes());
    }
    let mut read = 0;
    for round in 0..40_000 {
        let mut bytes = good[round % good.len()].clone();
        for _ in 0..=stream.below(3) {
            mutate(&mut bytes, &mut stream);
        }
        match read_one(&bytes, "x.sm", FORMATS) {
            Ok(found) => {
                assert!(found.problem.tasks().len() <= bytes.len());
                read += 1;
            }
            Err(errors) => {
                assert!(errors.all().len() <= DIAGNOSTICS_MAX);
                assert!(errors.to_string().len() < 1000 * DIAGNOSTICS_MAX, "{errors}");
            }
        }
    }
    assert!((1000..39_000).contains(&read), "{read} mutations were still valid");
}
