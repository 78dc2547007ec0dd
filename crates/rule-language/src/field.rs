//! Fields: what an expression may read of a candidate and of the state.
//!
//! **Source:** symbols of scheduling theory: Graham, Lawler, Lenstra, Rinnooy Kan 1979.

/// Whether a field differs between the candidates of one decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One value per candidate.
    Candidate,
    /// One value per decision.
    State,
}

/// Something that a rule can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Field {
    /// Duration.
    Duration,
    /// Due time of the job; infinite without one.
    Due,
    /// Weight of the job.
    Weight,
    /// Release of the job.
    Release,
    /// Earliest start.
    Start,
    /// Instant from which the task waits.
    Since,
    /// Latest start that keeps the longest path from growing.
    LatestStart,
    /// Latest end that keeps the longest path from growing.
    LatestEnd,
    /// Work on the longest path from the task on.
    Work,
    /// Most tasks on a path from the task on.
    Tasks,
    /// Duration plus those of the immediate successors.
    Rank,
    /// The instant of the decision.
    Now,
    /// How many candidates there are: of a single machine, jobs left.
    Left,
    /// Sum of the durations of the candidates.
    DurationSum,
    /// Greatest duration of a candidate.
    DurationMax,
    /// Least duration of a candidate.
    DurationMin,
    /// How many tasks the instance has.
    Count,
}

impl Field {
    /// Every field, with its name in rules and what it is.
    pub const ALL: [(Field, &'static str, &'static str); 17] = [
        (Field::Duration, "p", "duration of the candidate"),
        (Field::Due, "d", "due time of its job, infinite without one"),
        (Field::Weight, "w", "weight of its job"),
        (Field::Release, "r", "release of its job"),
        (Field::Start, "start", "earliest start"),
        (Field::Since, "since", "instant from which it waits"),
        (Field::LatestStart, "latest_start", "latest start on the longest path"),
        (Field::LatestEnd, "latest_end", "latest end on the longest path"),
        (Field::Work, "work", "work on the longest path from it on"),
        (Field::Tasks, "tasks", "most tasks on a path from it on"),
        (Field::Rank, "rank", "its duration plus those of its immediate successors"),
        (Field::Now, "t", "instant of the decision"),
        (Field::Left, "k", "number of candidates"),
        (Field::DurationSum, "psum", "sum of the durations of all candidates"),
        (Field::DurationMax, "pmax", "greatest duration of a candidate"),
        (Field::DurationMin, "pmin", "least duration of a candidate"),
        (Field::Count, "n", "number of tasks of the instance"),
    ];

    /// How many fields a candidate has; they come first.
    pub(crate) const OF_CANDIDATE: usize = 11;
    /// How many fields a state has.
    pub(crate) const OF_STATE: usize = 6;

    /// The field of this name.
    pub fn named(name: &str) -> Option<Field> {
        Field::ALL.iter().find(|(_, known, _)| *known == name).map(|(field, _, _)| *field)
    }

    /// Its name in rules.
    pub fn name(self) -> &'static str {
        Field::ALL[self as usize].1
    }

    /// Whether it differs between candidates.
    pub fn scope(self) -> Scope {
        if (self as usize) < Field::OF_CANDIDATE { Scope::Candidate } else { Scope::State }
    }

    /// Its place among the fields of its scope.
    pub(crate) fn place(self) -> usize {
        match self.scope() {
            Scope::Candidate => self as usize,
            Scope::State => self as usize - Field::OF_CANDIDATE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_in_the_order_of_their_numbers() {
        for (place, (field, name, _)) in Field::ALL.iter().enumerate() {
            assert_eq!(*field as usize, place);
            assert_eq!(Field::named(name), Some(*field));
        }
        assert_eq!(Field::ALL.len(), Field::OF_CANDIDATE + Field::OF_STATE);
        assert_eq!(Field::Now.place(), 0);
        assert_eq!(Field::Rank.scope(), Scope::Candidate);
    }
}
