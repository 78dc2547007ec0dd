//! Charts of schedules and of numbers: plain data, drawn as text, SVG, PNG or a page.
//!
//! [`scene`] reads a problem and a schedule; [`text()`], [`svg`], [`png`] and [`html`] draw what it
//! gives. Whoever has another source of bars fills a [`Scene`] by hand. [`Curves`], [`Boxes`] and
//! [`Histogram`] show numbers, [`Convergence`] and [`Front`] make curves. [`Chart::file`] gives any
//! of them in any form. Inside, layout makes a list of shapes with named styles; SVG is written
//! from that list and PNG from SVG, the page draws the scene itself.
//!
//! How to add a kind of chart: 1. a file with its plain data; 2. a function that makes a drawing of
//! it (through `plot` where it has axes) and one that makes text; 3. a variant of [`Chart`]; 4. a
//! snapshot of its text and a picture in the example `gallery`, looked at in light and dark.
//!
//! ```
//! use ordine_base::{Demand, Ticks, Time};
//! use ordine_chart::{TextStyle, Theme, scene, svg, text};
//! use ordine_problem::{Placement, ProblemBuilder, Schedule};
//!
//! # fn main() -> Result<(), ordine_problem::ProblemError> {
//! let mut builder = ProblemBuilder::new("one task");
//! let lathe = builder.machine("lathe");
//! let turn = builder.task("turn", None)?;
//! builder.mode(turn, Ticks::new(3), &[(lathe, Demand::ONE)])?;
//! let problem = builder.seal()?;
//! let mut schedule = Schedule::empty(&problem);
//! let mode = problem.usable_modes(turn)[0];
//! schedule.place(turn, Placement::starting(&problem, mode, Time::ORIGIN));
//! let scene = scene(&problem, &schedule);
//! assert!(text(&scene, &TextStyle::plain(40)).starts_with("one task  makespan 3\n"));
//! assert!(svg(&scene, Theme::Auto).starts_with("<svg"));
//! # Ok(())
//! # }
//! ```
//!
//! **Source:** charts after Gantt 1910; resource panels as project planners draw them.

mod axis;
mod boxes;
mod convergence;
mod curves;
mod drawing;
mod file;
mod fill;
mod front;
mod histogram;
mod html;
mod layout;
mod letters;
mod palette;
mod panel;
mod plot;
mod png;
mod ruler;
mod scene;
mod svg;
mod text;
mod theme;

pub use boxes::{Boxes, Sample, boxes_text};
pub use convergence::{Convergence, Effort};
pub use curves::{Curves, Joints, Series, curves_svg, curves_text};
pub use file::{Chart, FileKind};
pub use fill::{scene, scene_with_bound};
pub use front::Front;
pub use histogram::{Histogram, histogram_text};
pub use html::html;
pub use png::png;
pub use ruler::{Axis, AxisScale};
pub use scene::{
    Bar, BarId, BarKind, Break, BreakKind, Group, GroupId, Lane, LaneId, LaneKind, Late, Layer,
    Link, Marker, MarkerKind, Scene, Side, Usage, UsageKind,
};
pub use svg::svg;
pub use text::{Ink, TextStyle, text};
pub use theme::Theme;
