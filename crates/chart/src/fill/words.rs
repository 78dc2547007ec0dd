//! What is written on bars, and what bars say to whoever points at them.
//!
//! **Source:** -

use super::{Placed, Source};
use ordine_base::{Interval, Ticks};
use ordine_problem::{Problem, Requirement, ResourceId, ResourceKind, Status, TaskId};

/// The names without their longest common prefix of letters and separators; names stay whole when
/// one of them would be empty.
pub(super) fn without_common_prefix<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let Some(first) = names.first() else { return Vec::new() };
    let common = |prefix: usize, name: &&str| {
        let same = first.bytes().zip(name.bytes()).take_while(|(left, right)| left == right);
        prefix.min(same.count())
    };
    let letters = first.bytes().take_while(|byte| byte.is_ascii() && !byte.is_ascii_digit());
    let prefix = names.iter().fold(letters.count(), common);
    if names.len() < 2 || names.iter().any(|name| name.len() == prefix) {
        return names.to_vec();
    }
    names.iter().map(|name| &name[prefix..]).collect()
}

/// What to write on bars in machine lanes: the job where jobs have several tasks, else the task.
pub(super) struct Labels<'a> {
    problem: &'a Problem,
    by_job: bool,
    short_jobs: Vec<&'a str>,
    short_tasks: Vec<&'a str>,
}

impl<'a> Labels<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let jobs: Vec<&str> = problem.jobs().map(|job| problem.job(job).name.as_str()).collect();
        let tasks: Vec<&str> =
            problem.tasks().map(|task| problem.task(task).name.as_str()).collect();
        Labels {
            problem,
            by_job: problem.jobs().any(|job| problem.job_tasks(job).len() > 1),
            short_jobs: without_common_prefix(&jobs),
            short_tasks: without_common_prefix(&tasks),
        }
    }

    /// The label and its short form.
    pub(super) fn of(&self, task: TaskId) -> (String, String) {
        let data = self.problem.task(task);
        let (label, short) = match data.job.filter(|_| self.by_job) {
            Some(job) => {
                (self.problem.job(job).name.as_str(), self.short_jobs[ordine_base::Id::index(job)])
            }
            None => (data.name.as_str(), self.short_tasks[ordine_base::Id::index(task)]),
        };
        (label.to_owned(), short.to_owned())
    }
}

impl Source<'_> {
    /// What a task says.
    pub(super) fn tip(&self, it: Placed, pauses: &[Interval]) -> Vec<String> {
        let problem = self.problem;
        let data = problem.task(it.task);
        let job = data.job.map(|job| &problem.job(job).name);
        let name = match job.filter(|job| **job != data.name) {
            Some(job) => format!("{} of {job}", data.name),
            None => data.name.clone(),
        };
        let mut lines = vec![name, times(it.interval)];
        let rest: Ticks = pauses.iter().map(|pause| pause.elapsed()).sum();
        if rest > Ticks::ZERO {
            lines.push(format!("rests for {rest} of them"));
        }
        if problem.modes(it.task).len() > 1 {
            lines.push(format!("mode {}", problem.mode_number(it.placement.mode)));
        }
        let needs = problem.requirements(it.placement.mode).iter();
        let needs: Vec<String> = needs.map(|need| need_words(problem, need)).collect();
        if !needs.is_empty() {
            lines.push(format!("needs {}", needs.join(", ")));
        }
        lines.extend(data.family.map(|family| format!("family {}", problem.families()[family])));
        lines.extend(status_words(data.status).map(str::to_owned));
        if self.is_late(it.task) {
            lines.push("its job is late".to_owned());
        }
        lines
    }

    /// What a setup before `task` says.
    pub(super) fn setup_tip(
        &self,
        machine: ResourceId,
        before: Option<TaskId>,
        task: TaskId,
        interval: Interval,
    ) -> Vec<String> {
        let problem = self.problem;
        let family = |task: TaskId| problem.task(task).family;
        let from = match before {
            Some(before) => family(before),
            None => problem.resource(machine).initial_family,
        };
        let name = |family: Option<_>| family.map_or("", |it| problem.families()[it].as_str());
        let head = format!("setup from {} to {}", name(from), name(family(task)));
        vec![head, times(interval), format!("for {}", problem.task(task).name)]
    }

    /// What a task says that keeps its place.
    pub(super) fn hold_tip(&self, task: TaskId, interval: Interval) -> Vec<String> {
        let problem = self.problem;
        let head = format!("{} has ended and blocks", problem.task(task).name);
        let until = problem.hold_of(task).map(|hold| &problem.task(hold.until).name);
        let until = until.map(|name| format!("until {name} starts"));
        [head, times(interval)].into_iter().chain(until).collect()
    }
}

fn times(interval: Interval) -> String {
    format!("from {} to {}, {} ticks", interval.start, interval.end, interval.elapsed())
}

fn status_words(status: Status) -> Option<&'static str> {
    match status {
        Status::Free => None,
        Status::Done { .. } => Some("done"),
        Status::Running { .. } => Some("running"),
        Status::Frozen { .. } => Some("frozen"),
    }
}

fn need_words(problem: &Problem, need: &Requirement) -> String {
    let resource = problem.resource(need.resource);
    match resource.kind {
        ResourceKind::Machine if need.demand == ordine_base::Demand::ONE => resource.name.clone(),
        _ => format!("{} {}", need.demand, resource.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_prefixes_of_letters_are_cut() {
        assert_eq!(without_common_prefix(&["j10", "j11"]), ["10", "11"]);
        assert_eq!(without_common_prefix(&["cut", "cutter"]), ["cut", "cutter"]);
        assert_eq!(without_common_prefix(&["job a", "job b"]), ["a", "b"]);
        assert_eq!(without_common_prefix(&["é1", "é2"]), ["é1", "é2"]);
        assert_eq!(without_common_prefix(&["alone"]), ["alone"]);
    }
}
