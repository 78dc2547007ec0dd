//! Benches: the code behind `ordine bench`, which prints what the project claims.
//!
//! A bench reads instances from a library folder, runs recipes on them and prints a table; long
//! ones write JSON lines as they go and resume. `lists/` names the instances of comparisons,
//! `peers/` holds scripts that run other solvers. Adding one: one file, one line in [`BENCHES`].
//!
//! **Source:** benchmark habits of PyVRP (a gap table per release).

mod classes;
mod clock;
mod constraint_bench;
mod discovery;
mod instances;
mod isbjssp;
mod knapsack_rl;
mod large;
mod learning_to_relax;
mod lists;
mod lr;
mod memory;
mod moves;
mod mutations;
mod peers;
mod quality;
mod queues;
mod results;
mod runs;
mod sheet;
mod simpy;
mod smtt;
mod soc;
mod stopwatch;
mod sweep;
pub mod tardiness;

pub use clock::WallClock;

use std::io::Write;
use std::sync::OnceLock;

/// The commit that the program was built from.
static COMMIT: OnceLock<&str> = OnceLock::new();

/// A bench with the name by which people call it.
#[derive(Clone, Copy)]
pub struct Bench {
    /// Name on the command line.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// What is reproduced or compared with.
    pub source: &'static str,
    /// Runs it with its own arguments; the table goes to the writer.
    pub run: fn(&[String], &mut dyn Write) -> anyhow::Result<()>,
}

/// Every bench.
pub const BENCHES: &[Bench] = &[
    Bench {
        name: "discovery",
        summary: "discovered rules: language, search, guards, models from scripts and cassettes",
        source: "Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025",
        run: discovery::run,
    },
    Bench {
        name: "isbjssp",
        summary: "interrupting blocking job shop with swaps: rules, look-ahead, plans, speed",
        source: "Wong, Kim, Park, Park, Law 2024",
        run: isbjssp::run,
    },
    Bench {
        name: "knapsack-rl",
        summary: "rollouts over prompts: optimality, effective ratios, speed, simulated training",
        source: "Li et al. 2025",
        run: knapsack_rl::run,
    },
    Bench {
        name: "large",
        summary: "a hundred thousand tasks, read, judged and planned within fixed limits",
        source: "-",
        run: large::run,
    },
    Bench {
        name: "learning-to-relax",
        summary: "learned relaxation parameters of SOR and SSOR-preconditioned CG",
        source: "Khodak, Chow, Balcan, Talwalkar 2024",
        run: learning_to_relax::run,
    },
    Bench {
        name: "lr",
        summary: "learning-rate schedules: formulas, bounds, convex suite, small networks, speed",
        source: "Chen et al. 2022; Tang et al. 2025; Defazio et al. 2023",
        run: lr::run,
    },
    Bench {
        name: "moves",
        summary: "moves evaluated per second by tabu search on a 20 x 20 job shop",
        source: "Nowicki, Smutnicki 1996",
        run: moves::run,
    },
    Bench {
        name: "mutations",
        summary: "a million broken files of every format, and how the readers bear them",
        source: "Zeller, Gopinath, Böhme, Fraser, Holler (The Fuzzing Book)",
        run: mutations::run,
    },
    Bench {
        name: "peers",
        summary: "time to proof beside another solver: same files, same run, same limits",
        source: "OR-Tools CP-SAT; PyJobShop",
        run: peers::run,
    },
    Bench {
        name: "quality",
        summary: "gaps and proved counts over a library, one row per list and recipe",
        source: "bks.csv of each library folder",
        run: quality::run,
    },
    Bench {
        name: "queues",
        summary: "simulated queues beside their closed forms, with intervals",
        source: "Erlang 1917; Pollaczek 1930, Khinchine 1932; White, Christie 1958",
        run: queues::run,
    },
    Bench {
        name: "r-constraintbench",
        summary: "feasibility of schedules that models write: sets, runs, scores, acceptance",
        source: "Jain, Wetter 2025",
        run: constraint_bench::run,
    },
    Bench {
        name: "simpy",
        summary: "events per second beside SimPy, on the same queue and the same job shop",
        source: "SimPy 4.1",
        run: simpy::run,
    },
    Bench {
        name: "smtt",
        summary: "single-machine total tardiness: rules, descents and proofs beside the paper",
        source: "Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025",
        run: smtt::run,
    },
    Bench {
        name: "soc",
        summary: "tasks on a chip: schedulers, orders, bound, energy beside the paper's figures",
        source: "Sung, Ha, Kim, Yahja, Sohn, Ryu 2020",
        run: soc::run,
    },
    Bench {
        name: "sweep",
        summary: "a first schedule for every instance of a library, judged and compared",
        source: "bks.csv of each library folder",
        run: sweep::run,
    },
];

/// The bench of this name, if there is one.
pub fn bench_named(name: &str) -> Option<Bench> {
    BENCHES.iter().copied().find(|bench| bench.name == name)
}

/// Says from which commit the program was built, for results that are kept; empty outside of a
/// checkout. Only the first call counts.
pub fn built_from(commit: &'static str) {
    COMMIT.get_or_init(|| commit.trim_matches([' ', '(', ')']));
}

/// The commit that the program was built from.
fn commit() -> &'static str {
    COMMIT.get().copied().unwrap_or_default()
}
