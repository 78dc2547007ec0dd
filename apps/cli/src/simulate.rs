//! `ordine simulate`: which way of deciding is best in a world of chance, by how much, how surely.
//!
//! Every policy meets the same chance, replication by replication; the table has means with
//! intervals, and differences pair by pair.
//!
//! **Source:** Law 2015, chapter 10.

mod arguments;
mod gantt;
mod log;
mod one;
mod table;

pub use arguments::SimulateArguments;

use crate::charts::ChartFiles;
use crate::exit::{Exit, Failure};
use crate::outputs::places;
use crate::run::workers;
use crate::{inputs, terminal};
use one::Setup;
use ordine_base::Seed;
use ordine_chart::{Axis, Boxes, Chart, Sample, boxes_text};
use ordine_registry::{WORLDS, policy_of};
use ordine_sim::{Keep, Precision, Samples, SimulatedWorld, Study, replicate};
use std::io::{self, Write};
use table::Results;

/// Simulates what the arguments name.
///
/// # Errors
/// When an input or a name is wrong, or a run broke a rule of its world.
pub fn run(arguments: &SimulateArguments) -> Result<Exit, Failure> {
    if let Some(path) = &arguments.replay {
        return log::replay(path);
    }
    let Some(name) = &arguments.world else { return list(arguments) };
    if arguments.parameters {
        return parameters(one::world(name)?);
    }
    let setup =
        one::open(name, arguments.file.as_deref(), arguments.format.as_deref(), &arguments.set)?;
    let policies = policies(arguments, &setup)?;
    for policy in &policies {
        policy_of(&*setup.scenario, policy).map_err(|it| Failure::bad_input(it.to_string()))?;
    }
    if arguments.against != "best" && !policies.contains(&arguments.against) {
        return Err(table::unknown_reference(&policies, &arguments.against));
    }
    let order = metrics(arguments, &setup)?;
    let study = study(arguments);
    let mut files = Files::new(arguments)?;
    let samples = samples(&study, &setup, &policies, &order);
    let samples = samples.map_err(|failed| {
        let policy = &policies[failed.system];
        let told = log::failed(&mut files.log, arguments, &setup, policy, failed.replication);
        let again = one::again(arguments, policy, failed.replication);
        let message = format!("{policy}: {}; see it again with `{again}`", failed.error);
        told.err().unwrap_or(Failure::Inside(message))
    })?;
    files.write(arguments, &setup, &policies, (&samples, order[0]))?;
    let results = Results { setup: &setup, policies: &policies, order: &order, samples: &samples };
    print(arguments, &results, &study)?;
    Ok(Exit::Done)
}

fn policies(arguments: &SimulateArguments, setup: &Setup) -> Result<Vec<String>, Failure> {
    let named = &arguments.policy;
    if named.is_empty() {
        return Ok(setup.about.policies.iter().map(|&name| name.to_owned()).collect());
    }
    match named.iter().enumerate().find(|(index, name)| named[..*index].contains(name)) {
        None => Ok(named.clone()),
        Some((_, name)) => {
            let message = format!("--policy {name}: expected different policies, found it twice");
            Err(Failure::bad_input(format!("{message}; name it once")))
        }
    }
}

/// Positions of the metrics, the one that counts first.
fn metrics(arguments: &SimulateArguments, setup: &Setup) -> Result<Vec<usize>, Failure> {
    let metrics = setup.scenario.metrics();
    let mut order: Vec<usize> = (0..metrics.len()).collect();
    let Some(wanted) = &arguments.metric else { return Ok(order) };
    let found = metrics.iter().position(|it| it.name == wanted);
    let found = found.or_else(|| metrics.iter().position(|it| it.name.starts_with(wanted)));
    let Some(place) = found else {
        let names: Vec<&str> = metrics.iter().map(|it| it.name).collect();
        return Err(Failure::bad_input(format!(
            "--metric {wanted}: expected one of {}",
            names.join(", ")
        )));
    };
    order[..=place].rotate_right(1);
    Ok(order)
}

fn study(arguments: &SimulateArguments) -> Study {
    let precision = arguments.precision.map(|relative| Precision {
        relative,
        replications_most: arguments.replications_most.max(arguments.replications),
    });
    Study {
        seed: Seed::new(arguments.seed),
        replications: arguments.replications,
        precision,
        confidence: arguments.confidence,
        workers: workers(arguments.workers),
    }
}

fn samples(
    study: &Study,
    setup: &Setup,
    policies: &[String],
    order: &[usize],
) -> Result<Samples, ordine_sim::Failed<String>> {
    replicate(study, policies.len(), |system, _, seed| {
        let values = one::run(setup, &policies[system], seed, Keep::default()).values?;
        Ok(order.iter().map(|&metric| values[metric]).collect())
    })
}

/// Where files go.
struct Files {
    plot: Option<ChartFiles>,
    gantt: Option<ChartFiles>,
    log: Option<crate::outputs::Destination>,
}

impl Files {
    fn new(arguments: &SimulateArguments) -> Result<Self, Failure> {
        let read = places(arguments.file.as_deref().map(inputs::path));
        let chart = |option, path: &Option<std::path::PathBuf>| {
            let path = path.as_deref();
            path.map(|path| ChartFiles::new(option, path, arguments.theme, &read)).transpose()
        };
        let log = arguments.log.as_deref();
        let log =
            log.map(|it| crate::outputs::Destination::new("--log", it, "jsonl")?.sparing(&read));
        Ok(Files {
            plot: chart("--plot", &arguments.plot)?,
            gantt: chart("--gantt", &arguments.gantt)?,
            log: log.transpose()?,
        })
    }

    fn write(
        &mut self,
        arguments: &SimulateArguments,
        setup: &Setup,
        policies: &[String],
        (samples, metric): (&Samples, usize),
    ) -> Result<(), Failure> {
        if let Some(files) = &mut self.plot {
            files
                .write(setup.about.name, Chart::Boxes(&boxes(setup, policies, samples, metric)))?;
        }
        let number = arguments.run - 1;
        let keep = Keep { events: self.log.is_some(), history: self.gantt.is_some() };
        if keep == Keep::default() {
            return Ok(());
        }
        let seed = one::seed_of(arguments.seed, number);
        let ran = one::run(setup, &policies[0], seed, keep);
        if let Some(destination) = &mut self.log {
            let text = log::text(arguments, setup, &policies[0], number, &ran);
            destination.write(setup.about.name, text)?;
        }
        if let Some(files) = &mut self.gantt {
            let history = ran.history.ok_or_else(|| {
                let name = setup.about.name;
                Failure::bad_input(format!("--gantt: the world {name} keeps no bars"))
            })?;
            let subtitle = format!("{}, run {}, time in ticks", policies[0], arguments.run);
            let scene = gantt::scene(&setup.scenario.title(), &subtitle, &history);
            files.write(setup.about.name, Chart::Gantt(&scene))?;
        }
        Ok(())
    }
}

fn boxes(setup: &Setup, policies: &[String], samples: &Samples, metric: usize) -> Boxes {
    let metric = setup.scenario.metrics()[metric];
    let of_policy = |(system, name): (usize, &String)| Sample {
        name: name.clone(),
        values: samples.values(system, 0).to_vec(),
    };
    Boxes {
        title: setup.scenario.title(),
        subtitle: format!("{}, {} replications", metric.name, samples.replications()),
        axis: Axis::linear(metric.name),
        samples: policies.iter().enumerate().map(of_policy).collect(),
    }
}

fn print(
    arguments: &SimulateArguments,
    results: &Results<'_>,
    study: &Study,
) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    if arguments.json {
        writeln!(stdout, "{}", results.json(study, &arguments.against)?)?;
        return Ok(stdout.flush()?);
    }
    let lines = results.lines(study, &arguments.against)?;
    terminal::write_lines(&mut stdout, &lines)?;
    if terminal::is_terminal() {
        let boxes = boxes(results.setup, results.policies, results.samples, results.order[0]);
        write!(stdout, "\n{}", boxes_text(&boxes, &terminal::style()))?;
    }
    Ok(stdout.flush()?)
}

/// Which worlds there are; with arguments that need one, that is a mistake.
fn list(arguments: &SimulateArguments) -> Result<Exit, Failure> {
    let files = [&arguments.plot, &arguments.gantt, &arguments.log];
    let needs = files.iter().any(|it| it.is_some())
        || arguments.json
        || !(arguments.set.is_empty() && arguments.policy.is_empty());
    if needs {
        let message = format!("simulate: expected a world, found none; name {}", one::names());
        return Err(Failure::bad_input(message));
    }
    let width = WORLDS.iter().map(|world| world.about().name.len()).max().unwrap_or(0);
    let mut stdout = io::stdout().lock();
    for about in WORLDS.iter().map(|world| world.about()) {
        writeln!(stdout, "{:<width$}  {}", about.name, about.summary)?;
    }
    writeln!(stdout, "\n`ordine simulate WORLD --parameters` says what can be set.")?;
    stdout.flush()?;
    Ok(Exit::Done)
}

/// What can be set in a world, and which policies it has.
fn parameters(world: &dyn SimulatedWorld) -> Result<Exit, Failure> {
    let about = world.about();
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}: {} ({})", about.name, about.summary, about.source)?;
    writeln!(stdout, "policies when none is named: {}", about.policies.join(", "))?;
    let name = |it: &ordine_sim::Parameter| format!("--set {}={}", it.name, it.default);
    let width = about.parameters.iter().map(|it| name(it).len()).max().unwrap_or(0);
    for parameter in about.parameters {
        writeln!(stdout, "  {:<width$}  {}", name(parameter), parameter.help)?;
    }
    stdout.flush()?;
    Ok(Exit::Done)
}
