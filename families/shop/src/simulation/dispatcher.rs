//! Decisions within a limit of time.
//!
//! A policy is asked on a thread of its own, and waited for no longer than the limit; then a rule
//! answers instead, and goes on to answer until the policy is free again. A policy that panics is
//! never heard again.
//!
//! **Source:** -

use super::ShopWorld;
use ordine_base::Seed;
use ordine_world::{CandidateId, Decision, Policy, World as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// An answer of a dispatcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The candidate.
    pub choice: CandidateId,
    /// Whether the rule decided because the policy took too long.
    pub is_fallback: bool,
}

/// Asks a policy, and a rule where that takes too long.
pub struct Dispatcher {
    questions: Sender<(u64, ShopWorld, Seed)>,
    answers: Receiver<(u64, CandidateId)>,
    fallback: Box<dyn Policy>,
    limit: Duration,
    /// Number of the last question, and of the last one that was answered.
    asked: u64,
    answered: u64,
}

impl Dispatcher {
    /// A dispatcher that waits so long for `policy`, then asks `fallback`.
    pub fn new(mut policy: Box<dyn Policy>, fallback: Box<dyn Policy>, limit: Duration) -> Self {
        let (questions, asked) = channel::<(u64, ShopWorld, Seed)>();
        let (answer, answers) = channel();
        // Ends when the dispatcher is dropped; a policy that panics is never heard again.
        std::thread::spawn(move || {
            for (number, world, seed) in asked {
                let mut stream = seed.stream("policy");
                let mut decision = Decision::new(&world, &mut stream);
                let choice = policy.act(world.observe(), &mut decision);
                if answer.send((number, choice)).is_err() {
                    return;
                }
            }
        });
        Dispatcher { questions, answers, fallback, limit, asked: 0, answered: 0 }
    }

    /// Decides for the machine that asks in `world`.
    pub fn decide(&mut self, world: &ShopWorld, seed: Seed) -> Answer {
        while let Ok((number, _)) = self.answers.try_recv() {
            self.answered = number;
        }
        let is_free = self.answered == self.asked;
        if is_free {
            self.asked += 1;
            if self.questions.send((self.asked, world.clone(), seed)).is_ok() {
                match self.answers.recv_timeout(self.limit) {
                    Ok((number, choice)) => {
                        self.answered = number;
                        return Answer { choice, is_fallback: false };
                    }
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
                }
            }
        }
        let mut stream = seed.stream("policy");
        let mut decision = Decision::new(world, &mut stream);
        let choice = self.fallback.act(world.observe(), &mut decision);
        Answer { choice, is_fallback: true }
    }
}
