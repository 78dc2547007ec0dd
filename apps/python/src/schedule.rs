//! The class `Schedule`: a plan laid over a run, as a callable.
//!
//! It holds what it was built from, so that it prints, compares and pickles; values come from the
//! schedule that the library made of it.
//!
//! **Source:** -

use crate::numbers::{shaped_like, step_number, value_error, whole_numbers, zeros};
use numpy::{IntoPyArray, PyArray1};
use ordine_training::schedules::{Plan, Progress, Run, Schedule};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat};
use std::hash::{Hash, Hasher};

/// A rate for every update of a run, as a pure function of the step.
///
/// Calling it with a step gives a float, with an array of steps an array. The first update is
/// step 0; beyond the horizon the final value holds.
///
/// Args:
///     plan: the text of the schedule, such as ``"3e-4 * rex | warmup(500)"``.
///     steps: updates of the run.
///     steps_per_epoch: updates of an epoch, where the plan speaks of epochs.
///     tokens_per_step: tokens of an update, where the plan speaks of tokens.
///     end_inclusive: whether the last update reads the end of the curve.
///
/// Raises:
///     ValueError: when the text is no plan, or does not fit the run; it says what to change.
#[pyclass(name = "Schedule", module = "ordine.schedules", frozen, eq, hash)]
#[derive(PartialEq)]
pub(crate) struct PySchedule {
    plan: Plan,
    run: Run,
    replans: Vec<(u64, u64)>,
    schedule: Schedule,
}

/// All that a schedule is built from: plan, run, changes of the budget.
type Parts = (String, u64, Option<f64>, Option<f64>, bool, Vec<(u64, u64)>);

impl Hash for PySchedule {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.plan.to_string().hash(state);
        self.run.steps.hash(state);
        self.replans.hash(state);
    }
}

impl PySchedule {
    /// The schedule of the library.
    pub(crate) fn inner(&self) -> &Schedule {
        &self.schedule
    }

    /// The updates that the run has by now.
    pub(crate) fn run_steps(&self) -> u64 {
        self.replans.last().map_or(self.run.steps, |(_, steps)| *steps)
    }

    fn at_steps(&self, steps: &[i64]) -> PyResult<Vec<f64>> {
        let mut values = zeros(steps.len() as u64)?;
        let Some(&first) = steps.first() else { return Ok(values) };
        let in_a_row = steps.windows(2).all(|pair| pair[1].checked_sub(pair[0]) == Some(1));
        if in_a_row {
            self.schedule.fill(step_number(first)?, &mut values);
            return Ok(values);
        }
        for (value, &step) in values.iter_mut().zip(steps) {
            *value = self.schedule.value(step_number(step)?);
        }
        Ok(values)
    }
}

#[pymethods]
impl PySchedule {
    #[new]
    #[pyo3(signature = (
        plan, steps, *, steps_per_epoch=None, tokens_per_step=None, end_inclusive=false
    ))]
    pub(crate) fn new(
        plan: &str,
        steps: i64,
        steps_per_epoch: Option<f64>,
        tokens_per_step: Option<f64>,
        end_inclusive: bool,
    ) -> PyResult<Self> {
        let plan: Plan = plan.parse().map_err(value_error)?;
        let mut run = Run::of_steps(steps).map_err(value_error)?;
        if let Some(steps_per_epoch) = steps_per_epoch {
            run = run.with_epochs(steps_per_epoch).map_err(value_error)?;
        }
        if let Some(tokens_per_step) = tokens_per_step {
            run = run.with_tokens(tokens_per_step).map_err(value_error)?;
        }
        if end_inclusive {
            run = run.inclusive();
        }
        let schedule = plan.over(run).map_err(value_error)?;
        Ok(PySchedule { plan, run, replans: Vec::new(), schedule })
    }

    /// The rate of update number ``step``: a float for an int, an array for an array.
    fn __call__<'py>(&self, step: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = step.py();
        if let Ok(step) = step.extract::<i64>() {
            let value = self.schedule.value(step_number(step)?);
            return Ok(PyFloat::new(py, value).into_any());
        }
        let (array, steps) = whole_numbers(step)?;
        let steps = steps.as_slice()?;
        let values = py.detach(|| self.at_steps(steps))?;
        shaped_like(values, &array)
    }

    /// The rates of ``count`` updates from ``first`` on; of all that are left when not given.
    #[pyo3(signature = (count=None, *, first=0))]
    fn values<'py>(
        &self,
        py: Python<'py>,
        count: Option<i64>,
        first: i64,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let first = step_number(first)?;
        let rest = self.run_steps().saturating_sub(first);
        let count = match count {
            None => rest,
            Some(count) => u64::try_from(count)
                .map_err(|_| value_error(format!("count is {count}: expected 0 or more")))?,
        };
        let values = py.detach(|| -> PyResult<Vec<f64>> {
            let mut values = zeros(count)?;
            self.schedule.fill(first, &mut values);
            Ok(values)
        })?;
        Ok(values.into_pyarray(py))
    }

    /// The rate when the share ``done`` of the run is over, for progress in tokens, samples or
    /// seconds.
    ///
    /// Raises:
    ///     ValueError: when the schedule has no horizon, or the share is negative or no number.
    fn at_progress(&self, done: f64) -> PyResult<f64> {
        let progress = Progress::new(self.schedule.clone(), 1.0).map_err(value_error)?;
        Ok(progress.resume(done).map_err(value_error)?.rate())
    }

    /// The same schedule up to step ``at``, and its rest over a new budget of ``steps``, without a
    /// jump.
    fn replanned(&self, at: i64, steps: i64) -> PyResult<Self> {
        let at = step_number(at)?;
        let steps = Run::of_steps(steps).map_err(value_error)?.steps;
        let schedule = self.schedule.clone().replanned(at, steps).map_err(value_error)?;
        let mut replans = self.replans.clone();
        replans.push((at, steps));
        Ok(PySchedule { plan: self.plan.clone(), run: self.run, replans, schedule })
    }

    /// The same curve over another number of steps.
    fn stretched(&self, steps: i64) -> PyResult<Self> {
        self.replanned(0, steps)
    }

    /// The plan, in its canonical text.
    #[getter]
    fn plan(&self) -> String {
        self.plan.to_string()
    }

    /// Updates of the run.
    #[getter]
    fn steps(&self) -> u64 {
        self.run_steps()
    }

    /// Updates after which the value stays, or None when it never does.
    #[getter]
    fn horizon(&self) -> Option<u64> {
        self.schedule.horizon()
    }

    /// A scheduler of PyTorch that follows this schedule: see ``ordine.schedules.torch.PlanLR``.
    #[pyo3(signature = (optimizer, **options))]
    fn to_torch<'py>(
        slf: Bound<'py, Self>,
        optimizer: &Bound<'py, PyAny>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let class = slf.py().import("ordine.schedules.torch")?.getattr("PlanLR")?;
        class.call((optimizer, &slf), options)
    }

    /// A schedule as Optax takes it, also inside ``jax.jit``: see
    /// ``ordine.schedules.OptaxSchedule``.
    fn to_optax<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("ordine.schedules")?.call_method1("OptaxSchedule", (&slf,))
    }

    fn __repr__(&self) -> String {
        let mut text = format!("Schedule({:?}, steps={}", self.plan.to_string(), self.run.steps);
        if let Some(steps) = self.run.steps_per_epoch {
            text += &format!(", steps_per_epoch={steps:?}");
        }
        if let Some(tokens) = self.run.tokens_per_step {
            text += &format!(", tokens_per_step={tokens:?}");
        }
        if self.run.end_inclusive {
            text += ", end_inclusive=True";
        }
        text.push(')');
        for (at, steps) in &self.replans {
            text += &format!(".replanned(at={at}, steps={steps})");
        }
        text
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Parts)> {
        let restore = py.import("ordine._ordine")?.getattr("_restored_schedule")?;
        let Run { steps, steps_per_epoch, tokens_per_step, end_inclusive } = self.run;
        let plan = self.plan.to_string();
        let replans = self.replans.clone();
        Ok((restore, (plan, steps, steps_per_epoch, tokens_per_step, end_inclusive, replans)))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }
}

/// A schedule from what pickle kept of it.
#[pyfunction]
#[pyo3(name = "_restored_schedule")]
pub(crate) fn restored_schedule(
    plan: &str,
    steps: i64,
    steps_per_epoch: Option<f64>,
    tokens_per_step: Option<f64>,
    end_inclusive: bool,
    replans: Vec<(i64, i64)>,
) -> PyResult<PySchedule> {
    let schedule = PySchedule::new(plan, steps, steps_per_epoch, tokens_per_step, end_inclusive)?;
    replans.into_iter().try_fold(schedule, |schedule, (at, steps)| schedule.replanned(at, steps))
}
