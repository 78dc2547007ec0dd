//! One wrong constraint, put into a right schedule on purpose.
//!
//! **Source:** ours.

use super::answer::{Answer, Entry};
use super::checker::Kind;
use super::instance::BenchInstance;
use ordine_base::Stream;

/// The schedule with one fault of a kind (others may follow from it); `None` where the instance
/// has nothing that could be broken so.
pub fn with_fault(
    instance: &BenchInstance,
    starts: &[i64],
    kind: Kind,
    stream: &mut Stream,
) -> Option<Answer> {
    let mut answer = Answer::of_starts(instance, starts);
    let any = stream.below(starts.len().max(1));
    match kind {
        Kind::Format => {
            let entry = answer.entries.get_mut(any)?;
            let (start, words) = [(None, "1.5"), (Some(-1), "-1"), (None, "\"soon\"")][any % 3];
            (entry.start, entry.words) = (start, words.to_owned());
        }
        Kind::Missing => {
            answer.entries.remove(any);
        }
        Kind::Duplicate => {
            let entry = answer.entries.get(any)?.clone();
            let start = entry.start.map(|start| start + 1);
            answer.entries.push(Entry { start, ..entry });
        }
        _ => {
            for (task, start) in moves(instance, starts, kind, stream)? {
                answer.entries[task].start = Some(start);
                answer.entries[task].words = start.to_string();
            }
        }
    }
    Some(answer)
}

fn pick<T>(items: Vec<T>, stream: &mut Stream) -> Option<T> {
    if items.is_empty() {
        return None;
    }
    let place = stream.below(items.len());
    items.into_iter().nth(place)
}

/// Tasks with the starts that break something.
fn moves(
    instance: &BenchInstance,
    starts: &[i64],
    kind: Kind,
    stream: &mut Stream,
) -> Option<Vec<(usize, i64)>> {
    let tasks = &instance.tasks;
    let all = 0..tasks.len();
    match kind {
        Kind::Release => {
            let task = pick(all.filter(|&it| tasks[it].release > 0).collect(), stream)?;
            Some(vec![(task, tasks[task].release - 1)])
        }
        Kind::Deadline => {
            let task = pick(all.collect(), stream)?;
            let deadline = tasks[task].deadline.min(instance.horizon);
            Some(vec![(task, (deadline - tasks[task].duration + 1).max(0))])
        }
        Kind::Precedence => {
            let pairs = instance.placed(&instance.precedence);
            let (before, after) = pick(pairs, stream)?;
            Some(vec![(after, starts[before] + tasks[before].duration - 1)])
        }
        Kind::Disjunctive => {
            let (one, other) = pick(instance.placed(&instance.disjoint), stream)?;
            Some(vec![(other, starts[one])])
        }
        Kind::Downtime => {
            let down = |task: usize| {
                let needed = tasks[task].demand.iter().zip(&instance.resources);
                let needed = needed.filter(|(demand, _)| **demand > 0);
                needed.flat_map(|(_, it)| &it.down).map(move |it| (task, it[0]))
            };
            Some(vec![pick(all.flat_map(down).collect(), stream)?])
        }
        Kind::Capacity => {
            let mut columns: Vec<usize> = (0..instance.resources.len()).collect();
            stream.shuffle(&mut columns);
            columns.into_iter().find_map(|column| crowd(instance, starts, column, stream))
        }
        Kind::Format | Kind::Missing | Kind::Duplicate => None,
    }
}

/// Users of a resource that all start with the first of them, just too many.
fn crowd(
    instance: &BenchInstance,
    starts: &[i64],
    column: usize,
    stream: &mut Stream,
) -> Option<Vec<(usize, i64)>> {
    let demand = |task: usize| instance.tasks[task].demand[column];
    let mut users: Vec<usize> = (0..starts.len()).filter(|&task| demand(task) > 0).collect();
    stream.shuffle(&mut users);
    let (mut moves, mut usage) = (Vec::new(), 0);
    for task in &users {
        moves.push((*task, starts[users[0]]));
        usage += demand(*task);
        if usage > instance.resources[column].capacity {
            return Some(moves);
        }
    }
    None
}
