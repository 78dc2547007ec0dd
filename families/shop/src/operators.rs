//! Operators beside a shop: at most so many tasks run at a time.
//!
//! One renewable of capacity N, of which every mode that takes time demands 1: operators are
//! alike, and each is at one machine at a time. O(modes).
//!
//! **Source:** Agnetis, Flamini, Nicosia, Pacifici 2011 (job shop with operators), for operators
//! who can run every machine.

use crate::instance::ShopError;
use ordine_base::Demand;
use ordine_problem::Problem;

/// What the renewable is called.
const NAME: &str = "operators";

/// The problem in which each task that takes time also needs one of `count` operators.
///
/// # Errors
/// When there are operators already, or `count` is below 1 or out of range.
pub fn operators(problem: &Problem, count: Demand) -> Result<Problem, ShopError> {
    if problem.resources().any(|resource| problem.resource(resource).name == NAME) {
        return Err(ShopError::OperatorsAlready);
    }
    Ok(problem.with(|builder| {
        let operators = builder.renewable(NAME, count)?;
        builder.require_everywhere(operators, Demand::ONE)
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Operation, ShopInstance, ShopJob, lower};
    use ordine_base::{Id, Ticks};
    use ordine_problem::TaskId;

    #[test]
    fn what_takes_time_needs_an_operator() {
        let operations = vec![Operation::on(0, Ticks::new(3)), Operation::on(1, Ticks::ZERO)];
        let jobs = vec![ShopJob::of(operations)];
        let name = "pocket".to_owned();
        let shop = ShopInstance { name, machines: 2, jobs, ..ShopInstance::default() };
        let shop = operators(&lower(&shop).expect("valid"), Demand::new(4)).expect("valid");
        let needs = |task: usize| {
            let mode = shop.usable_modes(TaskId::from_index(task))[0];
            shop.requirements(mode).iter().map(|need| need.resource.index()).collect::<Vec<_>>()
        };
        assert_eq!((needs(0), needs(1)), (vec![0, 2], vec![1]));
        assert_eq!(operators(&shop, Demand::ONE), Err(ShopError::OperatorsAlready));
    }

    #[test]
    fn without_operators_nothing_can_run() {
        let jobs = vec![ShopJob::of(vec![Operation::on(0, Ticks::new(3))])];
        let shop = ShopInstance { machines: 1, jobs, ..ShopInstance::default() };
        let error = operators(&lower(&shop).expect("valid"), Demand::ZERO).expect_err("none");
        assert!(error.to_string().contains("whose capacity is 0"), "{error}");
    }
}
