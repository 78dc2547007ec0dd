//! Schedules and budgets for people who train models and solve systems.
//!
//! Three subjects share one question, how much each step gets: [`schedules`] of the learning rate
//! over a budgeted run, [`rollouts`] divided among prompts, and [`relaxation`] parameters over a
//! sequence of linear systems.
//!
//! **Source:** see each module.

pub mod io;
pub mod relaxation;
pub mod rollouts;
pub mod schedules;
