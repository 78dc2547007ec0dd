"""The sampler inside a trainer that behaves as TRL's: copies, advantages, learning, state."""

import json

import numpy as np
import pytest
from ordine import grpo

RATES = np.array([0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.97, 1.0] * 4)


class Trainer:
    """What TRL's trainer does with sampler and reward function, on one process.

    Its loader asks for the next step before the rewards of the last are there; its advantages are
    rewards less the mean of their group, all groups having one size.
    """

    def __init__(self, sampler, reward, generations):
        self.sampler, self.reward, self.generations = sampler, reward, generations

    def steps(self):
        """Row numbers and advantages of every step of an epoch."""
        rows = list(self._ahead(iter(self.sampler)))
        for step in rows:
            yield step, self._advantages(step)

    def _ahead(self, numbers):
        size, step = self.sampler.budget, []
        for number in numbers:
            step.append(number)
            if len(step) == size:
                yield step
                step = []
        assert not step

    def _advantages(self, step):
        rewards = self.reward(
            prompts=[str(it) for it in step], completions=["x"] * len(step), prompt_index=step
        )
        rewards = np.array(rewards, dtype=float).reshape(-1, self.generations)
        return (rewards - rewards.mean(axis=1, keepdims=True)).ravel()


def build(stream, **options):
    """A sampler of 32 prompts, 8 a step, and the reward function of simulated prompts."""
    sampler = grpo.RolloutSampler(range(32), 8, 8, seed=3, **options)
    seen = []

    def solved(completions, prompt_index, **_):
        rewards = (stream.random(len(completions)) < RATES[prompt_index]).astype(float)
        seen.append((list(prompt_index), rewards))
        return rewards.tolist()

    return sampler, sampler.scored(solved), seen


def test_every_step_has_as_many_rollouts_as_the_sampler_it_replaces():
    sampler = grpo.RolloutSampler(range(35), 8, 8, repeat_count=3, seed=3)
    numbers = list(sampler)
    assert len(numbers) == len(sampler) == 4 * 64 * 3
    for begin in range(0, len(numbers), 192):
        once = numbers[begin : begin + 64]
        assert numbers[begin : begin + 192] == once * 3
        assert len(set(once)) == 8
        groups = [once[0]] + [
            it for before, it in zip(once, once[1:], strict=False) if it != before
        ]
        assert len(groups) == 8, "copies stand side by side"
    again = grpo.RolloutSampler(range(35), 8, 8, repeat_count=3, seed=3)
    assert list(again) == numbers
    assert list(again) != numbers, "another epoch has another order"


def test_the_trainer_gets_the_advantages_of_each_prompt():
    sampler, reward, seen = build(np.random.default_rng(1))
    assert reward.__name__ == "solved"
    trainer = Trainer(sampler, reward, generations=64)
    for _ in range(3):
        for step, found in trainer.steps():
            prompts, rewards = seen[-1]
            assert prompts == step
            expected = np.empty(len(step))
            for prompt in set(step):
                group = np.array(step) == prompt
                mean, deviation = rewards[group].mean(), rewards[group].std()
                expected[group] = (rewards[group] - mean) / (deviation or 1)
            assert found == pytest.approx(np.clip(expected, -5, 5), abs=1e-12)


@pytest.mark.parametrize("policy", ["one-shot", "knapsack-rl"])
def test_rollouts_move_to_prompts_that_are_neither_solved_nor_hopeless(policy):
    sampler, reward, _ = build(np.random.default_rng(2), policy=policy)
    trainer = Trainer(sampler, reward, generations=64)
    totals = np.zeros(32)
    for epoch in range(8):
        for step, _ in trainer.steps():
            if epoch >= 4:
                totals += np.bincount(step, minlength=32)
    solved, between = totals[RATES == 1.0].mean(), totals[(RATES > 0) & (RATES < 0.6)].mean()
    assert between > 1.5 * solved
    assert totals.sum() == 4 * 4 * 64


def test_a_checkpoint_goes_on_identically():
    stream = np.random.default_rng(4)
    sampler, reward, _ = build(stream)
    list(Trainer(sampler, reward, 64).steps())
    state = json.loads(json.dumps(sampler.state_dict()))
    resumed = grpo.RolloutSampler(range(32), 8, 8, seed=3)
    resumed.load_state_dict(state)
    assert list(resumed) == list(sampler)


def test_rewards_that_are_missing_stay_missing():
    sampler = grpo.RolloutSampler(range(4), 4, 2, seed=1)
    reward = sampler.scored(lambda completions, **_: [1.0, None, 0.0, None])
    found = reward(completions=["x"] * 4, prompt_index=[0, 0, 0, 1])
    assert found == [1.0, None, -1.0, None]
    assert grpo.group_advantages([3.0, 1.0], [0, 0], scale=False).tolist() == [1.0, -1.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: grpo.RolloutSampler(range(9), 0), "mini_repeat_count is 0: expected 1 or more"),
        (lambda: grpo.RolloutSampler(range(9), 8, 10), "batch_size is 10: expected at most the 9"),
        (lambda: grpo.RolloutSampler(range(9), 1, 4), "a step has 4 rollouts for 4 prompts"),
        (
            lambda: grpo.RolloutSampler(range(9), 8, 3, policy="racing"),
            "policy is `racing`: expected one of one-shot",
        ),
        (
            lambda: grpo.RolloutSampler(range(9), 8, 3).scored(lambda **_: [1.0])(
                completions=["x"]
            ),
            "the dataset has no column prompt_index",
        ),
        (lambda: grpo.RolloutSampler(range(9), 8, 3).observe([9], [1.0]), "prompt 9 is unknown"),
        (
            lambda: grpo.RolloutSampler(range(9), 8, 3).observe([1, 2], [1.0]),
            "rewards has 1 values: expected 2",
        ),
        (lambda: grpo.group_advantages([1.0], [1, 2]), "prompts has the shape [2]"),
    ],
)
def test_bad_input_says_what_to_change(make, message):
    with pytest.raises(ValueError) as error:
        make()
    assert str(error.value).startswith(message)
