//! Learners that suggest and observe: settings of something that is tried again and again.
//!
//! A [`Learner`] suggests an arm for a context and observes its cost, nothing more; [`LEARNERS`]
//! lists them by name, [`ParameterChooser`] adds values and guard rails ("choose my solver's next
//! parameter", with an example). State is plain numbers ([`LearnerState`]); all randomness comes
//! from one seed.
//!
//! | learner | context | regret against |
//! |---|---|---|
//! | [`TsallisInf`] | no | best arm, O(sqrt(d t)) |
//! | [`Binned`] of it (Tsallis-INF-CB) | yes | best arm of each bin |
//! | [`ChebCb`] | yes | best arm of each context, for smooth costs |
//! | [`EpsilonGreedy`], [`Ucb`], [`Exp3`], [`Thompson`], [`GridSweep`] | no | comparisons |
//! | [`FixedArm`], [`RandomArm`], [`Oracle`] | - | baselines |
//!
//! ```
//! use ordine_base::Seed;
//! use ordine_budget::learners::{ContextRange, LearnerError, Setting, build};
//!
//! # fn main() -> Result<(), LearnerError> {
//! let setting = Setting { arms: 4, range: ContextRange::new(0.0, 1.0)?, seed: Seed::new(7) };
//! let mut learner = build("tsallis-inf", &setting)?;
//! let arm = learner.suggest(0.5)?;
//! learner.observe(arm, 12.0)?;
//! let saved = learner.state();
//! let mut again = build("tsallis-inf", &setting)?;
//! again.restore(&saved)?;
//! assert_eq!(learner.suggest(0.5)?, again.suggest(0.5)?);
//! # Ok(())
//! # }
//! ```
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024; each learner names its own.

mod binned;
mod cheb_cb;
mod cheb_fit;
mod chooser;
mod draws;
mod epsilon_greedy;
mod exp3;
mod fixed_arm;
mod grid_sweep;
mod learner;
mod list;
mod means;
mod oracle;
mod random_arm;
mod regret;
mod state;
mod thompson;
mod tsallis_inf;
mod ucb;

pub use binned::{Binned, ContextRange};
pub use cheb_cb::{ChebCb, ChebCbParameters, LossRange};
pub use chooser::{ChooserState, Guard, ParameterChooser, Trial};
pub use draws::{beta, categorical, standard_normal, uniform};
pub use epsilon_greedy::EpsilonGreedy;
pub use exp3::Exp3;
pub use fixed_arm::FixedArm;
pub use grid_sweep::GridSweep;
pub use learner::{ArmId, Draw, Learner, LearnerError, Played, Player, Strategy};
pub use list::{BASIS, BINS, LEARNERS, LearnerEntry, Setting, build, tsallis_inf_cb};
pub use oracle::Oracle;
pub use random_arm::RandomArm;
pub use regret::{Regret, growth_exponent};
pub use state::{LearnerState, Tables};
pub use thompson::Thompson;
pub use tsallis_inf::{NewtonStart, TsallisInf, tsallis_probabilities};
pub use ucb::Ucb;
