"""Writes rollout_rules.txt: cases of the published rules, by a plain re-implementation of them.

    python3 rollout_rules.py > rollout_rules.txt

A line is: budget | lower upper negative positive mean | costing | rates, `-` unseen | rollouts.
Forward programme over prompts; among equal values (to 1e-12) the fewest rollouts for later prompts.
"""

import math
import random


def need(rate, costing, upper):
    if costing == "mean":
        cost = 1.0 / (rate * (1.0 - rate)) - 1.0
    else:
        cost = math.log(1.0 - float(costing)) / math.log(max(rate, 1.0 - rate))
    return int(min(upper, cost + 1e-12))


def worth(rate, rollouts):
    return (1.0 - rate**rollouts - (1.0 - rate) ** rollouts) * rate * (1.0 - rate) ** 2


def knapsack(rates, lower, most, rest):
    best = [[-math.inf] * (rest + 1) for _ in range(len(rates) + 1)]
    best[0][0] = 0.0
    choice = [[0] * (rest + 1) for _ in range(len(rates) + 1)]
    for row, rate in enumerate(rates, 1):
        for used in range(rest + 1):
            best[row][used] = best[row - 1][used]
            for extra in range(1, min(most, used) + 1):
                value = best[row - 1][used - extra] + worth(rate, lower + extra)
                if value > best[row][used] + 1e-12:
                    best[row][used], choice[row][used] = value, extra
    used = rest
    while best[-1][used] == -math.inf:
        used -= 1
    left, extras = rest - used, [0] * len(rates)
    for row in range(len(rates), 0, -1):
        extras[row - 1] = choice[row][used]
        used -= extras[row - 1]
    for index in range(len(rates)):
        extras[index] += left // len(rates) + (index < left % len(rates))
    return extras


def spread(units, places, amount):
    for rank, place in enumerate(places):
        units[place] += amount // len(places) + (rank < amount % len(places))


def rules(budget, lower, upper, negative, positive, mean, costing, rates):
    units, effective = [], []
    for index, rate in enumerate(rates):
        if rate is None:
            units.append(mean)
        elif rate == 0.0:
            units.append(negative)
        elif rate == 1.0:
            units.append(positive)
        else:
            units.append(lower)
            effective.append(index)
    rest = budget - sum(units)
    if rest < 0:
        return None
    zero = [index for index, rate in enumerate(rates) if rate is None or rate == 0.0]
    if not effective:
        if rest == 0:
            return units
        if zero:
            spread(units, zero, rest)
            return units
        units = [0] * len(rates)
        spread(units, list(range(len(rates))), budget)
        return units
    cost = sum(need(rates[index], costing, upper) for index in effective)
    takers = zero or [index for index in range(len(rates)) if index not in effective]
    if cost < rest and takers:
        spread(units, takers, rest - cost)
        rest = cost
    extras = knapsack([rates[index] for index in effective], lower, upper - lower, rest)
    for index, extra in zip(effective, extras):
        units[index] += extra
    return units


def main():
    draw = random.Random(7)
    count = 0
    while count < 120:
        prompts = draw.randint(1, 14)
        texts = []
        for _ in range(prompts):
            outcomes = draw.choice([8, 12, 16])
            kind = draw.choice("u01eeee")
            successes = {"0": 0, "1": outcomes}.get(kind, draw.randint(0, outcomes))
            texts.append("-" if kind == "u" else f"{successes}/{outcomes}")
        rates = [None if it == "-" else int(it.split("/")[0]) / int(it.split("/")[1]) for it in texts]
        lower, upper = draw.choice([(2, 128), (2, 8), (1, 5), (4, 16)])
        negative, positive, mean = draw.choice([(2, 2, 8), (4, 1, 8), (2, 0, 6)])
        costing = draw.choice(["0.9", "0.9", "0.99", "mean"])
        budget = draw.choice([8 * prompts, draw.randint(2 * prompts, 14 * prompts)])
        units = rules(budget, lower, upper, negative, positive, mean, costing, rates)
        if units is None:
            continue
        assert sum(units) == budget
        bounds = f"{lower} {upper} {negative} {positive} {mean}"
        print(f"{budget} | {bounds} | {costing} | {' '.join(texts)} | {' '.join(map(str, units))}")
        count += 1


main()
