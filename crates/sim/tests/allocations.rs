//! Once a simulation has met its largest numbers of pending events and processes, it allocates
//! nothing any more.
//!
//! **Source:** -

use allocation_counter::measure;
use ordine_base::{Seed, Stream, Ticks};
use ordine_sim::{Agenda, Distribution, Process, Resource, ResourceKey, Simulation, Wake};

/// Customers come to a clerk one after another.
#[derive(Clone)]
enum Bank {
    Door,
    Customer,
}

struct Shared {
    clerk: ResourceKey,
    gap: Distribution,
    service: Distribution,
    stream: Stream,
}

impl Process for Bank {
    type Shared = Shared;

    fn handle(&mut self, wake: Wake, bank: &mut Simulation<Bank>) {
        match (self, wake) {
            (Bank::Door, _) => {
                bank.start(Bank::Customer);
                let gap = bank.shared.gap.ticks(&mut bank.shared.stream);
                bank.wait(gap);
            }
            (Bank::Customer, Wake::Started) => bank.request(bank.shared.clerk),
            (Bank::Customer, Wake::Granted(_)) => {
                let service = bank.shared.service.ticks(&mut bank.shared.stream);
                bank.wait(service);
            }
            (Bank::Customer, _) => bank.release(bank.shared.clerk),
        }
    }
}

#[test]
fn processes_that_come_and_go_allocate_nothing_in_the_steady_state() {
    let mut bank: Simulation<Bank> = Simulation::with(|keys| Shared {
        clerk: keys.resource(Resource::first_come(1)),
        gap: Distribution::exponential(2000.0),
        service: Distribution::exponential(1000.0),
        stream: Seed::new(1).stream("bank"),
    });
    // A crowd at first: no later line is as long, so that every array has its largest size.
    for _ in 0..500 {
        bank.start(Bank::Customer);
    }
    bank.start(Bank::Door);
    let mut steps = |count: u32| (0..count).for_each(|_| assert!(bank.step(), "the door is open"));
    let first = measure(|| steps(200_000));
    assert!(first.count_total > 0, "the counter counts");
    assert_eq!(measure(|| steps(200_000)).count_total, 0);
}

#[test]
fn events_that_come_go_and_are_taken_back_allocate_nothing() {
    let gap = Distribution::exponential(1000.0);
    let mut stream = Seed::new(2).stream("gaps");
    let mut agenda = Agenda::new();
    for event in 0..1000 {
        agenda.after(gap.ticks(&mut stream), event);
    }
    let mut turn = || {
        let (_, event) = agenda.pop().expect("as many come as go");
        let regretted = agenda.after(gap.ticks(&mut stream), event);
        agenda.cancel(regretted);
        agenda.after(gap.ticks(&mut stream) + Ticks::new(1), event);
    };
    (0..20_000).for_each(|_| turn());
    assert_eq!(measure(|| (0..100_000).for_each(|_| turn())).count_total, 0);
}
