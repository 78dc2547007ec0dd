//! Parameters of the tabu search for shops.
//!
//! Defaults are those of the sources, not fitted to test instances.
//!
//! **Source:** Peng, Lü, Cheng 2015 (idle limit, population); Zhang, Li, Rao, Guan 2008 (tenure
//! `10 + jobs / machines` and its random excess).

use crate::{LsError, Neighborhood};

/// Parameters of [`crate::TabuSearch`]; change fields of the default, then pass it on.
#[derive(Clone, Debug, PartialEq)]
pub struct TabuParameters {
    /// Shifts that are tried when no task has several modes (Zhang et al. 2007).
    pub neighborhood: Neighborhood,
    /// Reinsertion of critical tasks when tasks have several modes (Mastrolilli, Gambardella
    /// 2000); without it modes stay as they are in the start schedule.
    pub reinsert: bool,
    /// Least number of iterations that an undone order stays tabu, before `jobs / machines` is
    /// added; at least 1.
    pub tenure: u32,
    /// Largest random excess of a tenure, as a fraction of it; 0 to 10 (Taillard 1994).
    pub tenure_excess: f64,
    /// A tabu move is allowed when it promises a new best makespan (Glover 1989).
    pub aspiration: bool,
    /// Iterations without a better makespan that end a trajectory of shifts; at least 1.
    pub idle_max: u32,
    /// The same for reinsertions: fewer, because an iteration sees every place of every critical
    /// task; at least 1.
    pub idle_max_reinsert: u32,
    /// New trajectories start between two elite schedules (Peng, Lü, Cheng 2015); without it they
    /// start between the best schedule and a random one.
    pub relink: bool,
    /// Number of elite schedules kept; at least 2.
    pub elites: u32,
    /// Share of a random schedule in the start of a trajectory that shall be new; 0 to 1.
    pub disturbance: f64,
}

impl Default for TabuParameters {
    fn default() -> Self {
        TabuParameters {
            neighborhood: Neighborhood::N7,
            reinsert: true,
            tenure: 10,
            tenure_excess: 0.5,
            aspiration: true,
            idle_max: 12_500,
            idle_max_reinsert: 1_000,
            relink: true,
            elites: 8,
            disturbance: 0.3,
        }
    }
}

impl TabuParameters {
    /// These parameters, when each lies in its range.
    ///
    /// # Errors
    /// The first parameter that does not.
    pub fn validated(self) -> Result<Self, LsError> {
        in_range("tenure", self.tenure, self.tenure >= 1, "at least 1")?;
        let excess = self.tenure_excess;
        in_range("tenure_excess", excess, (0.0..=10.0).contains(&excess), "0 to 10")?;
        in_range("idle_max", self.idle_max, self.idle_max >= 1, "at least 1")?;
        let idle_max = self.idle_max_reinsert;
        in_range("idle_max_reinsert", idle_max, idle_max >= 1, "at least 1")?;
        in_range("elites", self.elites, (2..=10_000).contains(&self.elites), "2 to 10000")?;
        let share = self.disturbance;
        in_range("disturbance", share, (0.0..=1.0).contains(&share), "0 to 1")?;
        Ok(self)
    }
}

fn in_range(
    name: &'static str,
    found: impl ToString,
    holds: bool,
    expected: &'static str,
) -> Result<(), LsError> {
    match holds {
        true => Ok(()),
        false => Err(LsError::Parameter { name, found: found.to_string(), expected }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_outside_its_range_is_named() {
        assert!(TabuParameters::default().validated().is_ok());
        let wrong = TabuParameters { elites: 1, ..TabuParameters::default() };
        let message = wrong.validated().expect_err("one elite is too few").to_string();
        assert_eq!(message, "parameter elites is 1: expected 2 to 10000");
    }
}
