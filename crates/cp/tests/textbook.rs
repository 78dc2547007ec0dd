//! Textbook problems through the modelling face, against their known answers.
//!
//! **Source:** see the examples.

use ordine_base::StopReason;
use ordine_cp::model::{Limits, Model, Observer, Outcome, Relate, Solution, sum};
use ordine_cp::propagators::{Bin, CircuitArc, PackedItem, Rectangle};
use ordine_cp::{Atom, Interval, View, relation};

fn optimum(model: Model) -> i64 {
    match model.solve() {
        Outcome::Optimal { objective, .. } => objective,
        other => panic!("not solved: {other:?}"),
    }
}

#[test]
fn six_queens_stand_in_four_ways_and_eight_in_92() {
    for (count, ways) in [(4, 2), (5, 10), (6, 4), (8, 92)] {
        let mut model = Model::default();
        let columns = model.integers(count, 0, count as i64 - 1);
        let rising: Vec<View> = (0..).zip(&columns).map(|(row, &it)| it + row).collect();
        let falling: Vec<View> = (0..).zip(&columns).map(|(row, &it)| it - row).collect();
        model.all_different(&columns);
        model.all_different(&rising);
        model.all_different(&falling);
        let all = model.enumerate(&columns, &Limits::default(), &mut |_| {});
        assert_eq!((all.solutions, all.stopped), (ways, StopReason::Exhausted));
    }
}

#[test]
fn one_magic_square_of_three_has_eight_faces() {
    let mut model = Model::default();
    let cells = model.integers(9, 1, 9);
    model.all_different(&cells);
    for line in
        [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]]
    {
        model.add(sum(line.map(|it| cells[it])).equals(15));
    }
    let mut centers = Vec::new();
    let all =
        model.enumerate(&cells, &Limits::default(), &mut |it| centers.push(it.value(cells[4])));
    assert_eq!(all.solutions, 8);
    assert_eq!(centers, [5; 8]);
}

#[test]
fn knapsack_takes_the_best_pair() {
    let mut model = Model::default();
    let taken = model.booleans(4);
    let total = |of: [i64; 4]| sum((0..4).map(|it| of[it] * taken[it]));
    model.add(total([5, 4, 6, 3]).no_more_than(10));
    model.maximize(total([10, 40, 30, 50]));
    assert_eq!(optimum(model), 90);
}

#[test]
fn bins_are_as_few_as_the_sizes_allow() {
    // 26 fits three bins of 10 by size, but no two of the sixes share a bin.
    for (sizes, expected) in [([6, 6, 6, 6, 2], 4), ([5, 5, 5, 5, 6], 3), ([4, 4, 4, 4, 4], 3)] {
        let mut model = Model::default();
        let bins: Vec<Bin> = (0..5)
            .map(|_| Bin { loads: vec![model.integer(0, 10)], used: model.boolean() })
            .collect();
        let items: Vec<PackedItem> = sizes
            .iter()
            .map(|&size| PackedItem {
                sizes: vec![size],
                present: Atom::TRUE,
                bins: model.booleans(5),
            })
            .collect();
        model.bin_packing(&items, &bins);
        model.minimize(sum(bins.iter().map(|bin| bin.used)));
        assert_eq!(optimum(model), expected);
    }
}

/// Whether squares fit into a rectangle.
fn fits(sizes: &[i64], width: i64, height: i64) -> bool {
    let mut model = Model::default();
    let squares: Vec<Rectangle> = sizes
        .iter()
        .map(|&it| Rectangle { x: model.task(0, it, width), y: model.task(0, it, height) })
        .collect();
    model.no_overlap_2d(&squares);
    match model.solve() {
        Outcome::Optimal { .. } => true,
        Outcome::Infeasible { .. } => false,
        other => panic!("not solved: {other:?}"),
    }
}

#[test]
fn squares_from_one_on_have_the_published_smallest_rectangles() {
    // Areas as in the On-Line Encyclopedia of Integer Sequences, A038666.
    for (count, expected) in (2..).zip([6, 15, 35, 60, 99, 154, 210, 300, 405]) {
        let sizes: Vec<i64> = (1..=count).rev().collect();
        let widths = (count..).take_while(|width| width * width <= expected);
        let has_area =
            |area: i64| widths.clone().any(|it| area % it == 0 && fits(&sizes, it, area / it));
        let least: i64 = sizes.iter().map(|it| it * it).sum();
        assert_eq!((least..).find(|&area| has_area(area)), Some(expected), "{count} squares");
    }
}

#[test]
fn squares_fit_their_rectangle_exactly_or_not_at_all() {
    assert!(fits(&[18, 15, 14, 10, 9, 8, 7, 4, 1], 33, 32));
    assert!(fits(&[3, 2, 1, 1, 1], 5, 4));
    assert!(!fits(&[3, 3, 2], 5, 5));
    assert!(!fits(&[3, 2, 2, 2, 2], 5, 5));
}

#[test]
fn shortest_round_trip_is_that_of_all_permutations() {
    let towns = [(0, 0), (7, 2), (3, 9), (8, 8), (1, 5), (5, 4), (9, 1)];
    let distance = |a: usize, b: usize| {
        let (x, y): ((i64, i64), (i64, i64)) = (towns[a], towns[b]);
        (x.0 - y.0).abs() + (x.1 - y.1).abs()
    };
    let mut model = Model::default();
    let (mut arcs, mut lengths) = (Vec::new(), Vec::new());
    for from in 0..towns.len() {
        for to in (0..towns.len()).filter(|&to| to != from) {
            arcs.push(CircuitArc { from, to, chosen: model.boolean() });
            lengths.push(distance(from, to));
        }
    }
    model.circuit(towns.len(), &arcs);
    let length = model.circuit_length(towns.len(), &arcs, &lengths);
    model.minimize(length);
    fn shortest(at: usize, left: &mut Vec<usize>, far: &dyn Fn(usize, usize) -> i64) -> i64 {
        if left.is_empty() {
            return far(at, 0);
        }
        (0..left.len())
            .map(|it| {
                let next = left.remove(it);
                let length = far(at, next) + shortest(next, left, far);
                left.insert(it, next);
                length
            })
            .min()
            .expect("towns are left")
    }
    assert_eq!(optimum(model), shortest(0, &mut (1..towns.len()).collect(), &distance));
}

#[test]
fn two_machines_finish_by_johnsons_rule() {
    let jobs = [(3, 6), (5, 2), (1, 2), (6, 6), (7, 5)];
    let mut model = Model::default();
    let [first, second]: [Vec<Interval>; 2] =
        [0, 1].map(|it| jobs.iter().map(|job| model.task(0, [job.0, job.1][it], 60)).collect());
    for (&before, &after) in first.iter().zip(&second) {
        model.precedence(before, after);
    }
    model.no_overlap(&first);
    model.no_overlap(&second);
    let ends: Vec<View> = second.iter().map(|task| task.end).collect();
    let makespan = model.maximum(&ends);
    model.minimize(makespan);
    // Jobs with a short first task first, in its order; then the others, the last by the second.
    assert_eq!(optimum(model), 24);
}

#[test]
fn rules_that_clash_are_blamed_and_no_others() {
    let mut model = Model::default();
    let shifts = model.integers(20, 0, 9);
    let mut rules = Vec::new();
    for (number, pair) in shifts.windows(2).enumerate() {
        let rule = model.rule(format!("{number} before {}", number + 1));
        model.add_if(rule, relation!(pair[0] <= pair[1]));
        rules.push(rule);
    }
    let early = model.rule("the fifth is early");
    model.add_if(early, shifts[4].at_most(3));
    let late = model.rule("the third is late");
    model.add_if(late, shifts[2].at_least(4));
    rules.extend([early, late]);
    let Outcome::Infeasible { core } = model.solve_under(&rules, &Limits::default(), &mut ())
    else {
        panic!("the rules clash");
    };
    let core = model.minimal_core(&core, &Limits::default());
    let mut names: Vec<&str> = core.iter().filter_map(|&rule| model.name(rule)).collect();
    names.sort_unstable();
    assert_eq!(names, ["2 before 3", "3 before 4", "the fifth is early", "the third is late"]);
    // The model itself is as it was.
    let without = &rules[..rules.len() - 1];
    let outcome = model.solve_under(without, &Limits::default(), &mut ());
    assert!(matches!(outcome, Outcome::Optimal { .. }), "{outcome:?}");
}

/// Keeps what it is told.
#[derive(Default)]
struct Record {
    incumbents: Vec<i64>,
    bounds: Vec<i64>,
    questions: u64,
    patience: u64,
}

impl Observer for Record {
    fn incumbent(&mut self, _: &Solution, objective: i64) {
        self.incumbents.push(objective);
    }

    fn bound(&mut self, bound: i64) {
        self.bounds.push(bound);
    }

    fn stop(&mut self) -> Option<StopReason> {
        self.questions += 1;
        (self.questions > self.patience).then_some(StopReason::Interrupted)
    }
}

/// A knapsack that takes a few hundred conflicts.
fn knapsack() -> Model {
    let mut model = Model::default();
    let taken = model.booleans(30);
    let total = |factor: i64, modulus: i64| {
        sum((0..30).map(|it| (20 + (it + 1) * factor % modulus) * taken[it as usize]))
    };
    model.add(total(37, 41).no_more_than(400));
    model.add(total(53, 47).no_more_than(450));
    model.maximize(total(29, 31));
    model
}

#[test]
fn observer_sees_incumbents_rise_to_the_bound() {
    let mut record = Record { patience: u64::MAX, ..Record::default() };
    let outcome = knapsack().solve_within(&Limits::default(), &mut record);
    let Outcome::Optimal { objective, .. } = outcome else { panic!("{outcome:?}") };
    assert!(record.incumbents.is_sorted_by(|a, b| a < b));
    assert!(record.bounds.is_sorted_by(|a, b| a > b));
    assert_eq!(record.incumbents.last(), Some(&objective));
    assert!(record.bounds.iter().all(|&bound| bound >= objective));
}

#[test]
fn limits_and_observers_stop_a_search_with_what_it_has() {
    let limits = Limits { conflicts: 20, ..Limits::default() };
    match knapsack().solve_within(&limits, &mut ()) {
        Outcome::Feasible { objective, bound, stopped, .. } => {
            assert_eq!(stopped, StopReason::Work);
            assert!(objective <= bound);
        }
        other => panic!("{other:?}"),
    }
    let mut record = Record { patience: 0, ..Record::default() };
    let outcome = knapsack().solve_within(&Limits::default(), &mut record);
    let is_interrupted = matches!(
        outcome,
        Outcome::Unknown { stopped: StopReason::Interrupted, .. }
            | Outcome::Feasible { stopped: StopReason::Interrupted, .. }
    );
    assert!(is_interrupted, "{outcome:?}");
}

#[test]
fn hint_that_is_a_solution_is_the_first_incumbent() {
    let mut model = Model::default();
    let views = model.integers(6, 0, 5);
    model.all_different(&views);
    let hinted = [3, 1, 4, 0, 5, 2];
    for (&view, &value) in views.iter().zip(&hinted) {
        model.hint(view, value);
    }
    model.minimize(sum(views.iter().zip(1..).map(|(&view, weight)| weight * view)));
    let mut record = Record { patience: u64::MAX, ..Record::default() };
    let outcome = model.solve_within(&Limits::default(), &mut record);
    let expected: i64 = hinted.iter().zip(1..).map(|(value, weight)| value * weight).sum();
    assert_eq!(record.incumbents.first(), Some(&expected));
    // The largest value at the smallest weight.
    assert!(matches!(outcome, Outcome::Optimal { objective: 35, .. }), "{outcome:?}");
}

#[test]
fn reified_relations_hold_exactly_when_they_do() {
    let mut model = Model::default();
    let (x, y) = (model.integer(-2, 2), model.integer(-2, 2));
    let atoms = [
        model.holds(relation!(x + 2 * y <= 1)),
        model.holds(relation!(x == y)),
        model.holds(relation!(2 * x - y != 3)),
        model.holds(relation!(x > -1)),
        model.holds(relation!(3 * x == 4)),
    ];
    let distance = model.absolute(y);
    let largest = model.maximum(&[x, y]);
    let squared = model.element(&[4, 1, 0, 1, 4], x + 2);
    let mut seen = 0;
    let all = model.enumerate(&[x, y], &Limits::default(), &mut |it| {
        let (a, b) = (it.value(x), it.value(y));
        let truth = [a + 2 * b <= 1, a == b, 2 * a - b != 3, a > -1, false];
        assert_eq!(atoms.map(|atom| it.holds(atom)), truth);
        assert_eq!(it.value(distance), b.abs());
        assert_eq!(it.value(largest), a.max(b));
        assert_eq!(it.value(squared), a * a);
        seen += 1;
    });
    assert_eq!((all.solutions, seen), (25, 25));
}
