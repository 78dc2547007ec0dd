//! What a policy sees: the candidates of one decision epoch.
//!
//! A decision may be a chain of lists at one instant: first a task, then the mode it runs in. A
//! candidate carries the same feature record in a schedule under construction and in a simulator,
//! so that each rule is written once.
//!
//! **Source:** eligible sets of Kolisch, Hartmann 1999 (heuristics for the RCPSP, section 2).

use ordine_base::{Id, Ticks, Time, define_ids};
use ordine_problem::{ModeId, TaskId};

define_ids! {
    /// Position of a candidate in the list of its observation.
    CandidateId;
}

/// What is being chosen at this point of the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Which task comes next; a candidate's mode is its shortest one.
    #[default]
    Task,
    /// Which mode the chosen task runs in.
    Mode,
}

/// What rules and policies know of a candidate. Times in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Duration of the mode.
    pub duration: Ticks,
    /// When precedences let the task start: the instant from which it waits.
    pub eligible_since: Time,
    /// Earliest start in this mode, as far as it is known at this stage.
    pub start: Time,
    /// Latest start that keeps the longest path from growing.
    pub latest_start: Time,
    /// Latest end that keeps the longest path from growing.
    pub latest_end: Time,
    /// Work on the longest path from the task on, itself included: in a chain, what remains.
    pub work_remaining: Ticks,
    /// Most tasks on a path from the task on, itself included.
    pub tasks_remaining: u32,
    /// Duration of the task plus the durations of its immediate successors.
    pub positional_weight: Ticks,
    /// Weight of its job; 1 without a job.
    pub weight: i64,
    /// Release of its job; the origin without a job.
    pub release: Time,
    /// Due time of its job, if there is one.
    pub due: Option<Time>,
    /// Setup before it, after what its machine did last; 0 where that is not known.
    pub setup: Ticks,
    /// How many tasks can only start later; 0 unless a rule asks for it in [`Extras`].
    pub successors: u32,
    /// Earliest start when the worst of the other candidates goes first; the earliest start unless
    /// a rule asks for it in [`Extras`].
    pub worst_start: Time,
}

/// Features that cost more than constant time, so that worlds give them only to rules that ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// [`Features::successors`]: O(tasks × links) once.
    pub successors: bool,
    /// [`Features::worst_start`]: O(candidates²) placements at each epoch.
    pub conflicts: bool,
}

impl Extras {
    /// Nothing further.
    pub const NONE: Extras = Extras { successors: false, conflicts: false };
}

/// One thing that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The task.
    pub task: TaskId,
    /// The mode it would run in.
    pub mode: ModeId,
    /// Whether it may be chosen now.
    pub allowed: bool,
    /// What is known of it.
    pub features: Features,
}

impl Candidate {
    /// Earliest end in this mode, as far as it is known at this stage.
    pub fn end(&self) -> Time {
        self.features.start + self.features.duration
    }

    /// Due time of its job; far away where there is none.
    pub fn due(&self) -> f64 {
        self.features.due.unwrap_or(Time::MAX).get() as f64
    }

    /// Time that its job has to spare at `now` over the work that remains.
    pub fn slack(&self, now: Time) -> f64 {
        self.due() - (now.get() + self.features.work_remaining.get()) as f64
    }
}

/// What rules know of the durations of all candidates together, masked ones included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Durations {
    /// Their sum.
    pub sum: Ticks,
    /// The longest.
    pub longest: Ticks,
}

/// What a policy sees at one decision epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    /// The instant of the decision.
    pub now: Time,
    /// What is being chosen.
    pub stage: Stage,
    /// The candidates; those not allowed are masked.
    pub candidates: Vec<Candidate>,
    /// Their durations together.
    pub durations: Durations,
    /// Mean of the setups of the problem; 0 where there are none.
    pub setup_mean: f64,
}

impl Observation {
    /// The candidates that may be chosen, with their positions.
    pub fn allowed(&self) -> impl Iterator<Item = (CandidateId, &Candidate)> {
        let numbered = self.candidates.iter().enumerate();
        numbered
            .filter(|(_, candidate)| candidate.allowed)
            .map(|(position, candidate)| (CandidateId::from_index(position), candidate))
    }

    /// Mean duration of the candidates.
    pub fn duration_mean(&self) -> f64 {
        self.durations.sum.get() as f64 / self.candidates.len().max(1) as f64
    }

    /// The candidate at this position.
    ///
    /// # Panics
    /// When the position is not of this observation.
    pub fn candidate(&self, id: CandidateId) -> &Candidate {
        &self.candidates[id.index()]
    }
}
