//! One conversation about one instance, in one of the four modes, and what came of it.
//!
//! A conversation is a function of the replies: whoever has the replies of a journal has the same
//! verdicts again, without a call.
//!
//! **Source:** modes after Jain, Wetter 2025; the limits are ours.

use anyhow::Result;
use ordine_base::Seed;
use ordine_chat::{ChatError, Finish, Message, Reply, Request, Tool};
use ordine_project::constraint_bench::faithfulness::{Comparison, Statement, faithfulness};
use ordine_project::constraint_bench::tools::{self, CALLS_MAX, TOOL_WORK, report};
use ordine_project::constraint_bench::{
    Answer, BenchInstance, Class, Kind, Mode, Rendering, Variant, feasible_starts, is_one_kind,
    prompt, read_answer, violations,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How much of the judge's report a model gets to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(super) enum Told {
    /// That it is wrong.
    Verdict,
    /// How many violations of each kind.
    Counts,
    /// Every violation.
    Records,
}

/// How a conversation is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) mode: Mode,
    pub(super) rendering: Rendering,
    pub(super) variant: Variant,
    pub(super) told: Told,
    /// Rounds of feedback at most.
    pub(super) rounds: usize,
    /// Whether the whole conversation is sent again, or the last answer and report only.
    pub(super) keeps: bool,
    /// Whether a feasible answer ends the conversation; without it one sees what is broken later.
    pub(super) ends: bool,
}

impl Manner {
    pub(super) fn new(mode: Mode) -> Self {
        let (rendering, variant) = (Rendering::Table, Variant::Plain);
        Manner { mode, rendering, variant, told: Told::Records, rounds: 5, keeps: true, ends: true }
    }
}

/// Verdict on one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Verdict {
    pub(super) class: Class,
    pub(super) feasible: bool,
    /// The first kind that is broken, in the order of checking.
    pub(super) first: Option<Kind>,
    /// Violations by kind.
    pub(super) counts: BTreeMap<Kind, usize>,
    /// Whether mending one kind would do.
    pub(super) is_one_kind: bool,
    /// The starts, where there is one for each task.
    pub(super) starts: Option<Vec<i64>>,
}

impl Verdict {
    fn of(instance: &BenchInstance, answer: &Answer) -> (Self, String) {
        if !answer.class.is_parsed() {
            let verdict = Verdict {
                class: answer.class,
                feasible: false,
                first: None,
                counts: BTreeMap::new(),
                is_one_kind: false,
                starts: None,
            };
            return (verdict, "format: the answer could not be read".to_owned());
        }
        let found = violations(instance, answer);
        let mut counts = BTreeMap::new();
        for violation in &found {
            *counts.entry(violation.kind).or_insert(0) += 1;
        }
        let verdict = Verdict {
            class: answer.class,
            feasible: found.is_empty(),
            first: found.iter().map(|it| it.kind).min(),
            counts,
            is_one_kind: is_one_kind(&found),
            starts: answer.starts(instance),
        };
        (verdict, report(&found))
    }

    pub(super) fn kinds(&self) -> BTreeSet<Kind> {
        self.counts.keys().copied().collect()
    }
}

/// What came of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Held {
    /// Verdicts by round; the last one counts, unless a better one is asked for.
    pub(super) rounds: Vec<Verdict>,
    /// Of a written problem.
    pub(super) faithful: BTreeMap<Statement, Comparison>,
    /// Calls of tools by name.
    pub(super) calls: BTreeMap<String, usize>,
    /// Whether the last answer is the schedule that a tool gave.
    pub(super) of_solver: bool,
    /// Why it ended before an answer.
    pub(super) stopped: Option<String>,
    /// A call that failed after all retries; such a conversation counts nowhere.
    pub(super) failed: Option<String>,
}

impl Held {
    pub(super) fn last(&self) -> Option<&Verdict> {
        self.rounds.last()
    }

    pub(super) fn is_feasible(&self) -> bool {
        self.last().is_some_and(|verdict| verdict.feasible)
    }

    /// Feasible in some round up to this one.
    pub(super) fn is_feasible_by(&self, round: usize) -> bool {
        self.rounds.iter().take(round + 1).any(|verdict| verdict.feasible)
    }
}

/// Gives the reply of a round, from a journal or from a model.
pub(super) type Ask<'a> = &'a mut dyn FnMut(usize, &Request) -> Result<Reply, ChatError>;

/// Holds a conversation; only a budget or a missing cassette ends it with an error.
pub(super) fn converse(
    instance: &BenchInstance,
    manner: &Manner,
    base: &Request,
    ask: Ask<'_>,
) -> Result<Held, ChatError> {
    let told = prompt(instance, manner.rendering, manner.mode, manner.variant);
    let messages = vec![Message::new("system", told.system), Message::new("user", told.user)];
    let mut talk = Talk { instance, request: Request { messages, ..base.clone() }, ask, round: 0 };
    let mut held = Held::default();
    let ended = match manner.mode {
        Mode::Direct => direct(&mut talk, &mut held),
        Mode::Feedback => feedback(&mut talk, manner, &mut held),
        Mode::Formalize => formalize(&mut talk, &mut held),
        Mode::Tools => with_tools(&mut talk, &mut held),
    };
    match ended {
        Ok(()) => Ok(held),
        Err(error @ (ChatError::GaveUp { .. } | ChatError::Status { .. })) => {
            held.failed = Some(error.to_string());
            Ok(held)
        }
        Err(error) => Err(error),
    }
}

struct Talk<'a> {
    instance: &'a BenchInstance,
    request: Request,
    ask: Ask<'a>,
    round: usize,
}

impl Talk<'_> {
    fn ask(&mut self) -> Result<Reply, ChatError> {
        let reply = (self.ask)(self.round, &self.request)?;
        self.round += 1;
        let calls = reply.calls.clone();
        let message = Message { calls, ..Message::new("assistant", reply.text.clone()) };
        self.request.messages.push(message);
        Ok(reply)
    }

    fn verdict(&self, reply: &Reply) -> (Verdict, String) {
        Verdict::of(self.instance, &answer_of(reply))
    }
}

fn answer_of(reply: &Reply) -> Answer {
    match reply.finish {
        Finish::Refused => Answer::without(Class::Refused),
        Finish::Truncated => Answer::without(Class::Truncated),
        Finish::Empty => Answer::without(Class::Empty),
        Finish::Answered => read_answer(&reply.text, false),
    }
}

fn direct(talk: &mut Talk<'_>, held: &mut Held) -> Result<(), ChatError> {
    let reply = talk.ask()?;
    held.rounds.push(talk.verdict(&reply).0);
    Ok(())
}

fn feedback(talk: &mut Talk<'_>, manner: &Manner, held: &mut Held) -> Result<(), ChatError> {
    let opening = talk.request.messages.len();
    for round in 0..=manner.rounds {
        let reply = talk.ask()?;
        let (verdict, records) = talk.verdict(&reply);
        let is_over = verdict.feasible && manner.ends || round == manner.rounds;
        let words = match manner.told {
            _ if verdict.feasible => "feasible".to_owned(),
            Told::Verdict => "infeasible".to_owned(),
            Told::Counts => {
                let counts = verdict.counts.iter().map(|it| format!("{}: {}", it.0.word(), it.1));
                counts.collect::<Vec<_>>().join("\n")
            }
            Told::Records => records,
        };
        held.rounds.push(verdict);
        if is_over {
            break;
        }
        if !manner.keeps {
            let last = talk.request.messages.len() - 1;
            talk.request.messages.drain(opening..last);
        }
        talk.request.messages.push(Message::new("user", words));
    }
    Ok(())
}

/// How often a problem that cannot be read may be written anew.
const WRITINGS: usize = 3;

fn formalize(talk: &mut Talk<'_>, held: &mut Held) -> Result<(), ChatError> {
    for writing in 1..=WRITINGS {
        let reply = talk.ask()?;
        let problem = match tools::read_written(&reply.text) {
            Ok(problem) => problem,
            Err(words) if writing < WRITINGS => {
                talk.request.messages.push(Message::new("user", words));
                continue;
            }
            Err(_) => {
                held.rounds.push(Verdict::of(talk.instance, &Answer::without(Class::Unparsable)).0);
                return Ok(());
            }
        };
        held.faithful = faithfulness(talk.instance, &problem);
        let starts = feasible_starts(&problem, Seed::new(1), TOOL_WORK).ok().flatten();
        let answer = starts.map_or_else(
            || Answer::of_starts(talk.instance, &[]),
            |starts| tools::answer_of(talk.instance, &problem, &starts),
        );
        held.rounds.push(Verdict::of(talk.instance, &answer).0);
        return Ok(());
    }
    Ok(())
}

fn with_tools(talk: &mut Talk<'_>, held: &mut Held) -> Result<(), ChatError> {
    let tool = |(name, description, parameters): (&str, &str, serde_json::Value)| Tool {
        name: name.to_owned(),
        description: description.to_owned(),
        parameters,
    };
    talk.request.tools = tools::tools().into_iter().map(tool).collect();
    let (mut count, mut solved) = (0, Vec::new());
    loop {
        let reply = talk.ask()?;
        if reply.calls.is_empty() {
            let (verdict, _) = talk.verdict(&reply);
            held.of_solver = verdict.starts.as_ref().is_some_and(|it| solved.contains(it));
            held.rounds.push(verdict);
            return Ok(());
        }
        for call in &reply.calls {
            count += 1;
            if count > CALLS_MAX {
                held.stopped = Some(format!("more than {CALLS_MAX} calls of tools"));
                held.rounds.push(Verdict::of(talk.instance, &Answer::without(Class::Empty)).0);
                return Ok(());
            }
            let known = tools::tools().iter().any(|tool| tool.0 == call.name);
            let name = if known { call.name.clone() } else { "unknown".to_owned() };
            *held.calls.entry(name).or_insert(0) += 1;
            let result = tools::call(talk.instance, &call.name, &call.arguments);
            if call.name == "solve"
                && let Ok(text) = &result
            {
                solved.extend(read_answer(text, false).starts(talk.instance));
            }
            let words = result.unwrap_or_else(|error| format!("error: {error}"));
            let call_id = Some(call.id.clone());
            talk.request.messages.push(Message { call_id, ..Message::new("tool", words) });
        }
    }
}
