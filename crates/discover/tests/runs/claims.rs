//! Properties that are claimed of rules.
//!
//! **Source:** -

use super::generate;
use ordine_base::Seed;
use ordine_discover::{Arena, Claim, Harness, Jobs, SingleMachine, Splits, Tried, claims};
use ordine_rule_language::Limits;

#[test]
fn orders_are_told_apart_by_what_is_claimed_of_them() {
    let jobs = Jobs { durations: vec![4, 2, 3], dues: vec![3, 2, 9], ..Jobs::default() };
    // Job 1 is shorter than job 0 and due earlier; job 0 is late from the first.
    for (order, agreeable, on_time_first) in
        [([1, 2, 0], true, true), ([1, 0, 2], true, false), ([0, 1, 2], false, false)]
    {
        assert_eq!(Claim::Agreeable.is_kept(&jobs, &order), agreeable, "{order:?}");
        assert_eq!(Claim::OnTimeFirst.is_kept(&jobs, &order), on_time_first, "{order:?}");
    }
}

#[test]
fn what_is_claimed_of_known_rules_is_tried_on_a_thousand_instances() {
    let arena = SingleMachine::new(vec![generate("small", 8, 50, false, Seed::new(3))]);
    let splits = Splits::by_hash(arena.facts(), 0..arena.facts().len());
    let harness = Harness::new(&arena, splits, Limits::default());
    let broken = |text: &str| -> Vec<usize> {
        let found: Vec<Tried> = claims(&harness, &harness.read(text).expect("a rule"));
        assert!(found.iter().all(|it| it.instances == 1000));
        assert!(found.iter().all(|it| (it.broken > 0) == it.first.is_some()));
        found.iter().map(|it| it.broken).collect()
    };
    // A job that is shorter and due earlier has the lesser score in both parts of the maximum.
    let mdd = broken("max(t + p, d)");
    assert!(mdd[0] == 0 && mdd[1] > 0, "{mdd:?}");
    let on_time = broken("p if t + p < d + 0.5 else 1e9 + p");
    assert_eq!(on_time[1], 0, "{on_time:?}");
    let longest = broken("-p");
    assert!(longest.iter().all(|&it| it > 500), "{longest:?}");
}
