//! Worlds that can be simulated by name, and the policies that decide in them.
//!
//! **Source:** -

use ordine_base::Ticks;
use ordine_rule_language::{ExpressionRule, RuleText};
use ordine_sim::{Scenario, SimulatedWorld, worlds};
use ordine_solve::{PlanBudget, REPLAN, ReplanPolicy, recipe_named};
use ordine_world::{
    Call, CandidateId, Decision, Observation, POLICIES, Policy, PolicyError, RULES, RulePolicy,
    policy_from, rule_named,
};

/// Every simulated world. To add one: one line here.
pub const WORLDS: &[&dyn SimulatedWorld] = &[
    &ordine_project::worlds::StochasticProject,
    &ordine_shop::simulation::Shop,
    &ordine_soc::Soc,
    &worlds::Queue,
];

/// The simulated world of this name, if there is one.
pub fn world_named(name: &str) -> Option<&'static dyn SimulatedWorld> {
    WORLDS.iter().copied().find(|world| world.about().name == name)
}

/// The policy that a text names: one of the world's own, a rule, a formula `=max(t + p, d)`, or one
/// made of others, as in `pilot(spt, 4)`.
///
/// # Errors
/// When there is no such policy.
pub fn policy_of<'s>(
    scenario: &'s dyn Scenario,
    text: &str,
) -> Result<Box<dyn Policy + 's>, PolicyError> {
    policy_from(text, &mut |call| leaf(scenario, call))
}

fn leaf<'s>(
    scenario: &'s dyn Scenario,
    call: &Call<'_>,
) -> Result<Box<dyn Policy + 's>, PolicyError> {
    if let Some(own) = scenario.policy(call) {
        return own;
    }
    if call.name == REPLAN.name {
        return replan(scenario, call);
    }
    if let Some(formula) = call.name.strip_prefix('=') {
        let wrong = |expected: String| PolicyError::new(call.name, expected);
        let text: RuleText = formula.parse().map_err(|it| wrong(format!("a formula: {it}")))?;
        let rule = ExpressionRule::new(&text).map_err(|it| wrong(format!("a formula: {it}")))?;
        return Ok(Box::new(Formula(rule)));
    }
    if call.arguments.is_empty()
        && let Some(rule) = rule_named(call.name).and_then(|it| it.scoring())
    {
        return Ok(Box::new(RulePolicy::of(rule)));
    }
    Err(PolicyError::new(call.to_string(), known(scenario)))
}

/// Work of a plan where none is said.
const PLAN_WORK: u64 = 2_000;

/// Policies from whose forecasts a plan may start.
const OTHERS: [&str; 4] = ["mwkr", "mopnr", "fifo", "pilot(spt)"];

/// The re-plan policy over the default recipe; shortest first where there is no plan.
fn replan<'s>(
    scenario: &'s dyn Scenario,
    call: &Call<'_>,
) -> Result<Box<dyn Policy + 's>, PolicyError> {
    let wrong = || {
        let expected = "re-plan, re-plan(work) or re-plan(work, tolerance), both whole numbers";
        PolicyError::new(call.to_string(), expected)
    };
    let number = |place: usize, default: u64| match call.arguments.get(place) {
        None => Ok(default),
        Some(text) => text.parse::<u64>().ok().filter(|it| *it < 1 << 40).ok_or_else(wrong),
    };
    if call.arguments.len() > 2 {
        return Err(wrong());
    }
    let work = number(0, PLAN_WORK)?.max(1);
    let stand_in = leaf(scenario, &Call { name: "spt", arguments: Vec::new() })?;
    let recipe = recipe_named("auto").expect("the default recipe has this name");
    let others = OTHERS.iter().filter_map(|text| policy_of(scenario, text).ok());
    let policy = ReplanPolicy::new(recipe, PlanBudget::Work(work), stand_in).beside(others);
    Ok(match call.arguments.get(1) {
        None => Box::new(policy),
        Some(_) => Box::new(policy.within(Ticks::new(number(1, 0)? as i64))),
    })
}

/// What can be named.
fn known(scenario: &dyn Scenario) -> String {
    let own = scenario.policies().iter().map(|it| it.name.to_owned());
    let made = POLICIES.iter().chain([&REPLAN]).map(|it| format!("{}({})", it.name, it.arguments));
    let rules = RULES.iter().filter(|it| it.scoring().is_some()).map(|it| it.name.to_owned());
    let names: Vec<String> = own.chain(made).chain(rules).collect();
    format!("one of {}, or a formula such as `=max(t + p, d)`", names.join(", "))
}

/// A formula that decides.
struct Formula(ExpressionRule);

impl Policy for Formula {
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
        RulePolicy::of(&self.0).act(observation, decision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;
    use ordine_sim::{Input, InputKind, Keep, Settings};

    #[test]
    fn worlds_without_input_open_with_their_defaults_and_run_twice_alike() {
        for world in WORLDS.iter().filter(|it| it.about().input == InputKind::Nothing) {
            let about = world.about();
            let settings = Settings::new(about.parameters, &[]).expect("defaults");
            let scenario = world.open(Input::Nothing, &settings).expect("it opens");
            for name in about.policies {
                let played = || {
                    let seed = Seed::new(1);
                    let mut policy = policy_of(&*scenario, name).expect("a policy");
                    let mut episode = scenario.start(seed, Keep { events: true, history: true });
                    let mut stream = seed.stream("policy");
                    ordine_world::run(&mut *episode, &mut *policy, &mut stream, &mut |_| false);
                    let values = episode.values().expect("it ends");
                    assert_eq!(values.len(), scenario.metrics().len());
                    (values, episode.log().cloned())
                };
                assert_eq!(played(), played(), "{}: {name}", about.name);
            }
        }
    }

    #[test]
    fn policies_are_named_by_rules_formulas_and_each_other() {
        let world = world_named("queue").expect("a world");
        let settings = Settings::new(world.about().parameters, &[]).expect("defaults");
        let scenario = world.open(Input::Nothing, &settings).expect("it opens");
        for text in ["spt", "pilot(=max(t + p, d) then p, 2)", "epsilon(0.1, edd, random)"] {
            assert!(policy_of(&*scenario, text).is_ok(), "{text}");
        }
        for text in ["neh", "=max(", "spt(3)", "pilot(unknown)"] {
            let error = policy_of(&*scenario, text).err().expect(text).to_string();
            assert!(error.contains("expected"), "{error}");
        }
    }
}
