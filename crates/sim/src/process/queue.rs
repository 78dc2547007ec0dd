//! Who waits for something, in the order in which they will get it.
//!
//! Whoever leaves before its turn (interrupted, or out of patience) leaves its place behind: a
//! place counts only as long as its owner still waits with the same ticket.
//!
//! **Source:** -

use super::engine::ProcessId;
use crate::Priority;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A place in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) priority: Priority,
    pub(super) ticket: u64,
    pub(super) owner: ProcessId,
    /// What it wants: an amount, or an item to store.
    pub(super) wish: u64,
}

/// Places by arrival, or by (priority, arrival).
#[derive(Clone, Debug)]
pub(super) enum WaitingLine {
    FirstCome(VecDeque<Place>),
    ByPriority(BinaryHeap<Reverse<Place>>),
}

impl WaitingLine {
    pub(super) fn push(&mut self, place: Place) {
        match self {
            WaitingLine::FirstCome(places) => places.push_back(place),
            WaitingLine::ByPriority(places) => places.push(Reverse(place)),
        }
    }

    pub(super) fn first(&self) -> Option<&Place> {
        match self {
            WaitingLine::FirstCome(places) => places.front(),
            WaitingLine::ByPriority(places) => places.peek().map(|place| &place.0),
        }
    }

    pub(super) fn pop(&mut self) -> Option<Place> {
        match self {
            WaitingLine::FirstCome(places) => places.pop_front(),
            WaitingLine::ByPriority(places) => places.pop().map(|place| place.0),
        }
    }
}
