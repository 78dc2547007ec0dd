//! The world `shop` by name: a problem whose jobs are chains, with what can be set.
//!
//! **Source:** see the module of simulation.

use super::{
    Arrivals, Goal, Interruption, Law, ShopSettings, ShopWorld, UNLIMITED, Workshop, rule_policy,
};
use ordine_base::{Seed, Stream, Time};
use ordine_problem::{Problem, Schedule};
use ordine_sim::{
    AboutWorld, Better, Episode, EventLog, History, Input, InputKind, Keep, Metric, Parameter,
    Scenario, Settings, SimulatedWorld, SimulationError,
};
use ordine_world::{
    Call, CandidateId, Graph, NamedPolicy, Observation, Policy, PolicyError, Step, World,
};
use std::sync::Arc;

/// The world `shop`.
#[derive(Clone, Copy, Debug)]
pub struct Shop;

const PARAMETERS: [Parameter; 10] = [
    Parameter::new(
        "breakdown",
        "0",
        "probability of a breakdown: per operation, or per mean duration",
    ),
    Parameter::new("model", "at-load", "at-load, hazard, or renewal (times up by `up`)"),
    Parameter::new("up", "exponential(500)", "how long a machine stays up, model renewal [ticks]"),
    Parameter::new("repair", "uniform-integer(1,99)", "how long a repair takes [ticks]"),
    Parameter::new("announced", "no", "yes: a breakdown tells when it is over"),
    Parameter::new(
        "buffers",
        "unlimited",
        "places in front of each machine; 0 is blocking with swaps",
    ),
    Parameter::new(
        "jobs",
        "0",
        "how many jobs, those of the file over and over; 0 is those of the file",
    ),
    Parameter::new("gap", "0", "mean gap between two arrivals (Poisson); 0: all at once [ticks]"),
    Parameter::new("hold", "yes", "yes: policies may leave a machine empty until the next event"),
    Parameter::new(
        "goal",
        "makespan",
        "what policies that look ahead aim at: makespan, flow, tardiness",
    ),
];

const METRICS: [Metric; 5] = [
    Metric { name: "makespan [ticks]", better: Better::Lower },
    Metric { name: "flow time mean [ticks]", better: Better::Lower },
    Metric { name: "tardiness mean [ticks]", better: Better::Lower },
    Metric { name: "machines at work [share]", better: Better::Neither },
    Metric { name: "swaps", better: Better::Neither },
];

impl SimulatedWorld for Shop {
    fn about(&self) -> AboutWorld {
        AboutWorld {
            name: "shop",
            summary: "a job shop whose machines break; the policy says which job a machine takes",
            source: "Wong, Kim, Park, Park, Law 2024",
            input: InputKind::Problem,
            parameters: &PARAMETERS,
            policies: &[
                "fifo",
                "spt",
                "mtwr",
                "mor",
                "spt_plus",
                "random",
                "pilot(spt)",
                "re-plan",
            ],
        }
    }

    fn open(
        &self,
        input: Input<'_>,
        settings: &Settings,
    ) -> Result<Box<dyn Scenario>, SimulationError> {
        let Input::Problem(problem) = input else {
            let words = "expected a problem, found none: name a file of a job shop";
            return Err(SimulationError::Input(words.to_owned()));
        };
        let wrong = |error: super::WorkshopError| SimulationError::Input(error.to_string());
        let count = "a whole number up to 100000";
        let jobs = settings.value("jobs", count, |it: &usize| *it <= 100_000)?;
        let mut shop = Workshop::of(problem).map_err(wrong)?;
        if jobs > 0 {
            shop = shop.repeated(jobs).map_err(wrong)?;
        }
        let read = read(&shop, settings)?;
        read.validate(&shop).map_err(wrong)?;
        let title = title(&shop, settings);
        Ok(Box::new(ShopScenario { shop: shop.into(), settings: read, title }))
    }
}

fn title(shop: &Workshop, settings: &Settings) -> String {
    let defaults = PARAMETERS.iter().map(|it| it.default);
    let set = settings.iter().zip(defaults).filter(|((_, value), default)| value != default);
    let set: Vec<String> = set.map(|((name, value), _)| format!("{name}={value}")).collect();
    let (jobs, machines) = (shop.jobs(), shop.machines());
    let rest = if set.is_empty() { String::new() } else { format!(", {}", set.join(", ")) };
    format!("shop {}: {jobs} jobs on {machines} machines{rest}", shop.name())
}

/// The settings that the parameters say.
fn read(shop: &Workshop, settings: &Settings) -> Result<ShopSettings, SimulationError> {
    let yes = |name: &str| match settings.text(name) {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(SimulationError::parameter(name, other, "yes or no")),
    };
    let buffers = match settings.text("buffers") {
        "unlimited" => UNLIMITED,
        _ => settings.value("buffers", "a whole number, or unlimited", |it| *it < UNLIMITED)?,
    };
    let gap = settings.value("gap", "a number from 0 on", |it: &f64| *it >= 0.0 && *it < 1e9)?;
    let goal = match settings.text("goal") {
        "makespan" => Goal::Makespan,
        "flow" => Goal::FlowTime,
        "tardiness" => Goal::Tardiness,
        other => {
            let expected = "makespan, flow or tardiness";
            return Err(SimulationError::parameter("goal", other, expected));
        }
    };
    Ok(ShopSettings {
        buffers: vec![buffers],
        interruption: interruption(shop, settings)?,
        arrivals: if gap == 0.0 { Arrivals::AtOnce } else { Arrivals::Poisson(gap) },
        goal,
        hold: yes("hold")?,
        announced: yes("announced")?,
        ..ShopSettings::default()
    })
}

fn interruption(shop: &Workshop, settings: &Settings) -> Result<Interruption, SimulationError> {
    let is_share = |it: &f64| (0.0..=1.0).contains(it);
    let chance = settings.value("breakdown", "a probability from 0 to 1", is_share)?;
    let repair = Law::from(settings.distribution("repair")?);
    let wrong = |error: super::WorkshopError| {
        SimulationError::parameter("breakdown", &chance.to_string(), error.to_string())
    };
    match settings.text("model") {
        "renewal" => Ok(Interruption::Renewal { up: settings.distribution("up")?.into(), repair }),
        "at-load" | "hazard" if chance == 0.0 => Ok(Interruption::Never),
        "at-load" => Ok(Interruption::AtLoad { chance, repair }),
        "hazard" => match Interruption::hazard(chance, shop.duration_mean()).map_err(wrong)? {
            Interruption::Renewal { up, .. } => Ok(Interruption::Renewal { up, repair }),
            other => Ok(other),
        },
        other => Err(SimulationError::parameter("model", other, "at-load, hazard or renewal")),
    }
}

struct ShopScenario {
    shop: Arc<Workshop>,
    settings: ShopSettings,
    title: String,
}

impl Scenario for ShopScenario {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn metrics(&self) -> &[Metric] {
        &METRICS
    }

    fn start(&self, seed: Seed, keep: Keep) -> Box<dyn Episode + '_> {
        let log = keep.events || keep.history;
        let settings = ShopSettings { log, ..self.settings.clone() };
        let world = ShopWorld::new(self.shop.clone(), settings.into(), seed);
        Box::new(ShopRun { world, log: EventLog::kept(keep.events), keep })
    }

    fn policies(&self) -> &'static [NamedPolicy] {
        &NAMED
    }

    fn policy<'s>(&'s self, call: &Call<'_>) -> Option<Result<Box<dyn Policy + 's>, PolicyError>> {
        if !call.arguments.is_empty() {
            return None;
        }
        let found = rule_policy(call.name, &self.shop).ok()?;
        Some(Ok(Box::new(found)))
    }
}

const fn named(name: &'static str, summary: &'static str) -> NamedPolicy {
    NamedPolicy { name, arguments: "", summary, source: "Wong et al. 2024" }
}

/// Rules that the library has under another name, or not at all.
const NAMED: [NamedPolicy; 7] = [
    named("fdd", "least work of the job up to the end of the operation"),
    named("lor", "fewest operations of the job left"),
    named("ltwr", "least work of the job left"),
    named("mor", "most operations of the job left"),
    named("mtwr", "most work of the job left"),
    named("random", "any candidate, never none"),
    named("spt_plus", "least duration, that of the next operation included"),
];

/// One run.
struct ShopRun {
    world: ShopWorld,
    log: EventLog,
    keep: Keep,
}

impl World for ShopRun {
    fn observe(&self) -> &Observation {
        self.world.observe()
    }

    fn act(&mut self, choice: CandidateId) -> Step {
        let step = self.world.act(choice);
        if step.is_last() {
            self.write();
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

    fn forecast(&self, policy: &mut dyn Policy, stream: &mut Stream) -> Option<Schedule> {
        World::forecast(&self.world, policy, stream)
    }

    fn followed(&self, plan: &Schedule) -> Option<Schedule> {
        World::followed(&self.world, plan)
    }

    fn reward_names(&self) -> &'static [&'static str] {
        self.world.reward_names()
    }
}

impl ShopRun {
    /// Puts the log into words.
    fn write(&mut self) {
        if self.keep.events {
            for entry in self.world.log() {
                self.log.note(Time::new(entry.time), format_args!("{entry}"));
            }
        }
    }
}

impl Episode for ShopRun {
    fn values(&self) -> Result<Vec<f64>, SimulationError> {
        let world = &self.world;
        let broken = |words: String| SimulationError::Broken(words);
        if !world.is_complete() {
            return Err(broken("jobs are left when nothing is to come any more".to_owned()));
        }
        let problem = world.realized().map_err(|error| broken(error.to_string()))?;
        if let Err(violations) = ordine_check::check(&problem, &world.schedule()) {
            let first = violations.first().map(|it| it.describe(&problem));
            return Err(broken(first.unwrap_or_default()));
        }
        let shop = world.workshop();
        let jobs = shop.jobs() as f64;
        let makespan = world.makespan().get() as f64;
        let busy = world.work_done() as f64 / (makespan * shop.machines() as f64);
        Ok(vec![
            makespan,
            world.flow_time() as f64 / jobs,
            world.tardiness() as f64 / jobs,
            busy,
            f64::from(world.swaps()),
        ])
    }

    fn log(&self) -> Option<&EventLog> {
        self.log.is_on().then_some(&self.log)
    }

    fn history(&self) -> Option<History> {
        self.keep.history.then(|| self.world.history())
    }
}
