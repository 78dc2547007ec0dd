//! Relaxation parameters over a sequence of linear systems.
//!
//! Systems `A_t x = b_t` arrive one by one; each is solved by an iterative method with a parameter
//! omega, and all that is learned is how many iterations it took. Here are the solvers ([`sor`],
//! [`ssor`], [`cg`], [`ssor_pcg`]), the matrices, what theory says about omega, and the two
//! published experiments; the learners are those of [`ordine_budget::learners`].
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, *Learning to Relax*.

mod bounds;
mod cholesky;
mod conjugate_gradient;
mod dense;
mod error;
mod golden_section;
mod heat;
mod heat_experiment;
mod lanczos;
mod operator;
mod problems;
mod solve;
mod sor;
mod sor_experiment;
mod sparse;
mod spectrum;
mod stencil;

pub use bounds::{ConditionBounds, NearAsymptotic, jacobi_radius};
pub use cholesky::BandedCholesky;
pub use conjugate_gradient::{cg, ssor_pcg};
pub use dense::Dense;
pub use error::RelaxationError;
pub use golden_section::{Sample, golden_section, interpolate, middle_of_least};
pub use heat::{Heat, HeatSystem, diffusion, diffusion_range};
pub use heat_experiment::{
    HEAT_FIXED, HEAT_STEPS, HeatPolicy, HeatRun, HeatScan, heat_run, heat_scan,
};
pub use operator::Operator;
pub use problems::{Region, Shifts, random_dominant, region_laplacian, truncated_normal};
pub use solve::{End, ITERATIONS_MAX, Limits, Solved};
pub use sor::{sor, ssor};
pub use sor_experiment::{SOR_SIDE, SorPolicy, SorTotal, omega_grid, published_grid, sor_trial};
pub use sparse::SparseMatrix;
pub use spectrum::{sor_optimum, sor_radius};
pub use stencil::Stencil;
