//! Budgets: units divided among items whose value is concave in what they get.
//!
//! **Source:** Fox 1966 (marginal greedy); Everett 1963 (shadow price)

use crate::numbers::{value_error, vector};
use numpy::{IntoPyArray, PyArray1};
use ordine_base::Id;
use ordine_budget::allocation::{
    self, Allocation, Bounds, Division, ItemId, Retries, Returns, Saturating, Spending, Variance,
    marginals,
};
use pyo3::prelude::*;

/// How a budget was divided, with its proof.
#[pyclass(name = "Allocation", module = "ordine.budgets", frozen)]
pub(crate) struct PyAllocation {
    allocation: Allocation,
    one_more: Vec<f64>,
    one_less: Vec<f64>,
}

#[pymethods]
impl PyAllocation {
    /// Units of each item.
    #[getter]
    fn units<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        let units: Vec<i64> = self.allocation.units.iter().map(|&it| it as i64).collect();
        units.into_pyarray(py)
    }

    /// Value of all items together.
    #[getter]
    fn value(&self) -> f64 {
        self.allocation.value
    }

    /// No allocation is worth more than this.
    #[getter]
    fn bound(&self) -> f64 {
        self.allocation.bound
    }

    /// What the units cost.
    #[getter]
    fn spent(&self) -> u64 {
        self.allocation.spent
    }

    /// Whether no allocation is worth more, but for rounding.
    #[getter]
    fn is_optimal(&self) -> bool {
        self.allocation.is_optimal()
    }

    /// The shadow price: what one more unit of budget would bring, or None when every item is full.
    #[getter]
    fn shadow_price(&self) -> Option<f64> {
        self.allocation.one_more
    }

    /// What one more unit would bring to each item, per unit of budget; NaN at its upper bound.
    #[getter]
    fn one_more<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        PyArray1::from_slice(py, &self.one_more)
    }

    /// What the last unit brought to each item, per unit of budget; NaN at its lower bound.
    #[getter]
    fn one_less<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        PyArray1::from_slice(py, &self.one_less)
    }

    fn __repr__(&self) -> String {
        let Allocation { value, bound, spent, .. } = &self.allocation;
        format!("Allocation(value={value:?}, bound={bound:?}, spent={spent})")
    }
}

/// Values that were tabulated: row i holds item i from its lower bound on.
struct Table {
    values: Vec<f64>,
    row: usize,
    first: u64,
}

impl Returns for Table {
    fn value(&self, item: ItemId, units: u64) -> f64 {
        let column = (units - self.first) as usize;
        self.values.get(item.index() * self.row + column).copied().unwrap_or(f64::NAN)
    }
}

/// Bounds and costs as they come from Python: one for all items, or one for each.
struct Given<'a, 'py> {
    budget: i64,
    lower: &'a Bound<'py, PyAny>,
    upper: &'a Bound<'py, PyAny>,
    costs: Option<Vec<u64>>,
    spend_all: Option<bool>,
}

fn amount(name: &str, found: i64) -> PyResult<u64> {
    u64::try_from(found)
        .map_err(|_| value_error(format!("{name} is {found}: expected 0 or more; change {name}")))
}

fn for_each(name: &str, given: &Bound<'_, PyAny>, items: usize) -> PyResult<Vec<u64>> {
    if let Ok(one) = given.extract::<i64>() {
        return Ok(vec![amount(name, one)?; items]);
    }
    let all: Vec<i64> = given.extract()?;
    if all.len() != items {
        let found = all.len();
        let message =
            format!("{name} has {found} values: expected {items}, one per item; change {name}");
        return Err(value_error(message));
    }
    all.into_iter().map(|it| amount(name, it)).collect()
}

fn division(items: usize, given: Given<'_, '_>) -> PyResult<Division> {
    let budget = amount("budget", given.budget)?;
    let lower = for_each("lower", given.lower, items)?;
    let upper = for_each("upper", given.upper, items)?;
    let bounds: Result<Vec<Bounds>, _> =
        lower.into_iter().zip(upper).map(|(lower, upper)| Bounds::new(lower, upper)).collect();
    let bounds = bounds.map_err(value_error)?;
    let spend_all = given.spend_all.unwrap_or(given.costs.is_none());
    let costs = given.costs.unwrap_or_else(|| vec![1; items]);
    let spending = if spend_all { Spending::All } else { Spending::Worthwhile };
    let division = Division::with_costs(budget, bounds, costs).map_err(value_error)?;
    division.spending(spending).map_err(value_error)
}

fn allocated(
    py: Python<'_>,
    division: &Division,
    returns: &(impl Returns + Sync),
) -> PyResult<PyAllocation> {
    let found = py.detach(|| {
        let allocation = allocation::allocate(division, returns)?;
        let marginals = marginals(division, returns, &allocation)?;
        Ok((allocation, marginals))
    });
    let (allocation, marginals) =
        found.map_err(|error: allocation::AllocationError| value_error(error))?;
    let pick = |value: Option<f64>| value.unwrap_or(f64::NAN);
    Ok(PyAllocation {
        allocation,
        one_more: marginals.iter().map(|it| pick(it.one_more)).collect(),
        one_less: marginals.iter().map(|it| pick(it.one_less)).collect(),
    })
}

/// Divides a budget among items with known returns: the optimum, its proof and its shadow price.
///
/// Args:
///     budget: units to divide.
///     parameters: one number for each item: its chance of success per try (``"retries"``), its
///         standard deviation (``"variance"``), or its scale in units (``"saturating"``).
///     returns: the shape of the value.
///     weights: what each item is worth; 1 when not given.
///     lower: least units, of all items or of each.
///     upper: most units, of all items or of each; the whole budget when not given.
///     costs: whole cost of one unit of each item; 1 when not given.
///     spend_all: whether units are spent that bring nothing; yes, unless there are costs.
///
/// Raises:
///     ValueError: when bounds cannot be kept or a number is out of its range; it says what to
///         change.
#[pyfunction]
#[pyo3(signature = (budget, parameters, *, returns="retries", weights=None, lower=None, upper=None,
    costs=None, spend_all=None))]
#[allow(clippy::too_many_arguments, reason = "keyword arguments of Python")]
fn allocate<'py>(
    budget: i64,
    parameters: &Bound<'py, PyAny>,
    returns: &str,
    weights: Option<&Bound<'py, PyAny>>,
    lower: Option<&Bound<'py, PyAny>>,
    upper: Option<&Bound<'py, PyAny>>,
    costs: Option<Vec<u64>>,
    spend_all: Option<bool>,
) -> PyResult<PyAllocation> {
    let py = parameters.py();
    let parameters = vector(parameters)?.as_slice()?.to_vec();
    let items = parameters.len();
    let weights = match weights {
        None => vec![1.0; items],
        Some(weights) => vector(weights)?.as_slice()?.to_vec(),
    };
    let least = i64::from(returns == "variance").into_pyobject(py)?.into_any();
    let most = budget.into_pyobject(py)?.into_any();
    let (lower, upper) = (lower.unwrap_or(&least), upper.unwrap_or(&most));
    let division = division(items, Given { budget, lower, upper, costs, spend_all })?;
    match returns {
        "retries" => {
            let returns = Retries::new(&parameters, &weights).map_err(value_error)?;
            allocated(py, &division, &returns)
        }
        "variance" => {
            let returns = Variance::new(&parameters, &weights).map_err(value_error)?;
            allocated(py, &division, &returns)
        }
        "saturating" => {
            let returns = Saturating::new(&parameters, &weights).map_err(value_error)?;
            allocated(py, &division, &returns)
        }
        _ => {
            let expected = "expected retries, variance or saturating; change it";
            Err(value_error(format!("returns is `{returns}`: {expected}")))
        }
    }
}

/// Divides a budget among items whose values stand in a table.
///
/// Args:
///     budget: units to divide.
///     values: ``values[i, k]`` is what item i is worth with ``lower + k`` units; rows are concave.
///     lower: least units of every item.
///     costs: whole cost of one unit of each item; 1 when not given.
///     spend_all: whether units are spent that bring nothing; yes, unless there are costs.
///
/// Raises:
///     ValueError: when bounds cannot be kept, a row is not concave or a value no number; it says
///         what to change.
#[pyfunction]
#[pyo3(signature = (budget, values, *, lower=0, costs=None, spend_all=None))]
fn allocate_table<'py>(
    budget: i64,
    values: &Bound<'py, PyAny>,
    lower: i64,
    costs: Option<Vec<u64>>,
    spend_all: Option<bool>,
) -> PyResult<PyAllocation> {
    let py = values.py();
    let numpy = py.import("numpy")?;
    let array = numpy.call_method1("asarray", (values, "float64"))?;
    let shape: Vec<usize> = array.getattr("shape")?.extract()?;
    let (items, row) = match shape.as_slice() {
        &[items, row] if row > 0 => (items, row),
        _ => {
            let message = format!("values have the shape {shape:?}: expected items, units");
            return Err(value_error(message + "; reshape them"));
        }
    };
    let first = amount("lower", lower)?;
    let upper = (lower + row as i64 - 1).into_pyobject(py)?.into_any();
    let lower = lower.into_pyobject(py)?.into_any();
    let given = Given { budget, lower: &lower, upper: &upper, costs, spend_all };
    let division = division(items, given)?;
    let values = vector(&array.call_method0("ravel")?)?.as_slice()?.to_vec();
    allocated(py, &division, &Table { values, row, first })
}

/// Shares of the replications that tell the system with the largest mean from the others soonest.
///
/// Raises:
///     ValueError: when lists differ in length, a deviation is not above 0, or two systems share
///         the largest mean.
#[pyfunction]
fn ocba_shares<'py>(
    means: &Bound<'py, PyAny>,
    deviations: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let (py, means, deviations) = (means.py(), vector(means)?, vector(deviations)?);
    let shares = allocation::ocba_shares(means.as_slice()?, deviations.as_slice()?);
    Ok(shares.map_err(value_error)?.into_pyarray(py))
}

/// Adds what this file offers.
pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyAllocation>()?;
    module.add_function(wrap_pyfunction!(allocate, module)?)?;
    module.add_function(wrap_pyfunction!(allocate_table, module)?)?;
    module.add_function(wrap_pyfunction!(ocba_shares, module)?)
}
