//! Experiment A: SOR on the shifted Laplacian of a 10 x 10 grid, systems drawn independently.
//!
//! `A_t = A + c_t I` and b_t are drawn anew in every round and shared by all policies; each solve
//! starts at zero, tolerance 1e-8. Totals of iterations per policy.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, section 5.1 and their published scripts.

use super::error::RelaxationError;
use super::problems::{Shifts, truncated_normal};
use super::solve::Limits;
use super::sor::sor;
use super::spectrum::sor_optimum;
use super::stencil::Stencil;
use ordine_base::{Id, Seed};
use ordine_budget::learners::{Learner, Setting, build};

/// Grid points along a side.
pub const SOR_SIDE: usize = 10;

/// Values that the learners choose among in both experiments: 20 from 1 to 1.95.
pub fn published_grid() -> Vec<f64> {
    omega_grid(1.0, 1.95, 20).expect("inside 0 and 2")
}

/// `count` evenly spaced values from `low` to `high`.
///
/// # Errors
/// When an end is not strictly between 0 and 2, the ends are not in order, or there is no value.
pub fn omega_grid(low: f64, high: f64, count: usize) -> Result<Vec<f64>, RelaxationError> {
    super::error::check_omega(low)?;
    super::error::check_omega(high)?;
    if low > high || count == 0 {
        let found = format!("{count} values from {low} to {high}");
        return Err(RelaxationError::parameter("grid", "1 or more values, ascending", found));
    }
    let step = (high - low) / (count.max(2) - 1) as f64;
    Ok((0..count).map(|index| low + step * index as f64).collect())
}

/// How omega is chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum SorPolicy {
    /// Always this one.
    Fixed(f64),
    /// The asymptotically best one of each matrix, by Young's formula.
    InstanceOptimal,
    /// A learner of this name, on the published grid.
    Learned(&'static str),
}

/// What one policy paid.
#[derive(Clone, Debug, PartialEq)]
pub struct SorTotal {
    /// The policy.
    pub policy: SorPolicy,
    /// Sum of iterations.
    pub iterations: u64,
}

enum Player {
    Fixed(f64),
    InstanceOptimal,
    Learner(Box<dyn Learner>),
}

impl Player {
    fn new(policy: &SorPolicy, arms: usize, seed: Seed) -> Result<Self, RelaxationError> {
        let setting = Setting { arms, range: Shifts::range(), seed };
        Ok(match policy {
            SorPolicy::Fixed(omega) => Player::Fixed(*omega),
            SorPolicy::InstanceOptimal => Player::InstanceOptimal,
            SorPolicy::Learned(name) => Player::Learner(build(name, &setting)?),
        })
    }
}

/// One trial: `rounds` systems of the seed, each solved once per policy.
///
/// # Errors
/// When a fixed omega is out of range or a learner unknown.
pub fn sor_trial(
    shifts: Shifts,
    rounds: u32,
    seed: Seed,
    policies: &[SorPolicy],
) -> Result<Vec<SorTotal>, RelaxationError> {
    let laplacian = Stencil::laplacian(SOR_SIDE)?;
    let grid = published_grid();
    let limits = Limits::published();
    let mut stream = seed.stream("systems");
    let player = |(number, policy): (usize, &SorPolicy)| {
        Player::new(policy, grid.len(), seed.child(number as u64))
    };
    let players: Result<Vec<Player>, _> = policies.iter().enumerate().map(player).collect();
    let mut players = players?;
    let mut totals = vec![0; policies.len()];
    for _ in 0..rounds {
        let shift = shifts.draw(&mut stream);
        let matrix = laplacian.shifted(shift)?;
        let b = truncated_normal(SOR_SIDE * SOR_SIDE, &mut stream);
        let solve = |omega: f64| {
            let mut x = vec![0.0; b.len()];
            sor(&matrix, &b, &mut x, omega, &limits).map(|solved| solved.iterations)
        };
        for (total, player) in totals.iter_mut().zip(&mut players) {
            *total += u64::from(match player {
                Player::Fixed(omega) => solve(*omega)?,
                Player::InstanceOptimal => solve(sor_optimum(matrix.jacobi_radius())?)?,
                Player::Learner(learner) => {
                    let arm = learner.suggest(shift)?;
                    let iterations = solve(grid[arm.index()])?;
                    learner.observe(arm, f64::from(iterations))?;
                    iterations
                }
            });
        }
    }
    let pairs = policies.iter().cloned().zip(totals);
    Ok(pairs.map(|(policy, iterations)| SorTotal { policy, iterations }).collect())
}
