//! A project in the family's own words: activities, modes, renewable and nonrenewable resources,
//! lags between starts, reservoirs.
//!
//! Valid when every activity that another one names exists, every activity has a mode, every mode
//! one demand per resource, and every activity one flow per reservoir. Cycles and impossible
//! demands are found by the problem. O(modes × resources + activities × reservoirs + arcs).
//!
//! **Source:** Kolisch, Sprecher 1996 (PSPLIB), section 2; Bartusch, Möhring, Radermacher 1988
//! (lags); Neumann, Schwindt 2003 (reservoirs).

use ordine_base::{Demand, Ticks, Time};
use ordine_problem::ProblemError;

/// One way to run an activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityMode {
    /// Its duration.
    pub duration: Ticks,
    /// Demand of each resource, renewables first.
    pub demands: Vec<Demand>,
}

/// A least time from the start of an activity to the start of another. A negative one says how
/// long before the other the activity may start at most: `start(other) >= start + lag` is
/// `start <= start(other) - lag`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartLag {
    /// The other activity, from 0.
    pub other: usize,
    /// The time.
    pub lag: Ticks,
}

/// What an activity does to one reservoir.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// What it takes at its start.
    pub consumed: Demand,
    /// What it gives at its end.
    pub produced: Demand,
}

/// One activity of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Activities that start after its end, from 0.
    pub successors: Vec<usize>,
    /// Least times to the starts of others.
    pub lags: Vec<StartLag>,
    /// What it does to each reservoir.
    pub flows: Vec<Flow>,
    /// Its modes.
    pub modes: Vec<ActivityMode>,
}

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectInstance {
    /// Name of the instance.
    pub name: String,
    /// When the project may start.
    pub release: Time,
    /// Capacities of the renewable resources, `R 1` first.
    pub renewables: Vec<Demand>,
    /// Budgets of the nonrenewable resources, `N 1` first.
    pub nonrenewables: Vec<Demand>,
    /// What the reservoirs hold at the beginning; never may they hold less than nothing.
    pub reservoirs: Vec<Demand>,
    /// The activities, source first and sink last.
    pub activities: Vec<Activity>,
}

/// Why a project is none. Activities are numbered from 1, as in files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// An activity without modes.
    #[error("activity {activity} has no mode: give it at least one")]
    NoMode {
        /// The activity, from 1.
        activity: usize,
    },
    /// A successor that the project does not have.
    #[error(
        "activity {activity} has successor {successor}, but the activities are 1 to {activities}: \
         correct it"
    )]
    UnknownSuccessor {
        /// The activity, from 1.
        activity: usize,
        /// The successor, from 1.
        successor: usize,
        /// Number of activities.
        activities: usize,
    },
    /// A mode with too many or too few demands.
    #[error(
        "a mode of activity {activity} has {found} demands, but there are {expected} resources"
    )]
    DemandCount {
        /// The activity, from 1.
        activity: usize,
        /// Number of its demands.
        found: usize,
        /// Number of resources.
        expected: usize,
    },
    /// An activity with too many or too few flows.
    #[error("activity {activity} has {found} flows, but there are {expected} reservoirs")]
    FlowCount {
        /// The activity, from 1.
        activity: usize,
        /// Number of its flows.
        found: usize,
        /// Number of reservoirs.
        expected: usize,
    },
    /// What the common form of problems refuses.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}

impl ProjectInstance {
    /// Number of resources of both kinds.
    pub fn resource_count(&self) -> usize {
        self.renewables.len() + self.nonrenewables.len()
    }

    /// Checks the rules of the module documentation.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), ProjectError> {
        let (activities, expected) = (self.activities.len(), self.resource_count());
        for (data, activity) in self.activities.iter().zip(1..) {
            if data.modes.is_empty() {
                return Err(ProjectError::NoMode { activity });
            }
            let others = data.lags.iter().map(|it| it.other);
            let named = data.successors.iter().copied().chain(others);
            if let Some(unknown) = named.into_iter().find(|&it| it >= activities) {
                let successor = unknown + 1;
                return Err(ProjectError::UnknownSuccessor { activity, successor, activities });
            }
            if let Some(mode) = data.modes.iter().find(|mode| mode.demands.len() != expected) {
                let found = mode.demands.len();
                return Err(ProjectError::DemandCount { activity, found, expected });
            }
            let (found, expected) = (data.flows.len(), self.reservoirs.len());
            if found != expected {
                return Err(ProjectError::FlowCount { activity, found, expected });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broken_rule_is_named() {
        let mode = ActivityMode { duration: Ticks::new(1), demands: vec![Demand::ONE] };
        let good = Activity { modes: vec![mode.clone()], ..Activity::default() };
        let project = |activity: Activity| ProjectInstance {
            renewables: vec![Demand::ONE],
            activities: vec![activity],
            ..ProjectInstance::default()
        };
        assert_eq!(project(good.clone()).validate(), Ok(()));
        let idle = project(Activity::default()).validate();
        assert_eq!(idle, Err(ProjectError::NoMode { activity: 1 }));
        let far = project(Activity { successors: vec![1], ..good.clone() }).validate();
        assert!(matches!(far, Err(ProjectError::UnknownSuccessor { successor: 2, .. })));
        let lag = StartLag { other: 3, lag: Ticks::new(-1) };
        let far = project(Activity { lags: vec![lag], ..good.clone() }).validate();
        assert!(matches!(far, Err(ProjectError::UnknownSuccessor { successor: 4, .. })));
        let bare = ActivityMode { demands: vec![], ..mode };
        let bare = project(Activity { modes: vec![bare], ..good.clone() }).validate();
        assert!(matches!(bare, Err(ProjectError::DemandCount { found: 0, expected: 1, .. })));
        let wet = project(Activity { flows: vec![Flow::default()], ..good }).validate();
        assert!(matches!(wet, Err(ProjectError::FlowCount { found: 1, expected: 0, .. })));
    }
}
