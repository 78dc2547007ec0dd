//! Reads relations between tasks and between machines.
//!
//! **Source:** -

use super::super::wire;
use super::names::Of;
use super::{Building, Lists};
use crate::json::{Place, Placed};
use ordine_base::Ticks;
use ordine_problem::{Hold, ModeRelation, Precedence, SameSequence, Selection, Span};

impl Building<'_> {
    pub(super) fn relations(&mut self, lists: &Lists<'_>) {
        for Placed { place, item } in &lists.precedences {
            self.precedence(*place, item);
        }
        for Placed { place, item } in &lists.selections {
            self.selection(*place, item);
        }
        for Placed { place, item } in &lists.spans {
            self.span(*place, item);
        }
        for Placed { place, item } in &lists.holds {
            self.hold(*place, item);
        }
        for Placed { place, item } in &lists.same_sequences {
            if let Some(machines) = self.find_all(*place, Of::Resources, &item.machines) {
                self.builder.same_sequence(SameSequence { machines });
            }
        }
        for Placed { place, item } in &lists.mode_relations {
            self.mode_relation(*place, item);
        }
    }

    fn precedence(&mut self, place: Place, item: &wire::Precedence<'_>) -> Option<()> {
        let precedence = Precedence {
            before: self.find(place, Of::Tasks, &item.before)?,
            after: self.find(place, Of::Tasks, &item.after)?,
            kind: item.kind,
            lag: Ticks::new(item.lag),
            lag_max: item.lag_max.map(Ticks::new),
            penalty: item.penalty,
        };
        let added = self.builder.precedence(precedence).map(|_| ());
        self.note(place, added)
    }

    fn selection(&mut self, place: Place, item: &wire::Selection<'_>) -> Option<()> {
        let selection = Selection {
            tasks: self.find_all(place, Of::Tasks, &item.tasks)?,
            kind: item.kind,
            condition: self.find_if(place, Of::Tasks, &item.condition)?,
        };
        self.builder.select(selection);
        Some(())
    }

    fn span(&mut self, place: Place, item: &wire::Span<'_>) -> Option<()> {
        let span = Span {
            parent: self.find(place, Of::Tasks, &item.parent)?,
            children: self.find_all(place, Of::Tasks, &item.children)?,
        };
        self.builder.span(span);
        Some(())
    }

    fn hold(&mut self, place: Place, item: &wire::Hold<'_>) -> Option<()> {
        let hold = Hold {
            task: self.find(place, Of::Tasks, &item.task)?,
            until: self.find(place, Of::Tasks, &item.until)?,
            buffer: self.find_if(place, Of::Resources, &item.buffer)?,
        };
        self.builder.hold(hold);
        Some(())
    }

    fn mode_relation(&mut self, place: Place, item: &wire::ModeRelation<'_>) -> Option<()> {
        let relation = ModeRelation {
            first: self.find(place, Of::Tasks, &item.first)?,
            second: self.find(place, Of::Tasks, &item.second)?,
            kind: item.kind,
        };
        self.builder.relate_modes(relation);
        Some(())
    }
}
