"""Budgets: units divided among items that bring less the more they already got.

>>> from ordine import budgets
>>> answer = budgets.allocate(10, [0.5, 0.1, 0.9], lower=1)
>>> answer.units.tolist(), answer.is_optimal
([3, 5, 2], True)

``answer.shadow_price`` says what one more unit would bring, ``answer.one_more`` to whom.

:class:`Rollouts` gives the rollouts of a training step to its prompts, in rounds:

>>> rollouts = budgets.Rollouts(prompts=3, policy="uniform")
>>> rollouts.begin([0, 1, 2], budget=12).tolist()
[4, 4, 4]
>>> rollouts.report([[1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]]) is None
True

Source: Fox 1966; Everett 1963; Li et al. 2025 (Knapsack RL).
"""

from ordine._ordine import (
    Allocation,
    Rollouts,
    advantages,
    allocate,
    allocate_table,
    ocba_shares,
    rollout_policies,
)

__all__ = [
    "Allocation",
    "Rollouts",
    "advantages",
    "allocate",
    "allocate_table",
    "ocba_shares",
    "rollout_policies",
]
