//! How a shop is simulated: buffers, interruptions, arrivals, and what policies may do.
//!
//! **Source:** -

use super::{Arrivals, Interruption, UNLIMITED, Workshop};
use ordine_base::Time;
use ordine_sim::DistributionError;

/// What a simulated shop is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Goal {
    /// The end of the last job.
    #[default]
    Makespan,
    /// The sum over jobs of the time from arrival to end.
    FlowTime,
    /// The sum over jobs of the time from due to end, where that is later.
    Tardiness,
}

/// Everything about a simulated shop that is not the instance and not the seed.
#[derive(Clone, Debug, PartialEq)]
pub struct ShopSettings {
    /// Places in front of each machine: none is blocking, [`UNLIMITED`] the plain job shop. One
    /// number counts for all machines.
    pub buffers: Vec<u32>,
    /// When machines go down unplanned.
    pub interruption: Interruption,
    /// By machine, planned breaks `[from, to)` by time: known to all, nobody enters, what runs
    /// pauses. Machines beyond the list have none.
    pub maintenance: Vec<Vec<(i64, i64)>>,
    /// When jobs come.
    pub arrivals: Arrivals,
    /// What the world is about: the first part of its reward.
    pub goal: Goal,
    /// Whether a policy may leave a machine empty until the next event.
    pub hold: bool,
    /// Whether it is known at a shut-down when the machine comes back; otherwise policies, forks
    /// and the remaining problem know its law only.
    pub announced: bool,
    /// Whether the world draws its graph at every decision.
    pub graph: bool,
    /// Whether events are written down.
    pub log: bool,
    /// The world is cut off at this instant.
    pub horizon: Time,
}

impl Default for ShopSettings {
    fn default() -> Self {
        ShopSettings {
            buffers: vec![0],
            interruption: Interruption::Never,
            maintenance: Vec::new(),
            arrivals: Arrivals::AtOnce,
            goal: Goal::Makespan,
            hold: false,
            announced: false,
            graph: false,
            log: false,
            horizon: Time::MAX,
        }
    }
}

impl ShopSettings {
    /// Blocking, with an operation that is loaded finding its machine down with this probability.
    ///
    /// # Errors
    /// When the probability is none.
    pub fn with_breakdowns(chance: f64) -> Result<Self, WorkshopError> {
        let interruption = Interruption::at_load(chance)?;
        Ok(ShopSettings { interruption, ..ShopSettings::default() })
    }

    /// The plain job shop: nobody blocks.
    pub fn unblocked() -> Self {
        ShopSettings { buffers: vec![UNLIMITED], ..ShopSettings::default() }
    }

    /// Checks the settings against a shop.
    ///
    /// # Errors
    /// The first setting that does not go with it.
    pub fn validate(&self, shop: &Workshop) -> Result<(), WorkshopError> {
        if self.buffers.len() != 1 && self.buffers.len() != shop.machines() {
            let expected = format!("one number for all, or one for each of {}", shop.machines());
            let found = format!("{} numbers", self.buffers.len());
            return Err(WorkshopError::Setting { setting: "buffers", expected, found });
        }
        if self.maintenance.len() > shop.machines() {
            let expected = format!("breaks of at most {} machines", shop.machines());
            let found = format!("breaks of {}", self.maintenance.len());
            return Err(WorkshopError::Setting { setting: "maintenance", expected, found });
        }
        for (machine, breaks) in self.maintenance.iter().enumerate() {
            let mut free_from = 0;
            for &(from, to) in breaks {
                if from < free_from || to <= from {
                    let expected = "breaks by time that neither are empty nor touch".to_owned();
                    let found = format!("[{from}, {to}) of machine {machine}");
                    return Err(WorkshopError::Setting { setting: "maintenance", expected, found });
                }
                free_from = to + 1;
            }
        }
        self.interruption.validate(shop)?;
        self.arrivals.validate(shop)
    }

    /// Places in front of a machine.
    pub(super) fn buffer(&self, machine: usize) -> u32 {
        if self.buffers.len() == 1 { self.buffers[0] } else { self.buffers[machine] }
    }

    /// The planned breaks of a machine.
    pub(super) fn breaks(&self, machine: usize) -> &[(i64, i64)] {
        self.maintenance.get(machine).map_or(&[], Vec::as_slice)
    }
}

/// Why a shop cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WorkshopError {
    /// What is no shop of chains.
    #[error("expected a shop whose jobs are chains of operations on machines, found {found}")]
    NoShop {
        /// What it has.
        found: String,
    },
    /// A setting that means nothing, or does not go with the shop.
    #[error("{setting}: expected {expected}, found {found}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// What it can be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A line of a file that cannot be read.
    #[error("{name}, line {line}: expected {expected}, found `{found}`")]
    Line {
        /// The file.
        name: String,
        /// The line, from 1.
        line: usize,
        /// What would be understood.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A text that is no distribution.
    #[error(transparent)]
    Distribution(#[from] DistributionError),
    /// A rule of the language that cannot be read.
    #[error("rule: {0}")]
    Rule(String),
    /// A rule that is none.
    #[error("there is no rule `{found}`: expected one of {expected}, or `=` and a text")]
    UnknownRule {
        /// Names that are known.
        expected: String,
        /// The name asked for.
        found: String,
    },
}
