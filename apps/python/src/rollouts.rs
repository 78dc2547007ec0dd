//! Rollouts divided among prompts, step by step, for trainers with group-relative advantages.
//!
//! **Source:** Li, Chen, Yang, Ding, Sun, Zhang, Huang, Luo 2025 (Knapsack RL)

use crate::numbers::{value_error, vector, whole_numbers};
use crate::rollout_value::{CalledValue, Raised, raised};
use crate::rollouts_state::{records_from_dict, records_to_dict};
use numpy::{IntoPyArray, PyArray1};
use ordine_base::Id;
use ordine_training::rollouts::{
    self, Belief, Filter, Group, KnapsackRl, OneShot, Posterior, PromptId, Racing, RacingSettings,
    RolloutPolicy, StepView, SuccessTracker, TrackerSettings, Uniform,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::BTreeMap;

type Policy = Box<dyn RolloutPolicy + Send + Sync>;

/// Every policy by name, with one line for people.
const POLICIES: [(&str, &str); 5] = [
    ("racing", "posterior value, and groups that race in rounds"),
    ("one-shot", "posterior value, all at once"),
    ("knapsack-rl", "the published rules"),
    ("uniform", "the same for each prompt"),
    ("filter", "least rollouts for prompts that were all right or all wrong"),
];

fn policy_named(name: &str, lower: u64, upper: u64, mean: u64, rounds: u32) -> PyResult<Policy> {
    Ok(match name {
        "racing" => {
            let settings = RacingSettings { lower, upper, rounds, ..RacingSettings::STANDARD };
            Box::new(Racing::new(settings).map_err(value_error)?)
        }
        "one-shot" => {
            let value = Posterior(RacingSettings::STANDARD.interest);
            Box::new(OneShot { value, lower, upper })
        }
        "knapsack-rl" => {
            let (negative, positive) = (lower, lower);
            let rules = KnapsackRl::PUBLISHED;
            Box::new(KnapsackRl { lower, upper, negative, positive, mean, ..rules })
        }
        "uniform" => Box::new(Uniform),
        "filter" => Box::new(Filter { probe: lower }),
        _ => {
            let names: Vec<&str> = POLICIES.iter().map(|it| it.0).collect();
            let expected = names.join(", ");
            let message = format!("policy is `{name}`: expected one of {expected}; change it");
            return Err(value_error(message));
        }
    })
}

/// A step that has begun: what was known before, what came since, what was asked for last.
struct Step {
    prompts: Vec<PromptId>,
    beliefs: Vec<Belief>,
    outcomes: Vec<Vec<bool>>,
    asked: Vec<u64>,
    budget: u64,
    left: u64,
    round: u32,
}

impl Step {
    /// Asks the policy for the next round.
    fn ask(&mut self, policy: &mut Policy) -> PyResult<bool> {
        let group = |outcomes: &Vec<bool>| {
            let successes = outcomes.iter().filter(|it| **it).count() as u64;
            Group { successes, failures: outcomes.len() as u64 - successes }
        };
        let groups: Vec<Group> = self.outcomes.iter().map(group).collect();
        let (budget, left, round) = (self.budget, self.left, self.round);
        let view = StepView { beliefs: &self.beliefs, groups: &groups, budget, left, round };
        self.asked = policy.round(&view).map_err(value_error)?;
        let given: u64 = self.asked.iter().sum();
        self.left = self.left.saturating_sub(given);
        self.round += 1;
        Ok(given > 0)
    }

    /// Takes the outcomes of the round.
    fn take(&mut self, outcomes: Vec<Vec<bool>>) -> PyResult<()> {
        let (found, expected) = (outcomes.len(), self.prompts.len());
        if found != expected {
            let message = format!("outcomes has {found} lists: expected {expected}");
            return Err(value_error(message + ", one per prompt of the step"));
        }
        for (index, (outcomes, asked)) in outcomes.iter().zip(&self.asked).enumerate() {
            let (found, prompt) = (outcomes.len(), self.prompts[index].index());
            if found as u64 != *asked {
                let message = format!("prompt {prompt} has {found} outcomes: expected {asked}");
                return Err(value_error(message + ", as many as it was given"));
            }
        }
        for (all, new) in self.outcomes.iter_mut().zip(outcomes) {
            all.extend(new);
        }
        Ok(())
    }
}

/// Gives the rollouts of each training step to its prompts and learns their success rates.
///
/// Args:
///     prompts: how many prompts there are.
///     policy: a name of ``rollout_policies()``.
///     lower: least rollouts of a prompt in a step.
///     upper: most rollouts of a prompt in a step.
///     mean: rollouts of a prompt that was not seen, under the published rules.
///     rounds: rounds of a step, when groups race.
///     value: with ``one-shot``, what a group is worth: a function of the success rate and the
///         number of rollouts, whose gains never grow.
///
/// Raises:
///     ValueError: when a number is out of its range, or no policy has the name.
#[pyclass(name = "Rollouts", module = "ordine.budgets")]
pub(crate) struct PyRollouts {
    tracker: SuccessTracker,
    policy: Policy,
    step: Option<Step>,
    raised: Raised,
}

/// Numbers of prompts, from 0.
fn prompt_ids(prompts: &Bound<'_, PyAny>) -> PyResult<Vec<PromptId>> {
    let (_, numbers) = whole_numbers(prompts)?;
    let number = |&it: &i64| {
        let found = usize::try_from(it);
        let index = found.map_err(|_| value_error(format!("prompt {it} is unknown")))?;
        Ok(PromptId::from_index(index))
    };
    numbers.as_slice()?.iter().map(number).collect()
}

fn units<'py>(py: Python<'py>, asked: &[u64]) -> Bound<'py, PyArray1<i64>> {
    asked.iter().map(|&it| it as i64).collect::<Vec<_>>().into_pyarray(py)
}

#[pymethods]
impl PyRollouts {
    #[new]
    #[allow(clippy::too_many_arguments, reason = "keywords of Python")]
    #[pyo3(signature = (
        prompts, policy="racing", *, lower=2, upper=128, mean=8, rounds=4, value=None
    ))]
    fn new(
        prompts: usize,
        policy: &str,
        lower: u64,
        upper: u64,
        mean: u64,
        rounds: u32,
        value: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let raised = Raised::default();
        let policy: Policy = match value {
            Some(function) if policy == "one-shot" => {
                Box::new(CalledValue { function, lower, upper, raised: raised.clone() })
            }
            Some(_) => {
                let message = format!("value is given with policy `{policy}`: expected `one-shot`");
                return Err(value_error(message + "; change policy, or leave value out"));
            }
            None => policy_named(policy, lower, upper, mean, rounds)?,
        };
        let tracker = SuccessTracker::new(prompts, TrackerSettings::PUBLISHED);
        Ok(PyRollouts { tracker: tracker.map_err(value_error)?, policy, step: None, raised })
    }

    /// Begins a step: rollouts of each of these prompts in its first round.
    ///
    /// Args:
    ///     prompts: numbers of the prompts of the step, from 0.
    ///     budget: rollouts of the whole step.
    ///
    /// Raises:
    ///     ValueError: when a prompt is unknown, or the budget does not suit the policy.
    fn begin<'py>(
        &mut self,
        prompts: &Bound<'py, PyAny>,
        budget: u64,
    ) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let py = prompts.py();
        let prompts = prompt_ids(prompts)?;
        let beliefs: Result<Vec<Belief>, _> =
            prompts.iter().map(|&prompt| self.tracker.belief(prompt)).collect();
        let mut step = Step {
            beliefs: beliefs.map_err(value_error)?,
            outcomes: vec![Vec::new(); prompts.len()],
            asked: Vec::new(),
            prompts,
            budget,
            left: budget,
            round: 0,
        };
        let asked = py.detach(|| step.ask(&mut self.policy));
        if let Some(error) = raised(&self.raised) {
            return Err(error);
        }
        asked?;
        let asked = units(py, &step.asked);
        self.step = Some(step);
        Ok(asked)
    }

    /// Takes the rewards of the round, those above 0 being successes, and gives the rollouts of the
    /// next; None ends the step.
    ///
    /// Args:
    ///     rewards: a list for each prompt of the step, as long as the rollouts it was given.
    ///
    /// Raises:
    ///     ValueError: when no step has begun, or lists have another length.
    fn report<'py>(
        &mut self,
        py: Python<'py>,
        rewards: Vec<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyArray1<i64>>>> {
        let outcomes = |rewards: &Bound<'py, PyAny>| {
            Ok(vector(rewards)?.as_slice()?.iter().map(|reward| *reward > 0.0).collect())
        };
        let outcomes: Vec<Vec<bool>> = rewards.iter().map(outcomes).collect::<PyResult<_>>()?;
        let begun = || value_error("no step has begun: expected a call of begin; call it first");
        let step = self.step.as_mut().ok_or_else(begun)?;
        step.take(outcomes)?;
        let policy = &mut self.policy;
        if step.left > 0 && py.detach(|| step.ask(policy))? {
            return Ok(Some(units(py, &step.asked)));
        }
        if let Some(step) = self.step.take() {
            for (prompt, outcomes) in step.prompts.into_iter().zip(step.outcomes) {
                self.tracker.observe(prompt, &outcomes).map_err(value_error)?;
            }
        }
        Ok(None)
    }

    /// Takes rewards that came outside of a step, those above 0 being successes: for trainers that
    /// ask for the next rollouts before they report the last.
    ///
    /// Args:
    ///     prompts: the prompt of each rollout.
    ///     rewards: the reward of each rollout.
    ///
    /// Raises:
    ///     ValueError: when a prompt is unknown, or lists have another length.
    fn observe(&mut self, prompts: &Bound<'_, PyAny>, rewards: &Bound<'_, PyAny>) -> PyResult<()> {
        let (prompts, rewards) = (prompt_ids(prompts)?, vector(rewards)?);
        let rewards = rewards.as_slice()?;
        let (found, expected) = (rewards.len(), prompts.len());
        if found != expected {
            let message = format!("rewards has {found} values: expected {expected}");
            return Err(value_error(message + ", one per rollout; change rewards"));
        }
        let mut groups: BTreeMap<PromptId, Vec<bool>> = BTreeMap::new();
        for (prompt, reward) in prompts.into_iter().zip(rewards) {
            self.tracker.belief(prompt).map_err(value_error)?;
            groups.entry(prompt).or_default().push(*reward > 0.0);
        }
        for (prompt, outcomes) in groups {
            self.tracker.observe(prompt, &outcomes).map_err(value_error)?;
        }
        Ok(())
    }

    /// Lets evidence fade by so many epochs; call it between epochs.
    #[pyo3(signature = (epochs=1.0))]
    fn advance(&mut self, epochs: f64) {
        self.tracker.advance(epochs);
    }

    /// Estimated success rate of every prompt; NaN while too few outcomes were seen.
    #[getter]
    fn rates<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        let rate = |belief: Belief| belief.rate.unwrap_or(f64::NAN);
        self.tracker.beliefs().into_iter().map(rate).collect::<Vec<_>>().into_pyarray(py)
    }

    /// All that is known of the prompts, as plain numbers; a step that has begun is left out.
    fn state_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        records_to_dict(py, self.tracker.records())
    }

    /// Goes on from a checkpoint.
    ///
    /// Raises:
    ///     ValueError: when the state is of another number of prompts, or broken.
    fn load_state_dict(&mut self, state: &Bound<'_, PyDict>) -> PyResult<()> {
        let records = records_from_dict(state)?;
        let (found, expected) = (records.len(), self.tracker.records().len());
        if found != expected {
            let message = format!("the state has {found} prompts: expected {expected}");
            return Err(value_error(message + "; load the state of this run"));
        }
        let restored = SuccessTracker::restore(records, TrackerSettings::PUBLISHED);
        self.tracker = restored.map_err(value_error)?;
        self.step = None;
        Ok(())
    }
}

/// Names and summaries of the ways to give rollouts to prompts.
#[pyfunction]
fn rollout_policies() -> Vec<(&'static str, &'static str)> {
    POLICIES.to_vec()
}

/// The advantage of each rollout of a group: its distance from the mean in deviations, clipped.
#[pyfunction]
#[pyo3(signature = (rewards, *, clip=5.0))]
fn advantages<'py>(rewards: &Bound<'py, PyAny>, clip: f64) -> PyResult<Bound<'py, PyArray1<f64>>> {
    if clip.is_nan() || clip < 0.0 {
        return Err(value_error(format!("clip is {clip}: expected a number from 0 up; change it")));
    }
    Ok(rollouts::advantages(vector(rewards)?.as_slice()?, clip).into_pyarray(rewards.py()))
}

/// Adds what this file offers.
pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyRollouts>()?;
    module.add_function(wrap_pyfunction!(rollout_policies, module)?)?;
    module.add_function(wrap_pyfunction!(advantages, module)?)
}
