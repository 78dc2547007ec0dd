//! The words of `ordine/problem/1`, mirrored from the enums of the model.
//!
//! **Source:** -

use ordine_problem::{
    BatchKind, BreakPolicy, ModeRelationKind, Point, PrecedenceKind, SelectionKind,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ResourceKind")]
pub(crate) enum Kind {
    Machine,
    Renewable,
    Consumable,
    Reservoir,
}

#[derive(Clone, Copy, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    Free,
    Done,
    Running,
    Frozen,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case", remote = "PrecedenceKind")]
#[schemars(rename = "PrecedenceKind")]
pub(crate) enum Points {
    EndToStart,
    StartToStart,
    EndToEnd,
    StartToEnd,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case", remote = "BreakPolicy")]
#[schemars(rename = "BreakPolicy")]
pub(crate) enum Breaks {
    Wait,
    MustFit,
    Pause,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case", remote = "BatchKind")]
#[schemars(rename = "BatchKind")]
pub(crate) enum BatchWord {
    Parallel,
    Serial,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case", remote = "Point")]
#[schemars(rename = "Point")]
pub(crate) enum PointWord {
    Start,
    End,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case", remote = "SelectionKind")]
#[schemars(rename = "SelectionKind")]
pub(crate) enum SelectionWord {
    ExactlyOne,
    AtMostOne,
    AtLeastOne,
    AllOrNone,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case", remote = "ModeRelationKind")]
#[schemars(rename = "ModeRelationKind")]
pub(crate) enum ModeRelationWord {
    SameResources,
    DifferentResources,
    SameMode,
}
