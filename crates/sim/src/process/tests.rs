//! Processes against what can be worked out by hand.
//!
//! **Source:** -

use super::*;
use crate::{EventLog, Priority};
use ordine_base::Time;

/// A process that follows a script and notes what it hears.
#[derive(Clone, Debug)]
struct Actor {
    name: &'static str,
    script: Vec<Act>,
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Wait(i64),
    Request(ResourceKey, i8),
    RequestWithin(ResourceKey, i64),
    Release(ResourceKey),
    Take(StoreKey),
    Put(StoreKey, u64),
    Draw(ContainerKey, u64),
    Fill(ContainerKey, u64),
    Sleep,
    Join(usize),
    Interrupt(usize),
    Call(usize),
}

#[derive(Clone, Debug, Default)]
struct Cast(Vec<ProcessId>);

impl Process for Actor {
    type Shared = Cast;

    fn handle(&mut self, wake: Wake, stage: &mut Simulation<Actor>) {
        let words = match wake {
            Wake::Started => None,
            Wake::Interrupted { left, .. } => Some(format!("interrupted, {left} left")),
            Wake::Preempted { left, .. } => Some(format!("preempted, {left} left")),
            Wake::Taken(_, item) => Some(format!("took {item}")),
            other => {
                let debug = format!("{other:?}");
                Some(debug.split('(').next().unwrap_or_default().to_lowercase())
            }
        };
        if let Some(words) = words {
            stage.note(format_args!("{} {words}", self.name));
        }
        let other = |index: usize, stage: &Simulation<Actor>| stage.shared.0[index];
        while !self.script.is_empty() {
            match self.script.remove(0) {
                Act::Release(key) => stage.release(key),
                Act::Interrupt(index) => {
                    stage.interrupt(other(index, stage), 0);
                }
                Act::Call(index) => {
                    stage.call(other(index, stage), 7);
                }
                Act::Wait(ticks) => return stage.wait(Ticks::new(ticks)),
                Act::Request(key, rank) => {
                    return stage.request_as(key, Priority::new(rank), None);
                }
                Act::RequestWithin(key, ticks) => {
                    let patience = Some(Ticks::new(ticks));
                    return stage.request_as(key, Priority::NORMAL, patience);
                }
                Act::Take(key) => return stage.take(key),
                Act::Put(key, item) => return stage.put(key, item),
                Act::Draw(key, amount) => return stage.draw(key, amount),
                Act::Fill(key, amount) => return stage.fill(key, amount),
                Act::Sleep => return stage.sleep(),
                Act::Join(index) => return stage.join(other(index, stage)),
            }
        }
    }
}

/// Plays the scripts, started in their order, and gives what the actors heard: `time name words`.
fn played(set: impl FnOnce(&mut Keys) -> Vec<(&'static str, Vec<Act>)>) -> Vec<String> {
    let mut scripts = Vec::new();
    let mut stage: Simulation<Actor> = Simulation::with(|keys| {
        scripts = set(keys);
        Cast::default()
    });
    stage.log = EventLog::kept(true);
    for (name, script) in scripts {
        let id = stage.start(Actor { name, script });
        stage.shared.0.push(id);
    }
    let mut copy = stage.clone();
    stage.run_until(Time::MAX);
    while copy.step() {}
    assert_eq!(stage.log, copy.log, "a copy goes the same way");
    stage.log.lines().iter().map(|line| format!("{} {}", line.time, line.words)).collect()
}

#[test]
fn first_come_is_first_served_and_impatient_ones_leave() {
    let heard = played(|keys| {
        let desk = keys.resource(Resource::first_come(1));
        vec![
            ("anna", vec![Act::Request(desk, 0), Act::Wait(5), Act::Release(desk)]),
            ("bert", vec![Act::RequestWithin(desk, 3)]),
            ("cora", vec![Act::RequestWithin(desk, 5), Act::Wait(1), Act::Release(desk)]),
        ]
    });
    let wanted = ["0 anna granted", "3 bert gaveup", "5 anna elapsed", "5 cora granted"];
    assert_eq!(heard[..4], wanted);
}

#[test]
fn priorities_overtake_and_preemption_takes_the_unit_away() {
    let heard = played(|keys| {
        let desk = keys.resource(Resource::by_priority(1));
        let machine = keys.resource(Resource::preemptive(1));
        vec![
            ("anna", vec![Act::Request(desk, 0), Act::Wait(5), Act::Release(desk)]),
            ("bert", vec![Act::Wait(1), Act::Request(desk, 3), Act::Release(desk)]),
            ("cora", vec![Act::Wait(2), Act::Request(desk, -3), Act::Release(desk)]),
            ("job", vec![Act::Request(machine, 5), Act::Wait(10)]),
            ("rush", vec![Act::Wait(4), Act::Request(machine, 1), Act::Release(machine)]),
        ]
    });
    let granted: Vec<&String> = heard.iter().filter(|it| it.contains("granted")).collect();
    assert_eq!(
        granted,
        ["0 anna granted", "0 job granted", "4 rush granted", "5 cora granted", "5 bert granted"]
    );
    assert!(heard.contains(&"4 job preempted, 6 left".to_owned()), "{heard:?}");
}

#[test]
fn an_interrupted_process_hears_what_was_left_and_gives_back_what_was_on_its_way() {
    let heard = played(|keys| {
        let desk = keys.resource(Resource::first_come(1));
        let shelf = keys.store(9);
        vec![
            ("worker", vec![Act::Wait(10), Act::Take(shelf)]),
            // Interrupts at 4, and at 6 after the worker was handed the item of this instant.
            ("boss", vec![Act::Wait(4), Act::Interrupt(0), Act::Wait(2), Act::Put(shelf, 8)]),
            ("thief", vec![Act::Wait(6), Act::Interrupt(0), Act::Take(shelf)]),
            ("clerk", vec![Act::Request(desk, 0), Act::Wait(3), Act::Release(desk)]),
            ("guest", vec![Act::Wait(1), Act::Request(desk, 0)]),
            ("rival", vec![Act::Wait(2), Act::Interrupt(4)]),
        ]
    });
    for line in ["4 worker interrupted, 6 left", "6 thief took 8", "2 guest interrupted, 0 left"] {
        assert!(heard.contains(&line.to_owned()), "{line} in {heard:?}");
    }
    assert!(!heard.iter().any(|it| it.contains("guest granted")), "{heard:?}");
}

#[test]
fn stores_and_containers_hand_over_in_order_and_nobody_overtakes() {
    let heard = played(|keys| {
        let shelf = keys.store(1);
        let tank = keys.container(10, 4);
        vec![
            ("maker", vec![Act::Put(shelf, 1), Act::Put(shelf, 2)]),
            ("buyer", vec![Act::Wait(3), Act::Take(shelf), Act::Take(shelf)]),
            ("truck", vec![Act::Draw(tank, 6)]),
            ("car", vec![Act::Wait(1), Act::Draw(tank, 1)]),
            ("tanker", vec![Act::Wait(2), Act::Fill(tank, 5)]),
        ]
    });
    assert_eq!(
        heard,
        [
            "0 maker stored",
            "1 car elapsed",
            "2 tanker elapsed",
            "2 tanker filled",
            "2 truck drawn",
            "2 car drawn",
            "3 buyer elapsed",
            "3 buyer took 1",
            "3 maker stored",
            "3 buyer took 2"
        ]
    );
}

#[test]
fn sleepers_wake_by_calls_and_joiners_by_ends() {
    let heard = played(|_| {
        vec![
            ("child", vec![Act::Sleep, Act::Wait(2)]),
            ("parent", vec![Act::Join(0)]),
            ("clock", vec![Act::Wait(5), Act::Call(0)]),
        ]
    });
    assert_eq!(heard, ["5 clock elapsed", "5 child called", "7 child elapsed", "7 parent joined"]);
}
