//! Platforms, job profiles, and both together: what a file says, checked once.
//!
//! A *platform* has processing elements r = 1 … R with capacity c_r, a duration w_ir for each kind
//! of task that they support, operating points, and bandwidths b_rs. A *job profile* is a graph of
//! tasks with one head and one tail; an edge carries a volume v_ij, and moving it from r to s takes
//! floor(v_ij / b_rs). A [`SocInstance`] numbers the tasks of all profiles through: a *kind* is a
//! task of a profile. The upward rank of a kind is
//! rank_u(i) = mean_r w_ir + max_j (v_ij / mean bandwidth + rank_u(j)).
//!
//! **Source:** Sung et al. 2020 (DeepSoCS) with the simulator DS3 (Arda et al. 2020); ranks:
//! Topcuoglu, Hariri, Wu 2002 (HEFT).

use crate::power::{Governor, OperatingPoint};
use ordine_base::{Id, IdVec, Ticks, define_ids};

define_ids! {
    /// A processing element of a platform.
    ElementId;
    /// A task of a job profile, numbered over all profiles of an instance.
    KindId;
    /// A job profile.
    ProfileId;
}

/// Longest duration of a task, in microseconds.
pub const DURATION_MAX: i64 = 1_000_000_000;
/// Most units of data on an edge.
pub const VOLUME_MAX: i64 = 1_000_000_000;

/// What a processing element is; accelerators do not leak, cores have a thermal model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementKind {
    /// A core, without a thermal model.
    Core,
    /// A big core.
    Big,
    /// A little core.
    Little,
    /// An accelerator.
    Accelerator,
}

/// What an element takes for a type of task.
#[derive(Clone, Debug, PartialEq)]
pub struct Support {
    /// Type of task, by its name.
    pub task: String,
    /// Duration at the highest frequency, in microseconds.
    pub duration: Ticks,
    /// Power while it runs at the highest frequency, in watts.
    pub power: f64,
}

/// A processing element.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Name, for people.
    pub name: String,
    /// What it is.
    pub kind: ElementKind,
    /// Tasks that it runs at once.
    pub capacity: usize,
    /// How its frequency is chosen.
    pub governor: Governor,
    /// Operating points by rising frequency; empty for a fixed one.
    pub points: Vec<OperatingPoint>,
    /// Types of tasks that it supports.
    pub supports: Vec<Support>,
}

/// Elements and the bandwidths among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Platform {
    /// The elements.
    pub elements: IdVec<ElementId, Element>,
    /// Bandwidth from row to column, one row per element.
    pub bandwidths: Vec<Vec<f64>>,
    /// Bandwidth of each element to and from the shared memory, if there is one.
    pub memory: Option<Vec<f64>>,
}

/// An edge of a job profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Position of the task that gives the data.
    pub before: usize,
    /// Position of the task that needs them.
    pub after: usize,
    /// Amount of data.
    pub volume: i64,
}

/// A graph of tasks; its first task without predecessors is the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobProfile {
    /// Name, for people.
    pub name: String,
    /// Types of its tasks, by position.
    pub tasks: Vec<String>,
    /// Its edges, by the positions of their ends where a reader or [`JobProfile::new`] made them.
    pub edges: Vec<Edge>,
}

/// What an instance knows of a kind of task.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// Its profile.
    pub profile: ProfileId,
    /// Position within the profile.
    pub task: usize,
    /// Duration per element, where it is supported.
    pub durations: IdVec<ElementId, Option<Ticks>>,
    /// Power per element, in watts; 0 where it is not supported.
    pub powers: IdVec<ElementId, f64>,
    /// Positions of its predecessors with volumes.
    pub before: Vec<(usize, i64)>,
    /// Positions of its successors with volumes.
    pub after: Vec<(usize, i64)>,
    /// Mean duration over the elements that support it.
    pub mean: f64,
    /// Least duration.
    pub least: Ticks,
    /// Upward rank.
    pub rank: f64,
    /// Most tasks on a path from it to the tail, itself included.
    pub depth: u32,
}

/// A profile with the kinds of its tasks.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// What the file says.
    pub graph: JobProfile,
    /// Kind of its first task; the others follow.
    pub first: KindId,
    /// Position of the tail.
    pub tail: usize,
    /// Chance that an arriving job is of this profile.
    pub probability: f64,
}

/// A platform and the jobs that arrive at it.
#[derive(Clone, Debug, PartialEq)]
pub struct SocInstance {
    /// The platform.
    pub platform: Platform,
    /// The job profiles.
    pub profiles: IdVec<ProfileId, Profile>,
    /// The tasks of all profiles.
    pub kinds: IdVec<KindId, Kind>,
}

/// Why a platform and profiles make no instance.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SocError {
    /// A list that must hold something is empty.
    #[error("expected at least one {what}, found none; add one")]
    Nothing {
        /// What is missing.
        what: &'static str,
    },
    /// A number is out of range.
    #[error("expected {what} of {owner} from {least} to {most}, found {found}; correct it")]
    OutOfRange {
        /// What the number is.
        what: &'static str,
        /// Whose it is.
        owner: String,
        /// Least allowed.
        least: f64,
        /// Most allowed.
        most: f64,
        /// What was given.
        found: f64,
    },
    /// Lists do not fit to each other.
    #[error("expected {expected} {what}, found {found}; give as many as needed")]
    Count {
        /// What is counted.
        what: &'static str,
        /// How many are needed.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// No element runs a task.
    #[error(
        "expected an element that supports {task} of job {job}, found none; \
         add it to an element of the platform, or correct its name"
    )]
    Unsupported {
        /// Type of the task.
        task: String,
        /// The profile.
        job: String,
    },
    /// A graph is not what a job can be.
    #[error("expected job {job} to be {expected}, found {found}; correct its predecessors")]
    Graph {
        /// The profile.
        job: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// A governor needs operating points.
    #[error(
        "expected operating points for the governor {governor} of element {element}, \
         found {found}; add a line `opp MHZ MILLIVOLTS`, or take the governor performance"
    )]
    Points {
        /// The element.
        element: String,
        /// The governor.
        governor: String,
        /// What is there instead.
        found: String,
    },
}

impl Platform {
    /// Time to move `volume` from one element to another, in microseconds, rounded down.
    #[inline]
    pub fn transfer(&self, volume: i64, from: ElementId, to: ElementId) -> Ticks {
        moved(volume, self.bandwidths[from.index()][to.index()])
    }

    /// Time to move `volume` between an element and the shared memory.
    #[inline]
    pub fn transfer_memory(&self, volume: i64, element: ElementId) -> Ticks {
        let bandwidth = self.memory.as_ref().map_or(0.0, |memory| memory[element.index()]);
        moved(volume, bandwidth)
    }

    /// Mean bandwidth between different elements; 1 for a single one.
    pub fn bandwidth_mean(&self) -> f64 {
        let count = self.elements.len();
        let rows = self.bandwidths.iter().enumerate();
        let others = rows.flat_map(|(row, values)| {
            values.iter().enumerate().filter(move |(column, _)| *column != row).map(|(_, it)| it)
        });
        let sum: f64 = others.sum();
        if count > 1 { sum / (count * (count - 1)) as f64 } else { 1.0 }
    }

    fn validate(&self) -> Result<(), SocError> {
        let count = self.elements.len();
        if count == 0 {
            return Err(SocError::Nothing { what: "processing element" });
        }
        let found = self.bandwidths.len();
        let what = "rows of bandwidths, one per element,";
        if found != count {
            return Err(SocError::Count { what, expected: count, found });
        }
        for row in self.bandwidths.iter().chain(&self.memory) {
            if row.len() != count {
                let what = "bandwidths in a row, one per element,";
                return Err(SocError::Count { what, expected: count, found: row.len() });
            }
            for &value in row {
                let owner = || "the platform".to_owned();
                in_range("a bandwidth", owner, value, 0.0, 1e12)?;
            }
        }
        self.elements.values().try_for_each(Element::validate)
    }
}

/// Nothing is moved over a bandwidth of zero: it stands for a place where no data ever go.
fn moved(volume: i64, bandwidth: f64) -> Ticks {
    if bandwidth > 0.0 {
        Ticks::new(((volume as f64 / bandwidth) as i64).min(DURATION_MAX))
    } else {
        Ticks::ZERO
    }
}

fn in_range(
    what: &'static str,
    owner: impl FnOnce() -> String,
    found: f64,
    least: f64,
    most: f64,
) -> Result<(), SocError> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(SocError::OutOfRange { what, owner: owner(), least, most, found })
}

impl Element {
    fn validate(&self) -> Result<(), SocError> {
        let owner = || format!("element {}", self.name);
        in_range("the capacity", owner, self.capacity as f64, 1.0, 1e6)?;
        for support in &self.supports {
            let owner = || format!("{} on element {}", support.task, self.name);
            let (duration, most) = (support.duration.get() as f64, DURATION_MAX as f64);
            in_range("the duration", owner, duration, 1.0, most)?;
            in_range("the power", owner, support.power, 0.0, 1e9)?;
        }
        for point in &self.points {
            in_range("the frequency", owner, point.megahertz as f64, 1.0, 1e6)?;
            in_range("the voltage", owner, point.millivolts as f64, 0.0, 1e6)?;
        }
        if !self.points.windows(2).all(|pair| pair[0].megahertz < pair[1].megahertz) {
            let found = "frequencies that do not rise".to_owned();
            return Err(self.points_error(found));
        }
        match self.governor {
            Governor::Performance => Ok(()),
            _ if self.points.is_empty() => Err(self.points_error("none".to_owned())),
            Governor::Constant(wanted) => {
                match self.points.iter().any(|point| point.megahertz == wanted) {
                    true => Ok(()),
                    false => Err(self.points_error(format!("none at {wanted} MHz"))),
                }
            }
            _ => Ok(()),
        }
    }

    fn points_error(&self, found: String) -> SocError {
        let (element, governor) = (self.name.clone(), self.governor.to_string());
        SocError::Points { element, governor, found }
    }
}

impl JobProfile {
    /// A profile from types of tasks and edges `(before, after, volume)`.
    pub fn new(name: &str, tasks: &[&str], edges: &[(usize, usize, i64)]) -> Self {
        let edge = |&(before, after, volume)| Edge { before, after, volume };
        let mut edges: Vec<Edge> = edges.iter().map(edge).collect();
        edges.sort_by_key(|edge| (edge.before, edge.after));
        let tasks = tasks.iter().map(|&task| task.to_owned()).collect();
        JobProfile { name: name.to_owned(), tasks, edges }
    }

    /// Positions in an order in which predecessors come first.
    ///
    /// # Errors
    /// When an edge names no task, the graph has a cycle, or it has not one head and one tail.
    pub fn topological_order(&self) -> Result<Vec<usize>, SocError> {
        let graph = |expected, found| SocError::Graph { job: self.name.clone(), expected, found };
        let count = self.tasks.len();
        if count == 0 {
            return Err(SocError::Nothing { what: "task of each job" });
        }
        let mut missing = vec![0_usize; count];
        let mut leads = vec![false; count];
        for edge in &self.edges {
            if edge.before.max(edge.after) >= count {
                let found = format!("an edge {} -> {}", edge.before, edge.after);
                return Err(graph("a graph over its own tasks", found));
            }
            let owner = || format!("the edge {} -> {} of {}", edge.before, edge.after, self.name);
            in_range("the volume", owner, edge.volume as f64, 0.0, VOLUME_MAX as f64)?;
            missing[edge.after] += 1;
            leads[edge.before] = true;
        }
        let heads = missing.iter().filter(|&&it| it == 0).count();
        let tails = leads.iter().filter(|&&it| !it).count();
        if (heads, tails) != (1, 1) && heads > 0 && tails > 0 {
            let found = format!("{heads} heads and {tails} tails");
            return Err(graph("a graph with one head and one tail", found));
        }
        let mut order: Vec<usize> = (0..count).filter(|&task| missing[task] == 0).collect();
        let mut next = 0;
        while next < order.len() {
            let task = order[next];
            for edge in self.edges.iter().filter(|edge| edge.before == task) {
                missing[edge.after] -= 1;
                if missing[edge.after] == 0 {
                    order.push(edge.after);
                }
            }
            next += 1;
        }
        match order.len() == count {
            true => Ok(order),
            false => Err(graph("without cycles", format!("{} tasks on one", count - order.len()))),
        }
    }
}

impl SocInstance {
    /// A platform and the profiles of arriving jobs with their probabilities.
    ///
    /// # Errors
    /// When a number is out of range, a graph is none of a job, or a task runs nowhere.
    pub fn new(
        platform: Platform,
        jobs: Vec<JobProfile>,
        probabilities: &[f64],
    ) -> Result<Self, SocError> {
        platform.validate()?;
        if jobs.is_empty() {
            return Err(SocError::Nothing { what: "job profile" });
        }
        let found = probabilities.len();
        if found != jobs.len() {
            let what = "probabilities, one per job profile,";
            return Err(SocError::Count { what, expected: jobs.len(), found });
        }
        for &chance in probabilities {
            in_range("a probability", || "a job profile".to_owned(), chance, 0.0, 1e9)?;
        }
        let total: f64 = probabilities.iter().sum();
        in_range("the sum", || "the probabilities".to_owned(), total, 1e-9, 1e12)?;
        let mut instance = SocInstance { platform, profiles: IdVec::new(), kinds: IdVec::new() };
        for (graph, chance) in jobs.into_iter().zip(probabilities) {
            instance.add(graph, chance / total)?;
        }
        Ok(instance)
    }

    /// The same with equal probabilities.
    ///
    /// # Errors
    /// Those of [`SocInstance::new`].
    pub fn uniform(platform: Platform, jobs: Vec<JobProfile>) -> Result<Self, SocError> {
        let chances = vec![1.0; jobs.len()];
        SocInstance::new(platform, jobs, &chances)
    }

    fn add(&mut self, graph: JobProfile, probability: f64) -> Result<(), SocError> {
        let order = graph.topological_order()?;
        let profile = ProfileId::from_index(self.profiles.len());
        let first = KindId::from_index(self.kinds.len());
        let elements = &self.platform.elements;
        for (task, name) in graph.tasks.iter().enumerate() {
            let support =
                |element: &Element| element.supports.iter().rfind(|it| it.task == *name).cloned();
            let found: Vec<Option<Support>> = elements.values().map(support).collect();
            let durations: Vec<Ticks> = found.iter().flatten().map(|it| it.duration).collect();
            let Some(&least) = durations.iter().min() else {
                return Err(SocError::Unsupported { task: name.clone(), job: graph.name.clone() });
            };
            let sum: i64 = durations.iter().map(|it| it.get()).sum();
            let ends = |of: fn(&Edge) -> usize, at: fn(&Edge) -> usize| {
                let mine = graph.edges.iter().filter(|edge| of(edge) == task);
                mine.map(|edge| (at(edge), edge.volume)).collect()
            };
            self.kinds.push(Kind {
                profile,
                task,
                durations: found.iter().map(|it| it.as_ref().map(|it| it.duration)).collect(),
                powers: found.iter().map(|it| it.as_ref().map_or(0.0, |it| it.power)).collect(),
                before: ends(|edge| edge.after, |edge| edge.before),
                after: ends(|edge| edge.before, |edge| edge.after),
                mean: sum as f64 / durations.len() as f64,
                least,
                rank: 0.0,
                depth: 1,
            });
        }
        let bandwidth = self.platform.bandwidth_mean().max(f64::MIN_POSITIVE);
        for &task in order.iter().rev() {
            let kind = &self.kinds[kind_at(first, task)];
            let ranks = kind.after.iter().map(|&(next, volume)| {
                volume as f64 / bandwidth + self.kinds[kind_at(first, next)].rank
            });
            let rank = kind.mean + ranks.fold(0.0, f64::max);
            let depths = kind.after.iter().map(|&(next, _)| self.kinds[kind_at(first, next)].depth);
            let depth = 1 + depths.max().unwrap_or(0);
            let kind = &mut self.kinds[kind_at(first, task)];
            (kind.rank, kind.depth) = (rank, depth);
        }
        let tail = *order.last().expect("a graph with a head has a task");
        self.profiles.push(Profile { graph, first, tail, probability });
        Ok(())
    }

    /// The kind of a task of a profile.
    #[inline]
    pub fn kind(&self, profile: ProfileId, task: usize) -> KindId {
        kind_at(self.profiles[profile].first, task)
    }

    /// Most tasks of a profile.
    pub fn tasks_most(&self) -> usize {
        self.profiles.values().map(|profile| profile.graph.tasks.len()).max().unwrap_or(0)
    }

    /// The same with one governor for every element that has operating points.
    ///
    /// # Errors
    /// When an element lacks the point of a constant governor.
    pub fn with_governor(mut self, governor: Governor) -> Result<Self, SocError> {
        for element in self.platform.elements.values_mut() {
            if !element.points.is_empty() {
                element.governor = governor;
            }
        }
        self.platform.validate()?;
        Ok(self)
    }

    /// Name of the type of a kind.
    pub fn name(&self, kind: KindId) -> &str {
        let Kind { profile, task, .. } = self.kinds[kind];
        &self.profiles[profile].graph.tasks[task]
    }
}

#[inline]
fn kind_at(first: KindId, task: usize) -> KindId {
    KindId::from_index(first.index() + task)
}
