//! Logs of training, saved schedules and outcomes: what is read, and what is said about bad input.
//!
//! **Source:** `tests/reference/events.py`

use expect_test::{Expect, expect};
use ordine_training::io::instance::read_samples;
use ordine_training::io::log::{LogFormat, ScalarLog, read_log, write_norms};
use ordine_training::io::outcomes::{read_outcomes, write_head, write_outcome};
use ordine_training::io::saved::{
    SavedSchedule, read_plateau, read_schedule, write_plateau, write_schedule, write_values,
};
use ordine_training::schedules::{
    Norm, NormRecorder, Optimizer, Outcome, Plan, Plateau, PlateauRule, Refinement, Run, Trial,
    refine,
};

const EVENTS: &[u8] = include_bytes!("reference/events.bin");

fn read(bytes: &[u8]) -> ScalarLog {
    let log = read_log("log", bytes, LogFormat::of(bytes));
    log.unwrap_or_else(|error| panic!("{error}"))
}

fn check(bytes: &[u8], expected: Expect) {
    let error = read_log("log", bytes, LogFormat::of(bytes)).expect_err("wrong");
    let lines = error.to_string().replace(", found ", ",\nfound ").replace("; ", ";\n");
    expected.assert_eq(&lines);
}

#[test]
fn recorded_norms_read_back_equal() {
    let mut recorder = NormRecorder::new(1000).expect("valid");
    (1..500).for_each(|step| recorder.record(1.0 / f64::from(step), f64::from(step).sqrt()));
    let mut bytes = Vec::new();
    write_norms(recorder.points(), &mut bytes).expect("written");
    let log = read(&bytes);
    assert_eq!(log.norms("log", None, Norm::L1), Ok(recorder.norms(Norm::L1)));
    assert_eq!(log.norms("log", None, Norm::L2), Ok(recorder.norms(Norm::L2)));
    assert_eq!(log.series["l1"][7].0, 7);
}

#[test]
fn csv_and_json_lines_hold_the_same_log() {
    let csv = "global_step,loss,grad_norm,note\n10,2.5,1.25,\n20,2.25,,warm\n30.0,2,0.5,\n";
    let json = "{\"global_step\": 10, \"loss\": 2.5, \"grad_norm\": 1.25}\n\n\
                {\"global_step\": 20, \"loss\": 2.25, \"note\": \"warm\"}\n\
                {\"global_step\": 30, \"loss\": 2, \"grad_norm\": 0.5}\n";
    assert_eq!(read(csv.as_bytes()), read(json.as_bytes()));
    let log = read(csv.as_bytes());
    assert_eq!(log.series["grad_norm"], [(10, 1.25), (30, 0.5)]);
    assert_eq!(log.norms("log", None, Norm::L2), Ok(vec![1.25, 0.5]));
}

#[test]
fn event_files_hold_simple_values_and_tensors() {
    assert_eq!(LogFormat::of(EVENTS), LogFormat::TensorBoard);
    let log = read(EVENTS);
    let names: Vec<&str> = log.series.keys().map(String::as_str).collect();
    assert_eq!(names, ["loss", "train/grad_norm"]);
    assert_eq!(log.series["loss"][3], (300, f64::from(2.2_f32)));
    assert_eq!(log.norms("log", None, Norm::L2).expect("known")[0], 4.0);
    let torn = read(&EVENTS[..EVENTS.len() - 5]);
    assert_eq!(torn.series["loss"].len(), 9);
}

#[test]
fn damaged_event_files_name_the_record() {
    let mut damaged = EVENTS.to_vec();
    damaged[200] ^= 1;
    check(
        &damaged,
        expect![[r#"
        log: expected the checksum of record 4,
        found another one at byte 250;
        the file is damaged: copy it again, or leave it out"#]],
    );
    for place in 0..EVENTS.len() {
        for bit in [0, 3, 7] {
            let mut damaged = EVENTS.to_vec();
            damaged[place] ^= 1 << bit;
            let _ = read_log("log", &damaged, LogFormat::TensorBoard);
        }
    }
}

#[test]
fn wrong_logs_name_line_expected_and_found() {
    check(
        b"",
        expect![[r#"
        log: expected at least one series of numbers,
        found none: the log is empty;
        log a number at every step, such as the norm of the gradient"#]],
    );
    check(
        b"step,l2\n",
        expect![[r#"
        log: expected at least one series of numbers,
        found none: the log is empty;
        log a number at every step, such as the norm of the gradient"#]],
    );
    check(
        b"step,l2\n0,1\n1\n2,x\n",
        expect![[r#"
        log, line 3: expected 2 cells, as in the head,
        found 1;
        complete the line
        log, line 4: expected a number as l2,
        found `x`;
        correct the cell, or leave it empty"#]],
    );
    check(
        b"1,2\n3,4\n",
        expect![[r#"
        log, line 1: expected a head that names the columns,
        found `1,2`;
        begin the file with a line such as `step,l1,l2`"#]],
    );
    check(
        b"step,l2\n-1,2\n",
        expect![[r#"
        log, line 2: expected a whole number from 0 up as step,
        found `-1`;
        correct the step"#]],
    );
    check(
        b"{\"step\": 1, \"l2\": NaN}\n{\"step\": 2, \"l2\": 1}\n",
        expect![[r#"
        log, line 1: expected a JSON object,
        found `{"step": 1, "l2": NaN}` (expected value at line 1 column 19);
        write one object per line, and no NaN: JSON has none"#]],
    );
    check(
        b"step,l2\n0,\xff\n",
        expect![[r#"
        log, line 2: expected UTF-8 text,
        found byte 0xff;
        give a text file, or an archive ending in .gz or .tar.gz"#]],
    );
    let log = read(b"step,loss\n0,1\n");
    let error = log.norms("log", None, Norm::L1).expect_err("absent");
    expect![[r#"
        log: expected a series of gradient norms, called one of l1, grad_norm_l1, gradient_norm_l1,
        found loss; name the series that holds the norms, or record them"#]]
    .assert_eq(&error.to_string().replace(", found", ",\nfound"));
    assert!(log.norms("log", Some("loss"), Norm::L1).is_ok());
}

#[test]
fn norms_that_are_no_numbers_are_refused_by_refinement() {
    let log = read(b"step,l2\n0,1\n1,nan\n2,1\n");
    let norms = log.norms("log", None, Norm::L2).expect("there");
    let error = refine(&norms, &Refinement::new(Optimizer::Sgd)).expect_err("no number");
    assert!(error.to_string().starts_with("gradient norm 1 is NaN"));
}

#[test]
fn saved_schedules_read_back_equal() {
    let norms: Vec<f64> = (0..300).map(|it| 1.0 + f64::from(it).sin().abs()).collect();
    let refined = refine(&norms, &Refinement::new(Optimizer::Adam)).expect("valid");
    for plan in [refined.plan().expect("valid"), "3e-4 * rex | warmup(5%)".parse().expect("ok")] {
        let saved = SavedSchedule { plan, steps: 20_000 };
        let mut bytes = Vec::new();
        write_schedule(&saved, &mut bytes).expect("written");
        let again = read_schedule("schedule", &bytes).expect("its own");
        assert_eq!(again, saved);
        let run = Run::of_steps(again.steps).expect("valid");
        assert_eq!(again.plan.over(run), saved.plan.over(run));
    }
    let error = read_schedule("s.json", b"{\"format\": \"x\"}").expect_err("torn");
    assert!(error.to_string().starts_with("s.json, line 1, column "), "{error}");
    let other = b"{\"format\":\"other/1\",\"steps\":3,\"plan\":\"rex\"}";
    let error = read_schedule("s.json", other).expect_err("other").to_string();
    assert!(
        error.starts_with("s.json: expected ordine/lr-schedule/1, found `other/1`;"),
        "{error}"
    );
}

#[test]
fn saved_plateaus_go_on_bit_for_bit() {
    let rule = PlateauRule { patience: 1, factor: 0.7, ..PlateauRule::default() };
    let mut plateau = Plateau::new(0.1, rule).expect("valid");
    for metric in [0.3, 0.1, 0.2, 0.3, 0.4, 0.1 / 3.0, 1.0, 1.0] {
        plateau.observe(metric);
        let mut bytes = Vec::new();
        write_plateau(&plateau.state(), &mut bytes).expect("written");
        assert_eq!(read_plateau("state", &bytes), Ok(plateau.state()));
    }
}

#[test]
fn values_are_a_table() {
    let plan: Plan = "linear".parse().expect("known");
    let schedule = plan.over(Run::of_steps(4).expect("valid")).expect("valid");
    let mut bytes = Vec::new();
    write_values(&schedule, 4, &mut bytes).expect("written");
    assert_eq!(bytes, b"step,rate\n0,1\n1,0.75\n2,0.5\n3,0.25\n");
}

#[test]
fn outcomes_read_back_equal_but_for_a_torn_line() {
    let outcome = |seed: u64| Outcome {
        trial: Trial {
            setting: "digits, small".to_owned(),
            optimizer: "sgdm".to_owned(),
            schedule: "step(at=[50%, 75%])".to_owned(),
            budget: 5.0,
            rate: 0.1,
            seed,
        },
        metric: 1.0 / (seed + 3) as f64,
    };
    let outcomes: Vec<Outcome> = (0..3).map(outcome).collect();
    let mut bytes = Vec::new();
    write_head(&mut bytes).expect("written");
    outcomes.iter().for_each(|it| write_outcome(it, &mut bytes).expect("written"));
    assert_eq!(read_outcomes("out", &bytes), Ok(outcomes.clone()));
    let torn = &bytes[..bytes.len() - 4];
    assert_eq!(read_outcomes("out", torn), Ok(outcomes[..2].to_vec()));
    assert!(read_outcomes("out", b"a,b\n1,2\n").is_err());
}

#[test]
fn samples_have_rows_of_one_length() {
    let samples = read_samples("x.csv", b"a0,a1,b\n1,2,3\n4,5,6\n").expect("valid");
    assert_eq!((samples.len(), samples.features, samples.target(1)), (2, 2, 6.0));
    let error = read_samples("x.csv", b"1,2,3\n4,5\n6,x,7\n").expect_err("wrong");
    assert_eq!(error.all().len(), 2);
    assert!(read_samples("x.csv", b"").is_err());
}

const PARQUET: &[u8] = include_bytes!("reference/log.parquet");

#[test]
#[cfg(feature = "parquet")]
fn parquet_logs_hold_every_column_of_numbers() {
    let zstd: &[u8] = include_bytes!("reference/log_zstd.parquet");
    for bytes in [PARQUET, zstd] {
        assert_eq!(LogFormat::of(bytes), LogFormat::Parquet);
        let log = read_log("log", bytes, LogFormat::Parquet).expect("a log");
        assert_eq!(log.series.keys().collect::<Vec<_>>(), ["grad_norm", "loss"]);
        assert_eq!(log.series["grad_norm"], [(0, 4.0), (10, 2.0), (20, 1.5), (30, 0.25)]);
        assert_eq!(log.series["loss"], [(0, 2.5), (20, 1.25), (30, 1.0)]);
        assert_eq!(log.norms("log", None, Norm::L2), Ok(vec![4.0, 2.0, 1.5, 0.25]));
    }
    for cut in (4..PARQUET.len()).step_by(41) {
        let error = read_log("log", &PARQUET[..cut], LogFormat::Parquet).expect_err("torn");
        assert!(error.to_string().contains("a Parquet file"), "{error}");
    }
}

#[test]
#[cfg(not(feature = "parquet"))]
fn a_build_without_parquet_says_how_to_get_it() {
    let error = read_log("log", PARQUET, LogFormat::of(PARQUET)).expect_err("no reader");
    let words = error.to_string();
    assert!(words.contains("--features parquet"), "{words}");
}
