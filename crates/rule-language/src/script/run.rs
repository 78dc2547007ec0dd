//! Running a script: one walk over its tree, every node a tick.
//!
//! **Source:** -

use super::builtin;
use super::code::{
    Clause, Code, Expression, Key, Method, Operator, Statement, StatementKind, Target,
};
use super::value::{Cells, Heap, Value};
use super::{ScriptFailure, ScriptLimits};
use std::rc::Rc;

/// Nodes within nodes: what keeps the stack of the machine small.
const NESTING_MAX: u32 = 400;
/// Lists and tuples within each other.
const VALUE_DEPTH_MAX: u8 = 5;

/// Why a run goes no further.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    Work,
    Wrong(String),
}

pub(super) type Step<T> = Result<T, Trouble>;

pub(super) fn wrong<T>(words: impl Into<String>) -> Step<T> {
    Err(Trouble::Wrong(words.into()))
}

/// What comes after a statement.
enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
}

/// A script at work.
pub(super) struct Machine<'a> {
    code: &'a Code,
    pub(super) durations: &'a [i64],
    pub(super) dues: &'a [i64],
    limits: ScriptLimits,
    ticks: u64,
    heap: Heap,
    globals: Vec<Value>,
    calls: u32,
    nesting: u32,
    line: u32,
}

/// Runs a script.
pub(super) fn run(
    code: &Code,
    durations: &[i64],
    dues: &[i64],
    limits: ScriptLimits,
) -> Result<(Vec<i64>, u64), ScriptFailure> {
    let globals = vec![Value::Absent; code.globals];
    let mut machine = Machine {
        code,
        durations,
        dues,
        limits,
        ticks: 0,
        heap: Heap::of(limits.heap_bytes),
        globals,
        calls: 0,
        nesting: 0,
        line: 0,
    };
    let ran = machine.whole();
    let line = machine.line;
    let value = ran.map_err(|trouble| match trouble {
        Trouble::Work => ScriptFailure::Work,
        Trouble::Wrong(words) => ScriptFailure::Runtime { line, words },
    })?;
    let (Value::List(cells) | Value::Tuple(cells)) = &value else {
        let words = format!("expected a list of jobs, found {}", value.name());
        return Err(ScriptFailure::NoOrder(words));
    };
    let number = |value: &Value| match value {
        Value::Int(number) => Ok(*number),
        other => {
            let words = format!("expected whole numbers of jobs, found {}", other.name());
            Err(ScriptFailure::NoOrder(words))
        }
    };
    let order = cells.values.borrow().iter().map(number).collect::<Result<Vec<i64>, _>>()?;
    Ok((order, machine.ticks))
}

impl Machine<'_> {
    fn whole(&mut self) -> Step<Value> {
        let code = self.code;
        self.block(&code.begin, &mut Vec::new())?;
        let frozen = |values: &[i64]| values.iter().map(|&it| Value::Int(it)).collect();
        let (durations, dues) = (frozen(self.durations), frozen(self.dues));
        let arguments = vec![self.list_of(durations, true)?, self.list_of(dues, true)?];
        self.call(code.entry, arguments)
    }

    /// Counts work.
    pub(super) fn charge(&mut self, ticks: usize) -> Step<()> {
        self.ticks = self.ticks.saturating_add(ticks as u64);
        if self.ticks > self.limits.ticks { Err(Trouble::Work) } else { Ok(()) }
    }

    /// Counts cells.
    pub(super) fn allot(&mut self, cells: usize) -> Step<()> {
        self.charge(cells)?;
        if self.heap.grows(cells) {
            return Ok(());
        }
        wrong(format!("expected at most {} bytes of lists, found more", self.limits.heap_bytes))
    }

    fn cells(&mut self, values: Vec<Value>, is_frozen: bool) -> Step<Rc<Cells>> {
        self.allot(values.len())?;
        let cells = self.heap.cells(values, is_frozen);
        if cells.depth > VALUE_DEPTH_MAX {
            return wrong(format!("expected at most {VALUE_DEPTH_MAX} lists in each other"));
        }
        Ok(cells)
    }

    fn list_of(&mut self, values: Vec<Value>, is_frozen: bool) -> Step<Value> {
        Ok(Value::List(self.cells(values, is_frozen)?))
    }

    pub(super) fn list(&mut self, values: Vec<Value>) -> Step<Value> {
        self.list_of(values, false)
    }

    pub(super) fn tuple(&mut self, values: Vec<Value>) -> Step<Value> {
        Ok(Value::Tuple(self.cells(values, true)?))
    }

    /// The values of a list or tuple, each paid for.
    pub(super) fn values(&mut self, value: &Value) -> Step<Vec<Value>> {
        match value {
            Value::List(cells) | Value::Tuple(cells) => {
                let values = cells.values.borrow().clone();
                self.charge(values.len())?;
                Ok(values)
            }
            other => wrong(format!("expected a list, found {}", other.name())),
        }
    }

    pub(super) fn call(&mut self, number: usize, arguments: Vec<Value>) -> Step<Value> {
        if self.calls == self.limits.depth {
            return wrong(format!("expected at most {} calls in each other", self.limits.depth));
        }
        let function = &self.code.functions[number];
        let mut places = arguments;
        places.resize(function.places, Value::Absent);
        self.calls += 1;
        let flow = self.block(&function.body, &mut places)?;
        self.calls -= 1;
        Ok(if let Flow::Return(value) = flow { value } else { Value::None })
    }

    fn block(&mut self, body: &[Statement], places: &mut Vec<Value>) -> Step<Flow> {
        for statement in body {
            self.line = statement.line;
            match self.statement(&statement.kind, places)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, kind: &StatementKind, places: &mut Vec<Value>) -> Step<Flow> {
        self.enter()?;
        let flow = match kind {
            StatementKind::Expression(value) => {
                self.value(value, places)?;
                Flow::Next
            }
            StatementKind::Assign(target, value) => {
                let value = self.value(value, places)?;
                self.assign(target, value, places)?;
                Flow::Next
            }
            StatementKind::Change(target, operator, value) => {
                self.change(target, *operator, value, places)?;
                Flow::Next
            }
            StatementKind::If(condition, then, other) => {
                let holds = self.value(condition, places)?.is_true();
                self.block(if holds { then } else { other }, places)?
            }
            StatementKind::For(target, over, body) => self.repeat(target, over, body, places)?,
            StatementKind::Break => Flow::Break,
            StatementKind::Continue => Flow::Continue,
            StatementKind::Return(value) => Flow::Return(self.value(value, places)?),
        };
        self.nesting -= 1;
        Ok(flow)
    }

    fn repeat(
        &mut self,
        target: &Target,
        over: &Expression,
        body: &[Statement],
        places: &mut Vec<Value>,
    ) -> Step<Flow> {
        let over = self.value(over, places)?;
        let (Value::List(cells) | Value::Tuple(cells)) = over else {
            return wrong(format!("expected a list to go through, found {}", over.name()));
        };
        let mut place = 0;
        loop {
            // What the body appends is gone through too, and paid for.
            let Some(value) = cells.values.borrow().get(place).cloned() else { break };
            place += 1;
            self.charge(1)?;
            self.assign(target, value, places)?;
            match self.block(body, places)? {
                Flow::Break => break,
                Flow::Next | Flow::Continue => {}
                Flow::Return(value) => return Ok(Flow::Return(value)),
            }
        }
        Ok(Flow::Next)
    }

    fn change(
        &mut self,
        target: &Target,
        operator: Operator,
        value: &Expression,
        places: &mut Vec<Value>,
    ) -> Step<()> {
        match target {
            Target::Local(place) => {
                let old = self.local(*place, places)?;
                let value = self.value(value, places)?;
                places[*place] = builtin::binary(self, operator, &old, &value)?;
                Ok(())
            }
            Target::Index(list, index) => {
                let list = self.value(list, places)?;
                let index = self.value(index, places)?;
                let old = self.at(&list, &index)?;
                let value = self.value(value, places)?;
                let new = builtin::binary(self, operator, &old, &value)?;
                self.put(&list, &index, new)
            }
            Target::Global(_) | Target::Tuple(_) => {
                wrong("expected one name or place to change, found several")
            }
        }
    }

    fn assign(&mut self, target: &Target, value: Value, places: &mut Vec<Value>) -> Step<()> {
        match target {
            Target::Local(place) => places[*place] = value,
            Target::Global(place) => self.globals[*place] = value,
            Target::Index(list, index) => {
                let list = self.value(list, places)?;
                let index = self.value(index, places)?;
                self.put(&list, &index, value)?;
            }
            Target::Tuple(targets) => {
                let values = self.values(&value)?;
                if values.len() != targets.len() {
                    let (expected, found) = (targets.len(), values.len());
                    return wrong(format!("expected {expected} values, found {found}"));
                }
                for (target, value) in targets.iter().zip(values) {
                    self.assign(target, value, places)?;
                }
            }
        }
        Ok(())
    }

    /// Refuses to write what is frozen, and lists into lists.
    pub(super) fn writable(&self, list: &Value, value: Option<&Value>) -> Step<Rc<Cells>> {
        let Value::List(cells) = list else {
            return wrong(format!("expected a list to write, found {}", list.name()));
        };
        if cells.is_frozen {
            return wrong("the data of the instance are frozen: they cannot be written");
        }
        match value {
            Some(value) if value.depth() > 1 => {
                wrong("expected a number or a tuple of numbers to put into a list that exists")
            }
            _ => Ok(cells.clone()),
        }
    }

    fn put(&mut self, list: &Value, index: &Value, value: Value) -> Step<()> {
        let cells = self.writable(list, Some(&value))?;
        let mut values = cells.values.borrow_mut();
        let place = builtin::place(index, values.len())?;
        values[place] = value;
        Ok(())
    }

    fn at(&mut self, list: &Value, index: &Value) -> Step<Value> {
        let (Value::List(cells) | Value::Tuple(cells)) = list else {
            return wrong(format!("expected a list, found {}", list.name()));
        };
        let values = cells.values.borrow();
        Ok(values[builtin::place(index, values.len())?].clone())
    }

    fn local(&self, place: usize, places: &[Value]) -> Step<Value> {
        match &places[place] {
            Value::Absent => wrong("a name is read before it has a value"),
            value => Ok(value.clone()),
        }
    }

    fn enter(&mut self) -> Step<()> {
        self.nesting += 1;
        if self.nesting > NESTING_MAX {
            return wrong(format!("expected at most {NESTING_MAX} parts in each other"));
        }
        self.charge(1)
    }

    /// The value of an expression.
    pub(super) fn value(&mut self, tree: &Expression, places: &mut Vec<Value>) -> Step<Value> {
        self.enter()?;
        let value = match tree {
            Expression::Constant(constant) => Value::from(*constant),
            Expression::Local(place) => self.local(*place, places)?,
            Expression::Global(place) => self.globals[*place].clone(),
            Expression::List(parts) => {
                let values = self.all(parts, places)?;
                self.list(values)?
            }
            Expression::Tuple(parts) => {
                let values = self.all(parts, places)?;
                self.tuple(values)?
            }
            Expression::Index(parts) => {
                let list = self.value(&parts.0, places)?;
                let index = self.value(&parts.1, places)?;
                self.at(&list, &index)?
            }
            Expression::Slice(parts) => self.slice(parts, places)?,
            Expression::Negate(operand) => {
                let operand = self.value(operand, places)?;
                builtin::binary(self, Operator::Subtract, &Value::Int(0), &operand)?
            }
            Expression::Not(operand) => Value::Bool(!self.value(operand, places)?.is_true()),
            Expression::And(parts) => {
                let first = self.value(&parts.0, places)?;
                if first.is_true() { self.value(&parts.1, places)? } else { first }
            }
            Expression::Or(parts) => {
                let first = self.value(&parts.0, places)?;
                if first.is_true() { first } else { self.value(&parts.1, places)? }
            }
            Expression::Binary(operator, parts) => {
                let first = self.value(&parts.0, places)?;
                let second = self.value(&parts.1, places)?;
                builtin::binary(self, *operator, &first, &second)?
            }
            Expression::Choice(parts) => {
                let holds = self.value(&parts.0, places)?.is_true();
                self.value(if holds { &parts.1 } else { &parts.2 }, places)?
            }
            Expression::Comprehension(element, clauses) => {
                let mut found = Vec::new();
                self.comprehend(element, clauses, places, &mut found)?;
                // Paid for one by one already.
                Value::List(self.heap.cells(found, false))
            }
            Expression::Call(number, parts) => {
                let values = self.all(parts, places)?;
                self.call(*number, values)?
            }
            Expression::Native(native, parts, key, reverse) => {
                let values = self.all(parts, places)?;
                let reverse = match reverse {
                    Some(reverse) => self.value(reverse, places)?.is_true(),
                    None => false,
                };
                builtin::native(self, *native, values, key.as_ref(), reverse, places)?
            }
            Expression::Method(method, list, parts) => self.method(*method, list, parts, places)?,
        };
        self.nesting -= 1;
        Ok(value)
    }

    fn all(&mut self, parts: &[Expression], places: &mut Vec<Value>) -> Step<Vec<Value>> {
        let mut values = Vec::with_capacity(parts.len());
        for part in parts {
            values.push(self.value(part, places)?);
        }
        Ok(values)
    }

    fn method(
        &mut self,
        method: Method,
        list: &Expression,
        parts: &[Expression],
        places: &mut Vec<Value>,
    ) -> Step<Value> {
        let list = self.value(list, places)?;
        let values = self.all(parts, places)?;
        builtin::method(self, method, &list, values)
    }

    fn slice(
        &mut self,
        parts: &(Expression, Option<Expression>, Option<Expression>),
        places: &mut Vec<Value>,
    ) -> Step<Value> {
        let list = self.value(&parts.0, places)?;
        let mut ends = [Value::None, Value::None];
        for (end, part) in ends.iter_mut().zip([&parts.1, &parts.2]) {
            if let Some(part) = part {
                *end = self.value(part, places)?;
            }
        }
        builtin::slice(self, &list, &ends[0], &ends[1])
    }

    fn comprehend(
        &mut self,
        element: &Expression,
        clauses: &[Clause],
        places: &mut Vec<Value>,
        found: &mut Vec<Value>,
    ) -> Step<()> {
        let Some((first, rest)) = clauses.split_first() else {
            let value = self.value(element, places)?;
            if value.depth() >= VALUE_DEPTH_MAX {
                return wrong(format!("expected at most {VALUE_DEPTH_MAX} lists in each other"));
            }
            self.allot(1)?;
            found.push(value);
            return Ok(());
        };
        match first {
            Clause::If(condition) => {
                if self.value(condition, places)?.is_true() {
                    self.comprehend(element, rest, places, found)?;
                }
            }
            Clause::For(target, over) => {
                let over = self.value(over, places)?;
                for value in self.values(&over)? {
                    self.charge(1)?;
                    self.assign(target, value, places)?;
                    self.comprehend(element, rest, places, found)?;
                }
            }
        }
        Ok(())
    }

    /// What a value is ranked by.
    pub(super) fn key(
        &mut self,
        key: Option<&Key>,
        value: &Value,
        places: &mut Vec<Value>,
    ) -> Step<Value> {
        match key {
            None => Ok(value.clone()),
            Some(Key::Function(number)) => self.call(*number, vec![value.clone()]),
            Some(Key::Inline(place, tree)) => {
                places[*place] = value.clone();
                self.value(tree, places)
            }
        }
    }

    pub(super) fn freed(&self) {
        self.heap.shrinks();
    }
}
