//! A schedule between two others.
//!
//! Topological orders of both are merged at random: each time the first task not yet taken of one
//! of them follows. Whatever both order alike stays so, hence every precedence holds and no cycle
//! can arise; the share of the second decides how far from the first the result lies. O(tasks).
//!
//! **Source:** Bierwirth, Mattfeld, Kopfer 1996 (precedence-preserving crossover), in the place of
//! the path relinking with repair of Peng, Lü, Cheng 2015.

use crate::elites::Elite;
use crate::shop_model::ShopModel;
use ordine_base::Stream;

/// Order and modes of a schedule that takes about `share` of its decisions from `second`.
pub(crate) fn between(
    first: &Elite,
    second: &Elite,
    share: f64,
    stream: &mut Stream,
) -> (Vec<u32>, Vec<u32>) {
    let tasks = first.order.len();
    let mut mode = first.mode.clone();
    let mut order = Vec::with_capacity(tasks);
    let mut is_taken = vec![false; tasks];
    let mut next = [0_usize; 2];
    while order.len() < tasks {
        let from_second = stream.chance(share);
        let parent = if from_second { second } else { first };
        let place = &mut next[usize::from(from_second)];
        while is_taken[parent.order[*place] as usize] {
            *place += 1;
        }
        let task = parent.order[*place];
        is_taken[task as usize] = true;
        mode[task as usize] = parent.mode[task as usize];
        order.push(task);
    }
    (order, mode)
}

/// A random topological order of the precedences, with the modes of `like`.
pub(crate) fn random_elite(model: &ShopModel, like: &Elite, stream: &mut Stream) -> Elite {
    let known = |task: u32| (task as usize) < model.tasks;
    let waits = |task| model.before.of(task).filter(|arc| known(arc.task)).count();
    let mut waiting: Vec<usize> = (0..model.tasks).map(waits).collect();
    let mut eligible: Vec<u32> =
        (0..model.tasks as u32).filter(|&task| waiting[task as usize] == 0).collect();
    let mut random = Elite::default();
    random.mode.clone_from(&like.mode);
    while !eligible.is_empty() {
        let task = eligible.swap_remove(stream.below(eligible.len()));
        random.order.push(task);
        for arc in model.after.of(task as usize).filter(|arc| known(arc.task)) {
            waiting[arc.task as usize] -= 1;
            if waiting[arc.task as usize] == 0 {
                eligible.push(arc.task);
            }
        }
    }
    random
}
