"""Rollouts of group-relative training, given to the prompts that they teach most, inside a trainer.

:class:`RolloutSampler` takes the place of the sampler that the GRPO trainer of TRL builds for
itself (``trl.trainer.utils.RepeatSampler``): the same arguments, the same number of rollouts in
each step, but each prompt gets as many copies as its success rate calls for. Nothing of TRL is
needed here.

>>> from ordine.grpo import RolloutSampler
>>> sampler = RolloutSampler(range(6), mini_repeat_count=4, batch_size=3, seed=1)
>>> step = list(sampler)[:12]
>>> len(step), len(set(step))
(12, 3)

A trainer that expects groups of one size cannot center rewards of groups that differ. So rewards
are centered here, by :meth:`RolloutSampler.scored`, and the trainer is told that all rollouts of a
step are one group, whose mean is then zero::

    dataset = dataset.add_column("prompt_index", range(len(dataset)))
    sampler = RolloutSampler(dataset, mini_repeat_count=8, batch_size=32, repeat_count=repeats)

    class Trainer(GRPOTrainer):
        def _get_train_sampler(self, dataset=None):
            return sampler

    config = GRPOConfig(
        num_generations=256, generation_batch_size=256, scale_rewards=False, ...
    )
    Trainer(reward_funcs=sampler.scored(reward), args=config, train_dataset=dataset, ...)

``repeats`` is ``num_iterations * steps_per_generation``. One process has to see the rewards of a
whole step; with several, gather rewards and prompts first and call
:meth:`RolloutSampler.observe` and :func:`group_advantages`.

Source: Li et al. 2025 (Knapsack RL); the samplers of TRL.
"""

import functools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from typing import Any

import numpy
from numpy.typing import ArrayLike, NDArray

from ordine._ordine import Rollouts, advantages

__all__ = ["RolloutSampler", "group_advantages"]

_POLICIES = ("one-shot", "knapsack-rl", "filter", "uniform")


def group_advantages(
    rewards: ArrayLike, prompts: ArrayLike, *, scale: bool = True, clip: float = 5.0
) -> NDArray[numpy.float64]:
    """The advantage of each rollout within the group of its prompt, whatever the sizes of groups.

    Args:
        rewards: the reward of each rollout; NaN where there is none, which stays NaN.
        prompts: the prompt of each rollout.
        scale: whether distances from the mean are counted in deviations and clipped.
        clip: largest advantage.

    Raises:
        ValueError: when the lists differ in length, or clip is negative.

    >>> from ordine.grpo import group_advantages
    >>> group_advantages([1, 0, 1, 1, 1], [7, 7, 3, 3, 3]).tolist()
    [1.0, -1.0, 0.0, 0.0, 0.0]
    """
    given, groups = numpy.asarray(rewards, dtype=float), numpy.asarray(prompts)
    if given.shape != groups.shape or given.ndim != 1:
        raise ValueError(
            f"prompts has the shape {list(groups.shape)}: expected that of rewards, "
            f"{list(given.shape)}, one per rollout; change prompts"
        )
    found = numpy.full(given.shape, numpy.nan)
    known = ~numpy.isnan(given)
    for prompt in numpy.unique(groups):
        members = known & (groups == prompt)
        if not members.any():
            continue
        if scale:
            found[members] = advantages(given[members], clip=clip)
        else:
            found[members] = given[members] - given[members].mean()
    return found


class RolloutSampler:
    """Row numbers of a dataset, each as often as its prompt gets rollouts.

    Args:
        data_source: the dataset, of which only the length is used.
        mini_repeat_count: rollouts of a prompt on average.
        batch_size: prompts of a step.
        repeat_count: how often the rollouts of a step are gone through.
        shuffle: whether each epoch has an order of its own.
        seed: seed of that order; the same in all processes.
        policy: ``"one-shot"`` (the posterior value of more rollouts), ``"knapsack-rl"`` (the
            published rules), ``"filter"`` or ``"uniform"``. Policies in rounds do not fit.
        lower: least rollouts of a prompt.
        upper: most rollouts of a prompt.

    Raises:
        ValueError: when a number is out of its range, or bounds and budget do not fit together.
    """

    def __init__(
        self,
        data_source: Sized,
        mini_repeat_count: int,
        batch_size: int = 1,
        repeat_count: int = 1,
        shuffle: bool = True,
        seed: int | None = None,
        *,
        policy: str = "one-shot",
        lower: int = 2,
        upper: int = 128,
    ) -> None:
        counts = {
            "mini_repeat_count": mini_repeat_count,
            "batch_size": batch_size,
            "repeat_count": repeat_count,
        }
        for name, count in counts.items():
            if count < 1:
                raise ValueError(f"{name} is {count}: expected 1 or more; change {name}")
        if policy not in _POLICIES:
            raise ValueError(
                f"policy is `{policy}`: expected one of {', '.join(_POLICIES)}, which give all "
                "rollouts of a step at once; change it"
            )
        prompts = len(data_source)
        if batch_size > prompts:
            raise ValueError(
                f"batch_size is {batch_size}: expected at most the {prompts} prompts there are; "
                "change batch_size"
            )
        low, high = lower * batch_size, upper * batch_size
        self.budget = mini_repeat_count * batch_size
        if not low <= self.budget <= high:
            raise ValueError(
                f"a step has {self.budget} rollouts for {batch_size} prompts: expected {low} to "
                f"{high}, {lower} to {upper} each; change mini_repeat_count, lower or upper"
            )
        self.data_source = data_source
        self.batch_size = batch_size
        self.repeat_count = repeat_count
        self.shuffle = shuffle
        self.seed = 0 if seed is None else seed
        self.epoch = 0
        self.rollouts = Rollouts(prompts, policy, lower=lower, upper=upper, mean=mini_repeat_count)
        #: Rollouts of each prompt in the latest step, by row number.
        self.units: dict[int, int] = {}

    def __len__(self) -> int:
        """Row numbers of an epoch; a step that would not be full is left out."""
        return len(self.data_source) // self.batch_size * self.budget * self.repeat_count

    def __iter__(self) -> Iterator[int]:
        """The row numbers of an epoch, copies of a prompt side by side."""
        count = len(self.data_source)
        order = numpy.arange(count)
        if self.shuffle:
            order = numpy.random.default_rng([self.seed, self.epoch]).permutation(count)
        for begin in range(0, count - self.batch_size + 1, self.batch_size):
            prompts = order[begin : begin + self.batch_size]
            units = self.rollouts.begin(prompts, self.budget)
            self.units = dict(zip(prompts.tolist(), units.tolist(), strict=True))
            copies = numpy.repeat(prompts, units).tolist()
            for _ in range(self.repeat_count):
                yield from copies
        self.epoch += 1
        self.rollouts.advance()

    def set_epoch(self, epoch: int) -> None:
        """Goes on with this epoch, from 0."""
        self.epoch = int(epoch)

    def observe(self, prompts: ArrayLike, rewards: ArrayLike) -> None:
        """Learns from the rewards of a step: those above 0 are successes, NaN is none at all.

        Raises:
            ValueError: when lists differ in length, or a row number is unknown.
        """
        given, rows = numpy.asarray(rewards, dtype=float), numpy.asarray(prompts)
        if given.shape == rows.shape:
            known = ~numpy.isnan(given)
            given, rows = given[known], rows[known]
        self.rollouts.observe(rows, given)

    def scored(
        self,
        reward: Callable[..., Sequence[float | None]],
        *,
        column: str = "prompt_index",
        scale: bool = True,
        clip: float = 5.0,
    ) -> Callable[..., list[float | None]]:
        """The reward function, as one that learns from its rewards and gives advantages.

        Args:
            reward: takes completions and columns of the dataset, as TRL calls it.
            column: the column that holds the row number of each rollout.
            scale: whether distances from the mean are counted in deviations and clipped.
            clip: largest advantage.

        Raises:
            ValueError: when the dataset has no such column.
        """

        @functools.wraps(reward)
        def wrapped(*arguments: Any, **columns: Any) -> list[float | None]:
            if column not in columns:
                raise ValueError(
                    f"the dataset has no column {column}: expected row numbers there; run "
                    f"`dataset.add_column('{column}', range(len(dataset)))`"
                )
            rewards = reward(*arguments, **columns)
            numbers = [math.nan if it is None else float(it) for it in rewards]
            rows = columns[column]
            self.observe(rows, numbers)
            found = group_advantages(numbers, rows, scale=scale, clip=clip)
            return [None if math.isnan(it) else it for it in found.tolist()]

        return wrapped

    def state_dict(self) -> dict[str, Any]:
        """The epoch and all that is known of the prompts, as plain numbers."""
        return {"epoch": self.epoch, "rollouts": self.rollouts.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on from a checkpoint, at the start of its epoch.

        Raises:
            ValueError: when the state is of another number of prompts, or broken.
        """
        self.rollouts.load_state_dict(state["rollouts"])
        self.epoch = int(state["epoch"])
