//! What is known of prompts, on its way between Python dictionaries and Rust: a list per field.
//!
//! **Source:** the `state_dict` of PyTorch

use crate::numbers::value_error;
use crate::plateau::part;
use ordine_training::rollouts::{BetaShape, PromptRecord};
use pyo3::prelude::*;
use pyo3::types::PyDict;

pub(crate) fn records_to_dict<'py>(
    py: Python<'py>,
    records: &[PromptRecord],
) -> PyResult<Bound<'py, PyDict>> {
    let state = PyDict::new(py);
    let recent: Vec<Vec<bool>> = records.iter().map(|it| it.recent.clone()).collect();
    state.set_item("recent", recent)?;
    state.set_item("buffered", each(records, |it| it.buffered))?;
    state.set_item("average", each(records, |it| it.average))?;
    state.set_item("count", each(records, |it| it.count))?;
    state.set_item("successes", each(records, |it| it.successes))?;
    let posterior = each(records, |it| (it.posterior.successes, it.posterior.failures));
    state.set_item("posterior", posterior)?;
    Ok(state)
}

fn each<T>(records: &[PromptRecord], pick: fn(&PromptRecord) -> T) -> Vec<T> {
    records.iter().map(pick).collect()
}

pub(crate) fn records_from_dict(state: &Bound<'_, PyDict>) -> PyResult<Vec<PromptRecord>> {
    let recent: Vec<Vec<bool>> = part(state, "recent")?.extract()?;
    let buffered: Vec<f64> = part(state, "buffered")?.extract()?;
    let average: Vec<Option<f64>> = part(state, "average")?.extract()?;
    let count: Vec<u64> = part(state, "count")?.extract()?;
    let successes: Vec<u64> = part(state, "successes")?.extract()?;
    let posterior: Vec<[f64; 2]> = part(state, "posterior")?.extract()?;
    let lengths = [buffered.len(), average.len(), count.len(), successes.len(), posterior.len()];
    if lengths.iter().any(|&length| length != recent.len()) {
        let message = "the lists of the state differ in length: expected one entry per prompt";
        return Err(value_error(message));
    }
    let record = |(index, recent): (usize, Vec<bool>)| PromptRecord {
        recent,
        buffered: buffered[index],
        average: average[index],
        count: count[index],
        successes: successes[index],
        posterior: BetaShape { successes: posterior[index][0], failures: posterior[index][1] },
    };
    Ok(recent.into_iter().enumerate().map(record).collect())
}
