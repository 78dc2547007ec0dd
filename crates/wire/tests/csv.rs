//! Tables with named columns: what they say, that they are read back equal, and what is wrong.
//!
//! **Source:** -

use ordine_base::{Demand, Id, Interval, Seed, StepFunction, Ticks, Time};
use ordine_problem::{
    Feature, FeatureSet, Hold, Job, JobId, ModeRelation, ModeRelationKind, Precedence, Problem,
    ProblemBuilder, ResourceId, SameSequence, Selection, SelectionKind, Span, TaskId,
    random_problem,
};
use ordine_wire::{Csv, Diagnostics, FORMATS, Fit, Format, Found, Text, TimeScale, read_one};

fn read(text: &str) -> Found {
    read_one(text.as_bytes(), "plan.csv", FORMATS).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn errors(text: &str) -> Diagnostics {
    match read_one(text.as_bytes(), "plan.csv", FORMATS) {
        Ok(found) => panic!("{text}\nmust not be read as {:?}", found.format),
        Err(errors) => errors,
    }
}

const SHOP: &str = "\
task,job,duration,resources,predecessors,due,weight
turn,bracket,3,lathe,,9,2
,,5,lathe2; crew:2,,,
bore,bracket,2,lathe,turn+1,,

resource,kind,capacity
lathe,,
lathe2,machine,
crew,renewable,3
";

fn shop() -> Problem {
    let mut builder = ProblemBuilder::new("plan");
    let lathe = builder.machine("lathe");
    let other = builder.machine("lathe2");
    let crew = builder.renewable("crew", Demand::new(3)).expect("valid");
    let job = Job { weight: 2, due: Some(Time::new(9)), ..Job::named("bracket") };
    let job = builder.job(job).expect("valid");
    let turn = builder.task("turn", Some(job)).expect("valid");
    builder.mode(turn, Ticks::new(3), &[(lathe, Demand::ONE)]).expect("valid");
    let needs = [(other, Demand::ONE), (crew, Demand::new(2))];
    builder.mode(turn, Ticks::new(5), &needs).expect("valid");
    let bore = builder.task("bore", Some(job)).expect("valid");
    builder.mode(bore, Ticks::new(2), &[(lathe, Demand::ONE)]).expect("valid");
    let lagged = Precedence::end_to_start(turn, bore).with_lag(Ticks::new(1));
    builder.precedence(lagged).expect("valid");
    builder.seal().expect("valid")
}

#[test]
fn a_table_is_read_however_a_spreadsheet_writes_it() {
    let spaced = SHOP.replace("weight", " Weight ").replace("due", "DUE").replace("2,,,", "2, , ,");
    let german = SHOP.replace("; ", "|").replace(',', ";").replace('|', ",");
    let padded =
        SHOP.replace("\n\n", "\n,,,,,,\n").replace("crew,renewable,3", "crew,renewable,3,,");
    for text in [
        SHOP.to_owned(),
        SHOP.replace('\n', "\r\n"),
        format!("\u{feff}{SHOP}\n\n"),
        SHOP.replace("lathe2; crew:2", "\"lathe2, crew:2\""),
        SHOP.replace("lathe2; crew:2", "\"lathe2\ncrew : 2\""),
        SHOP.replace(',', "\t"),
        german.replace("lathe2,crew:2", "\"lathe2; crew:2\""),
        german,
        padded,
        spaced,
        format!("# orders of Monday\n{}", SHOP.replace("\nbore", "\n\"# late, again\"\nbore")),
        SHOP.replace("weight\n", "weight,#note\n")
            .replace(",9,2", ",9,2,\"\"\"urgent\"\", he said\"")
            .replace("2,,,", "2,,,,")
            .replace("1,,", "1,,,"),
    ] {
        let found = read(&text);
        assert_eq!(found.format.about().name, "csv");
        assert!(found.problem == shop(), "{text}");
    }
}

#[test]
fn tables_of_something_else_are_not_taken_for_instances() {
    let fit = |header: &str| Csv.detect(&Text::new("x.csv", header.as_bytes()).expect("text"));
    for header in ["instance,family,best_known", "instance,lb,ub,status", "1,2,3", "family", ""] {
        assert!(matches!(fit(header), Fit::No(_)), "{header}");
    }
    for header in ["task,duration", "task;length", "tusk,duration,resources", "job,due,weight"] {
        assert!(!matches!(fit(header), Fit::No(_)), "{header}");
    }
}

#[test]
fn tables_of_their_own_say_the_same() {
    let jobs = SHOP.replace(",due,weight", "").replace(",9,2", "").replace("2,,,", "2,");
    let jobs = jobs.replace("turn+1,,", "turn+1") + "\njob,weight,due\nbracket,2,9\n";
    assert!(read(&jobs).problem == shop(), "{jobs}");
    let lags = SHOP.replace("turn+1", "") + "\nbefore,after,lag\nturn,bore,1\n";
    assert!(read(&lags).problem == shop(), "{lags}");
}

#[test]
fn tasks_with_dates_are_jobs_of_their_own_where_no_column_names_jobs() {
    let dated = read("task,duration,resources,due\na,3,saw,4\nb,2,saw,9\n").problem;
    let due = |problem: &Problem, job: JobId| (problem.job(job).name.clone(), problem.job(job).due);
    let jobs: Vec<_> = dated.jobs().map(|job| due(&dated, job)).collect();
    let expected = [("a", 4), ("b", 9)].map(|(name, due)| (name.to_owned(), Some(Time::new(due))));
    assert_eq!(jobs, expected);
    let plain = read("task,duration,resources\na,3,saw\nb,2,saw\n").problem;
    assert_eq!((plain.jobs().len(), plain.resources().len()), (0, 1));
}

#[test]
fn dates_mean_ticks_by_unit_and_origin() {
    let text = "\
problem,unit,origin,now
week,15 minutes,2026-03-27T06:00[Europe/Berlin],2026-03-27 08:00

task,job,duration,release,due,deadline
a,a,4,8,2026-03-30 06:00,2026-04-01
";
    let found = read(text);
    let job = found.problem.job(JobId::from_index(0)).clone();
    let ticks = [Some(job.release), job.due, job.deadline, Some(found.problem.now())];
    // Clocks go forward in the night to March 29.
    let expected = [8, (3 * 24 - 1) * 4, (4 * 24 + 18 - 1) * 4, 8].map(|it| Some(Time::new(it)));
    assert_eq!(ticks, expected);
    let written = Csv.write_scaled(&found.problem, &found.scale).expect("writable");
    let again = read(&written);
    assert!((again.problem, again.scale) == (found.problem, found.scale), "{written}");
}

/// Words of the model for which tables have none.
const LACKING: FeatureSet = FeatureSet::of(&[
    Feature::Selections,
    Feature::Spans,
    Feature::CapacityProfiles,
    Feature::LeastUsage,
    Feature::Blocking,
    Feature::Buffers,
    Feature::SameSequences,
    Feature::ModeRelations,
]);

#[test]
fn what_csv_can_say_is_read_back_equal() {
    let mut written = 0;
    for seed in 0..2_000 {
        let mut stream = Seed::new(seed).stream("tables");
        let allowed =
            if seed % 4 == 0 { FeatureSet::ALL } else { FeatureSet::ALL.without(LACKING) };
        let problem = random_problem(&mut stream, 8, allowed);
        let scale = TimeScale { unit: Some("hour".to_owned()), origin: None };
        // Forbidden times and costs by time occur among the features that are allowed.
        let Ok(text) = Csv.write_scaled(&problem, &scale) else { continue };
        let found = read(&text);
        assert!((found.problem, found.scale) == (problem, scale), "seed {seed}: {text}");
        written += 1;
    }
    assert!(written > 500, "{written}");
}

#[test]
fn what_csv_cannot_say_is_refused_by_name() {
    type Change = fn(&mut ProblemBuilder);
    fn task(number: usize) -> TaskId {
        TaskId::from_index(number)
    }
    fn steps() -> Option<StepFunction> {
        StepFunction::from_steps(0, vec![(Time::new(4), 1), (Time::new(6), 0)])
    }
    let changes: [(&str, Change); 10] = [
        ("choices among tasks", |it| {
            it.edit_task(task(0)).optional = true;
            let kind = SelectionKind::ExactlyOne;
            it.select(Selection { tasks: vec![task(0)], kind, condition: None });
        }),
        ("tasks that span others (task whole)", |it| {
            let whole = it.task("whole", None).expect("valid");
            it.mode(whole, Ticks::ZERO, &[]).expect("valid");
            it.span(Span { parent: whole, children: vec![task(0)] });
        }),
        ("blocking (task turn until bore)", |it| {
            it.hold(Hold { task: task(0), until: task(1), buffer: None });
        }),
        ("exchanged in a circle", ProblemBuilder::forbid_swaps),
        ("one order of jobs", |it| {
            it.same_sequence(SameSequence { machines: vec![ResourceId::from_index(0)] });
        }),
        ("relations between modes (tasks turn and bore)", |it| {
            let kind = ModeRelationKind::DifferentResources;
            it.relate_modes(ModeRelation { first: task(0), second: task(1), kind });
        }),
        ("change over time (resource crew)", |it| {
            it.edit_resource(ResourceId::from_index(2)).usage_min = steps();
        }),
        ("forbidden times and costs by time (task bore)", |it| {
            let forbidden = Interval::new(Time::new(30), Time::new(31));
            it.edit_task(task(1)).forbidden_ends = vec![forbidden];
        }),
        ("forbidden times and costs by time (task bore)", |it| {
            it.edit_task(task(1)).start_cost = steps();
        }),
        ("ordine/problem/1", ProblemBuilder::forbid_swaps),
    ];
    assert!(Csv.write(&shop()).is_ok());
    for (words, change) in changes {
        let changed = shop().with(|builder| {
            change(builder);
            Ok(())
        });
        let error = Csv.write(&changed.unwrap_or_else(|error| panic!("{words}: {error}")));
        let error = error.expect_err(words).to_string();
        assert!(
            error.contains(words) && error.starts_with("format csv has no words for"),
            "{error}"
        );
    }
}

#[test]
fn names_that_could_not_be_told_apart_are_replaced() {
    let mut builder = ProblemBuilder::new("odd");
    let machines = ["a;b", "c:2", "c"].map(|name| builder.machine(name));
    let jobs = ["same", "same"].map(|name| builder.job(Job::named(name)).expect("valid"));
    for (number, name) in ["t-1", " t", "#t", "", "t\u{202e}"].into_iter().enumerate() {
        let task = builder.task(name, Some(jobs[number % 2])).expect("valid");
        builder.mode(task, Ticks::new(1), &[(machines[number % 3], Demand::ONE)]).expect("valid");
    }
    let problem = builder.seal().expect("valid");
    let text = Csv.write(&problem).expect("writable");
    let again = read(&text).problem;
    let names: Vec<&str> = again.tasks().map(|id| again.task(id).name.as_str()).collect();
    assert_eq!(names, ["t0", "t1", "t2", "t3", "t4"], "{text}");
    let needs = |problem: &Problem| -> Vec<ResourceId> {
        let modes = problem.tasks().flat_map(|task| problem.modes(task));
        modes.map(|mode| problem.requirements(mode)[0].resource).collect()
    };
    assert_eq!((needs(&again), again.jobs().len()), (needs(&problem), 2), "{text}");
}

#[test]
fn a_gap_that_looks_like_a_name_goes_to_the_table_of_precedences() {
    let mut builder = ProblemBuilder::new("plan");
    let tasks = ["b", "b-1", "c"].map(|name| {
        let task = builder.task(name, None).expect("valid");
        builder.mode(task, Ticks::new(2), &[]).expect("valid");
        task
    });
    let lagged = Precedence::end_to_start(tasks[0], tasks[2]).with_lag(Ticks::new(-1));
    builder.precedence(lagged).expect("valid");
    let problem = builder.seal().expect("valid");
    let text = Csv.write(&problem).expect("writable");
    assert!(text.contains("\nbefore,after,lag\nb,c,-1\n"), "{text}");
    assert!(read(&text).problem == problem);
}

/// A plan that has something of every table.
const WHOLE: &str = include_str!("plan.csv");

#[test]
fn malformed_rows_are_named_by_line() {
    read(WHOLE);
    for &(from, to, line, expected, found) in MALFORMED {
        assert!(WHOLE.contains(from), "{from}");
        let errors = errors(&WHOLE.replacen(from, to, 1));
        let (first, words) = (errors.first(), errors.to_string());
        let place = (first.file.as_str(), first.line);
        assert_eq!(place, ("plan.csv", Some(line)), "{from} -> {to}: {words}");
        assert!(first.expected.contains(expected), "{from} -> {to}: {words}");
        assert!(first.found.contains(found), "{from} -> {to}: {words}");
        assert!(!first.hint.is_empty() && errors.all().len() <= 2, "{from} -> {to}: {words}");
    }
}

type Row = (&'static str, &'static str, u32, &'static str, &'static str);

const MALFORMED: &[Row] = &[
    // Tables, headers and rows.
    ("task,job,duration", "tusk,job,duration", 1, "columns of tasks among `task`", "`tusk`"),
    ("task,job,duration", "task,job,length", 1, "columns of tasks among", "`length`"),
    ("task,job,duration", "task,job,job", 1, "each column once", "`job` again"),
    ("task,job,duration", "task,job,#duration", 1, "a column `duration` of tasks", "#duration"),
    ("before,after", "befor,aftr", 7, "columns of precedences among `before`", "`befor`"),
    ("turn,paint,start", "\n\nturn,paint,start", 10, "a header with a column", "`turn,paint,"),
    ("\nbefore,after", "\ntask,duration\n\nbefore,after", 7, "one table of tasks", "another"),
    ("turn,paint,start-to-start,1,9,2", "turn,paint", 8, "6 cells, as the header has", "2"),
    ("turn,paint,start-to-start,1,9,2", "turn,paint,,1,9,2,3", 8, "6 cells, as the header", "7"),
    ("red,pause", "\"red,pause", 2, "quotes in pairs", "never closed"),
    // The problem.
    ("monday,hour,", "monday,lap,", 12, "a unit such as `minute` or `15 minutes`", "none"),
    ("2026-01-05T06:00+01:00", "monday", 31, "a date and time of ISO 8601", "`monday`"),
    ("2*makespan+penalties", "2*mayhem", 31, "an objective such as", "`2*mayhem`"),
    ("2*makespan+penalties", "total-deviation", 31, "a valid problem", "planned start"),
    ("penalties,5", "penalties,-5", 31, "a valid problem", "present of the problem is -5"),
    ("penalties,5\n", "penalties,5\nagain,,,,\n", 32, "one row of the problem", "2"),
    // Tasks.
    ("turn,bracket,3,lathe", ",bracket,3,lathe", 2, "a name in column `task`", "an empty cell"),
    ("paint,flange", "turn,flange", 5, "rows of one task one after the other", "`turn`"),
    ("turn,bracket", "turn,braket", 2, "a job of its table in column `job`", "`braket`"),
    (",,5,crew:2", ",flange,5,crew:2", 3, "`bracket` as in line 2, or an empty", "`flange`"),
    (",,5,crew:2", ",,,crew:2", 3, "a whole number in column `duration`", "an empty cell"),
    (",,5,crew:2", ",,5.5,crew:2", 3, "a whole number in column `duration`", "`5.5`"),
    (",,5,crew:2", ",,-5,crew:2", 3, "a valid problem", "duration of task turn is -5"),
    (",,5,crew:2", ",,5,crew:two", 3, "whole numbers such as `crew:2`", "`crew:two`"),
    (",,5,crew:2", ",,5,crew:0", 3, "a valid problem", "demand of task turn is 0"),
    (",,5,crew:2", ",,5,crews:2", 3, "a resource of its table in column `res", "`crews`"),
    (",,5,crew:2", ",,5,tank", 3, "a valid problem", "is a reservoir"),
    (",,5,crew:2", ",,5,crew;crew", 3, "a valid problem", "names resource crew twice"),
    ("4,oven:2", "4,oven:5", 5, "a valid problem", "its mode 0 demands 5 of resource oven"),
    ("lathe,turn+1,yes", "lathe,turm+1,yes", 4, "a task of its table in column `pre", "`turm`"),
    ("lathe,turn+1,yes", "lathe,turn+x,yes", 4, "a task of its table in column `pre", "turn+x"),
    ("oven:2,bore", "oven:2,paint", 5, "a valid problem", "paint -> paint"),
    ("turn+1,yes", "turn+1,perhaps", 4, "one of `yes`, `no`, `true`", "`perhaps`"),
    ("yes,blue", "yes,green", 4, "a family of its table in column `fam", "`green`"),
    ("red,pause", "red,rest", 2, "one of `wait`, `must-fit`, `pause`", "`rest`"),
    ("pause,90", "pause,soon", 2, "a date and time of ISO 8601 in column `latest_end`", "`soon`"),
    ("pause,90", "pause,05.01.2026", 2, "a date and time of ISO 8601", "`05.01.2026`"),
    ("pause,90", "pause,-90", 2, "a valid problem", "latest start or end of task turn is -90"),
    ("pause,90", "pause,2026-01-05T12:30+01:00", 2, "whole number of units", "11:30"),
    ("tank:-2@start", "tank", 2, "changes of reservoirs such as", "`tank`"),
    ("tank:-2@start", "crew:-2@start", 2, "a valid problem", "crew, which is no reservoir"),
    ("tank:-2@start", "tonk:-2@start", 2, "a resource of its table in column `stock", "`tonk`"),
    ("done,0,4,", "over,0,4,", 2, "one of `free`, `done`, `running`, `frozen`", "`over`"),
    ("done,0,4,", "done,0,,", 2, "start and end of a done task", "`start`"),
    ("done,0,4,", "running,0,4,", 2, "start and remaining work of a running", "`start`, `end`"),
    ("done,0,4,", "frozen,,,", 2, "start of a frozen task", "none"),
    ("done,0,4,", ",0,4,", 2, "a status beside start and end", "`start`, `end`"),
    ("done,0,4,", "free,0,,", 2, "no start, end or remaining", "`start`"),
    ("crew:2,,,,,,,,,,", "crew:2,,,,,,,frozen,7,,", 3, "the status of a task in one", "`frozen`"),
    // Precedences.
    ("turn,paint,start", "turn,,start", 8, "a task in column `after`", "an empty cell"),
    ("turn,paint,start", "turn,print,start", 8, "a task of its table in column `a", "`print`"),
    ("start-to-start", "SS", 8, "one of `end-to-start`", "`SS`"),
    ("1,9,2", "1,0,2", 8, "a valid problem", "largest lag of precedence turn -> paint is 0"),
    // Jobs.
    (
        "flange,1,3,2026-01-06T22:00+01:00",
        "bracket,1,3,",
        12,
        "each name once in column `job`",
        "`bracket`",
    ),
    (
        "flange,1,3,2026-01-06T22:00+01:00",
        "flange,-1,3,",
        12,
        "a valid problem",
        "weight of job flange is -1",
    ),
    ("predecessors,optional", "predecessors,due", 1, "no columns `weight`", "one of them"),
    // Resources.
    ("crew,renewable,3", "crew,renewable,", 16, "a whole number in column `capacity`", "empty"),
    ("crew,renewable,3", "crew,people,3", 16, "one of `machine`, `renewable`", "`people`"),
    ("lathe,machine,,", "lathe,machine,2,", 15, "an empty cell in column `capacity`", "`2`"),
    ("lathe,machine,,", "lathe,machine,,4", 15, "an empty cell in column `stock_i", "`4`"),
    ("tank,reservoir,,4,9", "tank,reservoir,,4,", 18, "a whole number in column `stock_m", ""),
    ("tank,reservoir,,4,9", "tank,reservoir,,14,9", 18, "a valid problem", "initial level"),
    ("day,colors,red", "night,colors,red", 15, "a calendar of its table in column", "`night`"),
    ("day,colors,red", "day,colours,red", 15, "a setup of its table in column", "`colours`"),
    ("parallel,4", "parallel,", 17, "a whole number in column `size_max`", "an empty cell"),
    ("parallel,4", ",4", 17, "`parallel` or `serial` beside a size", "an empty cell"),
    ("7,5", "7,-5", 16, "a valid problem", "penalty of resource crew is -5"),
    (
        "oven,machine,,,,,,,parallel,4,,",
        "oven,machine,,,,,,,parallel,4,,6",
        17,
        "valid",
        "only ren",
    ),
    // Setups and calendars.
    ("colors,red,blue", "colors,,blue", 21, "a family in column `from`", "an empty cell"),
    ("colors,blue,red", "colors,red,blue", 22, "each pair of families once", "`blue`"),
    ("colors,red,blue,2", "colors,red,blue,-2", 21, "a valid problem", "setup time of setup"),
    ("day,8,open", "day,8,awake", 26, "`closed`, `paused`, `open` or a percentage", "`awake`"),
    ("day,8,open", "day,,open", 26, "a time from which on the shift lasts", "an empty cell"),
    ("day,8,open", ",8,open", 26, "a name in column `calendar`", "an empty cell"),
    ("day,8,open", "day,14,open", 25, "a valid problem", "change at 12 expected after"),
    ("day,12,paused,", "day,12,paused,48", 27, "`24` as in line 25, or an empty cell", "`48`"),
];
