//! Numbers on their way between Python and Rust: steps, arrays, errors.
//!
//! **Source:** -

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::{PyMemoryError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use std::fmt::Display;

/// The message of a library as a `ValueError`.
pub(crate) fn value_error(error: impl Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A step as schedules count it.
pub(crate) fn step_number(step: i64) -> PyResult<u64> {
    u64::try_from(step).map_err(|_| {
        value_error(format!("the step is {step}: expected 0 or more; the first update is step 0"))
    })
}

/// Room for so many numbers, or a `MemoryError`.
pub(crate) fn zeros(count: u64) -> PyResult<Vec<f64>> {
    let mut numbers = Vec::new();
    let room = usize::try_from(count).ok().filter(|it| numbers.try_reserve_exact(*it).is_ok());
    let count = room.ok_or_else(|| {
        PyMemoryError::new_err(format!("{count} values do not fit into memory; ask for fewer"))
    })?;
    numbers.resize(count, 0.0);
    Ok(numbers)
}

/// The numbers of anything that NumPy takes for a vector.
pub(crate) fn vector<'py>(given: &Bound<'py, PyAny>) -> PyResult<PyReadonlyArray1<'py, f64>> {
    let numpy = given.py().import("numpy")?;
    let array = numpy.call_method1("ascontiguousarray", (given, "float64"))?;
    array.extract()
}

/// The whole numbers of an array of any shape, in order, and the array itself for its shape.
pub(crate) fn whole_numbers<'py>(
    given: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, PyReadonlyArray1<'py, i64>)> {
    let array = given.py().import("numpy")?.call_method1("asarray", (given,))?;
    let kind: String = array.getattr("dtype")?.getattr("kind")?.extract()?;
    let is_empty = array.getattr("size")?.extract::<usize>()? == 0;
    if !is_empty && kind != "i" && kind != "u" {
        let found = array.getattr("dtype")?;
        let message = format!("steps are {found}: expected whole numbers; round them first");
        return Err(PyTypeError::new_err(message));
    }
    let flat = array.call_method1("astype", ("int64",))?.call_method0("ravel")?;
    Ok((array, flat.extract::<PyReadonlyArray1<'py, i64>>()?))
}

/// The numbers as an array of the same shape as another.
pub(crate) fn shaped_like<'py>(
    values: Vec<f64>,
    like: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let flat: Bound<'py, PyArray1<f64>> = values.into_pyarray(like.py());
    flat.call_method1("reshape", (like.getattr("shape")?,))
}
