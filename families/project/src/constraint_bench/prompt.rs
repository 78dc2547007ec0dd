//! Prompts, and the way back from a prompt to the instance.
//!
//! The system text has the rules, the user text the instance in the phrases of a [`Rendering`]. The
//! reader knows every line that the writer can write and refuses all others, so that what is
//! checked is that nothing was lost. O(length).
//!
//! **Source:** ours.

use super::instance::{BenchInstance, BenchResource, BenchTask, Phase};
use super::lexicon::{Lexicon, NOTHING, Rendering, fields, fill};
use super::variants::{Variant, named};
use super::{Answer, features::transitive_reduction};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is asked of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A schedule, at once.
    Direct,
    /// A schedule, and another one after each report of the judge.
    Feedback,
    /// The problem as `ordine/problem/1`, which is then solved.
    Formalize,
    /// A schedule, with tools.
    Tools,
}

impl Mode {
    /// All of them, by their letters.
    pub const ALL: [(char, Mode); 4] =
        [('a', Mode::Direct), ('b', Mode::Feedback), ('c', Mode::Formalize), ('d', Mode::Tools)];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Direct => "direct",
            Mode::Feedback => "feedback",
            Mode::Formalize => "formalize",
            Mode::Tools => "tools",
        }
    }
}

/// What is said to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// Rules and contract.
    pub system: String,
    /// The instance.
    pub user: String,
}

/// Why a text is no prompt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected a phrase of the lexicon, found `{found}`")]
pub struct PromptError {
    /// The line, from 1; 0 for the whole.
    pub line: usize,
    /// What stands there.
    pub found: String,
}

const RULES: &str = "\
You plan tasks. Every task runs once, without interruption, from an integer start of 0 or more for \
its duration. All intervals are half-open: a task that starts at 3 and lasts 5 runs in [3, 8), and \
another may start at 8.
- Order: where one task must end before another starts, the second starts at the end of the first \
or later.
- Resources: at every instant the demands of the running tasks sum up to at most the capacity of \
each resource.
- Downtime: a task that needs a resource does not run while that resource is down.
- Windows: a task starts at its release or later and ends at its deadline or earlier.
- Pairs: two tasks that must not overlap run one after the other, in either order.
Only a schedule that keeps every rule counts; how long it takes does not matter.";

const CONTRACT: &str = "\
Answer with this JSON and nothing else, every task exactly once:
{\"schedule\":[{\"task\":1,\"start\":0},{\"task\":2,\"start\":4}]}";

const FEEDBACK: &str = "\
If your schedule breaks a rule, you are told so and may answer again, up to five times.";

const FORMALIZE: &str = "\
Do not plan. Write the problem as ordine/problem/1, JSON and nothing else; a solver plans it. \
Resources are renewables with a capacity; downtime is a calendar of steps; a pair that must not \
overlap is a machine that both tasks need; a release is `earliest_start`, a deadline `latest_end`. \
Name tasks by their numbers and resources R and their number. An example:
{\"format\":\"ordine/problem/1\",\"name\":\"example\",\"objective\":\"makespan\",
\"calendars\":[{\"name\":\"R0\",\"steps\":[[12,\"closed\"],[16,\"open\"]]}],
\"resources\":[{\"name\":\"R0\",\"kind\":\"renewable\",\"capacity\":3,\"calendar\":\"R0\"},
{\"name\":\"apart 1 2\",\"kind\":\"machine\"}],
\"tasks\":[{\"name\":\"1\",\"earliest_start\":3,\"latest_end\":21,\"modes\":[{\"duration\":5,\
\"requirements\":[{\"resource\":\"R0\",\"demand\":2},{\"resource\":\"apart 1 2\"}]}]},
{\"name\":\"2\",\"modes\":[{\"duration\":4,\"requirements\":[{\"resource\":\"apart 1 2\"}]}]}],
\"precedences\":[{\"before\":\"1\",\"after\":\"2\"}]}";

const TOOLS: &str = "\
You have tools that describe the instance, judge a schedule, find the earliest start of a task \
beside others, solve a problem and explain why there is no schedule. \
You may call them twelve times.";

/// SHA-256 of all that prompts are made of, in hexadecimal digits.
pub fn template_hash() -> String {
    let mut hash = Sha256::new();
    for text in [RULES, CONTRACT, FEEDBACK, FORMALIZE, TOOLS, NOTE, EXAMPLE, EXAMPLE_END] {
        hash.update(text);
    }
    for rendering in Rendering::ALL {
        hash.update(format!("{:?}", rendering.lexicon()));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

const NOTE: &str = "Note that, as a consequence: ";
const EXAMPLE: &str = "An example of another instance, with a feasible answer:";
const EXAMPLE_END: &str = "End of the example. The instance to plan:";

/// The prompt for an instance, which `variant` has changed already; redundant statements and the
/// worked example are added here.
pub fn prompt(
    instance: &BenchInstance,
    rendering: Rendering,
    mode: Mode,
    variant: Variant,
) -> Prompt {
    let contract = match mode {
        Mode::Direct => CONTRACT.to_owned(),
        Mode::Feedback => format!("{CONTRACT}\n{FEEDBACK}"),
        Mode::Formalize => FORMALIZE.to_owned(),
        Mode::Tools => format!("{CONTRACT}\n{TOOLS}"),
    };
    let mut lines = Vec::new();
    if variant == Variant::Example {
        let example = example();
        let starts = example.hidden.clone().unwrap_or_default();
        lines.push(EXAMPLE.to_owned());
        lines.extend(body(&example, rendering));
        lines.push(Answer::of_starts(&example, &starts).json());
        lines.push(EXAMPLE_END.to_owned());
    }
    lines.extend(body(instance, rendering));
    if variant == Variant::Redundant {
        lines.extend(consequences(instance, rendering.lexicon()));
    }
    Prompt { system: format!("{RULES}\n{contract}"), user: lines.join("\n") + "\n" }
}

/// A number with a name, where there is one.
fn label(id: i64, name: Option<&String>) -> String {
    name.map_or_else(|| id.to_string(), |name| format!("{id} \"{name}\""))
}

fn body(instance: &BenchInstance, rendering: Rendering) -> Vec<String> {
    let named;
    let instance = match rendering {
        Rendering::Story => {
            named = self::named(instance);
            &named
        }
        _ => instance,
    };
    let lexicon = rendering.lexicon();
    let number = |it: i64| it.to_string();
    let horizon = number(instance.horizon);
    let mut lines = vec![fill(lexicon.head, &[&instance.id, &instance.unit, &horizon])];
    lines.push(lexicon.titles[0].to_owned());
    for resource in &instance.resources {
        let label = label(resource.id, resource.name.as_ref());
        lines.push(fill(lexicon.resource, &[&label, &number(resource.capacity)]));
        let id = number(resource.id);
        for [from, to] in &resource.down {
            lines.push(fill(lexicon.down, &[&id, &number(*from), &number(*to)]));
        }
    }
    lines.push(lexicon.titles[1].to_owned());
    for task in &instance.tasks {
        let needs = needs(instance, task, lexicon);
        let label = label(task.id, task.name.as_ref());
        let [duration, release, deadline] =
            [task.duration, task.release, task.deadline].map(number);
        lines.push(fill(lexicon.task, &[&label, &duration, &release, &deadline, &needs]));
    }
    for (title, phrase, pairs) in [
        (lexicon.titles[2], lexicon.before, &instance.precedence),
        (lexicon.titles[3], lexicon.apart, &instance.disjoint),
    ] {
        if !pairs.is_empty() {
            lines.push(title.to_owned());
        }
        lines.extend(pairs.iter().map(|it| fill(phrase, &[&number(it[0]), &number(it[1])])));
    }
    lines
}

fn needs(instance: &BenchInstance, task: &BenchTask, lexicon: &Lexicon) -> String {
    if lexicon.need.is_empty() {
        let demands: Vec<String> = task.demand.iter().map(i64::to_string).collect();
        return demands.join(lexicon.and);
    }
    let both = task.demand.iter().zip(&instance.resources).filter(|it| *it.0 > 0);
    let need = |(demand, resource): (&i64, &BenchResource)| {
        fill(lexicon.need, &[&demand.to_string(), &resource.id.to_string()])
    };
    let needs: Vec<String> = both.map(need).collect();
    if needs.is_empty() { NOTHING.to_owned() } else { needs.join(lexicon.and) }
}

/// Statements that follow from the others.
fn consequences(instance: &BenchInstance, lexicon: &Lexicon) -> Vec<String> {
    let edges = transitive_reduction(instance);
    let mut lines = Vec::new();
    for [first, middle] in &edges {
        for [_, last] in edges.iter().filter(|it| it[0] == *middle) {
            let phrase = fill(lexicon.before, &[&first.to_string(), &last.to_string()]);
            lines.push(format!("{NOTE}{phrase}"));
        }
    }
    lines.truncate(10);
    lines
}

/// A small instance whose schedule everybody can check.
fn example() -> BenchInstance {
    let task = |id, duration, demand, release, deadline| BenchTask {
        id,
        name: None,
        duration,
        demand: vec![demand],
        release,
        deadline,
    };
    BenchInstance {
        id: "example".to_owned(),
        phase: Phase::Disjunctive,
        level: 1,
        horizon: 20,
        unit: "hour".to_owned(),
        tasks: vec![task(1, 3, 1, 0, 20), task(2, 2, 2, 0, 20), task(3, 4, 1, 1, 12)],
        resources: vec![BenchResource { id: 0, name: None, capacity: 2, down: vec![[3, 5]] }],
        precedence: vec![[1, 2]],
        disjoint: vec![[1, 3]],
        hidden: Some(vec![0, 9, 5]),
        seed: 0,
    }
}

/// The instance that a user text tells; phase, level and seed are not in it.
///
/// # Errors
/// The first line that is no phrase of the lexicon.
pub fn read_prompt(text: &str, rendering: Rendering) -> Result<BenchInstance, PromptError> {
    let lexicon = rendering.lexicon();
    let mut instance = BenchInstance {
        id: String::new(),
        phase: Phase::Domain,
        level: 0,
        horizon: 0,
        unit: String::new(),
        tasks: Vec::new(),
        resources: Vec::new(),
        precedence: Vec::new(),
        disjoint: Vec::new(),
        hidden: None,
        seed: 0,
    };
    let mut in_example = false;
    for (line, words) in (1..).zip(text.lines()) {
        in_example = (in_example || words == EXAMPLE) && words != EXAMPLE_END;
        let is_silent = words.is_empty()
            || words == EXAMPLE_END
            || words.starts_with(NOTE)
            || lexicon.titles.contains(&words);
        if in_example || is_silent {
            continue;
        }
        let read = read_line(&mut instance, lexicon, words);
        read.ok_or_else(|| PromptError { line, found: words.to_owned() })?;
    }
    let whole = |error: super::InstanceError| PromptError { line: 0, found: error.to_string() };
    instance.validate().map_err(whole)?;
    Ok(instance)
}

fn unlabel(text: &str) -> Option<(i64, Option<String>)> {
    match text.split_once(" \"") {
        Some((id, name)) => Some((id.parse().ok()?, Some(name.strip_suffix('"')?.to_owned()))),
        None => Some((text.parse().ok()?, None)),
    }
}

fn read_line(instance: &mut BenchInstance, lexicon: &Lexicon, words: &str) -> Option<()> {
    let pair = |phrase: &str| {
        let found = fields(phrase, words)?;
        Some([found[0].parse().ok()?, found[1].parse().ok()?])
    };
    if let Some(found) = fields(lexicon.head, words) {
        instance.id = found[0].to_owned();
        instance.unit = found[1].to_owned();
        instance.horizon = found[2].parse().ok()?;
    } else if let Some((id, [from, to])) = read_down(lexicon, words) {
        let mut resources = instance.resources.iter_mut();
        resources.find(|resource| resource.id == id)?.down.push([from, to]);
    } else if let Some(resource) = read_resource(lexicon, words) {
        instance.resources.push(resource);
    } else if let Some(task) = read_task(instance, lexicon, words) {
        instance.tasks.push(task);
    } else if let Some(pair) = pair(lexicon.before) {
        instance.precedence.push(pair);
    } else {
        instance.disjoint.push(pair(lexicon.apart)?);
    }
    Some(())
}

fn read_down(lexicon: &Lexicon, words: &str) -> Option<(i64, [i64; 2])> {
    let found = fields(lexicon.down, words)?;
    Some((found[0].parse().ok()?, [found[1].parse().ok()?, found[2].parse().ok()?]))
}

fn read_resource(lexicon: &Lexicon, words: &str) -> Option<BenchResource> {
    let found = fields(lexicon.resource, words)?;
    let (id, name) = unlabel(found[0])?;
    Some(BenchResource { id, name, capacity: found[1].parse().ok()?, down: Vec::new() })
}

fn read_task(instance: &BenchInstance, lexicon: &Lexicon, words: &str) -> Option<BenchTask> {
    let found = fields(lexicon.task, words)?;
    let (id, name) = unlabel(found[0])?;
    let mut demand = vec![0; instance.resources.len()];
    if lexicon.need.is_empty() {
        let read: Option<Vec<i64>> =
            found[4].split(lexicon.and).map(|it| it.parse().ok()).collect();
        demand = read.filter(|read| read.len() == demand.len())?;
    } else if found[4] != NOTHING {
        for need in found[4].split(lexicon.and) {
            let need = fields(lexicon.need, need)?;
            let id: i64 = need[1].parse().ok()?;
            let place = instance.resources.iter().position(|resource| resource.id == id)?;
            demand[place] = need[0].parse().ok()?;
        }
    }
    Some(BenchTask {
        id,
        name,
        duration: found[1].parse().ok()?,
        demand,
        release: found[2].parse().ok()?,
        deadline: found[3].parse().ok()?,
    })
}
