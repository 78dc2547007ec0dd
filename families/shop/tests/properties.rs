//! What is written is read back; no mutation of a good file brings a reader down.
//!
//! **Source:** Zeller, Gopinath, Böhme, Fraser, Holler (The Fuzzing Book), mutation-based fuzzing.

use ordine_base::{Seed, Stream, Ticks};
use ordine_shop::io::FORMATS;
use ordine_shop::{Choice, Operation, ShopInstance, ShopJob, lower, raise};
use ordine_wire::{DIAGNOSTICS_MAX, Text, read_one};
use std::path::PathBuf;

fn random_shop(stream: &mut Stream, choices_max: usize) -> ShopInstance {
    let machines = 1 + stream.below(4);
    let choice = |stream: &mut Stream| {
        Choice::on(stream.below(machines), Ticks::new(stream.below(20) as i64))
    };
    let operation = |stream: &mut Stream| Operation {
        choices: (0..=stream.below(choices_max)).map(|_| choice(stream)).collect(),
    };
    let job = |stream: &mut Stream| {
        ShopJob::of((0..=stream.below(4)).map(|_| operation(stream)).collect())
    };
    let jobs = (0..=stream.below(4)).map(|_| job(stream)).collect();
    let name = "random".to_owned();
    ShopInstance { name, machines, jobs, ..ShopInstance::default() }
}

#[test]
fn random_shops_are_read_back_equal() {
    let mut stream = Seed::new(11).stream("shops");
    for round in 0..2000 {
        let shop = random_shop(&mut stream, if round % 2 == 0 { 1 } else { 3 });
        let problem = lower(&shop).expect("valid");
        assert_eq!(raise(&problem), Ok(shop.clone()));
        for format in FORMATS {
            let Ok(written) = format.write(&problem) else { continue };
            let text = Text::new("random.txt", written.as_bytes()).expect("text");
            let again = format.read(&text).unwrap_or_else(|error| panic!("{written}\n{error}"));
            assert!(again == problem, "{written}");
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
        2 => bytes.insert(place, b"0123456789 -.\n#x\xff\0"[stream.below(18)]),
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
    let good: Vec<Vec<u8>> = ["ft06.txt", "la01.txt", "mk01.fjs"]
        .map(|file| std::fs::read(data.join(file)).expect("the file is in data/"))
        .into_iter()
        .chain([b"2 3\n0 3 1 2 0 5 -1 -1\n1 4 -1 -1\n".to_vec(), b"1 1\n1 1 1 3\n".to_vec()])
        .collect();
    let mut stream = Seed::new(12).stream("mutations");
    let mut read = 0;
    for round in 0..40_000 {
        let mut bytes = good[round % good.len()].clone();
        for _ in 0..=stream.below(3) {
            mutate(&mut bytes, &mut stream);
        }
        let name = ["x.txt", "x.fjs", "x"][stream.below(3)];
        match read_one(&bytes, name, FORMATS) {
            Ok(found) => {
                assert!(found.problem.tasks().len() <= bytes.len());
                assert!(found.problem.resources().len() <= bytes.len().max(1000));
                read += 1;
            }
            Err(errors) => {
                assert!(errors.all().len() <= DIAGNOSTICS_MAX);
                assert!(errors.to_string().len() < 500 * DIAGNOSTICS_MAX, "{errors}");
            }
        }
    }
    assert!((1000..39_000).contains(&read), "{read} mutations were still valid");
}
