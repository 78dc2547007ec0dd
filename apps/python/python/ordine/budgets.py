"""Budgets: units divided among items that bring less the more they already got.

>>> from ordine import budgets
>>> answer = budgets.allocate(10, [0.5, 0.1, 0.9], lower=1)
>>> answer.units.tolist(), answer.is_optimal
([3, 5, 2], True)

``answer.shadow_price`` says what one more unit would bring, ``answer.one_more`` to whom.

Source: Fox 1966; Everett 1963.
"""

from ordine._ordine import Allocation, allocate, allocate_table, ocba_shares

__all__ = ["Allocation", "allocate", "allocate_table", "ocba_shares"]
