//! Writes a gallery of charts into the folder that is named: `cargo run -p ordine-chart --example
//! gallery -- FOLDER`. To look at after a change of the layout.
//!
//! **Source:** -

#[path = "../tests/schedules/everything.rs"]
mod everything;
#[path = "../tests/schedules/greedy.rs"]
mod greedy;
#[path = "../tests/schedules/numbers.rs"]
mod numbers;

use everything::everything;
use greedy::{ft06, greedy, pocket, project, shop, workshop};
use ordine_base::Cost;
use ordine_chart::{Chart, FileKind, Scene, TextStyle, Theme, scene, scene_with_bound};
use ordine_problem::{Measure, Problem, ProblemBuilder};
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).expect("name a folder to write to");
    let plain = |problem: Problem| scene(&problem, &greedy(&problem));
    let problem = ft06(Measure::Makespan);
    let bounded = scene_with_bound(&problem, &greedy(&problem), &Cost::single(47));
    let nothing = ProblemBuilder::new("nothing").seal().expect("valid");
    let (problem, schedule) = everything();
    let scenes: Vec<(&str, Scene)> = vec![
        ("pocket", plain(pocket(Some(4)))),
        ("ft06-bound", bounded),
        ("ft06-late", plain(ft06(Measure::TotalTardiness))),
        ("shop-30x10", plain(shop(30, 10, 99))),
        ("shop-100x20", plain(shop(100, 20, 99))),
        ("shop-huge-times", plain(shop(5, 4, 1 << 30))),
        ("project-6", plain(project(6))),
        ("project-32", plain(project(32))),
        ("project-2000", plain(project(2_000))),
        ("workshop", plain(workshop())),
        ("profiles", plain(workshop()).profiles()),
        ("everything", scene(&problem, &schedule)),
        ("nothing", plain(nothing)),
    ];
    let (boxes, histogram) = (numbers::rules(), numbers::gaps());
    let (run, front) = (numbers::run().curves(), numbers::front().curves());
    let mut charts: Vec<(&str, Chart<'_>)> = vec![
        ("rules", Chart::Boxes(&boxes)),
        ("gaps", Chart::Histogram(&histogram)),
        ("run", Chart::Curves(&run)),
        ("front", Chart::Curves(&front)),
    ];
    charts.extend(scenes.iter().map(|(name, scene)| (*name, Chart::Gantt(scene))));
    for (name, chart) in charts {
        let place = |ending: &str| Path::new(&folder).join(format!("{name}{ending}"));
        for kind in FileKind::ALL {
            let path = place(&format!(".{}", kind.extension()));
            std::fs::write(path, chart.file(kind, Theme::Auto))?;
        }
        std::fs::write(place("-dark.png"), chart.file(FileKind::Png, Theme::Dark))?;
        std::fs::write(place(".ansi"), chart.text(&TextStyle::ansi(100)))?;
    }
    Ok(())
}
