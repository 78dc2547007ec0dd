//! What is written is read back; no mutation of a good file brings the reader down.
//!
//! **Source:** Zeller, Gopinath, Böhme, Fraser, Holler (The Fuzzing Book), mutation-based fuzzing.

use ordine_base::{Demand, Seed, Stream, Ticks, Time};
use ordine_project::io::FORMATS;
use ordine_project::{Activity, ActivityMode, ProjectInstance, lower, raise};
use ordine_wire::{DIAGNOSTICS_MAX, read_one};
use std::path::PathBuf;

fn random_project(stream: &mut Stream) -> ProjectInstance {
    let mut amounts = |count: usize| -> Vec<Demand> {
        (0..count).map(|_| Demand::new(5 + stream.below(5) as i64)).collect()
    };
    let (renewables, nonrenewables) = (amounts(2), amounts(1));
    let (renewables, nonrenewables) =
        (renewables[..stream.below(3)].to_vec(), nonrenewables[..stream.below(2)].to_vec());
    let resources = renewables.len() + nonrenewables.len();
    let count = 1 + stream.below(7);
    let mode = |stream: &mut Stream| ActivityMode {
        duration: Ticks::new(stream.below(9) as i64),
        demands: (0..resources).map(|_| Demand::new(stream.below(6) as i64)).collect(),
    };
    let activity = |number: usize, stream: &mut Stream| Activity {
        successors: (number + 1..count).filter(|_| stream.chance(0.3)).collect(),
        modes: (0..=stream.below(3)).map(|_| mode(stream)).collect(),
    };
    let activities = (0..count).map(|number| activity(number, stream)).collect();
    let release = Time::new(stream.below(4) as i64);
    ProjectInstance { name: "random".to_owned(), release, renewables, nonrenewables, activities }
}

#[test]
fn random_projects_are_read_back_equal() {
    let mut stream = Seed::new(21).stream("projects");
    for _ in 0..2000 {
        let project = random_project(&mut stream);
        let problem = lower(&project).expect("valid");
        assert_eq!(raise(&problem), Ok(project));
        let written = FORMATS[0].write(&problem).expect("a project can be written");
        let again = read_one(written.as_bytes(), "random.sm", FORMATS)
            .unwrap_or_else(|error| panic!("{written}\n{error}"));
        assert!(again.problem == problem, "{written}");
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
    for _ in 0..20 {
        let problem = lower(&random_project(&mut stream)).expect("valid");
        good.push(FORMATS[0].write(&problem).expect("a project can be written").into_bytes());
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
