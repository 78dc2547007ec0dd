//! Step mode: a person looks at each new best rule.
//!
//! Shown are parent, candidate, what differs, the losses per class that changed, and, for one
//! machine, the training instance on which the two differ most as two charts.
//!
//! **Source:** -

use super::arena::World;
use crate::terminal;
use ordine_base::{Ticks, Time};
use ordine_chart::{scene, text};
use ordine_discover::{
    Candidate, Event, Harness, Islands, Member, Record, SingleMachine, Supervise, differences,
};
use ordine_machines::{Criterion, MachineJob, MachinesInstance, lower};
use ordine_rule_language::Scratch;
use ordine_solve::one_machine::OneMachine;
use std::io::{self, BufRead, Write};

const QUESTION: &str = "[a]ccept, [v]eto REASON, [e]dit RULE, [+] RULE to add one, [g]o on alone: ";

/// Tardiness and sequence of an instance.
type Planned = (i64, Vec<u32>);

/// A person at the terminal.
pub struct Person<'a> {
    world: &'a World,
    harness: &'a Harness<'a>,
    /// Number of the rule that was looked at last.
    seen: Option<u64>,
    /// Whether the person wants to see no more.
    silent: bool,
}

impl<'a> Person<'a> {
    /// A person who looks at a run on these instances.
    pub fn new(world: &'a World, harness: &'a Harness<'a>) -> Self {
        Person { world, harness, seen: None, silent: false }
    }

    fn show(&self, out: &mut dyn Write, best: &Member, parent: Option<&Member>) -> io::Result<()> {
        writeln!(out, "\nrule #{} {}", best.number, best.text.trim_end())?;
        writeln!(out, "  loss {:.3} %, size {}", 100.0 * best.loss, best.nodes)?;
        let Some(parent) = parent else { return Ok(()) };
        writeln!(out, "parent #{} {}", parent.number, parent.text.trim_end())?;
        for (sign, part) in differences(&parent.text, &best.text) {
            writeln!(out, "  {sign} {part}")?;
        }
        let pairs = parent.classes.iter().zip(&best.classes).enumerate();
        for (class, (old, new)) in pairs.filter(|(_, (old, new))| old != new) {
            writeln!(out, "  class {class}: {:.3} % -> {:.3} %", 100.0 * old, 100.0 * new)?;
        }
        match self.world {
            World::Tardiness(arena, _) => self.decide(out, arena, best, parent),
            World::Problems(..) => Ok(()),
        }
    }

    /// The instance on which two rules differ most, as each of them plans it.
    fn decide(
        &self,
        out: &mut dyn Write,
        arena: &SingleMachine,
        best: &Member,
        parent: &Member,
    ) -> io::Result<()> {
        let read = |member: &Member| self.harness.read(&member.text).ok();
        let (Some(new), Some(old)) = (read(best), read(parent)) else { return Ok(()) };
        let mut scratch = Scratch::default();
        let mut planned = |place: usize, rule: &Candidate| -> Option<Planned> {
            let order = arena.sequence(place, rule, &mut scratch, None).ok()?.0;
            Some((arena.judge(place, &order).ok()?, order))
        };
        let mut widest: Option<(u64, usize, Planned, Planned)> = None;
        for &place in &self.harness.splits().train {
            let (Some(new), Some(old)) = (planned(place, &new), planned(place, &old)) else {
                continue;
            };
            let apart = old.0.abs_diff(new.0);
            if apart > 0 && widest.as_ref().is_none_or(|(known, ..)| apart > *known) {
                widest = Some((apart, place, old, new));
            }
        }
        let Some((_, place, old, new)) = widest else { return Ok(()) };
        for (name, member, (tardiness, order)) in [("parent", parent, old), ("rule", best, new)] {
            writeln!(out, "{name} #{} on the deciding instance: {tardiness}", member.number)?;
            if let Some(drawn) = drawn(arena, place, &order) {
                writeln!(out, "{drawn}")?;
            }
        }
        Ok(())
    }
}

/// A sequence as a chart.
fn drawn(arena: &SingleMachine, place: usize, order: &[u32]) -> Option<String> {
    let jobs = arena.jobs(place);
    let job = |(&duration, &due): (&i64, &i64)| MachineJob {
        due: Some(Time::new(due)),
        ..MachineJob::lasting(vec![Ticks::new(duration)])
    };
    let instance = MachinesInstance {
        name: "deciding".to_owned(),
        machines: 1,
        jobs: jobs.durations.iter().zip(&jobs.dues).map(job).collect(),
        criterion: Criterion::TotalTardiness,
    };
    // Some published instances have durations below 0, which no problem has.
    let problem = lower(&instance).ok()?;
    let order: Vec<usize> = order.iter().map(|&it| it as usize).collect();
    let schedule = OneMachine::of(&problem)?.schedule(&problem, &order);
    Some(text(&scene(&problem, &schedule), &terminal::style()))
}

impl Supervise for Person<'_> {
    fn look(&mut self, islands: &Islands, records: &[Record]) -> Vec<Event> {
        let Some(best) = &islands.best else { return Vec::new() };
        if self.silent || self.seen == Some(best.number) {
            return Vec::new();
        }
        self.seen = Some(best.number);
        let record = records.iter().find(|it| it.number == best.number);
        let parent = record.and_then(|it| it.parents.first().copied());
        let members = islands.members();
        let parent = members.iter().find(|it| Some(it.number) == parent);
        let mut out = io::stderr().lock();
        // That nobody reads it is no error.
        let _ = self.show(&mut out, best, parent);
        let _ = write!(out, "{QUESTION}");
        let _ = out.flush();
        let mut line = String::new();
        if !matches!(io::stdin().lock().read_line(&mut line), Ok(1..)) {
            self.silent = true;
            return Vec::new();
        }
        let (verb, words) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let event = |action: &str| Event::Intervention {
            number: best.number,
            action: action.to_owned(),
            words: words.to_owned(),
        };
        match verb {
            "v" => vec![event("veto")],
            "e" => vec![event("edit")],
            "+" => vec![event("add")],
            "g" => {
                self.silent = true;
                vec![event("accept")]
            }
            _ => vec![event("accept")],
        }
    }
}
