//! Answerers that need no model: each reads the prompt alone and answers by a fixed method.
//!
//! | name | what it does |
//! |---|---|
//! | `perfect` | reads the prompt back and answers a schedule of the proof engine |
//! | `greedy` | serial generation by deadlines over all kinds of constraints |
//! | `restarts` | the same with 50 random orders |
//! | `resource-only` | serial generation that sees precedences and capacities |
//! | `precedence-only` | earliest starts |
//! | `blind:KIND` | the proof engine without one kind of constraint |
//! | `noisy:E` | perfect, with probability E one fault |
//! | `jitter:Q` | perfect, each start moved by 1 or 2 with probability Q |
//! | `slip` | c faults, c = number of the instance in its phase mod 8; mends one a round |
//! | `formalizer`, `formalizer:KIND` | writes the problem, without one kind |
//! | `tool-user`, `tool-abuser` | lets the tools solve; calls them 13 times with nonsense |
//!
//! Draws come from the name of the instance, so that answers are always the same.
//!
//! **Source:** ours.

use super::answer::{Answer, read_answer};
use super::checker::Kind;
use super::faults::with_fault;
use super::instance::BenchInstance;
use super::lexicon::Rendering;
use super::lower::{Dropped, feasible_starts, lower, lower_without};
use super::prompt::read_prompt;
use super::serial::{Order, Sees, restarts, serial};
use ordine_base::{Seed, Stream};
use ordine_wire::problem_json::{TimeScale, write_problem};
use std::fmt;
use std::str::FromStr;

/// Work units of one schedule.
const WORK: u64 = 5_000_000;

/// A method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answerer {
    /// See the table of the module.
    Perfect,
    /// See the table of the module.
    Greedy,
    /// See the table of the module.
    Restarts,
    /// See the table of the module.
    ResourceOnly,
    /// See the table of the module.
    PrecedenceOnly,
    /// See the table of the module.
    Blind(Dropped),
    /// See the table of the module.
    Noisy(f64),
    /// See the table of the module.
    Jitter(f64),
    /// See the table of the module.
    Slip,
    /// See the table of the module.
    Formalizer(Option<Dropped>),
    /// See the table of the module.
    ToolUser,
    /// See the table of the module.
    ToolAbuser,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The rules.
    System,
    /// Whoever asks.
    User,
    /// Whoever answers.
    Assistant,
    /// A tool.
    Tool,
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Who speaks.
    pub role: Role,
    /// The words.
    pub text: String,
    /// Calls of tools: name and arguments.
    pub calls: Vec<(String, String)>,
}

impl Turn {
    /// Words without calls.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Turn { role, text: text.into(), calls: Vec::new() }
    }

    fn calling(name: &str, arguments: String) -> Self {
        let calls = vec![(name.to_owned(), arguments)];
        Turn { calls, ..Turn::new(Role::Assistant, "") }
    }
}

impl fmt::Display for Answerer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answerer::Perfect => formatter.write_str("perfect"),
            Answerer::Greedy => formatter.write_str("greedy"),
            Answerer::Restarts => formatter.write_str("restarts"),
            Answerer::ResourceOnly => formatter.write_str("resource-only"),
            Answerer::PrecedenceOnly => formatter.write_str("precedence-only"),
            Answerer::Blind(kind) => write!(formatter, "blind:{}", kind.word()),
            Answerer::Noisy(share) => write!(formatter, "noisy:{share}"),
            Answerer::Jitter(share) => write!(formatter, "jitter:{share}"),
            Answerer::Slip => formatter.write_str("slip"),
            Answerer::Formalizer(None) => formatter.write_str("formalizer"),
            Answerer::Formalizer(Some(kind)) => write!(formatter, "formalizer:{}", kind.word()),
            Answerer::ToolUser => formatter.write_str("tool-user"),
            Answerer::ToolAbuser => formatter.write_str("tool-abuser"),
        }
    }
}

impl FromStr for Answerer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, parameter) = text.split_once(':').map_or((text, None), |it| (it.0, Some(it.1)));
        let kind = |word: &str| Dropped::ALL.into_iter().find(|it| it.word() == word);
        let share = |word: &str| word.parse().ok().filter(|it: &f64| (0.0..=1.0).contains(it));
        let found = match (name, parameter) {
            ("perfect", None) => Some(Answerer::Perfect),
            ("greedy", None) => Some(Answerer::Greedy),
            ("restarts", None) => Some(Answerer::Restarts),
            ("resource-only", None) => Some(Answerer::ResourceOnly),
            ("precedence-only", None) => Some(Answerer::PrecedenceOnly),
            ("blind", Some(word)) => kind(word).map(Answerer::Blind),
            ("noisy", Some(word)) => share(word).map(Answerer::Noisy),
            ("jitter", Some(word)) => share(word).map(Answerer::Jitter),
            ("slip", None) => Some(Answerer::Slip),
            ("formalizer", None) => Some(Answerer::Formalizer(None)),
            ("formalizer", Some(word)) => kind(word).map(|it| Answerer::Formalizer(Some(it))),
            ("tool-user", None) => Some(Answerer::ToolUser),
            ("tool-abuser", None) => Some(Answerer::ToolAbuser),
            _ => None,
        };
        found.ok_or_else(|| {
            format!(
                "expected an answerer such as perfect, greedy, restarts, resource-only, \
                 precedence-only, blind:windows, noisy:0.1, jitter:0.01, slip, formalizer, \
                 formalizer:capacity, tool-user or tool-abuser, found {text}"
            )
        })
    }
}

impl Answerer {
    /// The next turn of a conversation.
    pub fn answer(self, conversation: &[Turn]) -> Turn {
        let user = conversation.iter().find(|turn| turn.role == Role::User);
        let told = user.and_then(|turn| {
            Rendering::ALL.into_iter().find_map(|it| read_prompt(&turn.text, it).ok())
        });
        let Some(instance) = told else {
            return Turn::new(Role::Assistant, "I do not understand the question.");
        };
        match self {
            Answerer::Slip => Turn::new(Role::Assistant, slip(&instance, conversation)),
            Answerer::Formalizer(dropped) => {
                Turn::new(Role::Assistant, formalized(&instance, dropped))
            }
            Answerer::ToolUser => tool_user(&instance, conversation),
            Answerer::ToolAbuser => tool_abuser(conversation),
            _ => Turn::new(Role::Assistant, self.schedule(&instance).json()),
        }
    }

    /// The schedule of those that answer at once.
    pub fn schedule(self, instance: &BenchInstance) -> Answer {
        let mut stream = stream(instance, &self.to_string());
        let starts = match self {
            Answerer::Greedy => serial(instance, Order::Deadline, Sees::ALL),
            Answerer::Restarts => restarts(instance, 50, Seed::new(instance.seed)),
            Answerer::ResourceOnly => serial(instance, Order::Number, Sees::CAPACITY),
            Answerer::PrecedenceOnly => serial(instance, Order::Number, Sees::PRECEDENCE),
            Answerer::Blind(dropped) => planned(instance, Some(dropped)),
            Answerer::Noisy(share) => return noisy(instance, share, &mut stream),
            Answerer::Jitter(share) => jittered(planned(instance, None), share, &mut stream),
            _ => planned(instance, None),
        };
        Answer::of_starts(instance, &starts)
    }
}

fn stream(instance: &BenchInstance, name: &str) -> Stream {
    Seed::new(1).stream(&format!("{name}/{}", instance.id))
}

/// A schedule of the proof engine; all zeros where there is none.
fn planned(instance: &BenchInstance, dropped: Option<Dropped>) -> Vec<i64> {
    let problem = match dropped {
        Some(kind) => lower_without(instance, kind),
        None => lower(instance),
    };
    let found = problem.ok().and_then(|it| feasible_starts(&it, Seed::new(1), WORK).ok().flatten());
    found.unwrap_or_else(|| vec![0; instance.tasks.len()])
}

fn noisy(instance: &BenchInstance, share: f64, stream: &mut Stream) -> Answer {
    let starts = planned(instance, None);
    if !stream.chance(share) {
        return Answer::of_starts(instance, &starts);
    }
    loop {
        // Some kinds have nothing to break in some phases; a missing task is always possible.
        let kind = Kind::ALL[stream.below(Kind::ALL.len())];
        if let Some(answer) = with_fault(instance, &starts, kind, stream) {
            return answer;
        }
    }
}

fn jittered(mut starts: Vec<i64>, share: f64, stream: &mut Stream) -> Vec<i64> {
    for start in &mut starts {
        if stream.chance(share) {
            let by = 1 + stream.below(2) as i64;
            let sign = if stream.chance(0.5) && *start >= by { -1 } else { 1 };
            *start += sign * by;
        }
    }
    starts
}

/// Number of the instance in its phase, from its name.
fn running_number(instance: &BenchInstance) -> Option<i64> {
    let (front, number) = instance.id.rsplit_once("-s")?;
    let (_, level) = front.rsplit_once("-k")?;
    let (number, level): (i64, i64) = (number.parse().ok()?, level.parse().ok()?);
    let step = if front.starts_with("domain") { 12 } else { 5 };
    Some((level / step - 1) * 10 + number)
}

fn slip(instance: &BenchInstance, conversation: &[Turn]) -> String {
    let right = planned(instance, None);
    let own = conversation.iter().rev().find(|turn| turn.role == Role::Assistant);
    let Some(own) = own else {
        let count = running_number(instance).unwrap_or(0).rem_euclid(8) as usize;
        let mut wrong = right;
        let mut order: Vec<usize> = (0..wrong.len()).collect();
        stream(instance, "slip").shuffle(&mut order);
        for (place, &task) in order.iter().take(count).enumerate() {
            // Beyond the horizon and apart from one another: one fault each.
            wrong[task] = instance.horizon * (place as i64 + 2);
        }
        return Answer::of_starts(instance, &wrong).json();
    };
    let mut answer = read_answer(&own.text, false);
    let report = conversation.last().map_or("", |turn| turn.text.as_str());
    let reported = report.lines().find_map(|line| {
        let rest = line.strip_prefix("deadline: tasks ")?;
        rest.split(',').next()?.parse::<i64>().ok()
    });
    let wrong =
        answer.entries.iter_mut().find(|entry| reported.is_some() && entry.task == reported);
    if let Some(entry) = wrong
        && let Some(place) = reported.and_then(|id| instance.place_of(id))
    {
        entry.start = Some(right[place]);
    }
    answer.json()
}

fn formalized(instance: &BenchInstance, dropped: Option<Dropped>) -> String {
    let problem = match dropped {
        Some(kind) => lower_without(instance, kind),
        None => lower(instance),
    };
    problem.map_or_else(
        |error| error.to_string(),
        |problem| write_problem(&problem, &TimeScale::default()),
    )
}

fn tool_user(instance: &BenchInstance, conversation: &[Turn]) -> Turn {
    let results: Vec<&Turn> = conversation.iter().filter(|it| it.role == Role::Tool).collect();
    match results[..] {
        [] => Turn::calling("describe_instance", "{}".to_owned()),
        [_] => {
            let problem = formalized(instance, None);
            Turn::calling("solve", format!("{{\"problem\":{problem}}}"))
        }
        [.., last] => Turn::new(Role::Assistant, last.text.clone()),
    }
}

fn tool_abuser(conversation: &[Turn]) -> Turn {
    let calls = conversation.iter().filter(|it| it.role == Role::Tool).count();
    match calls % 4 {
        0 => Turn::calling("earliest_start", "{\"task\":99999,\"partial\":[]}".to_owned()),
        1 => Turn::calling("solve", format!("{{\"problem\":\"{}\"}}", "x".repeat(1 << 18))),
        2 => Turn::calling("destroy", "{}".to_owned()),
        _ => Turn::calling("check_schedule", "not JSON".to_owned()),
    }
}
