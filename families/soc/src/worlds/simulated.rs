//! The world `soc` by name, for `ordine simulate`.
//!
//! It is opened on one of the built-in loads, or on a file that holds a platform, job profiles
//! behind it, or job profiles alone (then on the synthetic platform). The mapping is a parameter:
//! policies are compared under the same one.
//!
//! **Source:** Sung et al. 2020.

use super::{Reward, SocWorld};
use crate::policies::{NAMED, scheduler_named};
use crate::power::Governor;
use crate::{Communication, Mapping, Settings, SocError, SocInstance, check, io, profiles};
use ordine_base::{Id, Seed, Ticks, Time};
use ordine_problem::Problem;
use ordine_sim::{
    AboutWorld, Better, Episode, EventLog, History, HistoryBar, Input, InputKind, Keep, Metric,
    Parameter, Phase, Scenario, SimulatedWorld, SimulationError,
};
use ordine_wire::Text;
use ordine_world::{
    Call, CandidateId, Graph, NamedPolicy, Observation, Policy, PolicyError, Step, World,
};
use std::sync::Arc;

/// The world `soc`.
#[derive(Clone, Copy, Debug)]
pub struct Soc;

const PARAMETERS: [Parameter; 11] = [
    Parameter::new("load", "synthetic", "synthetic, applications or wifi; a file goes before"),
    Parameter::new("scale", "25", "mean gap between arrivals [us]"),
    Parameter::new("horizon", "5000", "end of the run [us]"),
    Parameter::new("places", "3", "most jobs in the system"),
    Parameter::new("deviation", "0", "standard deviation of durations [share], 0 to 10"),
    Parameter::new("warm-up", "0", "jobs that end before do not count [us]"),
    Parameter::new(
        "mapping",
        "waiting",
        "waiting, published, aware or appending: how ends are estimated",
    ),
    Parameter::new("communication", "direct", "direct or memory: way of the data"),
    Parameter::new("governor", "given", "given, performance, powersave, ondemand or constant-MHZ"),
    Parameter::new("throttling", "no", "yes or no: trip points cut frequencies"),
    Parameter::new(
        "reward",
        "bonus",
        "bonus, duration, makespan or latency: what look-ahead is for",
    ),
];

const METRICS: [Metric; 5] = [
    Metric { name: "latency mean [us]", better: Better::Lower },
    Metric { name: "jobs completed", better: Better::Higher },
    Metric { name: "energy per job [uJ]", better: Better::Lower },
    Metric { name: "energy delay product [uJ us]", better: Better::Lower },
    Metric { name: "busiest element [share]", better: Better::Neither },
];

impl SimulatedWorld for Soc {
    fn about(&self) -> AboutWorld {
        AboutWorld {
            name: "soc",
            summary: "jobs arrive at a chip; the policy says which task next, and on which element",
            source: "Sung, Ha, Kim, Yahja, Sohn, Ryu 2020",
            input: InputKind::File,
            parameters: &PARAMETERS,
            policies: &["random", "met", "stf", "eft", "etf", "lp-guided"],
        }
    }

    fn open(
        &self,
        input: Input<'_>,
        set: &ordine_sim::Settings,
    ) -> Result<Box<dyn Scenario>, SimulationError> {
        let wrong = |error: SocError| SimulationError::Input(error.to_string());
        let (name, instance) = instance(input, set)?;
        let instance = match set.text("governor") {
            "given" => instance,
            word => {
                let governor: Governor = word.parse().map_err(|_| {
                    let expected = "given, performance, powersave, ondemand or constant-MHZ";
                    SimulationError::parameter("governor", word, expected)
                })?;
                instance.with_governor(governor).map_err(wrong)?
            }
        };
        let settings = run_settings(set)?;
        let mappings = [
            ("waiting", Mapping::Waiting),
            ("published", Mapping::Published),
            ("aware", Mapping::CommunicationAware),
            ("appending", Mapping::Appending),
        ];
        let rewards = [
            ("bonus", Reward::Bonus),
            ("duration", Reward::Duration),
            ("makespan", Reward::Makespan),
            ("latency", Reward::Latency),
        ];
        let scenario = SocScenario {
            title: format!(
                "soc: {name}, scale {} us, horizon {} us, {} places, deviation {}, mapping {}",
                settings.scale,
                settings.horizon,
                settings.jobs_most,
                settings.deviation,
                set.text("mapping")
            ),
            instance: Arc::new(instance),
            settings,
            mapping: word(set, "mapping", &mappings)?,
            reward: word(set, "reward", &rewards)?,
        };
        // What cannot start is said here, so that starting a run cannot fail.
        scenario.world(Seed::new(0), Keep::default()).map_err(wrong)?;
        Ok(Box::new(scenario))
    }
}

/// The value that a word of a parameter stands for.
fn word<T: Copy>(
    set: &ordine_sim::Settings,
    name: &'static str,
    words: &[(&str, T)],
) -> Result<T, SimulationError> {
    let text = set.text(name);
    let found = words.iter().find(|(word, _)| *word == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        SimulationError::parameter(name, text, format!("one of {}", names.join(", ")))
    })
}

fn run_settings(set: &ordine_sim::Settings) -> Result<Settings, SimulationError> {
    let is_time = |it: &i64| (0..=1_000_000_000_000).contains(it);
    let time = "a whole number of microseconds";
    let positive = |it: &f64| *it >= 0.0 && *it <= 1e12;
    let communications =
        [("direct", Communication::Direct), ("memory", Communication::SharedMemory)];
    Ok(Settings {
        scale: set.value("scale", "a number of microseconds from 0", positive)?,
        horizon: Time::new(set.value("horizon", time, is_time)?),
        jobs_most: set.value("places", "a number from 1 to 1000", |it| (1..=1000).contains(it))?,
        deviation: set
            .value("deviation", "a share from 0 to 10", |it| (0.0..=10.0).contains(it))?,
        warm_up: Time::new(set.value("warm-up", time, is_time)?),
        communication: word(set, "communication", &communications)?,
        throttling: word(set, "throttling", &[("yes", true), ("no", false)])?,
        ..Settings::default()
    })
}

fn instance(
    input: Input<'_>,
    set: &ordine_sim::Settings,
) -> Result<(String, SocInstance), SimulationError> {
    let Input::File(name, bytes) = input else {
        type Load = fn() -> SocInstance;
        let synthetic: Load = profiles::synthetic;
        let loads = [
            ("synthetic", synthetic),
            ("applications", profiles::applications),
            ("wifi", profiles::wifi),
        ];
        return Ok((set.text("load").to_owned(), word(set, "load", &loads)?()));
    };
    let wrong = |words: String| SimulationError::Input(words);
    let text = Text::new(name, bytes).map_err(|it| wrong(it.to_string()))?;
    let opens = |word: &str| {
        text.data_lines().find(|line| line.tokens().next().is_some_and(|it| it.text == word))
    };
    let (first, jobs) = (opens("add_new_resource"), opens("job_name"));
    let platform = match first {
        Some(first) => {
            let part = text.part(first, jobs.filter(|jobs| jobs.number > first.number));
            io::read_platform(&part).map_err(|it| wrong(it.to_string()))?
        }
        None => profiles::synthetic().platform,
    };
    let Some(jobs) = jobs else {
        return Err(wrong(format!(
            "{name}: expected job profiles behind the platform, found none; add a line \
             `job_name NAME` and its tasks"
        )));
    };
    let end = first.filter(|first| first.number > jobs.number);
    let jobs = io::read_jobs(&text.part(jobs, end)).map_err(|it| wrong(it.to_string()))?;
    let instance = SocInstance::uniform(platform, jobs);
    Ok((name.to_owned(), instance.map_err(|it| wrong(format!("{name}: {it}")))?))
}

/// What all runs have in common.
#[derive(Debug)]
struct SocScenario {
    title: String,
    instance: Arc<SocInstance>,
    settings: Settings,
    mapping: Mapping,
    reward: Reward,
}

impl SocScenario {
    fn world(&self, seed: Seed, keep: Keep) -> Result<SocWorld, SocError> {
        let trace = keep.events || keep.history;
        let settings = Settings { trace, ..self.settings.clone() };
        let world = SocWorld::new(&self.instance, settings, self.mapping, seed)?;
        Ok(world.waiting().rewarding(self.reward))
    }
}

impl Scenario for SocScenario {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn metrics(&self) -> &[Metric] {
        &METRICS
    }

    fn start(&self, seed: Seed, keep: Keep) -> Box<dyn Episode + '_> {
        let world = self.world(seed, keep).expect("opening has tried these settings");
        let log = EventLog::kept(keep.events);
        Box::new(SocRun { world, log, told: 0, keeps_history: keep.history })
    }

    fn policies(&self) -> &'static [NamedPolicy] {
        &NAMED
    }

    fn policy<'s>(&'s self, call: &Call<'_>) -> Option<Result<Box<dyn Policy + 's>, PolicyError>> {
        let scheduler = scheduler_named(call.name).filter(|_| call.arguments.is_empty())?;
        Some(Ok((scheduler.make)(&self.instance)))
    }
}

/// One run.
#[derive(Clone, Debug)]
struct SocRun {
    world: SocWorld,
    log: EventLog,
    /// Tasks of the trace that are in the log.
    told: usize,
    keeps_history: bool,
}

impl World for SocRun {
    fn observe(&self) -> &Observation {
        self.world.observe()
    }

    fn act(&mut self, choice: CandidateId) -> Step {
        let step = self.world.act(choice);
        if self.log.is_on() {
            for task in &self.world.trace()[self.told..] {
                let instance = self.world.instance();
                let name = instance.name(task.kind);
                let element = &instance.platform.elements[task.element].name;
                let (job, start) = (task.job, task.start);
                let words = format_args!("job {job}: {name} ends on {element}, begun at {start}");
                self.log.note(task.end, words);
            }
            self.told = self.world.trace().len();
        }
        step
    }

    fn graph(&self) -> Option<&Graph> {
        self.world.graph()
    }

    fn fork(&self, seed: Seed) -> Option<Box<dyn World + '_>> {
        self.world.fork(seed)
    }

    fn residual(&self) -> Option<Problem> {
        self.world.residual()
    }

    fn reward_names(&self) -> &'static [&'static str] {
        self.world.reward_names()
    }
}

impl Episode for SocRun {
    fn values(&self) -> Result<Vec<f64>, SimulationError> {
        let metrics = self.world.metrics();
        let kept = metrics.completed + metrics.warmed + metrics.in_system;
        if kept != metrics.injected {
            let words = format!("{} jobs entered, {kept} are accounted for", metrics.injected);
            return Err(SimulationError::Broken(words));
        }
        if self.keeps_history
            && let Some(fault) =
                check::faults(self.world.instance(), self.world.settings(), self.world.trace())
                    .first()
        {
            return Err(SimulationError::Broken(fault.to_string()));
        }
        let per_job = |value: f64| match metrics.completed {
            0 => f64::NAN,
            completed => value / completed as f64,
        };
        let busiest = metrics.utilization.iter().copied().fold(0.0, f64::max);
        Ok(vec![
            per_job(metrics.latency_sum as f64),
            metrics.completed as f64,
            per_job(metrics.energy),
            metrics.energy_delay(),
            busiest,
        ])
    }

    fn log(&self) -> Option<&EventLog> {
        self.log.is_on().then_some(&self.log)
    }

    fn history(&self) -> Option<History> {
        if !self.keeps_history {
            return None;
        }
        let instance = self.world.instance();
        let lanes = instance.platform.elements.values().map(|it| it.name.clone()).collect();
        let jobs = self.world.trace().iter().map(|task| task.job + 1).max().unwrap_or(0);
        let bar = |task: &crate::TracedTask| HistoryBar {
            lane: task.element.index(),
            start: task.start,
            end: task.end.max(task.start + Ticks::new(1)),
            phase: Phase::Work,
            group: Some(task.job as usize),
            label: instance.name(task.kind).to_owned(),
        };
        let bars = self.world.trace().iter().map(bar).collect();
        Some(History { lanes, groups: (0..jobs).map(|job| format!("job {job}")).collect(), bars })
    }
}
