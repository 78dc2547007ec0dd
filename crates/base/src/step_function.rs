//! Integer step functions of time: capacity profiles, usage, calendars.
//!
//! A function is a first value and the points where it changes; lookups are O(log n), building
//! from n changes O(n log n).
//!
//! **Source:** the step functions of CP Optimizer (Laborie et al. 2018, section 3.2).

use crate::Time;

/// A right-continuous integer function of time with finitely many steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepFunction {
    before: i64,
    steps: Vec<(Time, i64)>,
}

impl StepFunction {
    /// The function that is `value` everywhere.
    pub fn constant(value: i64) -> Self {
        StepFunction { before: value, steps: Vec::new() }
    }

    /// The function that starts at zero and changes by `delta` at each `(time, delta)`.
    pub fn from_changes(mut changes: Vec<(Time, i64)>) -> Self {
        changes.sort_unstable();
        let mut function = StepFunction::constant(0);
        let mut level = 0;
        let mut rest = changes.as_slice();
        while let Some(&(time, _)) = rest.first() {
            let here = rest.iter().take_while(|change| change.0 == time).count();
            let (now, later) = rest.split_at(here);
            let next: i64 = level + now.iter().map(|change| change.1).sum::<i64>();
            if next != level {
                function.steps.push((time, next));
            }
            level = next;
            rest = later;
        }
        function
    }

    /// The function that is `first` until the first step, and from the time of each step on has
    /// its value; `None` when the times do not ascend. Steps that change nothing are left out.
    pub fn from_steps(first: i64, steps: Vec<(Time, i64)>) -> Option<Self> {
        if steps.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
            return None;
        }
        let mut function = StepFunction::constant(first);
        let mut level = first;
        for (time, value) in steps {
            if value != level {
                function.steps.push((time, value));
            }
            level = value;
        }
        Some(function)
    }

    /// Value before the first step.
    pub fn first(&self) -> i64 {
        self.before
    }

    /// Value at `time`.
    pub fn value(&self, time: Time) -> i64 {
        match self.steps.partition_point(|step| step.0 <= time) {
            0 => self.before,
            after => self.steps[after - 1].1,
        }
    }

    /// The points where the value changes, each with the value from there on.
    pub fn steps(&self) -> &[(Time, i64)] {
        &self.steps
    }

    /// Largest value anywhere.
    pub fn max(&self) -> i64 {
        self.steps.iter().map(|step| step.1).fold(self.before, i64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_at_one_instant_are_merged() {
        let at = Time::new;
        let usage =
            StepFunction::from_changes(vec![(at(5), -2), (at(0), 2), (at(5), 2), (at(9), -2)]);
        assert_eq!(usage.steps(), &[(at(0), 2), (at(9), 0)]);
        assert_eq!((usage.value(at(-1)), usage.value(at(5)), usage.value(at(9))), (0, 2, 0));
        assert_eq!(usage.max(), 2);
    }

    #[test]
    fn steps_ascend_and_change_something() {
        let steps = |times: [i64; 3]| {
            let values = [3, 3, 1];
            let pairs = times.iter().zip(values);
            StepFunction::from_steps(3, pairs.map(|(&at, it)| (Time::new(at), it)).collect())
        };
        let falling = steps([0, 2, 5]).expect("ascending");
        assert_eq!((falling.first(), falling.steps()), (3, &[(Time::new(5), 1)][..]));
        assert_eq!(steps([0, 2, 2]), None);
    }
}
