//! Choices among tasks: how many of them are present.
//!
//! **Source:** optional interval variables with logical constraints: Laborie, Rogerie (2008).

use super::Lowered;
use ordine_cp::Atom;
use ordine_problem::{Selection, SelectionKind, TaskId};

/// Posts every selection.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    for selection in lowered.problem.selections() {
        post(lowered, selection);
    }
}

fn post(lowered: &mut Lowered<'_>, selection: &Selection) {
    let presence = |task: TaskId| lowered.tasks[task].interval.present;
    let tasks: Vec<Atom> = selection.tasks.iter().map(|&task| presence(task)).collect();
    let condition = selection.condition.map(presence);
    let open = condition.unwrap_or(Atom::TRUE);
    let engine = &mut lowered.engine;
    if selection.kind == SelectionKind::AllOrNone {
        let first = condition.unwrap_or(tasks[0]);
        for &task in &tasks {
            engine.post_clause(&[!first, task]);
            engine.post_clause(&[first, !task]);
        }
        return;
    }
    if selection.kind != SelectionKind::AtMostOne {
        engine.post_clause(&[&[!open][..], &tasks].concat());
    }
    for (index, &task) in tasks.iter().enumerate() {
        lowered.engine.post_clause(&[open, !task]);
        if selection.kind != SelectionKind::AtLeastOne {
            for (place, &other) in tasks[..index].iter().enumerate() {
                // Too many that are done are history.
                let history = lowered.both_done(selection.tasks[index], selection.tasks[place]);
                lowered.engine.post_clause(&[!task, !other, history]);
            }
        }
    }
}
