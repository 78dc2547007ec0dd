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

/// A line of `count` numbers from `least` on.
fn line(stream: &mut Stream, count: usize, least: usize) -> String {
    let numbers = (0..count).map(|_| (least + stream.below(20)).to_string());
    numbers.collect::<Vec<_>>().join(" ") + "\n"
}

fn lines(stream: &mut Stream, rows: usize, count: usize) -> String {
    (0..rows).map(|_| line(stream, count, 0)).collect()
}

/// A random text of a format with tables, or with workers.
fn random_text(format: &str, stream: &mut Stream) -> String {
    let (jobs, machines) = (1 + stream.below(4), 1 + stream.below(4));
    let head = match format {
        "flow-shop" | "open-shop" | "distributed-flow-shop" => format!("{jobs} {machines}\n"),
        "fjs-workers" => format!("{jobs} 3 3 1.5\n"),
        _ => format!("{jobs}\n{machines}\n"),
    };
    let body = match format {
        "flow-shop-setup" => lines(stream, jobs, machines) + &lines(stream, jobs * machines, jobs),
        "flow-shop-tardiness" => line(stream, jobs, 0) + &lines(stream, jobs, machines),
        "hybrid-flow-shop" => line(stream, machines, 1) + &lines(stream, jobs, machines),
        "fjs-matrix" => {
            let counts: Vec<usize> = (0..jobs).map(|_| 1 + stream.below(3)).collect();
            let head = counts.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
            let rows = (0..counts.iter().sum()).map(|_| line(stream, machines, 1));
            head + "\n" + &rows.collect::<String>()
        }
        "distributed-flow-shop" => {
            let pair =
                |machine: usize, stream: &mut Stream| format!("{machine} {}", stream.below(20));
            let row = |stream: &mut Stream| {
                let pairs: Vec<String> = (0..machines).map(|it| pair(it, stream)).collect();
                pairs.join(" ") + "\n"
            };
            line(stream, 1, 1) + &(0..jobs).map(|_| row(stream)).collect::<String>()
        }
        "fjs-workers" => {
            // An operation on machines 2 and 3: one worker on the first, two on the other.
            let operation = |stream: &mut Stream| {
                let worker = 1 + stream.below(3);
                format!(" 2 2 1 {worker} {} 3 2 1 {} 3 7", stream.below(20), stream.below(20))
            };
            let row = |stream: &mut Stream| {
                let count = 1 + stream.below(3);
                let operations = (0..count).map(|_| operation(stream)).collect::<String>();
                format!("{count}{operations}\n")
            };
            (0..jobs).map(|_| row(stream)).collect()
        }
        _ => lines(stream, jobs, machines),
    };
    head + &body
}

#[test]
fn random_texts_of_every_shop_are_written_and_read_back_equal() {
    let mut stream = Seed::new(13).stream("texts");
    for format in FORMATS {
        if ["jsplib", "fjs"].contains(&format.about().name) {
            continue;
        }
        for _ in 0..200 {
            let text = random_text(format.about().name, &mut stream);
            let read = |text: &str| {
                let text = Text::new("random.txt", text.as_bytes()).expect("text");
                format.read(&text).unwrap_or_else(|error| panic!("{}\n{error}", text.content()))
            };
            let problem = read(&text);
            let written = format.write(&problem).unwrap_or_else(|error| panic!("{text}\n{error}"));
            assert!(read(&written) == problem, "{text}\n{written}");
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

/// The files beside the tests.
fn beside() -> Vec<Vec<u8>> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    ["ta001_20x5.txt", "Ta002_2.txt", "Fattahi1.fjsw", "gp03-01.txt", "hfsp-361.txt"]
        .map(|file| std::fs::read(data.join(file)).expect("the file lies beside the test"))
        .into_iter()
        .chain(tables().map(|text| text.as_bytes().to_vec()))
        .collect()
}

/// A flow shop with setups, one with due times, and a matrix of choices.
fn tables() -> [&'static str; 3] {
    [
        "2\n2\n3 4\n2 5\n0 7\n0 3\n9 0\n1 1\n",
        "2\n3\n9 8\n3 4 5\n1 2 3\n",
        "2\n3\n2 1\n0 4 5\n1 0 3\n1 1 0\n",
    ]
}

#[test]
fn forty_thousand_mutations_of_good_files_are_read_or_refused() {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let good: Vec<Vec<u8>> = ["ft06.txt", "la01.txt", "mk01.fjs"]
        .map(|file| std::fs::read(data.join(file)).expect("the file is in data/"))
        .into_iter()
        .chain(beside())
        .chain([b"2 3\n0 3 1 2 0 5 -1 -1\n1 4 -1 -1\n".to_vec(), b"1 1\n1 1 1 3\n".to_vec()])
        .collect();
    let mut stream = Seed::new(12).stream("mutations");
    let mut read = 0;
    for round in 0..40_000 {
        let mut bytes = good[round % good.len()].clone();
        for _ in 0..=stream.below(3) {
            mutate(&mut bytes, &mut stream);
        }
        let name = ["x.txt", "x.fjs", "x.fjsw"][stream.below(3)];
        match read_one(&bytes, name, FORMATS) {
            Ok(found) => {
                assert!(found.problem.tasks().len() <= bytes.len());
                assert!(found.problem.mode_count() <= bytes.len().max(1000) * 1000);
                assert!(found.problem.resources().len() <= bytes.len().max(1000) * 1000);
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
