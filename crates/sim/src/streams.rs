//! Named random streams of one simulated run, and what makes two runs comparable.
//!
//! Every source of chance draws from the stream of its own name: adding a source, or a policy that
//! draws, shifts no other. Sources that come in numbers (machines, jobs) take a stream each, so
//! that what one of them meets does not depend on the order in which they are asked; two policies
//! under the same seed then meet the same breakdowns and durations (common random numbers).
//!
//! **Source:** Law 2015, *Simulation Modeling and Analysis*, section 11.2 (common random numbers).

use ordine_base::{Seed, Stream};

/// Where the streams of a run come from.
///
/// ```
/// use ordine_base::Seed;
/// use ordine_sim::Streams;
///
/// let streams = Streams::new(Seed::new(7));
/// let mut third_machine = streams.of_each("breakdowns", 2);
/// assert_eq!(third_machine.bits(), streams.of_each("breakdowns", 2).bits());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams(Seed);

impl Streams {
    /// The streams of a run with this seed.
    pub const fn new(seed: Seed) -> Self {
        Streams(seed)
    }

    /// The seed behind them.
    pub const fn seed(&self) -> Seed {
        self.0
    }

    /// The stream of this name, from its beginning.
    pub fn of(&self, name: &str) -> Stream {
        self.0.stream(name)
    }

    /// The stream of this name of the `index`-th of several, from its beginning.
    pub fn of_each(&self, name: &str, index: usize) -> Stream {
        self.0.child(index as u64).stream(name)
    }

    /// The streams of the `index`-th replication.
    pub fn replication(&self, index: u64) -> Streams {
        // Apart from the children that `of_each` takes.
        Streams(Seed::new(self.of("replications").bits()).child(index))
    }
}
