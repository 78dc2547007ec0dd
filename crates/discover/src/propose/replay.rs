//! Candidates of a stored run, in their order: the loop without its source.
//!
//! **Source:** -

use super::{Batch, Context, Proposal, Propose};
use crate::{DiscoverError, Event};

/// Proposes what a run proposed.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    batches: Vec<Batch>,
}

impl Replay {
    /// The candidates of these events; calls of models are told again, but cost nothing.
    pub fn new(events: &[Event]) -> Self {
        let mut batches = vec![Batch::default()];
        for event in events {
            let last = batches.last_mut().expect("there is always a batch");
            match event {
                // What tuning found is found again.
                Event::Candidate(record) if record.operator != "tune" => {
                    last.proposals.push(Proposal {
                        island: record.island,
                        operator: record.operator.clone(),
                        parents: record.parents.clone(),
                        text: record.text.clone(),
                    });
                }
                Event::Call(call) => last.calls.push(call.clone()),
                Event::Batch { .. } => batches.push(Batch::default()),
                _ => {}
            }
        }
        Replay { batches }
    }
}

impl Propose for Replay {
    fn propose(&mut self, context: &Context<'_>) -> Result<Batch, DiscoverError> {
        Ok(self.batches.get(context.batch as usize).cloned().unwrap_or_default())
    }
}
