//! Micro-benchmarks of the general constraints: `cargo bench -p ordine-cp --bench general`.
//!
//! Each measures one dive: decisions in a fixed random order, each followed by a fix-point, until a
//! conflict or the end, and the way back to the root; with `explain` the conflict is resolved to
//! its decisions.
//!
//! **Source:** -

use divan::Bencher;
use ordine_base::{Seed, Stream};
use ordine_cp::propagators::{
    Bin, BinPackingParameters, CircuitArc, PackedItem, Rectangle, RectangleParameters,
    post_all_different, post_at_most, post_bin_packing, post_circuit, post_circuit_length,
    post_element, post_exactly, post_linear, post_maximum, post_no_overlap_2d, post_table,
};
use ordine_cp::{Atom, Engine, Interval, Value, View, blame};

fn main() {
    divan::main();
}

/// Dives along `atoms`, deciding those that are open.
fn dive(engine: &mut Engine, atoms: &[Atom]) -> bool {
    let mut conflicts = false;
    for &atom in atoms {
        if engine.fix_point().is_err() {
            conflicts = true;
            break;
        }
        if !engine.trail.is_true(atom) && !engine.trail.is_false(atom) {
            engine.decide(atom);
        }
    }
    engine.backtrack(0, |_, _| {});
    conflicts
}

fn measure(bencher: Bencher<'_, '_>, mut engine: Engine, mut atoms: Vec<Atom>) {
    Seed::new(7).stream("order").shuffle(&mut atoms);
    engine.fix_point().expect("the root is consistent");
    bencher.bench_local(|| dive(&mut engine, &atoms));
}

fn stream() -> Stream {
    Seed::new(1).stream("general")
}

fn variables(engine: &mut Engine, count: usize, upper: Value) -> Vec<View> {
    (0..count).map(|_| engine.variable(0, upper)).collect()
}

/// An atom somewhere in the domain of each view.
fn cuts(views: &[View], upper: Value, stream: &mut Stream) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for &view in views {
        let value = 1 + stream.below(upper as usize) as Value;
        atoms.push(if stream.chance(0.5) { view.at_least(value) } else { view.at_most(value - 1) });
    }
    atoms
}

#[divan::bench(args = [10, 100, 1_000])]
fn linear(bencher: Bencher<'_, '_>, count: usize) {
    let (mut engine, mut stream) = (Engine::default(), stream());
    let views = variables(&mut engine, count, 9);
    let terms: Vec<(Value, View)> =
        views.iter().map(|&view| (1 + stream.below(20) as Value, view)).collect();
    post_linear(&mut engine, &terms, 40 * count as Value, Atom::TRUE);
    let atoms = cuts(&views, 9, &mut stream);
    measure(bencher, engine, atoms);
}

#[divan::bench(args = [10, 100, 1_000])]
fn linear_explained(bencher: Bencher<'_, '_>, count: usize) {
    let (mut engine, mut stream) = (Engine::default(), stream());
    let views = variables(&mut engine, count, 9);
    let terms: Vec<(Value, View)> =
        views.iter().map(|&view| (1 + stream.below(20) as Value, view)).collect();
    post_linear(&mut engine, &terms, 40 * count as Value, Atom::TRUE);
    let atoms: Vec<Atom> = views.iter().map(|view| view.at_least(8)).collect();
    engine.fix_point().expect("the root is consistent");
    bencher.bench_local(|| blame(&mut engine, &atoms));
}

#[divan::bench(args = [10, 100, 1_000])]
fn at_most(bencher: Bencher<'_, '_>, count: usize) {
    let mut engine = Engine::default();
    let atoms: Vec<Atom> = (0..count).map(|_| engine.boolean()).collect();
    post_at_most(&mut engine, count / 2, &atoms, Atom::TRUE);
    measure(bencher, engine, atoms);
}

#[divan::bench(args = [10, 100])]
fn maximum(bencher: Bencher<'_, '_>, count: usize) {
    let (mut engine, mut stream) = (Engine::default(), stream());
    let target = engine.variable(0, 99);
    let items: Vec<(View, Atom)> =
        (0..count).map(|_| (engine.variable(0, 99), engine.boolean())).collect();
    post_maximum(&mut engine, target, &items, Atom::TRUE);
    let views: Vec<View> = items.iter().map(|item| item.0).chain([target]).collect();
    let mut atoms = cuts(&views, 99, &mut stream);
    atoms.extend(items.iter().map(|item| !item.1));
    measure(bencher, engine, atoms);
}

#[divan::bench(args = [10, 100])]
fn element(bencher: Bencher<'_, '_>, count: usize) {
    let (mut engine, mut stream) = (Engine::default(), stream());
    let target = engine.variable(0, 99);
    let items: Vec<(View, Atom)> = (0..count)
        .map(|_| (View::constant(stream.below(100) as Value), engine.boolean()))
        .collect();
    let selectors: Vec<Atom> = items.iter().map(|item| item.1).collect();
    post_exactly(&mut engine, 1, &selectors, Atom::TRUE);
    post_element(&mut engine, target, &items);
    let atoms: Vec<Atom> = selectors.iter().map(|&selector| !selector).collect();
    measure(bencher, engine, atoms);
}

#[divan::bench(args = [10, 100, 1_000])]
fn table(bencher: Bencher<'_, '_>, count: usize) {
    let (mut engine, mut stream) = (Engine::default(), stream());
    let views = variables(&mut engine, 5, 9);
    let mut row = || (0..5).map(|_| stream.below(10) as Value).collect();
    let rows: Vec<(Vec<Value>, Atom)> = (0..count).map(|_| (row(), Atom::TRUE)).collect();
    post_table(&mut engine, &views, &rows);
    let mut atoms = cuts(&views, 9, &mut stream);
    atoms.extend(cuts(&views, 9, &mut stream));
    measure(bencher, engine, atoms);
}

#[divan::bench(args = [10, 50, 200])]
fn all_different(bencher: Bencher<'_, '_>, count: usize) {
    let (mut engine, mut stream) = (Engine::default(), stream());
    let upper = count as Value - 1;
    let views = variables(&mut engine, count, upper);
    post_all_different(&mut engine, &views);
    let mut atoms = Vec::new();
    for _ in 0..4 {
        atoms.extend(cuts(&views, upper, &mut stream));
    }
    measure(bencher, engine, atoms);
}

#[divan::bench(args = [10, 30])]
fn bin_packing(bencher: Bencher<'_, '_>, count: usize) {
    let (mut engine, mut stream) = (Engine::default(), stream());
    let bins: Vec<Bin> = (0..count / 3)
        .map(|_| Bin {
            loads: (0..2).map(|_| engine.variable(0, 100)).collect(),
            used: engine.boolean(),
        })
        .collect();
    let items: Vec<PackedItem> = (0..count)
        .map(|_| PackedItem {
            sizes: (0..2).map(|_| 15 + stream.below(30) as Value).collect(),
            present: Atom::TRUE,
            bins: bins.iter().map(|_| engine.boolean()).collect(),
        })
        .collect();
    post_bin_packing(&mut engine, &items, &bins, &BinPackingParameters::default());
    let atoms = items.iter().flat_map(|item| item.bins.clone()).collect();
    measure(bencher, engine, atoms);
}

#[divan::bench(args = [6, 15, 30])]
fn no_overlap_2d(bencher: Bencher<'_, '_>, count: usize) {
    let (mut engine, mut stream) = (Engine::default(), stream());
    let width = 6 * (count as f64).sqrt() as Value;
    let rectangles: Vec<Rectangle> = (0..count)
        .map(|_| {
            let mut side = || {
                let size = 1 + stream.below(6) as Value;
                let start = engine.variable(0, width - size);
                let duration = View::constant(size);
                Interval { start, duration, end: start + size, present: Atom::TRUE }
            };
            Rectangle { x: side(), y: side() }
        })
        .collect();
    let atoms = post_no_overlap_2d(&mut engine, &rectangles, &RectangleParameters::default());
    measure(bencher, engine, atoms);
}

/// All arcs between towns on a grid, and their lengths.
fn towns(engine: &mut Engine, count: usize) -> (Vec<CircuitArc>, Vec<Value>) {
    let mut stream = stream();
    let places: Vec<[Value; 2]> =
        (0..count).map(|_| [0, 0].map(|_: Value| stream.below(1000) as Value)).collect();
    let (mut arcs, mut lengths) = (Vec::new(), Vec::new());
    for from in 0..count {
        for to in (0..count).filter(|&to| to != from) {
            arcs.push(CircuitArc { from, to, chosen: engine.boolean() });
            lengths.push((0..2).map(|it| (places[from][it] - places[to][it]).abs()).sum());
        }
    }
    (arcs, lengths)
}

#[divan::bench(args = [10, 20, 40])]
fn circuit(bencher: Bencher<'_, '_>, count: usize) {
    let mut engine = Engine::default();
    let (arcs, _) = towns(&mut engine, count);
    post_circuit(&mut engine, count, &arcs);
    let atoms = arcs.iter().map(|arc| arc.chosen).collect();
    measure(bencher, engine, atoms);
}

#[divan::bench(args = [10, 20, 40])]
fn circuit_length(bencher: Bencher<'_, '_>, count: usize) {
    let mut engine = Engine::default();
    let (arcs, lengths) = towns(&mut engine, count);
    let length = engine.variable(0, 1000 * count as Value);
    post_circuit(&mut engine, count, &arcs);
    post_circuit_length(&mut engine, count, &arcs, &lengths, length);
    let atoms = arcs.iter().map(|arc| arc.chosen).collect();
    measure(bencher, engine, atoms);
}
