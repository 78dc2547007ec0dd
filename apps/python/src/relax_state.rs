//! What learners know, on its way between Python dictionaries and Rust.
//!
//! **Source:** the `state_dict` of PyTorch

use crate::plateau::part;
use ordine_base::Id;
use ordine_budget::learners::{ArmId, ChooserState, Draw, LearnerState, Played, Tables};
use pyo3::prelude::*;
use pyo3::types::PyDict;

pub(crate) fn learner_to_dict<'py>(
    py: Python<'py>,
    state: &LearnerState,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("learner", &state.learner)?;
    dict.set_item("seed", state.seed)?;
    dict.set_item("round", state.round)?;
    let pending = state
        .pending
        .map(|it| (it.draw.arm.index(), it.draw.probability, it.draw.prediction, it.context));
    dict.set_item("pending", pending.map(|it| [it.0 as f64, it.1, it.2, it.3].to_vec()))?;
    dict.set_item("tables", state.tables.0.clone())?;
    Ok(dict)
}

pub(crate) fn learner_from_dict(dict: &Bound<'_, PyDict>) -> PyResult<LearnerState> {
    let pending: Option<[f64; 4]> = part(dict, "pending")?.extract()?;
    Ok(LearnerState {
        learner: part(dict, "learner")?.extract()?,
        seed: part(dict, "seed")?.extract()?,
        round: part(dict, "round")?.extract()?,
        pending: pending.map(|[arm, probability, prediction, context]| {
            let draw = Draw { arm: ArmId::from_index(arm as usize), probability, prediction };
            Played { draw, context }
        }),
        tables: Tables(part(dict, "tables")?.extract()?),
    })
}

pub(crate) fn chooser_to_dict<'py>(
    py: Python<'py>,
    state: &ChooserState,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = learner_to_dict(py, &state.learner)?;
    dict.set_item("diverged", state.diverged.clone())?;
    Ok(dict)
}

pub(crate) fn chooser_from_dict(dict: &Bound<'_, PyDict>) -> PyResult<ChooserState> {
    let diverged = part(dict, "diverged")?.extract()?;
    Ok(ChooserState { learner: learner_from_dict(dict)?, diverged })
}
