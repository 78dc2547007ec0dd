//! Functions around schedules: the words of plans, names of `transformers`, tools for UBA.
//!
//! **Source:** each function names its own

use crate::numbers::value_error;
use crate::plateau::PyPlateau;
use crate::schedule::{PySchedule, restored_schedule};
use numpy::{IntoPyArray, PyArray1};
use ordine_training::schedules::{
    self, PHI_MENU, Plan, Run, TRANSFORMERS, TransformersOptions, WORDS, WhenAbsent, WordKind,
};
use pyo3::prelude::*;

/// A word of plans: a named schedule, or a named change of one.
#[pyclass(name = "Word", module = "ordine.schedules", frozen, get_all)]
pub(crate) struct PyWord {
    /// How plans call it.
    name: &'static str,
    /// One line for people.
    summary: &'static str,
    /// Where it comes from.
    source: &'static str,
    /// ``"schedule"``, ``"change"`` or ``"metric"``.
    kind: &'static str,
    /// The word with its parameters and what they are by default.
    usage: String,
    /// Names, meanings and defaults of its parameters, in order. A default is a number, a text
    /// such as ``"20%"``, or None; ``...`` marks what must be given.
    parameters: Vec<(&'static str, &'static str, Py<PyAny>)>,
}

fn default_of(py: Python<'_>, default: WhenAbsent) -> PyResult<Py<PyAny>> {
    let object = match default {
        WhenAbsent::Required => py.Ellipsis().into_bound(py),
        WhenAbsent::Number(number) => number.into_pyobject(py)?.into_any(),
        WhenAbsent::Percent(number) => format!("{number}%").into_pyobject(py)?.into_any(),
        WhenAbsent::Word(word) => word.into_pyobject(py)?.into_any(),
        WhenAbsent::Derived => py.None().into_bound(py),
    };
    Ok(object.unbind())
}

/// Every word that plans may say, schedules first.
#[pyfunction]
fn words(py: Python<'_>) -> PyResult<Vec<PyWord>> {
    let kind = |kind| match kind {
        WordKind::Schedule => "schedule",
        WordKind::Change => "change",
        WordKind::Metric => "metric",
    };
    let mut words = Vec::new();
    for word in WORDS {
        let parameters: PyResult<Vec<_>> = word
            .parameters
            .iter()
            .map(|it| Ok((it.name, it.meaning, default_of(py, it.default)?)))
            .collect();
        words.push(PyWord {
            name: word.name,
            summary: word.summary,
            source: word.source,
            kind: kind(word.kind()),
            usage: word.usage(),
            parameters: parameters?,
        });
    }
    Ok(words)
}

/// The plan in its canonical text.
///
/// Raises:
///     ValueError: when the text is no plan; it names the column.
#[pyfunction]
fn canonical(plan: &str) -> PyResult<String> {
    Ok(plan.parse::<Plan>().map_err(value_error)?.to_string())
}

/// Names and summaries of the schedules that the ``transformers`` library knows.
#[pyfunction]
fn transformers_names() -> Vec<(&'static str, &'static str)> {
    TRANSFORMERS.iter().map(|entry| (entry.name, entry.summary)).collect()
}

/// The plan behind a name of the ``transformers`` library.
///
/// Args:
///     name: as ``lr_scheduler_type`` takes it.
///     warmup: ``num_warmup_steps``.
///     cycles: ``num_cycles`` of hard restarts.
///     power: ``power`` of the polynomial.
///     end: the end as a share of the peak.
///     decay: ``num_decay_steps`` of warm-up, stable, decay.
///     timescale: ``timescale`` of the inverse root.
///
/// Raises:
///     ValueError: when the library has no such name, or an option is out of its range.
#[pyfunction]
#[pyo3(signature = (name, *, warmup=0, cycles=1, power=1.0, end=0.0, decay=1, timescale=None))]
fn transformers_plan(
    name: &str,
    warmup: u64,
    cycles: u64,
    power: f64,
    end: f64,
    decay: u64,
    timescale: Option<u64>,
) -> PyResult<String> {
    let options = TransformersOptions { warmup, cycles, power, end, decay, timescale };
    Ok(schedules::transformers_plan(name, &options).map_err(value_error)?.to_string())
}

/// The best step sizes of gradient descent for curvatures in [lower, upper], in a stable order.
///
/// Raises:
///     ValueError: when the bounds are not ``0 < lower <= upper``, or there are no steps.
#[pyfunction]
fn chebyshev_steps(
    py: Python<'_>,
    lower: f64,
    upper: f64,
    steps: i64,
) -> PyResult<Bound<'_, PyArray1<f64>>> {
    let steps = Run::of_steps(steps).map_err(value_error)?.steps;
    let sizes = py.detach(|| schedules::chebyshev_steps(lower, upper, steps));
    Ok(sizes.map_err(value_error)?.into_pyarray(py))
}

/// The phi of UBA for a condition number: twice the number, within [0.25, 10].
///
/// Raises:
///     ValueError: when the number is below 1.
#[pyfunction]
fn phi_of_condition(kappa: f64) -> PyResult<f64> {
    schedules::phi_of_condition(kappa).map_err(value_error)
}

/// The best candidate by successive halving: each round tries what is left with twice the budget
/// and drops the worse half.
///
/// Args:
///     candidates: numbers to try, such as ``PHI_MENU``.
///     budget: budget of a trial in the first round.
///     loss: called with a candidate and a budget, gives the loss of that trial.
///
/// Raises:
///     ValueError: when there is no candidate.
#[pyfunction]
fn successive_halving(candidates: Vec<f64>, budget: u64, loss: &Bound<'_, PyAny>) -> PyResult<f64> {
    let mut failure = None;
    let best = schedules::successive_halving(&candidates, budget, |candidate, budget| {
        if failure.is_some() {
            return f64::NAN;
        }
        let found = loss.call1((candidate, budget)).and_then(|it| it.extract::<f64>());
        found.unwrap_or_else(|error| {
            failure = Some(error);
            f64::NAN
        })
    });
    match failure {
        Some(error) => Err(error),
        None => best.map_err(value_error),
    }
}

/// Adds what this file and the classes of schedules offer.
pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("PHI_MENU", PHI_MENU.to_vec())?;
    module.add_class::<PySchedule>()?;
    module.add_class::<PyPlateau>()?;
    module.add_class::<PyWord>()?;
    module.add_function(wrap_pyfunction!(restored_schedule, module)?)?;
    module.add_function(wrap_pyfunction!(words, module)?)?;
    module.add_function(wrap_pyfunction!(canonical, module)?)?;
    module.add_function(wrap_pyfunction!(transformers_names, module)?)?;
    module.add_function(wrap_pyfunction!(transformers_plan, module)?)?;
    module.add_function(wrap_pyfunction!(chebyshev_steps, module)?)?;
    module.add_function(wrap_pyfunction!(phi_of_condition, module)?)?;
    module.add_function(wrap_pyfunction!(successive_halving, module)?)
}
