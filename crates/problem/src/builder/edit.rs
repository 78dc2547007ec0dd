//! Changes to parts that a builder holds already, for problems that are a variant of another.
//!
//! Ids stay what they are: a part is replaced, never taken out, except for relations that have no
//! ids of their own.
//!
//! **Source:** -

use super::{ProblemBuilder, in_range};
use crate::parts::{Job, Requirement};
use crate::{
    Hold, JobId, ModeRelation, Precedence, PrecedenceId, ProblemError, ResourceId, SameSequence,
    Selection, TaskId,
};
use ordine_base::{Demand, Ticks};

impl ProblemBuilder {
    /// The job as it stands.
    ///
    /// # Panics
    /// When the builder has not given the id.
    pub fn job_of(&self, job: JobId) -> &Job {
        &self.jobs[job]
    }

    /// Puts another job in the place of one.
    ///
    /// # Errors
    /// As [`ProblemBuilder::job`].
    ///
    /// # Panics
    /// When the builder has not given the id.
    pub fn replace_job(&mut self, id: JobId, job: Job) -> Result<(), ProblemError> {
        Self::check_job(&job)?;
        self.jobs[id] = job;
        Ok(())
    }

    /// Puts another precedence in the place of one.
    ///
    /// # Errors
    /// As [`ProblemBuilder::precedence`].
    ///
    /// # Panics
    /// When the builder has not given the id.
    pub fn replace_precedence(
        &mut self,
        id: PrecedenceId,
        precedence: Precedence,
    ) -> Result<(), ProblemError> {
        self.check_precedence(&precedence)?;
        self.precedences[id] = precedence;
        Ok(())
    }

    /// Gives the mode with this number of a task another duration.
    ///
    /// # Errors
    /// When the duration is out of range, or the task has no such mode.
    pub fn replace_duration(
        &mut self,
        task: TaskId,
        number: usize,
        duration: Ticks,
    ) -> Result<(), ProblemError> {
        let owner = || format!("task {}", self.tasks[task].name);
        in_range("duration", owner, duration.get(), 0, Ticks::MAX.get())?;
        let place = self.mode_place(task, number)?;
        self.modes[place].duration = duration;
        Ok(())
    }

    /// Lets the mode with this number of a task need this much of a resource as well.
    ///
    /// # Errors
    /// When the resource is unknown or already needed, the demand is out of range, or the task has
    /// no such mode.
    pub fn require(
        &mut self,
        task: TaskId,
        number: usize,
        resource: ResourceId,
        demand: Demand,
    ) -> Result<(), ProblemError> {
        let place = self.mode_place(task, number)?;
        let mut mode = self.modes[place].clone();
        mode.requirements.push(Requirement { resource, demand });
        let needs: Vec<_> =
            mode.requirements.iter().map(|need| (need.resource, need.demand)).collect();
        self.mode_with(task, mode.duration, &needs, &mode.stock_changes)?;
        self.modes.swap_remove(place);
        Ok(())
    }

    /// Where the mode with this number of a task stands.
    fn mode_place(&self, task: TaskId, number: usize) -> Result<usize, ProblemError> {
        let of_task = |place: &usize| self.modes[*place].task == task;
        let mut places = (0..self.modes.len()).filter(of_task);
        places.nth(number).ok_or_else(|| {
            let known = (0..self.modes.len()).filter(of_task).count();
            let owner = format!("task {}", self.tasks[task].name);
            ProblemError::UnknownId { owner, what: "mode", found: number, known }
        })
    }

    /// Drops the choices that `keep` does not want, by their position.
    pub fn keep_selections(&mut self, mut keep: impl FnMut(usize, &Selection) -> bool) {
        let mut places = 0..;
        let mut next = || places.next().expect("numbers do not end");
        self.relations.selections.retain(|it| keep(next(), it));
    }

    /// Drops the blocking that `keep` does not want.
    pub fn keep_holds(&mut self, keep: impl FnMut(&Hold) -> bool) {
        self.relations.holds.retain(keep);
    }

    /// Drops the relations of modes that `keep` does not want, by their position.
    pub fn keep_mode_relations(&mut self, mut keep: impl FnMut(usize, &ModeRelation) -> bool) {
        let mut places = 0..;
        let mut next = || places.next().expect("numbers do not end");
        self.relations.modes.retain(|it| keep(next(), it));
    }

    /// Changes the groups of machines that follow one order of jobs; those of which `keep` does
    /// not want any are dropped.
    pub fn keep_same_sequences(&mut self, mut keep: impl FnMut(usize, &mut SameSequence) -> bool) {
        let mut places = 0..;
        let mut next = || places.next().expect("numbers do not end");
        self.relations.sequences.retain_mut(|it| keep(next(), it));
    }

    /// Allows that held machines are exchanged in a circle at one instant.
    pub fn allow_swaps(&mut self) {
        self.relations.swaps_forbidden = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_modes_keep_their_numbers() {
        let mut builder = ProblemBuilder::new("two modes");
        let none = builder.consumable("none", Demand::ZERO).expect("valid");
        let task = builder.task("turn", None).expect("valid");
        for duration in [3, 5] {
            builder.mode(task, Ticks::new(duration), &[]).expect("valid");
        }
        builder.require(task, 0, none, Demand::ONE).expect("valid");
        builder.replace_duration(task, 1, Ticks::new(7)).expect("valid");
        let found = builder.replace_duration(task, 2, Ticks::new(7));
        assert!(matches!(found, Err(ProblemError::UnknownId { found: 2, known: 2, .. })));
        assert!(builder.replace_duration(task, 0, Ticks::new(-1)).is_err());
        let problem = builder.seal().expect("valid");
        let durations: Vec<i64> =
            problem.modes(task).map(|mode| problem.mode(mode).duration.get()).collect();
        assert_eq!(durations, [3, 7]);
        let usable: Vec<usize> =
            problem.usable_modes(task).iter().map(|&mode| problem.mode_number(mode)).collect();
        assert_eq!(usable, [1]);
    }
}
