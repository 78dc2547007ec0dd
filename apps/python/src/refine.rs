//! Refinement: a schedule from the gradient norms of an earlier run, and the bound that ranks
//! schedules before training.
//!
//! **Source:** Defazio, Cutkosky, Mehta, Mishchenko 2023

use crate::numbers::{value_error, vector};
use crate::plateau::part;
use crate::schedule::PySchedule;
use numpy::{IntoPyArray, PyArray1};
use ordine_training::schedules::{
    self, Form, Gradients, Norm, NormPoint, NormRecorder, Optimizer, POINTS_MAX, Refined,
    Refinement,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// A schedule refined from norms, before the number of steps is known.
#[pyclass(name = "Refined", module = "ordine.schedules", frozen)]
pub(crate) struct PyRefined {
    refined: Refined,
}

#[pymethods]
impl PyRefined {
    /// Evenly spaced values, the largest 1, the last 0.
    #[getter]
    fn values<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        PyArray1::from_slice(py, &self.refined.values)
    }

    /// Share of the run before the maximum.
    #[getter]
    fn warmup(&self) -> f64 {
        self.refined.report.warmup
    }

    /// Mean of the values.
    #[getter]
    fn area(&self) -> f64 {
        self.refined.report.area
    }

    /// The exponent of the power that fits the decay after the maximum best.
    #[getter]
    fn decay_exponent(&self) -> f64 {
        self.refined.report.decay_exponent
    }

    /// The shape as the text of a plan.
    #[getter]
    fn plan(&self) -> String {
        let values: Vec<String> = self.refined.values.iter().map(|it| format!("{it:?}")).collect();
        format!("table(values=[{}])", values.join(", "))
    }

    /// The schedule of a run of any length: tune ``peak`` again, starting from that of linear.
    ///
    /// Raises:
    ///     ValueError: when the run has no steps.
    #[pyo3(signature = (steps, *, peak=1.0, end_inclusive=false))]
    fn over(
        &self,
        py: Python<'_>,
        steps: i64,
        peak: f64,
        end_inclusive: bool,
    ) -> PyResult<PySchedule> {
        let mut plan = self.plan();
        if peak != 1.0 {
            plan = format!("{peak:?} * {plan}");
        }
        py.detach(|| PySchedule::new(&plan, steps, None, None, end_inclusive))
    }

    fn __repr__(&self) -> String {
        let report = &self.refined.report;
        format!("Refined(warmup={:.4}, area={:.4})", report.warmup, report.area)
    }
}

fn optimizer_named(name: &str) -> PyResult<Optimizer> {
    match name {
        "adam" => Ok(Optimizer::Adam),
        "sgd" => Ok(Optimizer::Sgd),
        _ => Err(value_error(format!("optimizer is `{name}`: expected adam or sgd; change it"))),
    }
}

fn norm_named(name: &str) -> PyResult<Norm> {
    match name {
        "l1" => Ok(Norm::L1),
        "l2" => Ok(Norm::L2),
        _ => Err(value_error(format!("norm is `{name}`: expected l1 or l2; change it"))),
    }
}

/// Refines a schedule from the gradient norms of an earlier run.
///
/// Args:
///     norms: one for each recorded step, evenly spaced: l1 norms for Adam, l2 norms for SGD.
///     optimizer: ``"adam"`` or ``"sgd"``: decides the power of the weights.
///     power: the power, when another is wanted.
///     tau: share of the run that the median looks at; 0 leaves the norms as they are.
///     trim: values that are left out at both ends.
///     form: ``"closed"``, or ``"numeric"`` for the minimum of the bound on the last iterate.
///
/// Raises:
///     ValueError: when norms are no numbers, too few or collapsed, or a number is out of range.
#[pyfunction]
#[pyo3(signature = (norms, *, optimizer="adam", power=None, tau=0.1, trim=0, form="closed"))]
fn refine(
    norms: &Bound<'_, PyAny>,
    optimizer: &str,
    power: Option<f64>,
    tau: f64,
    trim: usize,
    form: &str,
) -> PyResult<PyRefined> {
    let usual = Refinement::new(optimizer_named(optimizer)?);
    let form = match form {
        "closed" => Form::Closed,
        "numeric" => Form::Numeric,
        _ => {
            let message = format!("form is `{form}`: expected closed or numeric; change it");
            return Err(value_error(message));
        }
    };
    let parameters = Refinement { power: power.unwrap_or(usual.power), tau, trim, form };
    let (py, norms) = (norms.py(), vector(norms)?);
    let norms = norms.as_slice()?;
    let refined = py.detach(|| schedules::refine(norms, &parameters)).map_err(value_error)?;
    Ok(PyRefined { refined })
}

/// The gradients of a run: given norms, resampled where the run has another length, or 1.
fn gradients(norms: Option<&Bound<'_, PyAny>>, steps: u64, distance: f64) -> PyResult<Gradients> {
    let steps = usize::try_from(steps).map_err(value_error)?;
    let norms =
        norms.map_or(Ok(vec![1.0]), |it| Ok::<_, PyErr>(vector(it)?.as_slice()?.to_vec()))?;
    let made = if norms.len() == steps {
        Gradients::new(&norms, distance)
    } else {
        Gradients::resampled(&norms, steps, distance)
    };
    made.map_err(value_error)
}

/// The bound on the excess loss of the last iterate under a schedule, and the factor of the
/// schedule that attains it: it ranks schedules before training.
///
/// Args:
///     schedule: the schedule; its scale does not matter.
///     norms: gradient norms of an earlier run, resampled to the steps of the schedule; 1 when
///         not given.
///     distance: distance of the start from the solution.
///
/// Returns:
///     The bound and the factor.
///
/// Raises:
///     ValueError: when a norm or a rate is negative or no number.
#[pyfunction]
#[pyo3(signature = (schedule, norms=None, *, distance=1.0))]
fn bound(
    py: Python<'_>,
    schedule: &PySchedule,
    norms: Option<&Bound<'_, PyAny>>,
    distance: f64,
) -> PyResult<(f64, f64)> {
    let gradients = gradients(norms, schedule.run_steps(), distance)?;
    let bound = py.detach(|| gradients.bound(schedule.inner())).map_err(value_error)?;
    Ok((bound.loss, bound.rate))
}

/// The phi of UBA with the smallest bound on the last iterate, and that bound.
///
/// Raises:
///     ValueError: when a norm is negative or no number, or there are no steps.
#[pyfunction]
#[pyo3(signature = (norms=None, *, steps=1000))]
fn advise_phi(
    py: Python<'_>,
    norms: Option<&Bound<'_, PyAny>>,
    steps: u64,
) -> PyResult<(f64, f64)> {
    let gradients = gradients(norms, steps, 1.0)?;
    let advice = py.detach(|| schedules::advise_phi(&gradients)).map_err(value_error)?;
    Ok((advice.parameter, advice.bound.loss))
}

/// The d of REX with the smallest bound on the last iterate, and that bound.
///
/// Raises:
///     ValueError: when a norm is negative or no number, or there are no steps.
#[pyfunction]
#[pyo3(signature = (norms=None, *, steps=1000))]
fn advise_d(py: Python<'_>, norms: Option<&Bound<'_, PyAny>>, steps: u64) -> PyResult<(f64, f64)> {
    let gradients = gradients(norms, steps, 1.0)?;
    let advice = py.detach(|| schedules::advise_d(&gradients)).map_err(value_error)?;
    Ok((advice.parameter, advice.bound.loss))
}

// Signatures show literals only.
const _: () = assert!(POINTS_MAX == 10_000);

/// Records gradient norms of any number of steps in bounded memory.
///
/// Args:
///     capacity: most points that are kept; when they are full, every other one is dropped.
///
/// Raises:
///     ValueError: when fewer than 2 points are allowed.
#[pyclass(name = "NormRecorder", module = "ordine.schedules")]
pub(crate) struct PyNormRecorder {
    recorder: NormRecorder,
    capacity: usize,
}

#[pymethods]
impl PyNormRecorder {
    #[new]
    #[pyo3(signature = (capacity=10_000))]
    fn new(capacity: usize) -> PyResult<Self> {
        let recorder = NormRecorder::new(capacity).map_err(value_error)?;
        Ok(PyNormRecorder { recorder, capacity })
    }

    /// Takes the norms of the next step.
    fn record(&mut self, l1: f64, l2: f64) {
        self.recorder.record(l1, l2);
    }

    /// Takes the gradient of the next step, a vector, and works its norms out.
    fn record_gradient(&mut self, gradient: &Bound<'_, PyAny>) -> PyResult<()> {
        self.recorder.record_gradient(vector(gradient)?.as_slice()?);
        Ok(())
    }

    /// The norms so far: ``"l1"`` for Adam, ``"l2"`` for SGD.
    fn norms<'py>(&self, py: Python<'py>, norm: &str) -> PyResult<Bound<'py, PyArray1<f64>>> {
        Ok(self.recorder.norms(norm_named(norm)?).into_pyarray(py))
    }

    /// Steps seen so far.
    #[getter]
    fn steps(&self) -> u64 {
        self.recorder.steps()
    }

    /// Steps between two points.
    #[getter]
    fn stride(&self) -> u64 {
        self.recorder.stride()
    }

    /// All that a checkpoint needs, as plain numbers.
    fn state_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let points: Vec<_> =
            self.recorder.points().iter().map(|it| (it.step, it.l1, it.l2)).collect();
        let state = PyDict::new(py);
        state.set_item("stride", self.recorder.stride())?;
        state.set_item("steps", self.recorder.steps())?;
        state.set_item("points", points)?;
        Ok(state)
    }

    /// Goes on from a checkpoint.
    ///
    /// Raises:
    ///     ValueError: when the state is none that a recorder of this capacity can have.
    fn load_state_dict(&mut self, state: &Bound<'_, PyDict>) -> PyResult<()> {
        let points: Vec<(u64, f64, f64)> = part(state, "points")?.extract()?;
        let points = points.into_iter().map(|(step, l1, l2)| NormPoint { step, l1, l2 }).collect();
        let (stride, steps) = (part(state, "stride")?.extract()?, part(state, "steps")?.extract()?);
        let resumed = NormRecorder::resume(self.capacity, stride, steps, points);
        self.recorder = resumed.map_err(value_error)?;
        Ok(())
    }
}

/// Adds what this file offers.
pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyRefined>()?;
    module.add_class::<PyNormRecorder>()?;
    module.add_function(wrap_pyfunction!(refine, module)?)?;
    module.add_function(wrap_pyfunction!(bound, module)?)?;
    module.add_function(wrap_pyfunction!(advise_phi, module)?)?;
    module.add_function(wrap_pyfunction!(advise_d, module)?)
}
