//! Runs: all conversations of a contestant, several at a time, journaled call by call.
//!
//! A call counts when its line is in `run.jsonl`; a run that was cut goes on from there, and the
//! report is made from the journal alone. Threads differ in speed, not in results.
//!
//! **Source:** -

use super::converse::{Held, Manner, converse};
use super::set::Set;
use crate::WallClock;
use crate::results::Results;
use anyhow::Result;
use ordine_base::Clock as _;
use ordine_chat::{
    Admission, Budget, ChatError, Complete, Ledger, Pace, Price, Purse, Rates, Reply, Request,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

/// Makes a client for one thread.
pub(super) type Client<'a> = Box<dyn Fn() -> Box<dyn Complete + Send> + Sync + 'a>;

/// Who is tested.
pub(super) struct Contestant<'a> {
    pub(super) name: String,
    pub(super) price: Price,
    pub(super) rates: Rates,
    /// Everything of a request but its messages.
    pub(super) base: Request,
    /// Nobody, where the journal is all there is.
    pub(super) client: Option<Client<'a>>,
}

/// One finished call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) identity: String,
    pub(super) reply: Reply,
    pub(super) dollars: f64,
    pub(super) seconds: f64,
}

/// What is asked: every instance in every manner, so many times.
pub(super) struct Plan<'a> {
    pub(super) set: &'a Set,
    pub(super) manners: &'a [Manner],
    pub(super) samples: u64,
    pub(super) workers: usize,
    pub(super) budget: Budget,
}

/// One conversation of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) instance: usize,
    pub(super) manner: usize,
    pub(super) sample: u64,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Ended {
    /// By the order of the cells; `None` where the run stopped before.
    pub(super) held: Vec<(Cell, Option<Held>)>,
    pub(super) ledger: Ledger,
    /// Tries after the first.
    pub(super) retries: u64,
    pub(super) seconds: f64,
    pub(super) stopped: Option<String>,
}

impl Plan<'_> {
    fn cells(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        for manner in 0..self.manners.len() {
            for instance in 0..self.set.instances.len() {
                cells.extend((0..self.samples).map(|sample| Cell { instance, manner, sample }));
            }
        }
        cells
    }
}

struct Shared<'a> {
    plan: &'a Plan<'a>,
    contestant: &'a Contestant<'a>,
    known: BTreeMap<String, Row>,
    journal: Mutex<Results<Row>>,
    purse: Mutex<Purse>,
    pace: Mutex<Pace>,
    ended: Condvar,
    clock: WallClock,
    stops: AtomicBool,
}

/// Holds all conversations, from the journal where it has them.
pub(super) fn run(plan: &Plan<'_>, contestant: &Contestant<'_>, journal: &Path) -> Result<Ended> {
    let journal: Results<Row> = Results::open(journal)?;
    let rows = journal.rows.iter().map(|row| (row.identity.clone(), row.clone()));
    let known: BTreeMap<String, Row> = rows.collect();
    let spent = ledger(known.values());
    let shared = Shared {
        plan,
        contestant,
        known,
        journal: Mutex::new(journal),
        purse: Mutex::new(Purse::new(plan.budget, spent)),
        pace: Mutex::new(Pace::new(contestant.rates)),
        ended: Condvar::new(),
        clock: WallClock::start(),
        stops: AtomicBool::new(false),
    };
    let cells = plan.cells();
    let next = AtomicUsize::new(0);
    let results = Mutex::new(vec![None; cells.len()]);
    let stopped = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..plan.workers.max(1) {
            scope.spawn(|| {
                let mut client = contestant.client.as_ref().map(|make| make());
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(cell) = cells.get(place) else { break };
                    match shared.hold(*cell, client.as_deref_mut()) {
                        Ok(held) => results.lock().expect("no panic inside")[place] = Some(held),
                        Err(ChatError::Missing { .. } | ChatError::NoEndpoint) => {
                            let failed = Some("no reply in the journal".to_owned());
                            let held = Held { failed, ..Held::default() };
                            results.lock().expect("no panic inside")[place] = Some(held);
                        }
                        Err(error) => {
                            shared.stops.store(true, Ordering::Relaxed);
                            let mut first = stopped.lock().expect("no panic inside");
                            first.get_or_insert(error);
                        }
                    }
                    if shared.stops.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
    });
    let stopped = match stopped.into_inner().expect("all threads have ended") {
        Some(error @ ChatError::Budget { .. }) => Some(format!("stopped: budget; {error}")),
        Some(error) => return Err(error.into()),
        None => None,
    };
    let journal = shared.journal.into_inner().expect("all threads have ended");
    let rows = unique(&journal.rows);
    Ok(Ended {
        held: cells
            .into_iter()
            .zip(results.into_inner().expect("all threads have ended"))
            .collect(),
        ledger: ledger(rows.values().copied()),
        retries: rows.values().map(|row| u64::from(row.reply.tries.max(1) - 1)).sum(),
        seconds: rows.values().map(|row| row.seconds).sum(),
        stopped,
    })
}

/// What calls took together, summed up in the order of their identities, so that sums are the same
/// to the last bit whoever was faster.
fn ledger<'r>(rows: impl Iterator<Item = &'r Row>) -> Ledger {
    let mut sum = Ledger::default();
    for row in rows {
        sum.calls += 1;
        sum.dollars += row.dollars;
        sum.usage.prompt += row.reply.usage.prompt;
        sum.usage.completion += row.reply.usage.completion;
        sum.usage.reasoning += row.reply.usage.reasoning;
        sum.usage.cached += row.reply.usage.cached;
    }
    sum
}

fn unique(rows: &[Row]) -> BTreeMap<&str, &Row> {
    rows.iter().map(|row| (row.identity.as_str(), row)).collect()
}

impl Shared<'_> {
    fn hold(
        &self,
        cell: Cell,
        mut client: Option<&mut (dyn Complete + Send + 'static)>,
    ) -> Result<Held, ChatError> {
        let manner = &self.plan.manners[cell.manner];
        let instance = manner.variant.apply(&self.plan.set.instances[cell.instance]).public();
        let base = Request { sample: cell.sample, ..self.contestant.base.clone() };
        let mut ask = |round: usize, request: &Request| {
            let identity = format!(
                "{}/{}/{}/{}/{}/{}/{round}/{}/{}",
                &self.plan.set.hash[..16],
                instance.id,
                self.contestant.name,
                manner.mode.word(),
                manner.rendering.word(),
                manner.variant.word(),
                cell.sample,
                &request.hash()[..16]
            );
            if let Some(row) = self.known.get(&identity) {
                return Ok(row.reply.clone());
            }
            match &mut client {
                Some(client) => self.call(identity, request, *client),
                None => Err(ChatError::NoEndpoint),
            }
        };
        converse(&instance, manner, &base, &mut ask)
    }

    /// One call within budget and rates, journaled.
    fn call(
        &self,
        identity: String,
        request: &Request,
        client: &mut (dyn Complete + Send + 'static),
    ) -> Result<Reply, ChatError> {
        let price = self.contestant.price;
        let reserved = self.purse.lock().expect("no panic inside").reserve(price, request)?;
        self.wait_for_turn(reserved.tokens);
        let begun = self.clock.elapsed();
        let answered = client.complete(request);
        let seconds = (self.clock.elapsed() - begun).as_secs_f64();
        let usage = answered.as_ref().ok().map(|reply| reply.usage);
        let used = usage.map_or(0, |usage| usage.prompt + usage.completion);
        let throttled = answered.as_ref().is_ok_and(|reply| reply.throttled > 0);
        self.pace.lock().expect("no panic inside").done(reserved.tokens, used, throttled);
        self.ended.notify_all();
        self.purse.lock().expect("no panic inside").settle(reserved, price, usage);
        let reply = answered?;
        let dollars = price.of(reply.usage);
        let row = Row { identity, reply: reply.clone(), dollars, seconds };
        let added = self.journal.lock().expect("no panic inside").add(row);
        added.map_err(|error| ChatError::File {
            path: "run.jsonl".to_owned(),
            words: error.to_string(),
        })?;
        Ok(reply)
    }

    fn wait_for_turn(&self, tokens: u64) {
        let mut pace = self.pace.lock().expect("no panic inside");
        loop {
            match pace.admit(self.clock.elapsed(), tokens) {
                Admission::Now => return,
                Admission::After(time) => {
                    pace = self.ended.wait_timeout(pace, time).expect("no panic inside").0;
                }
                Admission::WhenOneEnds => {
                    pace = self.ended.wait(pace).expect("no panic inside");
                }
            }
        }
    }
}
