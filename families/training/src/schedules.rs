//! Learning-rate schedules over a budgeted run.
//!
//! A [`Schedule`] gives the rate of every update as a pure function of its number; a [`Profile`]
//! is the shape that it reads; a [`Plan`] is its text form, laid over a [`Run`]; [`WORDS`] lists
//! what plans may say.
//!
//! **Source:** see each module.

mod advise;
mod bound;
mod chebyshev;
mod convex;
mod error;
mod evaluate;
mod experiment;
mod median;
mod minimize;
mod noise;
mod norms;
mod one_cycle;
mod parse;
mod perceptron;
mod plan;
mod plateau;
mod profile;
mod progress;
mod refine;
mod run;
mod schedule;
mod teacher;
mod transformers;
mod uba;
mod word_functions;
mod words;

pub use advise::{Advice, advise_d, advise_phi, rank_plans};
pub use bound::{Bound, Gradients};
pub use chebyshev::{chebyshev_polynomial, chebyshev_steps};
pub use convex::{
    ConvexKind, ConvexProblem, ConvexProtocol, Samples, Sweep, quadratic_residual, sweep,
    sweep_plan, sweep_schedule_free, watch_run,
};
pub use error::ScheduleError;
pub use experiment::{
    BestMetric, BudgetedExperiment, LOW_BUDGET, Outcome, RankRow, Standing, Trial, best_metrics,
    rank_table,
};
pub use median::running_median;
pub use minimize::{Minimized, minimize_bound};
pub use norms::{Norm, NormPoint, NormRecorder, POINTS_MAX, norms_of, usable_norms};
pub use one_cycle::OneCycle;
pub use perceptron::Classification;
pub use plan::Plan;
pub use plateau::{Plateau, PlateauRule, PlateauState};
pub use profile::{Between, Profile};
pub use progress::Progress;
pub use refine::{Form, Optimizer, Refined, RefinedReport, Refinement, closed_form, refine};
pub use run::{Amount, Run, Unit};
pub use schedule::{Cursor, Noise, STEPS_MAX, Schedule, Warmup};
pub use teacher::Teacher;
pub use transformers::{TRANSFORMERS, TransformersName, TransformersOptions, transformers_plan};
pub use uba::{NODES_MAX, PHI_MENU, UbaForm, UbaPhase, phi_of_condition, successive_halving};
pub use words::{Parameter, WORDS, WhenAbsent, Word, WordKind, word_named};
