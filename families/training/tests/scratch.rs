//! x
//! **Source:** -
use ordine_base::Seed;
use ordine_training::rollouts::*;
const PROMPTS: usize = 256;
const fn part(share: f64, successes: f64, failures: f64) -> Part { Part { share, shape: BetaShape { successes, failures } } }
fn run(population: &Population, budget: u64, half: f64, make: &mut dyn FnMut() -> Box<dyn RolloutPolicy>) -> Vec<f64> {
    (0..5_u64).map(|seed| {
        let seed = Seed::new(100 + seed);
        let rates = population.draw(PROMPTS, &mut seed.stream(population.name));
        let mut settings = TrainingSettings::with_budget(budget);
        settings.tracker.half_life = Some(half);
        let mut run = Training::new(rates, settings, seed.child(1)).expect("good");
        let target = 0.5 * (1.0 + run.mean_rate());
        run.steps_to(target, 600, &mut *make()).expect("feasible").map_or(600.0, |it| it as f64)
    }).collect()
}
fn mean(v: &[f64]) -> f64 { v.iter().sum::<f64>() / v.len() as f64 }
#[test]
fn spec_variants() {
    for p in [Population::LATE, Population::EARLY, Population::HARD] {
        let u = run(&p, 2048, 1.0, &mut || Box::new(Uniform));
        let k = run(&p, 2048, 1.0, &mut || Box::new(KnapsackRl::PUBLISHED));
        let r = run(&p, 2048, 1.0, &mut || Box::new(KnapsackRl{parity: Parity::Rules, ..KnapsackRl::PUBLISHED}));
        let o = run(&p, 2048, 1.0, &mut || Box::new(OneShot{value: Known(Interest::GAIN), lower: 2, upper: 128}));
        println!("{} uniform {u:?}\n rules {k:?}\n norules {r:?}\n nofallback {o:?} {}", p.name, mean(&o));
    }
}
#[test]
fn choose() {
    let pops = [
        Population { name: "centered", parts: &[part(1.0, 2.0, 2.0)] },
        Population { name: "polar", parts: &[part(0.5, 1.0, 9.0), part(0.5, 9.0, 1.0)] },
        Population { name: "solved", parts: &[part(1.0, 5.0, 1.0)] },
        Population { name: "rare", parts: &[part(1.0, 1.0, 20.0)] },
        Population { name: "mixed", parts: &[part(0.3, 20.0, 1.0), part(0.3, 1.0, 20.0), part(0.4, 2.0, 2.0)] },
    ];
    for p in &pops {
        let u = run(p, 2048, 1.0, &mut || Box::new(Uniform));
        let k = run(p, 2048, 1.0, &mut || Box::new(KnapsackRl::PUBLISHED));
        println!("{} uniform {:.1} rules {:.3}", p.name, mean(&u), mean(&k) / mean(&u));
        for half in [1.0, 3.0, 8.0] {
            for precision in [0.0, 0.5] {
                let mut line = String::new();
                for rounds in [1, 2, 4, 8] {
                    for lower in [1, 2] {
                    let s = RacingSettings { rounds, precision, lower, ..RacingSettings::STANDARD };
                    let r = run(p, 2048, half, &mut || Box::new(Racing::new(s).expect("ok")));
                    line += &format!(" {:.3}", mean(&r) / mean(&u));
                    }
                }
                println!("  half {half} g {precision}: (rounds x lower 1,2) {line}");
            }
        }
    }
}
