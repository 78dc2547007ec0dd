//! The seam of learning: a learner suggests an arm, its cost is observed, and so on.
//!
//! In round t a context `c_t` is seen, an arm `i_t` is played, and only its cost `l_t(i_t)` is
//! seen. A learner keeps the sum of costs near that of the best arm, or of the best arm per
//! context. Each round draws from a stream of its own, `seed.child(t)`, so a learner needs no state
//! of a generator: seed, round and numbers are all there is to save, and a suggestion that was
//! asked for twice is the same twice.
//!
//! # How to add a learner
//! 1. Write its file with a type that implements [`Strategy`]; [`Player`] makes it a [`Learner`].
//! 2. Add its line to [`LEARNERS`](super::LEARNERS).
//! 3. Test what tells it from its neighbors; the tests of the list cover saving, replay and errors.
//!
//! **Source:** Auer, Cesa-Bianchi, Freund, Schapire 2002 (bandit feedback).

use super::state::{LearnerState, Tables};
use ordine_base::{Seed, Stream, define_ids};

define_ids! {
    /// One of the settings that a learner chooses among.
    ArmId;
}

/// Why a learner refused a call.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LearnerError {
    /// There is nothing to choose.
    #[error("expected at least one arm, found none: give the learner a grid with a value")]
    NoArm,
    /// A context is not a number.
    #[error("expected a finite context, found {found}: scale or leave out what is not a number")]
    Context {
        /// What was given.
        found: f64,
    },
    /// A cost is negative or not a number.
    #[error(
        "expected a finite cost of 0 or more for arm {arm}, found {found}: report a solve that \
         did not end as its cap"
    )]
    Cost {
        /// Whose cost.
        arm: usize,
        /// What was given.
        found: f64,
    },
    /// A cost came without a suggestion.
    #[error("expected a call of suggest before observe, found none: ask for an arm first")]
    NothingSuggested,
    /// A cost came for another arm than the one suggested.
    #[error(
        "expected the cost of arm {expected}, found one of arm {found}: observe what you played"
    )]
    OtherArm {
        /// Suggested last.
        expected: usize,
        /// Observed now.
        found: usize,
    },
    /// A parameter is out of its range.
    #[error("{what}: expected {expected}, found {found}: change the parameter")]
    Parameter {
        /// Its name.
        what: &'static str,
        /// What would do.
        expected: String,
        /// What was given.
        found: String,
    },
    /// A saved state is not one of this learner.
    #[error("state, {what}: expected {expected}, found {found}: build the learner as it was saved")]
    State {
        /// Which part.
        what: String,
        /// What this learner has.
        expected: String,
        /// What the state has.
        found: String,
    },
    /// Every arm was seen to diverge in this bin of contexts.
    #[error(
        "expected an arm that did not diverge near context {context}, found none of {arms}: \
         extend the grid or raise the cap"
    )]
    NothingLeft {
        /// Where.
        context: f64,
        /// How many arms there are.
        arms: usize,
    },
}

/// Chooses arms and learns from their costs.
///
/// A solver, a simulation or a family calls `suggest` and `observe` in turn, once per round; both
/// are cheap beside what they steer. `suggest` is idempotent until `observe`.
pub trait Learner: std::fmt::Debug + Send {
    /// The name in [`LEARNERS`](super::LEARNERS).
    fn name(&self) -> &'static str;

    /// How many arms there are.
    fn arms(&self) -> usize;

    /// The arm to play in this context; learners without context ignore it.
    ///
    /// # Errors
    /// When the context is not finite.
    fn suggest(&mut self, context: f64) -> Result<ArmId, LearnerError>;

    /// The cost of the arm suggested last.
    ///
    /// # Errors
    /// When nothing, or another arm, was suggested, or when the cost is negative or not finite.
    /// The learner is as before then.
    fn observe(&mut self, arm: ArmId, cost: f64) -> Result<(), LearnerError>;

    /// All that the learner knows, as plain numbers.
    fn state(&self) -> LearnerState;

    /// Goes on where the state was saved. The learner must have been built with the same
    /// parameters.
    ///
    /// # Errors
    /// When the state is of another learner or another size. The learner is as before then.
    fn restore(&mut self, state: &LearnerState) -> Result<(), LearnerError>;
}

/// An arm drawn, with what the learner needs to remember about the draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draw {
    /// Which arm.
    pub arm: ArmId,
    /// With which probability it was drawn.
    pub probability: f64,
    /// Which cost was predicted, in the learner's own scale; 0 where nothing is predicted.
    pub prediction: f64,
}

impl Draw {
    /// An arm that had to be played.
    pub fn certain(arm: ArmId) -> Self {
        Draw { arm, probability: 1.0, prediction: 0.0 }
    }
}

/// A draw and the context in which it was made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Played {
    /// The draw.
    pub draw: Draw,
    /// The context.
    pub context: f64,
}

/// How a learner chooses and learns, without the bookkeeping of rounds.
pub trait Strategy: std::fmt::Debug + Clone + Send + 'static {
    /// The name in [`LEARNERS`](super::LEARNERS).
    fn name(&self) -> &'static str;

    /// How many arms there are.
    fn arms(&self) -> usize;

    /// Draws an arm; changes nothing, so that asking twice draws the same.
    fn choose(&self, context: f64, stream: &mut Stream) -> Draw;

    /// Learns from the cost of what was played.
    fn learn(&mut self, played: &Played, cost: f64);

    /// Writes every number that `choose` and `learn` read.
    fn save(&self, tables: &mut Tables);

    /// Reads them back.
    ///
    /// # Errors
    /// When a table is missing or has another length.
    fn load(&mut self, tables: &Tables) -> Result<(), LearnerError>;
}

/// A strategy at work: counts rounds, hands out streams, checks the turns.
#[derive(Clone, Debug)]
pub struct Player<S> {
    strategy: S,
    seed: Seed,
    round: u64,
    pending: Option<Played>,
}

impl<S: Strategy> Player<S> {
    /// A player at its first round.
    pub fn new(strategy: S, seed: Seed) -> Self {
        Player { strategy, seed, round: 0, pending: None }
    }

    /// The strategy, to look at.
    pub fn strategy(&self) -> &S {
        &self.strategy
    }

    fn take_pending(&mut self, arm: ArmId, cost: f64) -> Result<Played, LearnerError> {
        use ordine_base::Id as _;
        let pending = self.pending.ok_or(LearnerError::NothingSuggested)?;
        let (expected, found) = (pending.draw.arm.index(), arm.index());
        if expected != found {
            return Err(LearnerError::OtherArm { expected, found });
        }
        if !cost.is_finite() || cost < 0.0 {
            return Err(LearnerError::Cost { arm: found, found: cost });
        }
        self.pending = None;
        Ok(pending)
    }
}

impl<S: Strategy> Learner for Player<S> {
    fn name(&self) -> &'static str {
        self.strategy.name()
    }

    fn arms(&self) -> usize {
        self.strategy.arms()
    }

    fn suggest(&mut self, context: f64) -> Result<ArmId, LearnerError> {
        if !context.is_finite() {
            return Err(LearnerError::Context { found: context });
        }
        let mut stream = self.seed.child(self.round).stream("suggest");
        let draw = self.strategy.choose(context, &mut stream);
        self.pending = Some(Played { draw, context });
        Ok(draw.arm)
    }

    fn observe(&mut self, arm: ArmId, cost: f64) -> Result<(), LearnerError> {
        let played = self.take_pending(arm, cost)?;
        self.strategy.learn(&played, cost);
        self.round += 1;
        Ok(())
    }

    fn state(&self) -> LearnerState {
        let mut tables = Tables::default();
        self.strategy.save(&mut tables);
        LearnerState {
            learner: self.name().to_owned(),
            seed: self.seed.get(),
            round: self.round,
            pending: self.pending,
            tables,
        }
    }

    fn restore(&mut self, state: &LearnerState) -> Result<(), LearnerError> {
        state.expect_learner(self.name())?;
        let mut strategy = self.strategy.clone();
        strategy.load(&state.tables)?;
        let seed = Seed::new(state.seed);
        *self = Player { strategy, seed, round: state.round, pending: state.pending };
        Ok(())
    }
}
