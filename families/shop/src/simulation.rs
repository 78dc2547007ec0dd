//! The simulated shop: jobs move between machines, machines go down and come back, a policy decides
//! who enters next.
//!
//! Jobs are chains of operations; an operation runs on one of its machines. With buffers of no
//! size a finished job stays on its machine until it moves on (*blocking*), finished jobs that want
//! each other's machines move at one instant (*swap*), machines go down and come back
//! (*interruption*): the interrupting swap-allowed blocking job shop. With unlimited buffers it is
//! the plain job shop, in between the shop with limited buffers.
//!
//! At each instant: (1) what is due happens, and completed jobs leave; (2) until nothing changes:
//! the first machine, by index, that is empty, up and requested takes the requester that the policy
//! chooses (a single one enters unasked); if there is none, the first finished job that finds room
//! in the buffer of a machine it wants goes there; if there is none, the first circle of finished
//! jobs, each wanting the machine of the next, moves at one instant.
//! (3) Time goes on to the next event.
//!
//! ```
//! use ordine_base::Seed;
//! use ordine_shop::io::FORMATS;
//! use ordine_shop::simulation::{ShopSettings, ShopWorld, Workshop, rule_policy};
//! use ordine_world::run;
//!
//! let problem = ordine_wire::read_one(b"2 2\n0 3 1 2\n1 4 0 1\n", "tiny.txt", FORMATS)?.problem;
//! let shop = Workshop::of(&problem).expect("a job shop");
//! let mut world = ShopWorld::new(shop.into(), ShopSettings::default().into(), Seed::new(1));
//! let mut policy = rule_policy("spt", world.workshop()).expect("a rule of the shop");
//! run(&mut world, &mut policy, &mut Seed::new(1).stream("policy"), &mut |_| false);
//! assert_eq!((world.makespan().get(), world.swaps()), (6, 1));
//! # Ok::<(), ordine_wire::Diagnostics>(())
//! ```
//!
//! **Source:** Wong, Kim, Park, Park, Law 2024 (the problem); Mascis, Pacciarelli 2002 (blocking
//! and swaps). The law of interruptions is ours; see `interruption`.

mod arrivals;
mod dispatcher;
mod fork;
mod graph;
mod history;
mod interruption;
mod law;
mod live;
mod log;
mod moves;
mod named;
mod observing;
mod outcome;
mod realized;
mod residual;
mod rules;
mod settings;
mod snapshot;
mod workshop;
mod world;

pub use arrivals::Arrivals;
pub use dispatcher::{Answer, Dispatcher};
pub use graph::{FEATURES, graph_json};
pub use interruption::{Interruption, Shutdowns};
pub use law::Law;
pub use live::{Advice, LiveShop, Report};
pub use log::{Entry, Event};
pub use named::Shop;
pub use rules::{KeyPolicy, SHOP_RULES, ShopRule, rule_policy};
pub use settings::{Goal, ShopSettings, WorkshopError};
pub use snapshot::{JobPlace, JobState, MachineState, Snapshot};
pub use workshop::{UNLIMITED, Workshop};
pub use world::ShopWorld;
