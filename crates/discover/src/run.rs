//! A run: batches of candidates, judged in parallel, recorded in order.
//!
//! The folder holds `run.toml` (settings), `task.md` (the task in words, which a person may edit
//! before the run), `events.jsonl` (what happened), `islands/` (populations, derived),
//! `quarantine.txt` (a candidate better than can be). A run that was killed goes on from its last
//! complete batch and writes the same bytes, whatever the threads. Every so many evaluations the
//! instances of the reserve on which the best does worst come into training, and all members are
//! run anew.
//!
//! **Source:** -

use crate::propose::{Batch, Context, Proposal, Propose};
use crate::{
    Candidate, DiscoverError, Evaluation, Event, Harness, Islands, Journal, Losses, Member, Record,
    Settings, Stage, Trial, Verdict, tuned,
};
use ordine_rule_language::Scratch;
use rustc_hash::FxHashSet;
use std::path::{Path, PathBuf};

/// Which stop was reached first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopCause {
    /// Evaluations.
    Evaluations,
    /// Evaluations without improvement.
    Patience,
    /// Calls of a model.
    Calls,
    /// Tokens.
    Tokens,
    /// Dollars.
    Dollars,
    /// Wall time, or a person.
    Time,
    /// Nothing left to propose.
    Exhausted,
}

impl StopCause {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            StopCause::Evaluations => "evaluations",
            StopCause::Patience => "patience",
            StopCause::Calls => "calls",
            StopCause::Tokens => "tokens",
            StopCause::Dollars => "dollars",
            StopCause::Time => "time",
            StopCause::Exhausted => "nothing left to propose",
        }
    }
}

/// A finalist on validation.
#[derive(Clone, Debug, PartialEq)]
pub struct Finalist {
    /// The member.
    pub member: Member,
    /// Its loss on validation.
    pub validation: f64,
    /// Whether validation is worse than training by more than three standard errors.
    pub overfitted: bool,
}

/// A run that has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Why.
    pub cause: StopCause,
    /// Finalists from best to worst on validation.
    pub finalists: Vec<Finalist>,
    /// Everything that happened.
    pub events: Vec<Event>,
    /// What the islands hold.
    pub islands: Islands,
}

/// A run in its folder.
pub struct Run<'a> {
    harness: &'a Harness<'a>,
    settings: Settings,
    folder: PathBuf,
    task: String,
    threads: usize,
}

/// What a run knows while it goes on.
struct State {
    journal: Journal,
    islands: Islands,
    events: Vec<Event>,
    vetoes: Vec<(u64, String)>,
    /// What models say that they learned.
    lessons: Vec<String>,
    /// Counter-examples in training.
    more: Vec<usize>,
    /// How often they came.
    counters: u64,
    /// Rules that a person added: due in this batch, and in the next one.
    added: [Vec<String>; 2],
    batch: u64,
    calls: u64,
    tokens: u64,
    dollars: f64,
    /// Number of the member that was tuned last.
    tuned: Option<u64>,
}

/// The task in words: what a person wrote, or what the signature says.
fn task(path: &Path, words: &str) -> Result<String, DiscoverError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let failed = |source| DiscoverError::file(path, "cannot be written", source);
            std::fs::write(path, format!("{words}\n")).map_err(failed)?;
            Ok(words.to_owned())
        }
        Err(source) => Err(DiscoverError::file(path, "cannot be read", source)),
    }
}

/// A person who looks at candidates in between.
pub trait Supervise {
    /// Called after each batch with its best new member; gives what the person does.
    fn look(&mut self, islands: &Islands, records: &[Record]) -> Vec<Event>;
}

/// Nobody.
impl Supervise for () {
    fn look(&mut self, _islands: &Islands, _records: &[Record]) -> Vec<Event> {
        Vec::new()
    }
}

impl<'a> Run<'a> {
    /// A run in `folder`, new or to be gone on with.
    ///
    /// # Errors
    /// When the folder holds another run, or cannot be written.
    pub fn open(
        harness: &'a Harness<'a>,
        settings: Settings,
        folder: &Path,
        threads: usize,
    ) -> Result<Self, DiscoverError> {
        settings.validate()?;
        std::fs::create_dir_all(folder.join("islands"))
            .map_err(|source| DiscoverError::file(folder, "cannot be made", source))?;
        let path = folder.join("run.toml");
        if let Ok(text) = std::fs::read_to_string(&path) {
            let other: Settings = toml::from_str(&text).map_err(|error| {
                DiscoverError::OtherRun { path: path.clone(), found: error.to_string() }
            })?;
            if !other.continues(&settings) {
                let found = format!("a run of {} with other settings", other.signature);
                return Err(DiscoverError::OtherRun { path, found });
            }
        }
        let text = toml::to_string(&settings)
            .map_err(|error| DiscoverError::Settings(error.to_string()))?;
        let failed = |source| DiscoverError::file(&path, "cannot be written", source);
        std::fs::write(&path, text).map_err(failed)?;
        let task = task(&folder.join("task.md"), harness.arena().signature().task)?;
        let (folder, threads) = (folder.to_owned(), threads.max(1));
        Ok(Run { harness, settings, folder, task, threads })
    }

    /// Goes on until a stop is reached. `should_stop` is asked between batches.
    ///
    /// # Errors
    /// When a candidate is better than can be, or the folder cannot be written.
    pub fn go(
        &self,
        proposer: &mut dyn Propose,
        person: &mut dyn Supervise,
        should_stop: &mut dyn FnMut(&Islands) -> bool,
    ) -> Result<Ended, DiscoverError> {
        let mut state = self.restore()?;
        let cause = loop {
            if let Some(cause) = self.stop(&state) {
                break cause;
            }
            if should_stop(&state.islands) {
                break StopCause::Time;
            }
            let context = Context {
                signature: self.harness.arena().signature(),
                task: &self.task,
                lessons: &state.lessons,
                islands: &state.islands,
                settings: &self.settings,
                limits: self.harness.limits(),
                batch: state.batch,
                calls: state.calls,
                vetoes: &state.vetoes,
            };
            let batch = proposer.propose(&context)?;
            if batch.proposals.is_empty() && batch.calls.is_empty() {
                break StopCause::Exhausted;
            }
            let judged = self.batch(&mut state, batch, person);
            if let Err(error @ DiscoverError::BelowBound { .. }) = &judged {
                let path = self.folder.join("quarantine.txt");
                let failed = |source| DiscoverError::file(&path, "cannot be written", source);
                std::fs::write(&path, format!("{error}\n")).map_err(failed)?;
            }
            judged?;
        };
        self.finish(state, cause)
    }

    /// The state after the last complete batch.
    fn restore(&self) -> Result<State, DiscoverError> {
        let (journal, events) = Journal::open(&self.folder.join("events.jsonl"))?;
        let mut state = State {
            journal,
            islands: Islands::new(self.settings.islands),
            events: Vec::new(),
            vetoes: Vec::new(),
            lessons: Vec::new(),
            more: Vec::new(),
            counters: 0,
            added: Default::default(),
            batch: 0,
            calls: 0,
            tokens: 0,
            dollars: 0.0,
            tuned: None,
        };
        for event in events {
            state.apply(&event, &self.settings);
            state.events.push(event);
        }
        Ok(state)
    }

    fn stop(&self, state: &State) -> Option<StopCause> {
        let settings = &self.settings;
        let spent = state.islands.evaluations;
        let idle = spent - state.islands.improved_at;
        let limited = |most: u64, found: u64| most > 0 && found >= most;
        [
            (spent >= settings.evaluations_max, StopCause::Evaluations),
            (limited(settings.patience, idle), StopCause::Patience),
            (limited(settings.calls_max, state.calls), StopCause::Calls),
            (limited(settings.tokens_max, state.tokens), StopCause::Tokens),
            (
                settings.dollars_max > 0.0 && state.dollars >= settings.dollars_max,
                StopCause::Dollars,
            ),
        ]
        .into_iter()
        .find(|(reached, _)| *reached)
        .map(|(_, cause)| cause)
    }

    /// Judges a batch, tunes a new best, and records all of it.
    fn batch(
        &self,
        state: &mut State,
        batch: Batch,
        person: &mut dyn Supervise,
    ) -> Result<(), DiscoverError> {
        let mut events: Vec<Event> = batch.calls.into_iter().map(Event::Call).collect();
        let left = self.settings.evaluations_max.saturating_sub(state.islands.evaluations);
        let person_adds = state.added[0].iter().map(|text| Proposal {
            island: None,
            operator: "person".to_owned(),
            parents: Vec::new(),
            text: text.clone(),
        });
        let proposals = person_adds.chain(batch.proposals).collect();
        let mut records = self.read(&state.islands, proposals, left);
        self.judge(state, &mut records)?;
        let records: Vec<Record> = records.into_iter().map(|(record, _)| record).collect();
        for record in &records {
            let event = Event::Candidate(record.clone());
            state.apply(&event, &self.settings);
            events.push(event);
        }
        if let Some(record) = self.tune(state)? {
            let event = Event::Candidate(record);
            state.apply(&event, &self.settings);
            events.push(event);
        }
        for event in person.look(&state.islands, &records) {
            state.apply(&event, &self.settings);
            events.push(event);
        }
        for event in &events {
            if matches!(event, Event::Call(_)) {
                state.apply(event, &self.settings);
            }
        }
        if let Some(event) = self.counter_examples(state)? {
            state.apply(&event, &self.settings);
            events.push(event);
        }
        let end = Event::Batch {
            number: state.batch,
            evaluations: state.islands.evaluations,
            best: state.islands.best.as_ref().map(|best| best.loss),
        };
        state.apply(&end, &self.settings);
        events.push(end);
        state.journal.append(&events)?;
        state.events.append(&mut events);
        Ok(())
    }

    /// Reads the proposals, marks duplicates, and leaves out what the budget does not cover.
    fn read(
        &self,
        islands: &Islands,
        proposals: Vec<Proposal>,
        left: u64,
    ) -> Vec<(Record, Option<Candidate>)> {
        let mut scratch = Scratch::default();
        let (mut texts, mut behaviors) = (FxHashSet::default(), FxHashSet::default());
        let (mut records, mut number, mut covered) = (Vec::new(), islands.next, 0);
        for proposal in proposals {
            if covered >= left {
                break;
            }
            let mut record = Record {
                number,
                island: proposal.island,
                operator: proposal.operator,
                parents: proposal.parents,
                text: proposal.text,
                verdict: Verdict::Ok,
                stage: Stage::Read,
                loss: None,
                classes: Vec::new(),
                behavior: 0,
                distance: 0.0,
                nodes: 0,
                work: 0,
                evaluations: 0,
                failure: None,
            };
            number += 1;
            let candidate = match self.harness.read(&record.text) {
                Ok(candidate) => candidate,
                Err(evaluation) => {
                    record.take(evaluation);
                    records.push((record, None));
                    continue;
                }
            };
            record.text = candidate.text();
            record.nodes = candidate.size();
            let mut same = islands.knows_text(&record.text) || !texts.insert(record.text.clone());
            if !same {
                let behavior = self.harness.behavior(&candidate, &mut scratch);
                (record.behavior, record.distance) = (behavior.hash, behavior.distance);
                same =
                    islands.knows_behavior(record.behavior) || !behaviors.insert(record.behavior);
            }
            if same {
                record.verdict = Verdict::Duplicate;
                records.push((record, None));
                continue;
            }
            record.evaluations = 1;
            covered += 1;
            records.push((record, Some(candidate)));
        }
        records
    }

    /// Runs what is to be run, on all threads.
    fn judge(
        &self,
        state: &State,
        records: &mut [(Record, Option<Candidate>)],
    ) -> Result<(), DiscoverError> {
        let islands = &state.islands;
        let medians: Vec<Option<f64>> = islands.islands.iter().map(|it| it.median()).collect();
        let best = islands.best.as_ref().map(|it| it.loss);
        let more = state.more.clone();
        let share = records.len().div_ceil(self.threads).max(1);
        let work = |part: &mut [(Record, Option<Candidate>)]| -> Result<(), DiscoverError> {
            let mut scratch = Scratch::default();
            for (record, candidate) in part {
                let Some(candidate) = candidate else { continue };
                let median =
                    record.island.and_then(|island| medians.get(island).copied().flatten());
                let trial = Trial { median, best, more: &more };
                record.take(self.harness.evaluate(candidate, trial, &mut scratch)?);
            }
            Ok(())
        };
        if self.threads == 1 {
            return work(records);
        }
        std::thread::scope(|scope| {
            let parts = records.chunks_mut(share);
            let handles: Vec<_> = parts.map(|part| scope.spawn(|| work(part))).collect();
            for handle in handles {
                match handle.join() {
                    Ok(judged) => judged?,
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            Ok(())
        })
    }

    /// Tunes the constants of the best member, once.
    fn tune(&self, state: &mut State) -> Result<Option<Record>, DiscoverError> {
        let left = self.settings.evaluations_max.saturating_sub(state.islands.evaluations);
        let budget = self.settings.tune;
        let Some(best) = state.islands.best.clone() else { return Ok(None) };
        // A generation has several new bests; only the last of them is worth the evaluations.
        let waits = !state.batch.is_multiple_of(4);
        if budget == 0 || waits || state.tuned == Some(best.number) || left < 2 * budget {
            return Ok(None);
        }
        let mut scratch = Scratch::default();
        let places = self.training(state);
        let found = tuned(self.harness, &places, &best.text, best.loss, budget, &mut scratch)?;
        let holds = |member: &Member| member.number == best.number;
        let home = state.islands.islands.iter().position(|it| it.population.iter().any(holds));
        let mut record = Record {
            number: state.islands.next,
            island: home.or(Some(0)),
            operator: "tune".to_owned(),
            parents: vec![best.number],
            text: best.text,
            verdict: Verdict::Duplicate,
            stage: Stage::Read,
            loss: None,
            classes: Vec::new(),
            behavior: 0,
            distance: 0.0,
            nodes: best.nodes,
            work: 0,
            evaluations: budget,
            failure: None,
        };
        if let Some((rule, _)) = found {
            record.text = rule.to_string();
            record.nodes = rule.nodes();
            let read = self.harness.read(&record.text);
            let evaluation = match &read {
                Ok(candidate) => {
                    let behavior = self.harness.behavior(candidate, &mut scratch);
                    (record.behavior, record.distance) = (behavior.hash, behavior.distance);
                    let trial = Trial { best: Some(best.loss), more: &state.more, median: None };
                    self.harness.evaluate(candidate, trial, &mut scratch)?
                }
                Err(evaluation) => Evaluation::clone(evaluation),
            };
            record.take(evaluation);
        }
        Ok(Some(record))
    }

    /// The training set with its counter-examples.
    fn training(&self, state: &State) -> Vec<usize> {
        self.harness.splits().train.iter().chain(&state.more).copied().collect()
    }

    /// Where it is time: instances of the reserve on which the best does worst, and every member
    /// run on them too.
    fn counter_examples(&self, state: &State) -> Result<Option<Event>, DiscoverError> {
        let every = self.settings.counter_every;
        let Some(best) = &state.islands.best else { return Ok(None) };
        if every == 0 || state.islands.evaluations / every <= state.counters {
            return Ok(None);
        }
        let Ok(candidate) = self.harness.read(&best.text) else { return Ok(None) };
        let mut scratch = Scratch::default();
        let reserve = self.harness.splits().reserve.iter();
        let fresh: Vec<usize> = reserve.filter(|it| !state.more.contains(it)).copied().collect();
        let Ok(losses) = self.harness.losses(&candidate, &fresh, &mut scratch)? else {
            return Ok(None);
        };
        let mut ranked: Vec<(f64, usize)> = losses.gaps.into_iter().zip(fresh).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(self.settings.counter_examples);
        let places: Vec<usize> = ranked.into_iter().map(|(_, place)| place).collect();
        let mut training = self.training(state);
        training.extend(&places);
        let mut losses = Vec::new();
        for member in state.islands.members() {
            let Ok(candidate) = self.harness.read(&member.text) else { continue };
            let found: Option<Losses> =
                self.harness.losses(&candidate, &training, &mut scratch)?.ok();
            if let Some(found) = found {
                let classes = self.harness.by_class(&training, &found);
                losses.push((member.number, found.loss(), classes));
            }
        }
        Ok(Some(Event::CounterExamples { places, losses }))
    }

    /// Validates the finalists and writes the islands.
    fn finish(&self, mut state: State, cause: StopCause) -> Result<Ended, DiscoverError> {
        let mut scratch = Scratch::default();
        let mut events = vec![Event::Stop { cause: cause.name().to_owned() }];
        let mut finalists = Vec::new();
        let validation = &self.harness.splits().validation;
        let train = &self.harness.splits().train;
        for member in state.islands.finalists(self.settings.finalists) {
            let Ok(candidate) = self.harness.read(&member.text) else { continue };
            let seen = self.harness.losses(&candidate, train, &mut scratch)?;
            let unseen = self.harness.losses(&candidate, validation, &mut scratch)?;
            let (Ok(seen), Ok(unseen)) = (seen, unseen) else { continue };
            let error = seen.error().hypot(unseen.error());
            let overfitted = unseen.loss() - seen.loss() > 3.0 * error;
            let validation = unseen.loss();
            let train = seen.loss();
            let number = member.number;
            events.push(Event::Finalist { number, train, validation, overfitted });
            finalists.push(Finalist { member, validation, overfitted });
        }
        finalists.sort_by(|a, b| {
            let by_loss = a.validation.total_cmp(&b.validation);
            by_loss.then(a.member.nodes.cmp(&b.member.nodes))
        });
        state.journal.append(&events)?;
        state.events.append(&mut events);
        for (number, island) in state.islands.islands.iter().enumerate() {
            let path = self.folder.join("islands").join(format!("{number}.json"));
            let text = serde_json::to_string_pretty(island)
                .map_err(|error| DiscoverError::Settings(error.to_string()))?;
            let failed = |source| DiscoverError::file(&path, "cannot be written", source);
            std::fs::write(&path, text).map_err(failed)?;
        }
        Ok(Ended { cause, finalists, events: state.events, islands: state.islands })
    }
}

impl State {
    fn apply(&mut self, event: &Event, settings: &Settings) {
        match event {
            Event::Candidate(record) => {
                if record.operator == "tune" {
                    let improved = record.verdict == Verdict::Ok;
                    self.tuned = if improved {
                        Some(record.number)
                    } else {
                        record.parents.first().copied()
                    };
                }
                self.islands.apply(record);
            }
            Event::Call(call) => {
                self.islands.pay(&call.operator, call.dollars);
                if let Some(lesson) = &call.lesson {
                    self.lessons.push(lesson.clone());
                }
                self.calls += 1;
                self.tokens += call.prompt_tokens + call.completion_tokens;
                self.dollars += call.dollars;
            }
            Event::Intervention { number, action, words } => {
                match action.as_str() {
                    "veto" => {
                        self.vetoes.push((*number, words.clone()));
                        self.islands.remove(*number);
                    }
                    // What is edited is another candidate; what it was made of stays.
                    "add" | "edit" => self.added[1].push(words.clone()),
                    _ => {}
                }
            }
            Event::CounterExamples { places, losses } => {
                self.more.extend(places);
                self.islands.reassess(losses);
                self.counters = self.islands.evaluations / settings.counter_every.max(1);
            }
            Event::Batch { number, .. } => {
                self.added = [std::mem::take(&mut self.added[1]), Vec::new()];
                self.islands.end_batch(settings, *number);
                self.batch = number + 1;
            }
            Event::Stop { .. } | Event::Finalist { .. } | Event::Test { .. } => {}
        }
    }
}
