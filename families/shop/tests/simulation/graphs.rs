//! The graph of a shop: kept true by small changes, it is the graph drawn from nothing.
//!
//! **Source:** -

use crate::shops::{random_instance, settings};
use ordine_base::Seed;
use ordine_shop::simulation::{ShopSettings, ShopWorld, Workshop, graph_json, rule_policy};
use ordine_world::{CandidateId, Graph, World};
use std::sync::Arc;

/// Rows as they are, edges by relation in the order of their ends, nodes of candidates.
type Told = (Vec<f32>, Vec<Vec<(usize, usize)>>, Vec<Option<usize>>);

fn told(graph: &Graph, candidates: usize) -> Told {
    use ordine_base::Id;
    let rows = graph.node_types().flat_map(|(_, table)| table.rows().to_vec()).collect();
    let edges = graph.relations().map(|(_, table)| {
        let pairs = table.pairs().iter().map(|(from, to)| (from.index(), to.index()));
        let mut pairs: Vec<(usize, usize)> = pairs.collect();
        pairs.sort_unstable();
        pairs
    });
    let node =
        |place: usize| graph.candidate(CandidateId::from_index(place)).map(|it| it.1.index());
    (rows, edges.collect(), (0..candidates).map(node).collect())
}

#[test]
fn a_graph_kept_true_by_changes_is_the_graph_drawn_from_nothing() {
    for seed in 0..48_usize {
        let mut stream = Seed::new(seed as u64).stream("instances");
        let jobs = random_instance(&mut stream, seed % 3 == 0);
        let shop: Arc<Workshop> = Workshop::of_instance(jobs).expect("a shop").into();
        let made = ShopSettings { graph: true, ..settings(seed, &shop) };
        let policy = rule_policy("random", &shop).expect("a rule");
        let mut world = ShopWorld::new(shop.clone(), made.into(), Seed::new(seed as u64));
        let mut edges_left = usize::MAX;
        while let candidates @ 1.. = world.observe().candidates.len() {
            let graph = world.graph().expect("it is asked for");
            let scratch = world.graph_from_scratch();
            let (kept, drawn) = (told(graph, candidates), told(&scratch, candidates));
            assert_eq!(kept, drawn, "seed {seed} at {}", world.now());
            let edges = kept.1[2].len();
            assert!(edges <= edges_left, "edges of machines only vanish");
            edges_left = edges;
            let choice = policy.choose(world.observe(), &mut stream);
            world.act(choice);
        }
    }
}

#[test]
fn json_of_a_graph_names_features_and_edges() {
    let shop = crate::shops::instance(&[&[(0, 3), (1, 2)], &[(0, 4), (1, 1)]]);
    let shop: Arc<Workshop> = Workshop::of_instance(shop).expect("a shop").into();
    let made = ShopSettings { graph: true, ..ShopSettings::default() };
    let world = ShopWorld::new(shop, made.into(), Seed::new(1));
    let text = graph_json(world.graph().expect("it is asked for"));
    assert!(text.contains("\"next\":[[0,1],[2,3]]"), "{text}");
    assert!(text.contains("\"previous\":[[1,0],[3,2]]"), "{text}");
    // Both first operations want the first machine: candidates, and nothing blocks them.
    assert!(text.contains("\"0\":[1,0,0,0,0,0.6,1.2,2,0,-1,0,0,1]"), "{text}");
    assert!(text.ends_with("\"blocks\":[]}}"), "{text}");
}
