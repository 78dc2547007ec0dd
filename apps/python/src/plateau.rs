//! The class `Plateau`: the rate falls when a metric has not improved for a while.
//!
//! **Source:** `ReduceLROnPlateau` of PyTorch

use crate::numbers::value_error;
use ordine_training::schedules::{Plateau, PlateauRule, PlateauState};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// A rate that is multiplied by ``factor`` when a metric has not improved for more than
/// ``patience`` observations.
///
/// Args:
///     rate: the rate to start from.
///     factor: factor of the rate at each fall, above 0 and below 1.
///     patience: observations without improvement that are borne.
///     threshold: smallest improvement that counts.
///     relative: whether the threshold is a share of the best.
///     larger_is_better: whether larger metrics are better.
///     cooldown: observations after a fall in which nothing is counted.
///     floor: the rate never falls below.
///     least_fall: falls smaller than this are not made.
///
/// Raises:
///     ValueError: when a number is out of its range.
#[pyclass(name = "Plateau", module = "ordine.schedules")]
pub(crate) struct PyPlateau {
    plateau: Plateau,
}

#[pymethods]
impl PyPlateau {
    #[new]
    #[pyo3(signature = (rate, *, factor=0.1, patience=10, threshold=1e-4, relative=true,
        larger_is_better=false, cooldown=0, floor=0.0, least_fall=1e-8))]
    #[allow(clippy::too_many_arguments, reason = "keyword arguments of Python")]
    fn new(
        rate: f64,
        factor: f64,
        patience: u64,
        threshold: f64,
        relative: bool,
        larger_is_better: bool,
        cooldown: u64,
        floor: f64,
        least_fall: f64,
    ) -> PyResult<Self> {
        let rule = PlateauRule {
            factor,
            patience,
            threshold,
            relative,
            larger_is_better,
            cooldown,
            floor,
            least_fall,
        };
        Ok(PyPlateau { plateau: Plateau::new(rate, rule).map_err(value_error)? })
    }

    /// Takes the metric of one evaluation and gives the rate from now on.
    fn observe(&mut self, metric: f64) -> f64 {
        self.plateau.observe(metric)
    }

    /// The rate now.
    #[getter]
    fn rate(&self) -> f64 {
        self.plateau.rate()
    }

    /// All that a checkpoint needs, as plain numbers.
    fn state_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let PlateauState { rate, best, waited, cooling, observed } = self.plateau.state();
        let state = PyDict::new(py);
        state.set_item("rate", rate)?;
        state.set_item("best", best)?;
        state.set_item("waited", waited)?;
        state.set_item("cooling", cooling)?;
        state.set_item("observed", observed)?;
        Ok(state)
    }

    /// Goes on from a checkpoint.
    ///
    /// Raises:
    ///     ValueError: when the state cannot be one of this rule.
    fn load_state_dict(&mut self, state: &Bound<'_, PyDict>) -> PyResult<()> {
        let state = PlateauState {
            rate: part(state, "rate")?.extract()?,
            best: part(state, "best")?.extract()?,
            waited: part(state, "waited")?.extract()?,
            cooling: part(state, "cooling")?.extract()?,
            observed: part(state, "observed")?.extract()?,
        };
        self.plateau.restore(state).map_err(value_error)
    }
}

/// One entry of a saved state.
pub(crate) fn part<'py>(state: &Bound<'py, PyDict>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let missing =
        || PyKeyError::new_err(format!("the state has no `{name}`: load one of this kind"));
    state.get_item(name)?.ok_or_else(missing)
}
