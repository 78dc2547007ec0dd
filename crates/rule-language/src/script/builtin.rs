//! What scripts can use without defining it. Whatever runs over a list costs its length.
//!
//! `argmin` and `sort_by` take the first of equal ones first; `tardiness(order)` is that of a
//! sequence that begins at 0.
//!
//! **Source:** Starlark language specification, section Built-in constants and functions.

use super::code::{Constant, Key, Method, Native, Operator};
use super::lex::INTEGER_MAX;
use super::run::{Machine, Step, wrong};
use super::value::Value;
use std::cmp::Ordering;

/// An operator on two numbers; `None` where it gives none.
pub(super) fn arithmetic(
    operator: Operator,
    first: Constant,
    second: Constant,
) -> Option<Constant> {
    let whole = |value: Option<i64>| value.filter(|it| it.abs() <= INTEGER_MAX).map(Constant::Int);
    if let (Constant::Int(a), Constant::Int(b)) = (first, second) {
        return match operator {
            Operator::Add => whole(a.checked_add(b)),
            Operator::Subtract => whole(a.checked_sub(b)),
            Operator::Multiply => whole(a.checked_mul(b)),
            Operator::Divide => (b != 0).then(|| Constant::Float(a as f64 / b as f64)),
            Operator::FloorDivide => (b != 0).then(|| Constant::Int(floor(a, b))),
            Operator::Remainder => (b != 0).then(|| Constant::Int(a - b * floor(a, b))),
            _ => None,
        };
    }
    let float = |constant| match constant {
        Constant::Int(it) => Some(it as f64),
        Constant::Float(it) => Some(it),
        Constant::None | Constant::Bool(_) => None,
    };
    let (a, b) = (float(first)?, float(second)?);
    let value = match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide if b != 0.0 => a / b,
        Operator::FloorDivide if b != 0.0 => (a / b).floor(),
        Operator::Remainder if b != 0.0 => a - b * (a / b).floor(),
        _ => return None,
    };
    Some(Constant::Float(value))
}

fn floor(a: i64, b: i64) -> i64 {
    let quotient = a / b;
    if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
}

/// An operator on two values.
pub(super) fn binary(
    machine: &mut Machine<'_>,
    operator: Operator,
    first: &Value,
    second: &Value,
) -> Step<Value> {
    match operator {
        Operator::In | Operator::NotIn => {
            let values = machine.values(second)?;
            let is_in = values.iter().any(|it| it.order(first).is_eq());
            return Ok(Value::Bool(is_in == (operator == Operator::In)));
        }
        Operator::Equal | Operator::Differs => {
            let equal = compared(machine, first, second)?.is_some_and(Ordering::is_eq);
            return Ok(Value::Bool(equal == (operator == Operator::Equal)));
        }
        Operator::Less | Operator::LessEqual | Operator::Greater | Operator::GreaterEqual => {
            if first.rank() != second.rank() {
                let (first, second) = (first.name(), second.name());
                return wrong(format!("{first} and {second} cannot be compared"));
            }
            let order = compared(machine, first, second)?;
            return Ok(Value::Bool(order.is_some_and(|order| match operator {
                Operator::Less => order.is_lt(),
                Operator::LessEqual => order.is_le(),
                Operator::Greater => order.is_gt(),
                _ => order.is_ge(),
            })));
        }
        _ => {}
    }
    if let (Some(a), Some(b)) = (first.constant(), second.constant()) {
        return match arithmetic(operator, a, b) {
            Some(found) => Ok(Value::from(found)),
            None => wrong("a division by 0, or a whole number beyond 2^53"),
        };
    }
    match (operator, first, second) {
        (Operator::Add, Value::List(_), Value::List(_))
        | (Operator::Add, Value::Tuple(_), Value::Tuple(_)) => {
            let mut values = machine.values(first)?;
            values.extend(machine.values(second)?);
            match first {
                Value::List(_) => machine.list(values),
                _ => machine.tuple(values),
            }
        }
        (Operator::Multiply, Value::List(_), Value::Int(count))
        | (Operator::Multiply, Value::Int(count), Value::List(_)) => {
            let list = if matches!(first, Value::List(_)) { first } else { second };
            let values = machine.values(list)?;
            let count = usize::try_from(*count).unwrap_or(0);
            // Paid for before it is made.
            machine.charge(values.len().saturating_mul(count))?;
            machine.list(std::iter::repeat_n(values, count).flatten().collect())
        }
        _ => {
            let (first, second) = (first.name(), second.name());
            wrong(format!("{first} and {second} cannot be put together so"))
        }
    }
}

/// How two values compare; not at all with what is no number.
fn compared(machine: &mut Machine<'_>, first: &Value, second: &Value) -> Step<Option<Ordering>> {
    if let (Some(a), Some(b)) = (first.number(), second.number()) {
        return Ok(a.partial_cmp(&b));
    }
    for value in [first, second] {
        flat(value)?;
        if let Value::List(cells) | Value::Tuple(cells) = value {
            machine.charge(cells.values.borrow().len())?;
        }
    }
    Ok(Some(first.order(second)))
}

/// Refuses lists of lists, whose comparison may cost anything.
fn flat(value: &Value) -> Step<()> {
    let is_flat = match value {
        Value::List(cells) | Value::Tuple(cells) => {
            cells.values.borrow().iter().all(|it| it.depth() == 0)
        }
        _ => true,
    };
    if is_flat { Ok(()) } else { wrong("lists of lists cannot be compared") }
}

/// A place in a list of this length; negative ones count from the end.
pub(super) fn place(index: &Value, length: usize) -> Step<usize> {
    let Value::Int(index) = index else {
        return wrong(format!("expected a whole number as index, found {}", index.name()));
    };
    let place = if *index < 0 { *index + length as i64 } else { *index };
    match usize::try_from(place) {
        Ok(place) if place < length => Ok(place),
        _ => wrong(format!("expected an index into {length} values, found {index}")),
    }
}

/// `list[from:to]`.
pub(super) fn slice(
    machine: &mut Machine<'_>,
    list: &Value,
    from: &Value,
    to: &Value,
) -> Step<Value> {
    let values = machine.values(list)?;
    let length = values.len() as i64;
    let end = |value: &Value, other: i64| match value {
        Value::None => Ok(other),
        Value::Int(it) => Ok((if *it < 0 { it + length } else { *it }).clamp(0, length)),
        other => wrong(format!("expected whole numbers in a slice, found {}", other.name())),
    };
    let (from, to) = (end(from, 0)? as usize, end(to, length)? as usize);
    let part = values.get(from..to.max(from)).unwrap_or_default().to_vec();
    match list {
        Value::Tuple(_) => machine.tuple(part),
        _ => machine.list(part),
    }
}

/// A method of lists.
pub(super) fn method(
    machine: &mut Machine<'_>,
    method: Method,
    list: &Value,
    arguments: Vec<Value>,
) -> Step<Value> {
    match (method, &arguments[..]) {
        (Method::Append, [value]) => {
            let cells = machine.writable(list, Some(value))?;
            machine.allot(1)?;
            cells.values.borrow_mut().push(value.clone());
        }
        (Method::Extend, [values]) => {
            for value in machine.values(values)? {
                let cells = machine.writable(list, Some(&value))?;
                machine.allot(1)?;
                cells.values.borrow_mut().push(value);
            }
        }
        (Method::Insert, [at, value]) => {
            let cells = machine.writable(list, Some(value))?;
            let length = cells.values.borrow().len();
            machine.allot(1)?;
            machine.charge(length / 16)?;
            let Value::Int(at) = at else { return wrong("expected a whole number as index") };
            let at = if *at < 0 { at + length as i64 } else { *at };
            cells.values.borrow_mut().insert(at.clamp(0, length as i64) as usize, value.clone());
        }
        (Method::Pop, [] | [_]) => {
            let cells = machine.writable(list, None)?;
            let length = cells.values.borrow().len();
            let at = place(arguments.first().unwrap_or(&Value::Int(-1)), length)?;
            machine.charge((length - at) / 16)?;
            let value = cells.values.borrow_mut().remove(at);
            machine.freed();
            return Ok(value);
        }
        (Method::Remove, [value]) => {
            let cells = machine.writable(list, None)?;
            let at = position(machine, list, value)?;
            cells.values.borrow_mut().remove(at);
            machine.freed();
        }
        (Method::Index, [value]) => {
            return Ok(Value::Int(position(machine, list, value)? as i64));
        }
        _ => return wrong("a method has too many or too few values"),
    }
    Ok(Value::None)
}

fn position(machine: &mut Machine<'_>, list: &Value, value: &Value) -> Step<usize> {
    let values = machine.values(list)?;
    match values.iter().position(|it| it.order(value).is_eq()) {
        Some(place) => Ok(place),
        None => wrong("expected a value of the list, found another"),
    }
}

/// A function that is there without being defined.
pub(super) fn native(
    machine: &mut Machine<'_>,
    native: Native,
    arguments: Vec<Value>,
    key: Option<&Key>,
    reverse: bool,
    places: &mut Vec<Value>,
) -> Step<Value> {
    match (native, &arguments[..]) {
        (Native::Length, [Value::List(cells) | Value::Tuple(cells)]) => {
            Ok(Value::Int(cells.values.borrow().len() as i64))
        }
        (Native::Absolute, [value]) => match value.constant() {
            Some(Constant::Int(it)) => Ok(Value::Int(it.abs())),
            Some(Constant::Float(it)) => Ok(Value::Float(it.abs())),
            _ => wrong("abs: expected a number"),
        },
        (Native::Exponential, [value]) => real(value, f64::exp),
        (Native::Logarithm, [value]) => real(value, f64::ln),
        (Native::Root, [value]) => real(value, f64::sqrt),
        (Native::Float, [value]) => real(value, |it| it),
        (Native::Bool, [value]) => Ok(Value::Bool(value.is_true())),
        (Native::Int, [value]) => match value.number() {
            Some(it) if it.abs() <= INTEGER_MAX as f64 => Ok(Value::Int(it.trunc() as i64)),
            _ => wrong("int: expected a number up to 2^53"),
        },
        (Native::Range, [_] | [_, _] | [_, _, _]) => range(machine, &arguments),
        (Native::Min | Native::Max, _) => least(machine, native, arguments, key, places),
        (Native::Sorted, [list]) => {
            let values = machine.values(list)?;
            let mut keys = Vec::with_capacity(values.len());
            for value in &values {
                keys.push(machine.key(key, value, places)?);
            }
            sorted(machine, values, keys, reverse)
        }
        (Native::SortBy, [list, keys]) => {
            let (values, keys) = (machine.values(list)?, machine.values(keys)?);
            if values.len() != keys.len() {
                return wrong("sort_by: expected as many keys as values");
            }
            sorted(machine, values, keys, false)
        }
        (Native::Enumerate, [list]) => {
            let mut pairs = Vec::new();
            for (place, value) in machine.values(list)?.into_iter().enumerate() {
                pairs.push(machine.tuple(vec![Value::Int(place as i64), value])?);
            }
            machine.list(pairs)
        }
        (Native::Zip, [first, second]) => {
            let mut pairs = Vec::new();
            for (a, b) in machine.values(first)?.into_iter().zip(machine.values(second)?) {
                pairs.push(machine.tuple(vec![a, b])?);
            }
            machine.list(pairs)
        }
        (Native::List, []) => machine.list(Vec::new()),
        (_, [list @ (Value::List(_) | Value::Tuple(_))]) => over_list(machine, native, list),
        _ => wrong("a function has too many or too few values, or of the wrong kind"),
    }
}

/// Functions of one list.
fn over_list(machine: &mut Machine<'_>, native: Native, list: &Value) -> Step<Value> {
    let mut values = machine.values(list)?;
    match native {
        Native::Sum => {
            let mut sum = Value::Int(0);
            for value in &values {
                sum = binary(machine, Operator::Add, &sum, value)?;
            }
            Ok(sum)
        }
        Native::PrefixSums => {
            let mut sums = vec![Value::Int(0)];
            for value in &values {
                let last = sums[sums.len() - 1].clone();
                sums.push(binary(machine, Operator::Add, &last, value)?);
            }
            machine.list(sums)
        }
        Native::Argmin => match (0..values.len()).min_by(|&a, &b| values[a].order(&values[b])) {
            Some(place) => Ok(Value::Int(place as i64)),
            None => wrong("argmin: expected values, found none"),
        },
        Native::Reversed => {
            values.reverse();
            machine.list(values)
        }
        Native::List => machine.list(values),
        Native::Tuple => machine.tuple(values),
        Native::All => Ok(Value::Bool(values.iter().all(Value::is_true))),
        Native::Any => Ok(Value::Bool(values.iter().any(Value::is_true))),
        Native::Tardiness => tardiness(machine, &values),
        _ => wrong("a function has a value of the wrong kind"),
    }
}

fn tardiness(machine: &Machine<'_>, order: &[Value]) -> Step<Value> {
    let (mut end, mut total) = (0, 0);
    for job in order {
        let job = place(job, machine.durations.len())?;
        end += machine.durations[job];
        total += (end - machine.dues[job]).max(0);
    }
    Ok(Value::Int(total))
}

fn real(value: &Value, function: fn(f64) -> f64) -> Step<Value> {
    match value.number() {
        Some(it) => Ok(Value::Float(function(it))),
        None => wrong(format!("expected a number, found {}", value.name())),
    }
}

fn range(machine: &mut Machine<'_>, arguments: &[Value]) -> Step<Value> {
    let mut numbers = Vec::new();
    for argument in arguments {
        let Value::Int(number) = argument else {
            return wrong(format!("range: expected whole numbers, found {}", argument.name()));
        };
        numbers.push(*number);
    }
    let (from, to, step) = match numbers[..] {
        [to] => (0, to, 1),
        [from, to] => (from, to, 1),
        [from, to, step] if step != 0 => (from, to, step),
        _ => return wrong("range: expected a step other than 0"),
    };
    let length =
        if step > 0 { (to - from + step - 1) / step } else { (from - to - step - 1) / -step };
    let length = usize::try_from(length).unwrap_or(0);
    // Paid for before it is made.
    machine.charge(length)?;
    machine.list((0..length as i64).map(|it| Value::Int(from + it * step)).collect())
}

fn least(
    machine: &mut Machine<'_>,
    native: Native,
    arguments: Vec<Value>,
    key: Option<&Key>,
    places: &mut Vec<Value>,
) -> Step<Value> {
    let values = match &arguments[..] {
        [list] => machine.values(list)?,
        _ => arguments,
    };
    let mut best: Option<(Value, Value)> = None;
    for value in values {
        let key = machine.key(key, &value, places)?;
        let wins = match &best {
            None => true,
            Some((_, least)) if native == Native::Min => ranked(machine, &key, least)?.is_lt(),
            Some((_, most)) => ranked(machine, &key, most)?.is_gt(),
        };
        if wins {
            best = Some((value, key));
        }
    }
    best.map_or_else(|| wrong("expected values, found none"), |(value, _)| Ok(value))
}

fn ranked(machine: &mut Machine<'_>, first: &Value, second: &Value) -> Step<Ordering> {
    if first.rank() != second.rank() {
        return wrong(format!("{} and {} cannot be compared", first.name(), second.name()));
    }
    if first.number().is_none() {
        flat(first)?;
        flat(second)?;
        machine.charge(1)?;
    }
    Ok(first.order(second))
}

fn sorted(
    machine: &mut Machine<'_>,
    values: Vec<Value>,
    keys: Vec<Value>,
    reverse: bool,
) -> Step<Value> {
    for key in &keys {
        ranked(machine, key, &keys[0])?;
    }
    let length = values.len();
    machine.charge(length * length.max(1).ilog2() as usize)?;
    let mut places: Vec<usize> = (0..length).collect();
    match reverse {
        true => places.sort_by(|&a, &b| keys[b].order(&keys[a])),
        false => places.sort_by(|&a, &b| keys[a].order(&keys[b])),
    }
    machine.list(places.into_iter().map(|place| values[place].clone()).collect())
}
