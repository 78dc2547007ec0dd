//! Schedulers: an order of the ready tasks, an element for each, and how ends are estimated.
//!
//! All are policies of one world. Those of the published comparison are [`ListPolicy`]s;
//! [`PlanPolicy`] follows the plan of HEFT per job, [`LpGuided`] the prices of the load bound,
//! [`HorizonPolicy`] plans over all tasks in the system. To add one: a policy, a line in
//! [`SCHEDULERS`], a test.
//!
//! **Source:** Sung et al. 2020, sections on mapping and baselines.

mod first_plan;
mod guided;
mod horizon;
mod list;
mod plan;

pub use guided::LpGuided;
pub use horizon::HorizonPolicy;
pub use list::{Choice, ListPolicy, Order};
pub use plan::PlanPolicy;

use crate::{Mapping, Settings, SocError, SocInstance, SocWorld};
use ordine_base::Seed;
use ordine_world::{NamedPolicy, Policy};
use std::sync::Arc;

/// A scheduler with the name by which people call it.
#[derive(Clone, Copy)]
pub struct Scheduler {
    /// Name on the command line.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Where it was published.
    pub source: &'static str,
    /// How it estimates ends, and what its choices bind.
    pub mapping: Mapping,
    /// Whether it leaves tasks for later.
    pub may_wait: bool,
    /// Makes it.
    pub make: fn(&Arc<SocInstance>) -> Box<dyn Policy>,
}

impl std::fmt::Debug for Scheduler {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Scheduler {
    /// The world that it decides in, at its beginning.
    ///
    /// # Errors
    /// Those of [`SocWorld::new`].
    pub fn world(
        &self,
        instance: &Arc<SocInstance>,
        settings: Settings,
        seed: Seed,
    ) -> Result<SocWorld, SocError> {
        let world = SocWorld::new(instance, settings, self.mapping, seed)?;
        Ok(if self.may_wait { world.waiting() } else { world })
    }

    /// A run to the end.
    ///
    /// # Errors
    /// Those of [`SocWorld::new`].
    pub fn run(
        &self,
        instance: &Arc<SocInstance>,
        settings: Settings,
        seed: Seed,
    ) -> Result<SocWorld, SocError> {
        let mut world = self.world(instance, settings, seed)?;
        world.run(&mut *(self.make)(instance), &mut seed.stream("policy"));
        Ok(world)
    }
}

/// The scheduler of this name.
pub fn scheduler_named(name: &str) -> Option<&'static Scheduler> {
    SCHEDULERS.iter().find(|scheduler| scheduler.name == name)
}

const DEEP: &str = "Sung et al. 2020";

const fn list(
    name: &'static str,
    summary: &'static str,
    source: &'static str,
    mapping: Mapping,
    make: fn(&Arc<SocInstance>) -> Box<dyn Policy>,
) -> Scheduler {
    Scheduler { name, summary, source, mapping, may_wait: false, make }
}

macro_rules! of {
    ($order:ident, $choice:ident) => {
        |instance| Box::new(ListPolicy::new(instance, Order::$order, Choice::$choice))
    };
}

use Mapping::{Appending, CommunicationAware as Aware, Published, Waiting};

/// Every scheduler.
pub static SCHEDULERS: [Scheduler; COUNT] = LIST;

/// Every scheduler as a policy with a name.
pub(crate) static NAMED: [NamedPolicy; COUNT] = {
    let none = NamedPolicy { name: "", arguments: "", summary: "", source: "" };
    let (mut all, mut place) = ([none; COUNT], 0);
    while place < COUNT {
        let Scheduler { name, summary, source, .. } = LIST[place];
        all[place] = NamedPolicy { name, arguments: "", summary, source };
        place += 1;
    }
    all
};

const COUNT: usize = 18;

const LIST: [Scheduler; COUNT] = [
    list("random", "any element for each ready task", DEEP, Waiting, of!(FirstCome, Random)),
    list(
        "met",
        "the element of least duration",
        "Braun et al. 2001",
        Waiting,
        of!(FirstCome, Least),
    ),
    list("stf", "as met, the shortest task first", DEEP, Waiting, of!(Shortest, Least)),
    list("eft", "the earliest end, first come first", DEEP, Waiting, of!(FirstCome, Earliest)),
    list(
        "etf",
        "the task and element of the earliest end",
        "Hwang et al. 1989",
        Waiting,
        of!(Earliest, Earliest),
    ),
    list(
        "heft-rt",
        "longest mean first, gaps without transfers",
        "Mack et al. 2021",
        Published,
        of!(LongMean, Earliest),
    ),
    list(
        "order-random",
        "a random order, gaps without transfers",
        DEEP,
        Published,
        of!(Random, Earliest),
    ),
    list(
        "order-short",
        "shortest mean first, gaps without transfers",
        DEEP,
        Published,
        of!(ShortMean, Earliest),
    ),
    list(
        "order-rank",
        "highest upward rank first, gaps without transfers",
        DEEP,
        Published,
        of!(HighRank, Earliest),
    ),
    list(
        "order-low-rank",
        "lowest upward rank first, gaps without transfers",
        DEEP,
        Published,
        of!(LowRank, Earliest),
    ),
    list("aware-random", "a random order, gaps with transfers", DEEP, Aware, of!(Random, Earliest)),
    list(
        "aware-long",
        "longest mean first, gaps with transfers",
        DEEP,
        Aware,
        of!(LongMean, Earliest),
    ),
    list(
        "aware-short",
        "shortest mean first, gaps with transfers",
        DEEP,
        Aware,
        of!(ShortMean, Earliest),
    ),
    list(
        "aware-rank",
        "highest upward rank first, gaps with transfers",
        DEEP,
        Aware,
        of!(HighRank, Earliest),
    ),
    list(
        "aware-low-rank",
        "lowest upward rank first, gaps with transfers",
        DEEP,
        Aware,
        of!(LowRank, Earliest),
    ),
    Scheduler {
        name: "heft",
        summary: "each job by its plan on an empty chip",
        source: "Topcuoglu, Hariri, Wu 2002",
        mapping: Appending,
        may_wait: true,
        make: |instance| Box::new(PlanPolicy::new(instance)),
    },
    list(
        "lp-guided",
        "earliest ends, elements at the prices of the load bound",
        "-",
        Waiting,
        |instance| Box::new(LpGuided::new(instance)),
    ),
    Scheduler {
        name: "horizon",
        summary: "a plan over all tasks in the system, made anew when a job enters",
        source: "-",
        mapping: Appending,
        may_wait: true,
        make: |_| Box::new(HorizonPolicy::default()),
    },
];
