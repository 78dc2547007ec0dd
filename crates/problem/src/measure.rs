//! Measures: the quantities of a schedule that can be minimized.
//!
//! C is the end of a job (latest end of its present tasks), r its release, d its due time, w its
//! weight: flow time `C - r`, lateness `L = C - d`, tardiness `T = max(0, L)`, late when `L > 0`,
//! earliness `max(0, d' - C)` with d' the start of the due window. Jobs without a due time are
//! never late. The makespan is the latest end over all tasks.
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979 (three-field notation); resource
//! investment and leveling: Möhring 1984; Neumann, Zimmermann 1999.

use crate::{JobId, Problem};
use ordine_base::{IdVec, Time};

/// One quantity of a schedule that can be minimized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Latest end over all tasks.
    Makespan,
    /// Sum of flow times.
    TotalFlowTime,
    /// Sum of weight × flow time.
    WeightedFlowTime,
    /// Sum of tardiness.
    TotalTardiness,
    /// Sum of weight × tardiness.
    WeightedTardiness,
    /// Largest tardiness.
    MaxTardiness,
    /// Largest lateness; may be negative.
    MaxLateness,
    /// Number of late jobs.
    NumberLate,
    /// Sum of the weights of late jobs.
    WeightedNumberLate,
    /// Sum of earliness.
    TotalEarliness,
    /// Sum of weight × earliness.
    WeightedEarliness,
    /// Time of all setups between consecutive tasks of machines.
    TotalSetupTime,
    /// Cost of all setups between consecutive tasks of machines.
    TotalSetupCost,
    /// Sum over resources of price × demand × time in use; of consumables price × demand.
    ResourceCost,
    /// Sum over machines and renewables of price × largest usage.
    ResourceInvestment,
    /// Sum over machines and renewables of price × the sum over time of usage squared.
    ResourceLeveling,
    /// Penalties of absent tasks, missed wishes, and starts and ends that cost.
    Penalties,
    /// Sum over planned tasks of the distance of the start from the planned start.
    TotalDeviation,
    /// Number of planned tasks that start at another time, in another mode, or not at all.
    NumberMoved,
}

impl Measure {
    /// Every measure with the name that the command line and files use.
    pub const NAMES: [(Measure, &'static str); 19] = [
        (Measure::Makespan, "makespan"),
        (Measure::TotalFlowTime, "total-flow-time"),
        (Measure::WeightedFlowTime, "weighted-flow-time"),
        (Measure::TotalTardiness, "total-tardiness"),
        (Measure::WeightedTardiness, "weighted-tardiness"),
        (Measure::MaxTardiness, "max-tardiness"),
        (Measure::MaxLateness, "max-lateness"),
        (Measure::NumberLate, "number-late"),
        (Measure::WeightedNumberLate, "weighted-number-late"),
        (Measure::TotalEarliness, "total-earliness"),
        (Measure::WeightedEarliness, "weighted-earliness"),
        (Measure::TotalSetupTime, "total-setup-time"),
        (Measure::TotalSetupCost, "total-setup-cost"),
        (Measure::ResourceCost, "resource-cost"),
        (Measure::ResourceInvestment, "resource-investment"),
        (Measure::ResourceLeveling, "resource-leveling"),
        (Measure::Penalties, "penalties"),
        (Measure::TotalDeviation, "total-deviation"),
        (Measure::NumberMoved, "number-moved"),
    ];

    /// The name that the command line and files use.
    pub fn name(self) -> &'static str {
        let named = Measure::NAMES.iter().find(|(measure, _)| *measure == self);
        named.expect("every measure has a name").1
    }

    /// One line for people.
    pub fn summary(self) -> &'static str {
        match self {
            Measure::Makespan => "latest end over all tasks",
            Measure::TotalFlowTime => "sum over jobs of end - release",
            Measure::WeightedFlowTime => "sum over jobs of weight x (end - release)",
            Measure::TotalTardiness => "sum over jobs of what they end after their due time",
            Measure::WeightedTardiness => "sum over jobs of weight x tardiness",
            Measure::MaxTardiness => "largest tardiness of a job",
            Measure::MaxLateness => "largest end - due time of a job; may be negative",
            Measure::NumberLate => "number of jobs that end after their due time",
            Measure::WeightedNumberLate => "sum of the weights of late jobs",
            Measure::TotalEarliness => "sum over jobs of what they end before their due window",
            Measure::WeightedEarliness => "sum over jobs of weight x earliness",
            Measure::TotalSetupTime => "time of all setups between tasks that follow each other",
            Measure::TotalSetupCost => "cost of all setups between tasks that follow each other",
            Measure::ResourceCost => "price x demand x time in use; of consumables price x demand",
            Measure::ResourceInvestment => "sum over resources of price x largest usage",
            Measure::ResourceLeveling => "price x sum over time of usage squared",
            Measure::Penalties => "penalties of absent tasks, missed wishes, and costly times",
            Measure::TotalDeviation => "distance of all starts from the planned ones",
            Measure::NumberMoved => "number of planned tasks that start or run otherwise",
        }
    }

    /// Whether it compares ends with due times.
    pub fn needs_due(self) -> bool {
        use Measure::*;
        let late = matches!(self, TotalTardiness | WeightedTardiness | MaxTardiness | MaxLateness);
        let counted = matches!(self, NumberLate | WeightedNumberLate);
        late || counted || matches!(self, TotalEarliness | WeightedEarliness)
    }

    /// The regular measures: computed from the makespan and the ends of jobs alone, and never
    /// smaller when one of them grows.
    pub const REGULAR: [Measure; 9] = [
        Measure::Makespan,
        Measure::TotalFlowTime,
        Measure::WeightedFlowTime,
        Measure::TotalTardiness,
        Measure::WeightedTardiness,
        Measure::MaxTardiness,
        Measure::MaxLateness,
        Measure::NumberLate,
        Measure::WeightedNumberLate,
    ];

    /// Whether it is one of [`Measure::REGULAR`].
    pub fn is_regular(self) -> bool {
        Measure::REGULAR.contains(&self)
    }

    /// Value of one job that ends at `end`; `None` for measures of other things than jobs, and
    /// for jobs without the due time that it needs.
    pub fn of_job(self, problem: &Problem, job: JobId, end: Time) -> Option<i64> {
        let data = problem.job(job);
        let flow_time = (end - data.release).get();
        let lateness = data.due.map(|due| (end - due).get());
        let earliness = data.due_from.or(data.due).map(|from| (from - end).get().max(0));
        match self {
            Measure::TotalFlowTime => Some(flow_time),
            Measure::WeightedFlowTime => Some(data.weight * flow_time),
            Measure::TotalTardiness | Measure::MaxTardiness => lateness.map(|late| late.max(0)),
            Measure::WeightedTardiness => lateness.map(|late| data.weight * late.max(0)),
            Measure::MaxLateness => lateness,
            Measure::NumberLate => lateness.map(|late| i64::from(late > 0)),
            Measure::WeightedNumberLate => lateness.map(|late| data.weight * i64::from(late > 0)),
            Measure::TotalEarliness => earliness,
            Measure::WeightedEarliness => earliness.map(|early| data.weight * early),
            _ => None,
        }
    }

    /// Value over all jobs, or the makespan; 0 for what is measured on something else.
    pub(crate) fn of_ends(
        self,
        problem: &Problem,
        makespan: Time,
        job_ends: &IdVec<JobId, Time>,
    ) -> i64 {
        let values = job_ends.iter().filter_map(|(job, &end)| self.of_job(problem, job, end));
        match self {
            Measure::Makespan => makespan.get(),
            Measure::MaxTardiness | Measure::MaxLateness => values.max().unwrap_or(0),
            _ => values.sum(),
        }
    }
}
