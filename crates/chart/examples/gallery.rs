//! Writes a gallery of charts into the folder that is named: `cargo run -p ordine-chart --example
//! gallery -- FOLDER`. To look at after a change of the layout.
//!
//! **Source:** -

#[path = "../tests/schedules/greedy.rs"]
mod greedy;

use greedy::{ft06, greedy, pocket, project, shop, workshop};
use ordine_base::Cost;
use ordine_chart::{Scene, TextStyle, scene, scene_with_bound, svg, text};
use ordine_problem::{Measure, Problem, ProblemBuilder};
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).expect("name a folder to write to");
    let plain = |problem: Problem| scene(&problem, &greedy(&problem));
    let problem = ft06(Measure::Makespan);
    let bounded = scene_with_bound(&problem, &greedy(&problem), &Cost::single(47));
    let nothing = ProblemBuilder::new("nothing").seal().expect("valid");
    let charts: [(&str, Scene); 10] = [
        ("pocket", plain(pocket(Some(4)))),
        ("ft06-bound", bounded),
        ("ft06-late", plain(ft06(Measure::TotalTardiness))),
        ("shop-30x10", plain(shop(30, 10, 99))),
        ("shop-100x20", plain(shop(100, 20, 99))),
        ("shop-huge-times", plain(shop(5, 4, 1 << 30))),
        ("project-6", plain(project(6))),
        ("project-32", plain(project(32))),
        ("workshop", plain(workshop())),
        ("nothing", plain(nothing)),
    ];
    for (name, scene) in charts {
        let path = Path::new(&folder).join(name);
        std::fs::write(path.with_extension("svg"), svg(&scene))?;
        std::fs::write(path.with_extension("txt"), text(&scene, &TextStyle::plain(100)))?;
        std::fs::write(path.with_extension("ansi"), text(&scene, &TextStyle::ansi(100)))?;
    }
    let large = plain(project(2_000));
    std::fs::write(Path::new(&folder).join("project-2000.svg"), svg(&large))?;
    std::fs::write(
        Path::new(&folder).join("project-2000.txt"),
        text(&large, &TextStyle::plain(100)),
    )
}
