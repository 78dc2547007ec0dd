//! What is written is read back; no mutation of a good file brings a reader down; tiny instances
//! are solved as enumeration solves them.
//!
//! **Source:** Zeller, Gopinath, Böhme, Fraser, Holler (The Fuzzing Book), mutation-based fuzzing.

use ordine_base::{Seed, Stream, Ticks, Time};
use ordine_machines::io::FORMATS;
use ordine_machines::{Criterion, MachineJob, MachinesInstance, lower, raise};
use ordine_solve::solve;
use ordine_wire::{DIAGNOSTICS_MAX, read_one};

fn random_instance(criterion: Criterion, jobs: usize, stream: &mut Stream) -> MachinesInstance {
    let late = criterion != Criterion::Makespan;
    let machines = if late { 1 } else { 1 + stream.below(3) };
    let job = |stream: &mut Stream| {
        let durations = (0..machines).map(|_| Ticks::new(stream.below(20) as i64)).collect();
        let plain = MachineJob::lasting(durations);
        let weight =
            if criterion == Criterion::TotalTardiness { 1 } else { stream.below(10) as i64 };
        let due = Some(Time::new(stream.below(30) as i64 - 3));
        if late { MachineJob { weight, due, ..plain } } else { plain }
    };
    let jobs = (0..jobs).map(|_| job(stream)).collect();
    MachinesInstance { name: "random".to_owned(), machines, jobs, criterion }
}

/// By format, a criterion that it has words for.
const CRITERIA: [Criterion; 4] = [
    Criterion::Makespan,
    Criterion::WeightedTardiness,
    Criterion::TotalTardiness,
    Criterion::TotalTardiness,
];

#[test]
fn random_instances_are_read_back_equal() {
    let mut stream = Seed::new(23).stream("instances");
    for (format, criterion) in FORMATS.iter().zip(CRITERIA) {
        for round in 0..500 {
            let instance = random_instance(criterion, 1 + round % 7, &mut stream);
            let problem = lower(&instance).expect("valid");
            assert_eq!(raise(&problem), Ok(instance.clone()));
            let written = format.write(&problem).expect("the format has words for it");
            let name = match criterion {
                Criterion::Makespan => "random.txt".to_owned(),
                Criterion::TotalTardiness => "random.txt".to_owned(),
                Criterion::WeightedTardiness => format!("random-wt{}.txt", instance.jobs.len()),
            };
            let again = read_one(written.as_bytes(), &name, FORMATS)
                .unwrap_or_else(|error| panic!("{written}\n{error}"));
            let again = raise(&again.problem)
                .map(|it| MachinesInstance { name: "random".to_owned(), ..it });
            assert_eq!(again, Ok(instance), "{written}");
            let other = FORMATS[if criterion == Criterion::Makespan { 1 } else { 0 }];
            assert!(other.write(&problem).is_err());
        }
    }
}

/// Changes one thing about a text that stays near to a valid one.
fn mutate(bytes: &mut Vec<u8>, stream: &mut Stream) {
    let place = stream.below(bytes.len() + 1);
    match stream.below(5) {
        0 if place < bytes.len() => bytes[place] ^= 1 << stream.below(8),
        1 if place < bytes.len() => drop(bytes.remove(place)),
        2 => bytes.insert(place, b"0123456789 -.\n#\0"[stream.below(16)]),
        3 => bytes.truncate(place),
        _ => {
            let numbers = ["-1", "0", "7", "4194304", "1099511627776", "9223372036854775807"];
            let number = numbers[stream.below(numbers.len())];
            let is_digit = |at: &usize| bytes[*at].is_ascii_digit();
            let Some(start) = (place..bytes.len()).find(is_digit) else { return };
            let end = (start..bytes.len()).find(|at| !is_digit(at)).unwrap_or(bytes.len());
            bytes.splice(start..end, number.bytes());
        }
    }
}

#[test]
fn twenty_thousand_mutations_of_good_files_are_read_or_refused() {
    let mut stream = Seed::new(24).stream("mutations");
    let mut read = 0;
    for round in 0..20_000 {
        let (format, criterion) = (FORMATS[round % 4], CRITERIA[round % 4]);
        let problem = lower(&random_instance(criterion, 4, &mut stream)).expect("valid");
        let mut bytes = format.write(&problem).expect("words for it").into_bytes();
        for _ in 0..=stream.below(3) {
            mutate(&mut bytes, &mut stream);
        }
        match read_one(&bytes, "wt4.txt", FORMATS) {
            Ok(found) => {
                assert!(found.problem.tasks().len() <= bytes.len());
                read += 1;
            }
            Err(errors) => assert!(errors.all().len() <= DIAGNOSTICS_MAX),
        }
    }
    assert!((500..19_500).contains(&read), "{read} mutations were still valid");
}

/// The least objective over all assignments, in the family's own words.
fn least_makespan(instance: &MachinesInstance) -> i64 {
    let (jobs, machines) = (instance.jobs.len() as u32, instance.machines);
    let makespan = |mut code: usize| {
        let mut loads = vec![0; machines];
        for job in &instance.jobs {
            loads[code % machines] += job.durations[code % machines].get();
            code /= machines;
        }
        loads.into_iter().max().expect("there is a machine")
    };
    (0..machines.pow(jobs)).map(makespan).min().expect("there is an assignment")
}

/// The least objective over all sequences: the last of a set of jobs ends with the set.
fn least_weighted_tardiness(instance: &MachinesInstance) -> i64 {
    let count = instance.jobs.len();
    let mut least = vec![0_i64];
    for set in 1..1_usize << count {
        let of_set = || (0..count).filter(move |job| set >> job & 1 == 1);
        let end: i64 = of_set().map(|job| instance.jobs[job].durations[0].get()).sum();
        let with_last = |last: usize| {
            let job = &instance.jobs[last];
            let due = job.due.expect("each job has a due time").get();
            least[set & !(1 << last)] + job.weight * (end - due).max(0)
        };
        least.push(of_set().map(with_last).min().expect("the set is not empty"));
    }
    least[(1 << count) - 1]
}

#[test]
fn tiny_instances_are_solved_as_enumeration_solves_them() {
    let mut stream = Seed::new(25).stream("tiny");
    for round in 0..40 {
        let criterion = CRITERIA[round % 3];
        let instance = random_instance(criterion, 2 + round % 5, &mut stream);
        let least = match criterion {
            Criterion::Makespan => least_makespan(&instance),
            _ => least_weighted_tardiness(&instance),
        };
        let problem = lower(&instance).expect("valid");
        let outcome = solve(&problem, "auto", Seed::new(1), 200_000).expect("no fault");
        let (_, cost) = outcome.best().expect("a schedule");
        assert_eq!(cost.first(), least, "{instance:?}");
    }
}
