//! Islands: populations that breed apart, and clusters of members with equal losses per class.
//!
//! State is made of records alone: replaying them gives it back.
//!
//! **Source:** Romera-Paredes et al. 2024 (clusters by signature, resets); Whitley, Rana,
//! Heckendorn 1999 (ring migration).

use crate::{Record, Settings, Stage, Verdict};
use ordine_base::Seed;
use rustc_hash::FxHashSet;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// A candidate that came to the end of what it was run on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Member {
    /// Its number.
    pub number: u64,
    /// Its text.
    pub text: String,
    /// Its loss.
    pub loss: f64,
    /// Its losses per class.
    pub classes: Vec<f64>,
    /// Its nodes, or lines.
    pub nodes: usize,
    /// How far it acts from the first seed of its signature.
    pub distance: f64,
    /// Whether it was run on the whole training set; else the loss is that of a part.
    pub complete: bool,
}

/// Messages that are kept.
const MESSAGES: usize = 5;
/// Steps of size and of distance in a grid.
const STEPS: usize = 10;
/// Nodes of a step of size.
const STEP_NODES: usize = 5;

/// One island.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Island {
    /// Those that breed, from best to worst.
    pub population: Vec<Member>,
    /// Members of equal losses per class (to 1e-4), the shortest one; by loss.
    #[serde(skip)]
    pub clusters: BTreeMap<Vec<i64>, Vec<Member>>,
    /// The best member of each size and distance, ten steps of each.
    #[serde(skip)]
    pub grid: BTreeMap<(u8, u8), Member>,
    /// Children of the present batch.
    #[serde(skip)]
    children: Vec<Member>,
}

/// All islands, and what is known of all candidates.
#[derive(Clone, Debug, Default)]
pub struct Islands {
    /// The islands.
    pub islands: Vec<Island>,
    /// The best member of all.
    pub best: Option<Member>,
    /// The best member of each size.
    pub by_size: BTreeMap<usize, Member>,
    /// Number of the next candidate.
    pub next: u64,
    /// Evaluations so far.
    pub evaluations: u64,
    /// Evaluations when the best was found.
    pub improved_at: u64,
    /// Loss of the best after so many evaluations.
    pub curve: Vec<(u64, f64)>,
    /// Verdicts so far.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Per operator: candidates, valid ones, improvements.
    pub operators: BTreeMap<String, [u64; 3]>,
    /// Per operator: calls of models and what they cost.
    pub costs: BTreeMap<String, (u64, f64)>,
    /// What the evaluator said last of candidates that failed.
    pub messages: VecDeque<String>,
    texts: FxHashSet<String>,
    behaviors: FxHashSet<u64>,
    resets: u64,
}

impl Islands {
    /// So many empty islands.
    pub fn new(count: usize) -> Self {
        Islands { islands: vec![Island::default(); count], ..Islands::default() }
    }

    /// Whether a canonical text is known.
    pub fn knows_text(&self, text: &str) -> bool {
        self.texts.contains(text)
    }

    /// Whether a behavior is known.
    pub fn knows_behavior(&self, behavior: u64) -> bool {
        self.behaviors.contains(&behavior)
    }

    /// Takes a record in.
    pub fn apply(&mut self, record: &Record) {
        self.next = self.next.max(record.number + 1);
        self.evaluations += record.evaluations;
        *self.verdicts.entry(record.verdict).or_default() += 1;
        self.hear(record);
        let counts = self.operators.entry(record.operator.clone()).or_default();
        counts[0] += 1;
        if record.verdict != Verdict::Syntax && record.verdict != Verdict::Type {
            self.texts.insert(record.text.clone());
            self.behaviors.insert(record.behavior);
        }
        counts[1] += u64::from(record.verdict == Verdict::Ok);
        let (Verdict::Ok, Some(loss)) = (record.verdict, record.loss) else { return };
        let member = Member {
            number: record.number,
            text: record.text.clone(),
            loss,
            classes: record.classes.clone(),
            nodes: record.nodes,
            distance: record.distance,
            complete: record.stage == Stage::Train,
        };
        let of_size = self.by_size.get(&member.nodes);
        if member.complete && of_size.is_none_or(|best| loss < best.loss) {
            self.by_size.insert(member.nodes, member.clone());
        }
        let better = self.best.as_ref().is_none_or(|best| loss < best.loss);
        if better && member.complete {
            counts[2] += 1;
            self.improved_at = self.evaluations;
            self.curve.push((self.evaluations, loss));
            self.best = Some(member.clone());
        }
        match record.island {
            Some(island) => {
                if let Some(island) = self.islands.get_mut(island) {
                    island.take(member);
                }
            }
            None => self.islands.iter_mut().for_each(|island| island.take(member.clone())),
        }
    }

    /// Keeps what the evaluator said, without the name of the instance.
    fn hear(&mut self, record: &Record) {
        let Some(failure) = &record.failure else { return };
        let has_instance = !matches!(record.verdict, Verdict::Syntax | Verdict::Type);
        let words = match failure.split_once(": ") {
            Some((_, words)) if has_instance => words,
            _ => failure,
        };
        self.messages.push_back(words.chars().take(200).collect());
        if self.messages.len() > MESSAGES {
            self.messages.pop_front();
        }
    }

    /// Takes a call of a model in.
    pub fn pay(&mut self, operator: &str, dollars: f64) {
        let (calls, cost) = self.costs.entry(operator.to_owned()).or_default();
        (*calls, *cost) = (*calls + 1, *cost + dollars);
    }

    /// Every member that was run on everything, each once.
    pub fn members(&self) -> Vec<Member> {
        let in_islands = self.islands.iter().flat_map(|island| {
            let of_clusters = island.clusters.values().flatten();
            island.population.iter().chain(of_clusters).chain(island.grid.values())
        });
        let all = in_islands.chain(self.by_size.values()).chain(&self.best);
        let mut members: Vec<Member> = all.filter(|it| it.complete).cloned().collect();
        members.sort_by_key(|it| it.number);
        members.dedup_by_key(|it| it.number);
        members
    }

    /// Takes new losses of all members, which were run on more; who has none is taken out.
    pub fn reassess(&mut self, losses: &[(u64, f64, Vec<f64>)]) {
        let known: BTreeMap<u64, (f64, &[f64])> =
            losses.iter().map(|(number, loss, classes)| (*number, (*loss, &classes[..]))).collect();
        let renewed = |member: &Member| {
            let (loss, classes) = known.get(&member.number)?;
            Some(Member { loss: *loss, classes: classes.to_vec(), ..member.clone() })
        };
        for island in &mut self.islands {
            let clusters = std::mem::take(&mut island.clusters);
            let grid = std::mem::take(&mut island.grid);
            let population = std::mem::take(&mut island.population);
            for member in clusters.values().flatten().chain(grid.values()).filter_map(renewed) {
                island.remember(&member);
            }
            island.population = population.iter().filter_map(renewed).collect();
            island.population.sort_by(better);
        }
        self.by_size = self.by_size.values().filter_map(renewed).map(|it| (it.nodes, it)).collect();
        self.best = self.members().iter().filter_map(renewed).min_by(better);
        self.evaluations += losses.len() as u64;
        self.improved_at = self.evaluations;
        self.curve.extend(self.best.as_ref().map(|best| (self.evaluations, best.loss)));
    }

    /// Ends a batch: children become the population, then migration and reset where it is time.
    pub fn end_batch(&mut self, settings: &Settings, batch: u64) {
        for island in &mut self.islands {
            island.succeed(settings.population, settings.genetic.elites);
            if settings.selection.removes_equals() {
                island.population.dedup_by(|a, b| a.loss == b.loss);
            }
        }
        let due = settings.migration_every;
        if due > 0 && (batch + 1).is_multiple_of(due) {
            self.migrate(settings);
        }
        let due = settings.reset_every;
        if due > 0 && self.evaluations / due > self.resets {
            self.resets = self.evaluations / due;
            self.reset(Seed::new(settings.seed).child(batch));
        }
    }

    /// The best members of each island go to the next one.
    fn migrate(&mut self, settings: &Settings) {
        let count = (settings.population as f64 * settings.migration_share).ceil() as usize;
        let travelers: Vec<Vec<Member>> = self
            .islands
            .iter()
            .map(|it| it.population.iter().take(count).cloned().collect())
            .collect();
        let islands = self.islands.len();
        for (from, members) in travelers.into_iter().enumerate() {
            let island = &mut self.islands[(from + 1) % islands];
            members.into_iter().for_each(|member| island.take(member));
            let kept = island.population.len();
            island.succeed(settings.population, kept);
        }
    }

    /// Empties the weaker half; each begins again with the best member of a stronger island.
    fn reset(&mut self, seed: Seed) {
        let mut stream = seed.stream("reset");
        let loss = |island: &Island| island.population.first().map_or(f64::INFINITY, |it| it.loss);
        let mut order: Vec<usize> = (0..self.islands.len()).collect();
        stream.shuffle(&mut order);
        order.sort_by(|&a, &b| loss(&self.islands[a]).total_cmp(&loss(&self.islands[b])));
        let (strong, weak) = order.split_at(order.len().div_ceil(2));
        for &place in weak {
            let founder = strong[stream.below(strong.len())];
            let founder = self.islands[founder].population.first().cloned();
            self.islands[place] = Island::default();
            if let Some(founder) = founder {
                self.islands[place].take(founder);
                self.islands[place].succeed(1, 0);
            }
        }
    }

    /// Takes a candidate out of every island; the best is looked for anew.
    pub fn remove(&mut self, number: u64) {
        let stays = |member: &Member| member.number != number;
        for island in &mut self.islands {
            island.population.retain(stays);
            island.children.retain(stays);
            for cluster in island.clusters.values_mut() {
                cluster.retain(stays);
            }
            island.clusters.retain(|_, cluster| !cluster.is_empty());
            island.grid.retain(|_, member| stays(member));
        }
        self.by_size.retain(|_, member| member.number != number);
        let all = self.islands.iter().flat_map(|it| it.population.iter().chain(&it.children));
        self.best = all.filter(|it| it.complete).min_by(|a, b| better(a, b)).cloned();
    }

    /// The best members of all islands, each loss once, and those that no smaller one beats: what
    /// is short fits less to the training instances alone.
    pub fn finalists(&self, count: usize) -> Vec<Member> {
        let all = self.islands.iter().flat_map(|island| &island.population).chain(&self.best);
        let mut members: Vec<Member> = all.filter(|it| it.complete).cloned().collect();
        members.sort_by(better);
        // Equal losses are the same rule in other words: the shortest stands for it.
        members.dedup_by(|a, b| a.loss == b.loss);
        members.truncate(count);
        let mut least = f64::INFINITY;
        for member in self.by_size.values() {
            if member.loss < least {
                least = member.loss;
                members.push(member.clone());
            }
        }
        members.sort_by(better);
        members.dedup_by(|a, b| a.loss == b.loss);
        members
    }
}

/// Those that were run on everything, by loss, then by size, then by age.
fn better(first: &Member, second: &Member) -> std::cmp::Ordering {
    let by_loss = second.complete.cmp(&first.complete).then(first.loss.total_cmp(&second.loss));
    by_loss.then(first.nodes.cmp(&second.nodes)).then(first.number.cmp(&second.number))
}

impl Island {
    fn take(&mut self, member: Member) {
        if !member.complete {
            self.children.push(member);
            return;
        }
        self.remember(&member);
        self.children.push(member);
    }

    /// Puts a member into its cluster and its cell.
    fn remember(&mut self, member: &Member) {
        let key = member.classes.iter().map(|loss| (loss * 1e4).round() as i64).collect();
        let cluster = self.clusters.entry(key).or_default();
        if !cluster.iter().any(|it| it.number == member.number) {
            cluster.push(member.clone());
            cluster.sort_by_key(|it| (it.nodes, it.number));
        }
        let step = |it: usize| it.min(STEPS - 1) as u8;
        let cell = (step(member.nodes / STEP_NODES), step((member.distance * 10.0) as usize));
        let holder = self.grid.get(&cell);
        if holder.is_none_or(|holder| better(member, holder).is_lt()) {
            self.grid.insert(cell, member.clone());
        }
    }

    /// The next population: the elite, the children, and the best of the old ones to fill up.
    fn succeed(&mut self, size: usize, elites: usize) {
        if self.children.is_empty() {
            return;
        }
        let mut next = std::mem::take(&mut self.children);
        next.sort_by(better);
        let old = std::mem::take(&mut self.population);
        let elites = elites.min(old.len());
        next.truncate(size.saturating_sub(elites));
        let room = (size - next.len()).max(elites).min(old.len());
        next.extend(old.into_iter().take(room));
        next.sort_by(better);
        next.dedup_by_key(|member| member.number);
        next.truncate(size);
        self.population = next;
    }

    /// Loss of the middle of the population.
    pub fn median(&self) -> Option<f64> {
        self.population.get(self.population.len() / 2).map(|member| member.loss)
    }
}
