//! What can be typed: commands, options, and help that teaches by examples.
//!
//! These are the typed arguments; what they mean is found in `values.rs` and in each command.
//!
//! **Source:** -

use crate::values;
use clap::{Args, Parser, Subcommand};
use ordine_base::{Cost, Time};
use ordine_chart::Theme;
use ordine_problem::Objective;
use ordine_registry::Kind;
use std::path::PathBuf;
use std::time::Duration;

const TOP_EXAMPLES: &str = "\
Examples:
  ordine solve data/ft10.txt                plan one instance and draw the schedule
  ordine solve data/ft10.txt --time 60      search for a minute, or until a proof
  ordine check data/ft10.txt ft10.json      judge a schedule
  ordine replan jobs.json plan.json --change today.json
                                            a new plan for what is left
  ordine explain jobs.json                  why there is no schedule, and the cheapest way out
  ordine explain jobs.json plan.json --why-late flange
  ordine simulate queue --policy fifo --policy spt
                                            which way of deciding is best, how surely
  ordine list formats                       what can be read
  ordine lr plot rex cosine --steps 1000    draw learning-rate schedules
  ordine train smtt --out rule.json         discover a rule for total tardiness

Exit status: 0 found or passed; 1 an error inside; 2 bad usage or input; 3 proven infeasible, or
violations; 4 nothing found within the budget.";

const SOLVE_EXAMPLES: &str = "\
Examples:
  ordine solve data/ft10.txt                     stops at the proof, or after 10 s
  ordine solve data/ft10.txt --time 60 --workers 4
  ordine solve j30.tar.gz --time 1 --json        every member of an archive, one line each
  ordine solve j30.tar.gz#j3013_1.sm             one member; `file#3` is the third instance
  ordine solve data/ft10.txt --work 2000000 --seed 7 --out ft10.json
                                                 the same bytes on every machine
  ordine solve data/ft10.txt --start ft10.json --time 5
                                                 goes on from a schedule, never loses it
  ordine solve data/ft10.txt --recipe rule:mwkr --gantt ft10.svg
  ordine solve jobs.json --recipe 'rule:=max(t + p, d) / w then p'
                                                 a rule of your own; names of rules work in it
  ordine solve data/ft10.txt --gantt ft10.html --convergence ft10.png --theme dark
  ordine solve jobs.json --objective total-tardiness,makespan --target 0
  ordine solve jobs.json --objective pareto:makespan,total-tardiness --front front.svg
  ordine solve jobs.json --jobs                  end and lateness of each job
  ordine solve shop.txt --variant blocking       jobs keep their machine until the next is free
  ordine solve shop.txt --operators 4 --setups positions.txt

Several limits may be given: the first that is reached ends the run, as do a proof and Ctrl-C,
which still prints the best schedule; a second Ctrl-C ends the program.";

const CHECK_EXAMPLES: &str = "\
Examples:
  ordine check data/ft10.txt ft10.json           prints the objective, or every violation
  ordine check j30.tar.gz#j3013_1.sm plan.json   one member of an archive

Exit status: 0 feasible and the claimed objective is right; 3 violations; 2 bad input.";

const CONVERT_EXAMPLES: &str = "\
Examples:
  ordine convert data/ft10.txt --to json                   to stdout
  ordine convert data/ft10.txt --to fjs --out ft10.fjs
  ordine convert j30.tar.gz --to json --out j30/           one file per instance
  ordine convert data/ft10.txt --variant blocking --to json
                                                           what a variant adds, written out";

const LIST_EXAMPLES: &str = "\
Examples:
  ordine list formats
  ordine list formats --schema                   JSON Schema of problems and schedules
  ordine list rules | grep tardiness";

const REPLAN_EXAMPLES: &str = "\
Examples:
  ordine replan jobs.json plan.json --change today.json --out new.json --problem-out left.json
                                     what is left, planned; the next call starts from these two
  ordine replan jobs.json plan.json --change today.json --now 480 --keep
                                     moves as few tasks as possible
  ordine replan jobs.json plan.json --change today.json --objective makespan~5%,total-deviation
                                     up to 5 % more makespan where that moves less

A change file says what has happened; everything else went as planned:
  {\"format\":\"ordine/change/1\",\"now\":120,\"changes\":[
  {\"change\":\"task-done\",\"task\":\"turn\",\"end\":118},
  {\"change\":\"task-started\",\"task\":\"bore\",\"start\":110},
  {\"change\":\"task-late\",\"task\":\"mill\",\"delay\":30},
  {\"change\":\"machine-down\",\"resource\":\"lathe\",\"from\":120,\"to\":300},
  {\"change\":\"new-job\",\"jobs\":[…],\"tasks\":[…],\"precedences\":[…]},
  {\"change\":\"job-cancelled\",\"job\":\"bracket\"},
  {\"change\":\"due-changed\",\"job\":\"flange\",\"due\":500},
  {\"change\":\"frozen-window\",\"length\":60}]}
`ordine list formats --schema` has all of it. Minimized is the objective of the instance, and among
equal plans the distance from the old one.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  ordine explain jobs.json                   why there is no schedule, and the cheapest way out
  ordine explain jobs.json --keep deadline,release
                                             dates stand; what else can give way?
  ordine explain jobs.json --cost capacity=5 --time 60 --json
  ordine explain jobs.json plan.json         what every late job waits for
  ordine explain jobs.json plan.json --why-late flange
  ordine explain jobs.json plan.json --what-if \"task=bore,start=40\"
  ordine explain jobs.json plan.json --what-if \"task=bore,machine=mill;resource=lathe,down=30-60\"
  ordine explain jobs.json plan.json --insert rush.json --out new.json
  ordine explain jobs.json plan.json --insert-like flange

Without a schedule: a conflict is a set of constraints that cannot hold together; it is minimal when
the rest has a schedule without any one of its members, and it says so when that was not shown. A
relaxation lets constraints give way, none of them needlessly, and says by how much at least. Listed
are all of the fewest constraints, and larger ones that are cheaper. One costs 1 per tick of a
deadline, release, window or lag, 100 per unit of a capacity or level, and 1000 for what can only be
dropped (calendars, setups, forbidden times, choices, blocking, ...); --cost KIND=N changes that,
--keep KIND forbids it. Each relaxation is tried: the judge has accepted a schedule under it.

What happened (tasks that are done or running) and the tasks themselves are taken as they are.

Kinds: capacity, precedence, deadline, release, window, status (of frozen tasks), forbidden-time,
calendar, setup, least-usage, choice, blocking, same-sequence, mode-relation, swap.

With a schedule, --what-if changes something and keeps all else where it can: it moves as few tasks
as possible. Wishes are separated by `;`, each names one thing and what is other about it:
  task=NAME      start=T (exactly), from=T (not before), until=T (ends by), machine=NAME, mode=N,
                 duration=D
  job=NAME       release=T, due=T, deadline=T, weight=N
  resource=NAME  capacity=N, down=T-T (does not work in between)

--insert reads new jobs from a change file (ordine/change/1 with `new-job`, as `ordine replan`).

Exit status: 0 explained; 2 bad input; 3 there is no schedule (with the conflict), or the schedule
breaks a rule; 4 nothing shown within the budget.";

/// Calls of `bench`, for its help.
pub const BENCH_EXAMPLES: &str = "\
Examples:
  ordine list benches                            which there are
  ordine bench NAME --help                       what one of them takes";

/// A scheduling engine: reads an instance, plans, checks the schedule and draws it.
#[derive(Parser, Debug)]
#[command(name = "ordine", version = crate::report::VERSION_LINE, after_help = TOP_EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Find schedules for instances, as good as time permits
    Solve(Box<SolveArguments>),
    /// Plan again after changes: what is done, running or frozen stays
    Replan(Box<ReplanArguments>),
    /// Say why: no schedule, a late job, what a change would do, where one more job fits
    Explain(Box<ExplainArguments>),
    /// Judge a schedule: print its objective, or every violation
    Check(CheckArguments),
    /// Compare ways of deciding in a world of chance: arrivals, breakdowns, random durations
    Simulate(Box<crate::simulate::SimulateArguments>),
    /// Write an instance in another format
    Convert(ConvertArguments),
    /// List what has a name: formats, families, recipes, rules, objectives, variants, benches, …
    List(ListArguments),
    /// Reproduce a table of results
    Bench(BenchArguments),
    /// Put language models to schedules; short for `bench r-constraintbench`
    Rcb(BenchArguments),
    /// Draw, list and refine learning-rate schedules
    Lr(crate::lr::LrArguments),
    /// Discover a dispatching rule
    #[command(alias = "discover")]
    Train(Box<crate::train::TrainArguments>),
}

/// Arguments of `solve`.
#[derive(Args, Debug)]
#[command(after_help = SOLVE_EXAMPLES, allow_negative_numbers = true)]
pub struct SolveArguments {
    /// Files or archives (.gz, .tar.gz), in turn; `FILE#SELECTOR` selects an instance; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,

    /// Read the files in this format instead of detecting it (see `ordine list formats`)
    #[arg(long, value_name = "NAME", value_parser = values::format)]
    pub format: Option<String>,

    /// Minimize this: a measure (see `ordine list objectives`), a weighted sum
    /// `2*makespan+total-tardiness`, or a list by importance `total-tardiness,makespan`; with
    /// `total-tardiness~5%,makespan` later levels may worsen a level by so much (`~10`: by 10);
    /// `pareto:makespan,total-tardiness` finds schedules of which none beats another in both
    #[arg(long, value_name = "OBJECTIVE", value_parser = values::goal)]
    pub objective: Option<values::Goal>,

    /// Most points of a front
    #[arg(long, value_name = "N", default_value_t = 9,
          value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub points: u16,

    /// Draw the front, as --gantt does
    #[arg(long, value_name = "FILE")]
    pub front: Option<PathBuf>,

    /// How to search (see `ordine list recipes`), or `rule:NAME`, `rule:=FORMULA`,
    /// `policy:NAME`
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = values::recipe)]
    pub recipe: String,

    /// Apply one rule: a name of `ordine list rules`, promoted ones among them, `=FORMULA`, or a
    /// file of `ordine train` or with a script; the same as `--recipe rule:RULE`
    #[arg(long, value_name = "RULE", conflicts_with = "recipe", value_parser = values::rule)]
    pub rule: Option<String>,

    /// Seed of all randomness
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Threads [default: all cores]
    #[arg(long, value_name = "N",
          value_parser = clap::value_parser!(u16).range(1..=values::WORKERS_MAX))]
    pub workers: Option<u16>,

    /// Begin from this schedule (ordine/schedule/1), complete or not
    #[arg(long, value_name = "SCHEDULE")]
    pub start: Option<PathBuf>,

    /// What comes on top of the files.
    #[command(flatten)]
    pub added: VariantArguments,

    /// When to end.
    #[command(flatten)]
    pub limits: LimitArguments,

    /// Where results go.
    #[command(flatten)]
    pub output: OutputArguments,
}

/// Arguments of `replan`.
#[derive(Args, Debug)]
#[command(after_help = REPLAN_EXAMPLES, allow_negative_numbers = true)]
pub struct ReplanArguments {
    /// The instance that was planned
    pub file: String,

    /// Its schedule (ordine/schedule/1)
    pub schedule: PathBuf,

    /// What has happened since (ordine/change/1)
    #[arg(long, value_name = "FILE.json")]
    pub change: PathBuf,

    /// The present [default: that of the change file, else that of the instance]
    #[arg(long, value_name = "TIME", value_parser = values::time)]
    pub now: Option<Time>,

    /// Move as few tasks as possible, before the objective of the instance
    #[arg(long, conflicts_with = "objective")]
    pub keep: bool,

    /// Minimize this and nothing else; `total-deviation` and `number-moved` compare with the old
    /// plan
    #[arg(long, value_name = "OBJECTIVE", value_parser = values::objective)]
    pub objective: Option<Objective>,

    /// Write what is left to plan as ordine/problem/1, with what is done, running and frozen; the
    /// new schedule belongs to it
    #[arg(long, value_name = "FILE")]
    pub problem_out: Option<PathBuf>,

    /// Read the instance in this format instead of detecting it
    #[arg(long, value_name = "NAME", value_parser = values::format)]
    pub format: Option<String>,

    /// How to search (see `ordine list recipes`)
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = values::recipe)]
    pub recipe: String,

    /// Seed of all randomness
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Threads [default: all cores]
    #[arg(long, value_name = "N",
          value_parser = clap::value_parser!(u16).range(1..=values::WORKERS_MAX))]
    pub workers: Option<u16>,

    /// What comes on top of the file, as when it was planned.
    #[command(flatten)]
    pub added: VariantArguments,

    /// When to end.
    #[command(flatten)]
    pub limits: LimitArguments,

    /// Where results go.
    #[command(flatten)]
    pub output: OutputArguments,
}

/// Arguments of `explain`.
#[derive(Args, Debug)]
#[command(after_help = EXPLAIN_EXAMPLES, allow_negative_numbers = true)]
pub struct ExplainArguments {
    /// The instance
    pub file: String,

    /// A schedule of it (ordine/schedule/1), for the questions about schedules
    pub schedule: Option<PathBuf>,

    /// What leads to the end of this job (name, or number from 0), and which exchange of two tasks
    /// would help
    #[arg(long, value_name = "JOB", requires = "schedule", group = "question")]
    pub why_late: Option<String>,

    /// What would become of the schedule: `task=NAME,start=T`, …; see below
    #[arg(long, value_name = "WISHES", requires = "schedule", group = "question")]
    pub what_if: Option<String>,

    /// Where the new jobs of this change file do the least damage
    #[arg(long, value_name = "FILE.json", requires = "schedule", group = "question")]
    pub insert: Option<PathBuf>,

    /// Where one more job like this one does the least damage
    #[arg(long, value_name = "JOB", requires = "schedule", group = "question")]
    pub insert_like: Option<String>,

    /// Constraints of these kinds do not give way; several with commas
    #[arg(long, value_name = "KIND[,KIND]", value_delimiter = ',',
          value_parser = values::constraint, conflicts_with = "schedule")]
    pub keep: Vec<String>,

    /// Price of a unit of this kind: of a tick, a unit of capacity, or the whole
    #[arg(long, value_name = "KIND=N", value_delimiter = ',', value_parser = values::price,
          conflicts_with = "schedule")]
    pub cost: Vec<(String, i64)>,

    /// Measure by this instead of the objective of the instance
    #[arg(long, value_name = "OBJECTIVE", value_parser = values::objective)]
    pub objective: Option<Objective>,

    /// Read the instance in this format instead of detecting it
    #[arg(long, value_name = "NAME", value_parser = values::format)]
    pub format: Option<String>,

    /// What comes on top of the file, as when it was solved.
    #[command(flatten)]
    pub added: VariantArguments,

    /// Wall time [default: 10 s, unless there is a budget of work]
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    pub time: Option<Duration>,

    /// Work: the same answer on every machine
    #[arg(long, value_name = "UNITS")]
    pub work: Option<u64>,

    /// Write the schedule of the answer as JSON: that of the cheapest relaxation, of the changed
    /// plan, or with the new job
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// One JSON line on stdout
    #[arg(long)]
    pub json: bool,
}

/// What comes on top of a shop.
#[derive(Args, Debug)]
#[command(next_help_heading = "Variants of shops")]
pub struct VariantArguments {
    /// Rules for the jobs of a shop: `blocking` (a job keeps its machine until its next task
    /// starts), `blocking-no-swap`, `no-wait`, `permutation`; several with commas
    #[arg(long, value_name = "NAME[,NAME]", value_parser = values::variant)]
    pub variant: Option<String>,

    /// Setups between the jobs of each machine: positions or matrices; of a folder the file that
    /// bears the name of the instance
    #[arg(long, value_name = "FILE|DIR")]
    pub setups: Option<PathBuf>,

    /// Only so many tasks run at a time: each needs one of N operators
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub operators: Option<u32>,
}

/// When a run ends.
#[derive(Args, Debug)]
#[command(next_help_heading = "Limits")]
pub struct LimitArguments {
    /// Wall time per instance, reading included
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    pub time: Option<Duration>,

    /// Work per instance: the same schedule on every machine, whatever --workers is
    #[arg(long, value_name = "UNITS")]
    pub work: Option<u64>,

    /// Stop when the program holds this much memory, such as `2G`; the proof engine keeps to half
    /// of it; time is limited as without it
    #[arg(long, value_name = "SIZE", value_parser = values::size)]
    pub memory: Option<u64>,

    /// Stop at an objective of at most this; `3,120` for a list of objectives
    #[arg(long, value_name = "VALUE", value_parser = values::target, allow_hyphen_values = true)]
    pub target: Option<Cost>,

    /// Stop when incumbent and bound are this close, relative to the incumbent
    #[arg(long, value_name = "PERCENT", value_parser = values::percent)]
    pub gap: Option<f64>,

    /// Stop when nothing better was found for this long
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    pub no_improvement: Option<Duration>,

    /// Stop at the first schedule
    #[arg(long)]
    pub first: bool,
}

/// Where results go.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub struct OutputArguments {
    /// One JSON line per instance on stdout, nothing else there
    #[arg(long)]
    pub json: bool,

    /// Write the schedule as JSON; a folder (`plans/`) takes one file per instance
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Draw the schedule: FILE.svg, .png, .html (zoom and details) or .txt; a folder (`charts/`)
    /// takes one SVG file per instance
    #[arg(long, value_name = "FILE")]
    pub gantt: Option<PathBuf>,

    /// Draw incumbent and bound over time (with --work: over work), as --gantt does
    #[arg(long, value_name = "FILE")]
    pub convergence: Option<PathBuf>,

    /// Colors of charts: `auto` (as the reader prefers), `light` or `dark`
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = crate::charts::theme)]
    pub theme: Theme,

    /// Tell what became of each job: position, start, end, lateness, tardiness
    #[arg(long)]
    pub jobs: bool,

    /// Write every incumbent and bound with its time, as JSON lines
    #[arg(long, value_name = "FILE.jsonl")]
    pub trace: Option<PathBuf>,

    /// One line per instance: no progress, no chart, no warnings
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Tell every incumbent and bound on stderr
    #[arg(long, short)]
    pub verbose: bool,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct CheckArguments {
    /// The instance
    pub file: String,
    /// The schedule (ordine/schedule/1)
    pub schedule: PathBuf,
    /// Read the instance in this format instead of detecting it
    #[arg(long, value_name = "NAME", value_parser = values::format)]
    pub format: Option<String>,
    /// What comes on top of the file, as when it was solved.
    #[command(flatten)]
    pub added: VariantArguments,
    /// Judge under this objective instead of that of the instance
    #[arg(long, value_name = "OBJECTIVE", value_parser = values::objective)]
    pub objective: Option<Objective>,
    /// One JSON line on stdout
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `convert`.
#[derive(Args, Debug)]
#[command(after_help = CONVERT_EXAMPLES)]
pub struct ConvertArguments {
    /// The instance
    pub file: String,
    /// Format to write (see `ordine list formats`)
    #[arg(long, value_name = "FORMAT", value_parser = values::format_to_write)]
    pub to: String,
    /// Read the instance in this format instead of detecting it
    #[arg(long, value_name = "NAME", value_parser = values::format)]
    pub format: Option<String>,
    /// Write here instead of to stdout; a folder (`out/`) takes one file per instance
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What comes on top of the files.
    #[command(flatten)]
    pub added: VariantArguments,
}

impl SolveArguments {
    /// How to search.
    pub fn recipe(&self) -> &str {
        self.rule.as_deref().unwrap_or(&self.recipe)
    }
}

/// Arguments of `list`.
#[derive(Args, Debug)]
#[command(after_help = LIST_EXAMPLES)]
pub struct ListArguments {
    /// formats, families, recipes, rules, worlds, policies, objectives, variants or benches
    #[arg(value_parser = values::kind)]
    pub kind: Kind,
    /// With `formats`: the JSON Schema of problems and schedules, as one JSON document
    #[arg(long)]
    pub schema: bool,
}

/// Arguments of `bench`.
#[derive(Args, Debug)]
#[command(after_help = BENCH_EXAMPLES, disable_help_flag = true)]
pub struct BenchArguments {
    /// Name of the bench, then its own arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "NAME")]
    pub words: Vec<String>,
}
