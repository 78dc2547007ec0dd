//! Values of a running script, with the cells of lists counted while they live.
//!
//! A list that exists takes no other list in, so there are no circles, and everything is freed.
//!
//! **Source:** -

use super::code::Constant;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A place that was never assigned to.
    Absent,
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    List(Rc<Cells>),
    Tuple(Rc<Cells>),
}

/// The cells of a list or a tuple.
#[derive(Debug)]
pub(super) struct Cells {
    pub(super) values: RefCell<Vec<Value>>,
    pub(super) is_frozen: bool,
    /// How deep lists and tuples lie in it, itself included.
    pub(super) depth: u8,
    live: Rc<Cell<u64>>,
}

impl Drop for Cells {
    fn drop(&mut self) {
        self.live.set(self.live.get() - self.values.borrow().len() as u64);
    }
}

/// Cells alive.
#[derive(Clone, Debug)]
pub(super) struct Heap {
    live: Rc<Cell<u64>>,
    most: u64,
}

impl Heap {
    pub(super) fn of(bytes: u64) -> Self {
        Heap { live: Rc::default(), most: bytes / size_of::<Value>() as u64 }
    }

    /// Counts cells; false when they are too many.
    pub(super) fn grows(&self, cells: usize) -> bool {
        let live = self.live.get() + cells as u64;
        let fits = live <= self.most;
        if fits {
            self.live.set(live);
        }
        fits
    }

    pub(super) fn shrinks(&self) {
        self.live.set(self.live.get() - 1);
    }

    /// Cells that are counted already.
    pub(super) fn cells(&self, values: Vec<Value>, is_frozen: bool) -> Rc<Cells> {
        let depth = 1 + values.iter().map(Value::depth).max().unwrap_or(0);
        let live = self.live.clone();
        Rc::new(Cells { values: RefCell::new(values), is_frozen, depth, live })
    }
}

impl From<Constant> for Value {
    fn from(constant: Constant) -> Self {
        match constant {
            Constant::None => Value::None,
            Constant::Bool(value) => Value::Bool(value),
            Constant::Int(value) => Value::Int(value),
            Constant::Float(value) => Value::Float(value),
        }
    }
}

impl Value {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Value::Absent | Value::None => "nothing",
            Value::Bool(_) => "a truth value",
            Value::Int(_) => "a whole number",
            Value::Float(_) => "a number with a point",
            Value::List(_) => "a list",
            Value::Tuple(_) => "a tuple",
        }
    }

    pub(super) fn is_true(&self) -> bool {
        match self {
            Value::Absent | Value::None => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::List(cells) | Value::Tuple(cells) => !cells.values.borrow().is_empty(),
        }
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Value::Bool(value) => Some(f64::from(u8::from(*value))),
            Value::Int(value) => Some(*value as f64),
            Value::Float(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn constant(&self) -> Option<Constant> {
        match self {
            Value::Bool(value) => Some(Constant::Int(i64::from(*value))),
            Value::Int(value) => Some(Constant::Int(*value)),
            Value::Float(value) => Some(Constant::Float(*value)),
            _ => None,
        }
    }

    /// How deep lists and tuples lie in it; a list takes tuples in later, so it counts two.
    pub(super) fn depth(&self) -> u8 {
        match self {
            Value::List(cells) => cells.depth.max(2),
            Value::Tuple(cells) => cells.depth,
            _ => 0,
        }
    }

    /// Nothing, then numbers, then lists and tuples by their values.
    pub(super) fn order(&self, other: &Value) -> Ordering {
        if let (Some(first), Some(second)) = (self.number(), other.number()) {
            // Both zeros are one.
            return (first + 0.0).total_cmp(&(second + 0.0));
        }
        match (self, other) {
            (
                Value::List(first) | Value::Tuple(first),
                Value::List(second) | Value::Tuple(second),
            ) => {
                let (first, second) = (first.values.borrow(), second.values.borrow());
                let pairs = first.iter().zip(second.iter());
                let differing = pairs.map(|(a, b)| a.order(b)).find(|it| it.is_ne());
                differing.unwrap_or_else(|| first.len().cmp(&second.len()))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    pub(super) fn rank(&self) -> u8 {
        match self {
            Value::Absent | Value::None => 0,
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => 1,
            Value::List(_) | Value::Tuple(_) => 2,
        }
    }
}
