//! The one seam of deciding: a world shows candidates, a policy chooses, the world goes on.
//!
//! Worlds are schedules under construction, simulators, games. A world is plain data and cheap to
//! fork; a fork gets new random streams, so that nobody sees the future.
//!
//! **Source:** the environment interface of reinforcement learning (Sutton, Barto 2018, chapter 3),
//! with terminated and truncated apart as in Gymnasium.

use crate::{CandidateId, Graph, Observation, Policy};
use ordine_base::{Seed, Stream};
use ordine_problem::{Problem, Schedule};
use smallvec::SmallVec;

/// What became of a choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// One entry per name of [`World::reward_names`].
    pub reward: SmallVec<[f64; 2]>,
    /// The world has come to its own end.
    pub terminated: bool,
    /// The world was cut off from outside.
    pub truncated: bool,
}

impl Step {
    /// Whether no further choice will be asked for.
    pub fn is_last(&self) -> bool {
        self.terminated || self.truncated
    }
}

/// A decision process with its own state.
///
/// To add a world: implement [`World::observe`] and [`World::act`], keep the observation up to
/// date inside `act` (no rebuilding, no allocation per step), add one registry line, and one test
/// that runs a rule to the end and judges the schedule.
pub trait World: Send {
    /// What can be chosen now. Called once or more per epoch; must be free of cost.
    ///
    /// At least one candidate is allowed unless the world has ended.
    fn observe(&self) -> &Observation;

    /// Chooses a candidate and advances to the next decision epoch.
    ///
    /// # Panics
    /// When the candidate is masked: a policy cannot express that, a program must not.
    fn act(&mut self, choice: CandidateId) -> Step;

    /// The same as a graph, for learned policies; `None` when the world draws none.
    ///
    /// Called once or more per epoch; kept true inside `act`, like the observation.
    fn graph(&self) -> Option<&Graph> {
        None
    }

    /// A copy whose future random streams come from `seed`; `None` when the world cannot fork.
    fn fork(&self, _seed: Seed) -> Option<Box<dyn World + '_>> {
        None
    }

    /// What remains to be decided, as a problem with running tasks frozen, if it can be told.
    fn residual(&self) -> Option<Problem> {
        None
    }

    /// What a policy makes of what is known when nothing unforeseen happens, as a schedule of what
    /// remains; `None` when the world cannot tell.
    fn forecast(&self, _policy: &mut dyn Policy, _stream: &mut Stream) -> Option<Schedule> {
        None
    }

    /// What becomes of a plan when nothing unforeseen happens and every resource takes its tasks in
    /// the order of the plan, as far as that goes; `None` when the world cannot tell.
    fn followed(&self, _plan: &Schedule) -> Option<Schedule> {
        None
    }

    /// Names of the parts of a reward.
    ///
    /// Larger is better. The first part adds up, over a whole run, to what the world is about
    /// (minus the makespan, minus the mean flow time); policies that look ahead compare by it, and
    /// by the further parts where it is equal.
    fn reward_names(&self) -> &'static [&'static str] {
        &[]
    }
}

/// A future as a policy imagines it: drawn from its own stream, never the one that will come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Future(Seed);

impl Future {
    /// A stream for whoever decides in this future.
    pub fn stream(&self) -> Stream {
        self.0.stream("policy")
    }
}

/// What a policy may use while it decides: its own random stream, forks, the residual problem.
pub struct Decision<'a> {
    world: &'a dyn World,
    stream: &'a mut Stream,
}

impl<'a> Decision<'a> {
    /// The means of one decision in `world`.
    pub fn new(world: &'a dyn World, stream: &'a mut Stream) -> Self {
        Decision { world, stream }
    }

    /// The policy's own random stream.
    pub fn stream(&mut self) -> &mut Stream {
        self.stream
    }

    /// A copy of the world whose future is drawn anew; `None` when the world cannot fork.
    pub fn fork(&mut self) -> Option<Box<dyn World + 'a>> {
        let future = self.future();
        self.fork_into(&future)
    }

    /// Draws a future from the policy's own stream, for forks that are to be compared.
    pub fn future(&mut self) -> Future {
        Future(Seed::new(self.stream.bits()))
    }

    /// A copy of the world that goes into this future; `None` when the world cannot fork. Copies
    /// made at one decision into one future meet the same chance.
    pub fn fork_into(&self, future: &Future) -> Option<Box<dyn World + 'a>> {
        self.world.fork(future.0)
    }

    /// What is seen as a graph, if the world draws one.
    pub fn graph(&self) -> Option<&'a Graph> {
        self.world.graph()
    }

    /// What remains to be decided, if the world can tell.
    pub fn residual(&self) -> Option<Problem> {
        self.world.residual()
    }

    /// What a policy makes of what is known, if the world can tell; see [`World::forecast`].
    pub fn forecast(&mut self, policy: &mut dyn Policy) -> Option<Schedule> {
        self.world.forecast(policy, self.stream)
    }

    /// What becomes of a plan, if the world can tell; see [`World::followed`].
    pub fn followed(&self, plan: &Schedule) -> Option<Schedule> {
        self.world.followed(plan)
    }
}
