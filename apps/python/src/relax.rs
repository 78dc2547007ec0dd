//! Learners that choose a solver's next parameter, behind `suggest` and `observe`.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024

use crate::numbers::value_error;
use crate::relax_state::{chooser_from_dict, chooser_to_dict, learner_from_dict, learner_to_dict};
use ordine_base::{Id, Seed};
use ordine_budget::learners::{
    ArmId, ContextRange, Guard, LEARNERS, Learner, LearnerError, ParameterChooser, Setting, Trial,
    build,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::{Mutex, MutexGuard, PoisonError};

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn built(
    learner: &str,
    arms: usize,
    range: ContextRange,
    seed: u64,
) -> Result<Box<dyn Learner>, LearnerError> {
    build(learner, &Setting { arms, range, seed: Seed::new(seed) })
}

/// Suggests values of a parameter and learns from how they did.
///
/// Args:
///     values: the values to choose among.
///     learner: a name of ``learners()``.
///     low: smallest context expected.
///     high: largest context expected.
///     cap: no trial costs more: the iteration limit of the solver, or its time limit.
///     bins: bins of contexts in which divergence is remembered.
///     seed: where its draws come from.
///
/// Raises:
///     ValueError: when a number is out of its range, or no learner has the name.
#[pyclass(name = "Chooser", module = "ordine.relax", frozen)]
pub(crate) struct PyChooser {
    chooser: Mutex<ParameterChooser>,
}

#[pymethods]
impl PyChooser {
    #[new]
    #[pyo3(signature = (values, learner="cheb-cb", *, low=0.0, high=1.0, cap=10_000.0, bins=5,
        seed=0))]
    fn new(
        values: Vec<f64>,
        learner: &str,
        low: f64,
        high: f64,
        cap: f64,
        bins: usize,
        seed: u64,
    ) -> PyResult<Self> {
        let range = ContextRange::new(low, high).map_err(value_error)?;
        let learner = built(learner, values.len(), range, seed).map_err(value_error)?;
        let guard = Guard { cap, range, bins };
        let chooser = ParameterChooser::new(values, learner, guard).map_err(value_error)?;
        Ok(PyChooser { chooser: Mutex::new(chooser) })
    }

    /// The value to use next in this context.
    ///
    /// Raises:
    ///     ValueError: when the context is not finite, or every value diverged near it.
    #[pyo3(signature = (context=0.0))]
    fn suggest(&self, py: Python<'_>, context: f64) -> PyResult<f64> {
        py.detach(|| lock(&self.chooser).suggest(context)).map_err(value_error)
    }

    /// How the value suggested last did: its cost, or that it was stopped at the cap or diverged.
    ///
    /// Raises:
    ///     TypeError: when not exactly one of the three is given.
    ///     ValueError: when nothing was suggested, or the cost is negative or not finite.
    #[pyo3(signature = (cost=None, *, capped=false, diverged=false))]
    fn observe(
        &self,
        py: Python<'_>,
        cost: Option<f64>,
        capped: bool,
        diverged: bool,
    ) -> PyResult<()> {
        let trial = match (cost, capped, diverged) {
            (Some(cost), false, false) => Trial::Ended(cost),
            (None, true, false) => Trial::Capped,
            (None, false, true) => Trial::Diverged,
            _ => {
                let message = "expected one of cost, capped=True and diverged=True; give one";
                return Err(PyTypeError::new_err(message));
            }
        };
        py.detach(|| lock(&self.chooser).observe(trial)).map_err(value_error)
    }

    /// The values to choose among.
    #[getter]
    fn values(&self) -> Vec<f64> {
        lock(&self.chooser).values().to_vec()
    }

    /// All that the chooser knows, as plain numbers; a suggestion not yet observed is left out.
    fn state_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let state = lock(&self.chooser).state();
        chooser_to_dict(py, &state)
    }

    /// Goes on where the state was saved.
    ///
    /// Raises:
    ///     ValueError: when the state is of another learner or another size.
    fn load_state_dict(&self, state: &Bound<'_, PyDict>) -> PyResult<()> {
        let state = chooser_from_dict(state)?;
        lock(&self.chooser).restore(&state).map_err(value_error)
    }
}

/// Chooses arms and learns from their costs: what stands behind a ``Chooser``.
///
/// Args:
///     name: a name of ``learners()``.
///     arms: how many arms there are.
///     low: smallest context expected.
///     high: largest context expected.
///     seed: where its draws come from.
///
/// Raises:
///     ValueError: when there is no arm, or no learner has the name.
#[pyclass(name = "Learner", module = "ordine.relax", frozen)]
pub(crate) struct PyLearner {
    learner: Mutex<Box<dyn Learner>>,
}

#[pymethods]
impl PyLearner {
    #[new]
    #[pyo3(signature = (name, arms, *, low=0.0, high=1.0, seed=0))]
    fn new(name: &str, arms: usize, low: f64, high: f64, seed: u64) -> PyResult<Self> {
        let range = ContextRange::new(low, high).map_err(value_error)?;
        let learner = built(name, arms, range, seed).map_err(value_error)?;
        Ok(PyLearner { learner: Mutex::new(learner) })
    }

    /// The arm to play in this context; the same until its cost is observed.
    ///
    /// Raises:
    ///     ValueError: when the context is not finite.
    #[pyo3(signature = (context=0.0))]
    fn suggest(&self, py: Python<'_>, context: f64) -> PyResult<usize> {
        let arm = py.detach(|| lock(&self.learner).suggest(context));
        Ok(arm.map_err(value_error)?.index())
    }

    /// The cost of the arm suggested last.
    ///
    /// Raises:
    ///     ValueError: when another arm was suggested, or the cost is negative or not finite.
    fn observe(&self, py: Python<'_>, arm: usize, cost: f64) -> PyResult<()> {
        if arm >= self.arms() {
            let message = format!("arm is {arm}: expected one below {}", self.arms());
            return Err(value_error(message));
        }
        let arm = ArmId::from_index(arm);
        py.detach(|| lock(&self.learner).observe(arm, cost)).map_err(value_error)
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &'static str {
        lock(&self.learner).name()
    }

    /// How many arms there are.
    #[getter]
    fn arms(&self) -> usize {
        lock(&self.learner).arms()
    }

    /// All that the learner knows, as plain numbers.
    fn state_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let state = lock(&self.learner).state();
        learner_to_dict(py, &state)
    }

    /// Goes on where the state was saved.
    ///
    /// Raises:
    ///     ValueError: when the state is of another learner or another size.
    fn load_state_dict(&self, state: &Bound<'_, PyDict>) -> PyResult<()> {
        let state = learner_from_dict(state)?;
        lock(&self.learner).restore(&state).map_err(value_error)
    }
}

/// Names and summaries of the learners, and whether each looks at the context.
#[pyfunction]
fn learners() -> Vec<(&'static str, &'static str, bool)> {
    LEARNERS.iter().map(|entry| (entry.name, entry.summary, entry.contextual)).collect()
}

/// Adds what this file offers.
pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyChooser>()?;
    module.add_class::<PyLearner>()?;
    module.add_function(wrap_pyfunction!(learners, module)?)
}
