//! Charts of schedules and curves: a scene of plain data, drawn as text for a terminal or as SVG.
//!
//! [`scene`] reads a problem and a schedule; [`text`] and [`svg`] draw what it gives. Whoever has
//! another source of bars fills a [`Scene`] by hand. Inside, [`svg`] lays the scene out as a list
//! of shapes with named styles and then writes them; a raster or page writer takes the same list.
//!
//! ```
//! use ordine_base::{Demand, Ticks, Time};
//! use ordine_chart::{TextStyle, scene, svg, text};
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
//! assert!(svg(&scene).starts_with("<svg"));
//! # Ok(())
//! # }
//! ```
//!
//! **Source:** charts after Gantt 1910; resource panels as project planners draw them.

mod axis;
mod curves;
mod drawing;
mod fill;
mod layout;
mod palette;
mod panel;
mod scene;
mod svg;
mod text;

pub use curves::{Axis, AxisScale, Curves, Series, curves_svg, curves_text};
pub use fill::{scene, scene_with_bound};
pub use scene::{
    Bar, Group, GroupId, Lane, LaneId, LaneKind, Layer, Marker, MarkerKind, Scene, Usage, UsageKind,
};
pub use svg::svg;
pub use text::{Ink, TextStyle, text};
