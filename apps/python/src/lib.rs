//! The Python module `ordine._ordine`: what the package under `python/ordine` stands on.
//!
//! One file per subject, named as the module that users see. Arguments are checked by the
//! libraries; their messages arrive as `ValueError`. Long calls release the interpreter lock.
//!
//! **Source:** -

mod budgets;
mod numbers;
mod plateau;
mod refine;
mod relax;
mod relax_state;
mod rollout_value;
mod rollouts;
mod rollouts_state;
mod schedule;
mod schedules;

use pyo3::prelude::*;

/// What is compiled of the package `ordine`; import its modules instead.
#[pymodule]
fn _ordine(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    schedules::add_to(module)?;
    refine::add_to(module)?;
    budgets::add_to(module)?;
    rollouts::add_to(module)?;
    relax::add_to(module)
}
