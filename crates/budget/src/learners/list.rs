//! Every learner that is built from a name.
//!
//! The command line, Python and tests take names from here. Learners that need more than a
//! [`Setting`] (a fixed arm, an oracle's table) are built by their own constructors.
//!
//! **Source:** -

use super::binned::{Binned, ContextRange};
use super::cheb_cb::{ChebCb, ChebCbParameters, LossRange};
use super::epsilon_greedy::EpsilonGreedy;
use super::exp3::Exp3;
use super::grid_sweep::GridSweep;
use super::learner::{Learner, LearnerError, Player, Strategy};
use super::random_arm::RandomArm;
use super::thompson::Thompson;
use super::tsallis_inf::{NewtonStart, TsallisInf};
use super::ucb::Ucb;
use ordine_base::Seed;

/// What every learner is built from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// How many arms there are.
    pub arms: usize,
    /// Contexts expected.
    pub range: ContextRange,
    /// Where its draws come from.
    pub seed: Seed,
}

/// A learner with the name by which people call it.
#[derive(Clone, Copy, Debug)]
pub struct LearnerEntry {
    /// Its name.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Whether it looks at the context.
    pub contextual: bool,
    /// Builds it with the published parameters.
    pub build: fn(&Setting) -> Result<Box<dyn Learner>, LearnerError>,
}

/// Bins of the binned learner, as in the experiment with SOR.
pub const BINS: usize = 5;
/// Basis functions of ChebCB in both experiments.
pub const BASIS: usize = 6;

/// Every learner.
pub const LEARNERS: &[LearnerEntry] = &[
    LearnerEntry {
        name: "tsallis-inf",
        summary: "follows the regularized leader with Tsallis entropy; near the best fixed arm",
        contextual: false,
        build: |it| player(TsallisInf::new(it.arms, NewtonStart::Bracket), it),
    },
    LearnerEntry {
        name: "tsallis-inf-cb",
        summary: "Tsallis-INF in each of five bins of contexts",
        contextual: true,
        build: |it| tsallis_inf_cb(BINS, it),
    },
    LearnerEntry {
        name: "cheb-cb",
        summary: "Chebyshev regression of costs over the context; near the best arm of each",
        contextual: true,
        build: |it| cheb_cb(LossRange::FromZero, it),
    },
    LearnerEntry {
        name: "cheb-cb-observed",
        summary: "ChebCB with the range of losses that was seen",
        contextual: true,
        build: |it| cheb_cb(LossRange::Observed, it),
    },
    LearnerEntry {
        name: "tsallis-inf-script",
        summary: "Tsallis-INF with the start of the published script; for comparisons",
        contextual: false,
        build: |it| player(TsallisInf::new(it.arms, NewtonStart::Script), it),
    },
    LearnerEntry {
        name: "epsilon-greedy",
        summary: "the least mean, but any arm in a tenth of the rounds",
        contextual: false,
        build: |it| player(EpsilonGreedy::new(it.arms, 0.1), it),
    },
    LearnerEntry {
        name: "ucb",
        summary: "the least lower confidence bound",
        contextual: false,
        build: |it| player(Ucb::new(it.arms), it),
    },
    LearnerEntry {
        name: "exp3",
        summary: "exponential weights of importance-weighted losses",
        contextual: false,
        build: |it| player(Exp3::new(it.arms), it),
    },
    LearnerEntry {
        name: "thompson",
        summary: "the least draw of normal posteriors",
        contextual: false,
        build: |it| player(Thompson::new(it.arms), it),
    },
    LearnerEntry {
        name: "grid-sweep",
        summary: "every arm five times, then the best mean forever",
        contextual: false,
        build: |it| player(GridSweep::new(it.arms, 5), it),
    },
    LearnerEntry {
        name: "random",
        summary: "any arm, learns nothing",
        contextual: false,
        build: |it| player(RandomArm::new(it.arms), it),
    },
];

/// The learner of this name.
///
/// # Errors
/// When there is none of this name, or no arm.
pub fn build(name: &str, setting: &Setting) -> Result<Box<dyn Learner>, LearnerError> {
    let entry = LEARNERS.iter().find(|entry| entry.name == name);
    let entry = entry.ok_or_else(|| {
        let names: Vec<&str> = LEARNERS.iter().map(|entry| entry.name).collect();
        let expected = format!("one of {}", names.join(", "));
        LearnerError::Parameter { what: "learner", expected, found: format!("`{name}`") }
    })?;
    (entry.build)(setting)
}

/// Tsallis-INF in each of `bins` bins of contexts.
///
/// # Errors
/// When there is no arm or no bin.
pub fn tsallis_inf_cb(bins: usize, setting: &Setting) -> Result<Box<dyn Learner>, LearnerError> {
    let inside = TsallisInf::new(setting.arms, NewtonStart::Bracket)?;
    player(Binned::new("tsallis-inf-cb", &inside, bins, setting.range), setting)
}

fn cheb_cb(losses: LossRange, setting: &Setting) -> Result<Box<dyn Learner>, LearnerError> {
    let parameters = ChebCbParameters { basis: BASIS, range: setting.range, losses };
    player(ChebCb::new(setting.arms, parameters), setting)
}

fn player<S: Strategy>(
    strategy: Result<S, LearnerError>,
    setting: &Setting,
) -> Result<Box<dyn Learner>, LearnerError> {
    Ok(Box::new(Player::new(strategy?, setting.seed)))
}
