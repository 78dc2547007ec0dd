"""Writes refined.csv: synthetic gradient norms over 2000 steps and their refined schedules.

Needs mpmath: `python refined.py > refined.csv`. Heights are joined by straight lines through z =
0, .003, .02, .03, .1, 1 and smoothed by a Gaussian of 40 steps, cut off at 4 sigma, the ends held.
"""

from mpmath import exp, mp, mpf, nstr

mp.dps = 30
T, SIGMA = 2000, 40
PLACES = [mpf(0), mpf("0.003"), mpf("0.02"), mpf("0.03"), mpf("0.1"), mpf(1)]
SHAPES = {
    "flat": ["1"] * 6,
    "down": ["15", "6", "4", "2", "1", "1"],
    "down-up": ["15", "6", "4", "2", "1", "2"],
    "down-down": ["15", "6", "4", "2", "1", "0.7"],
}


def raw(heights, t):
    z = mpf(t) / (T - 1)
    for (low, from_), (high, to) in zip(zip(PLACES, heights), zip(PLACES[1:], heights[1:])):
        if low <= z <= high:
            return mpf(from_) + (mpf(to) - mpf(from_)) * (z - low) / (high - low)
    return mpf(heights[-1])


def smoothed(values):
    reach = 4 * SIGMA
    kernel = [exp(-mpf(k) ** 2 / (2 * SIGMA**2)) for k in range(-reach, reach + 1)]
    total = sum(kernel)
    held = [values[0]] * reach + values + [values[-1]] * reach
    return [sum(w * held[t + k] for k, w in enumerate(kernel)) / total for t in range(len(values))]


def refined(norms, power):
    weights = [norm**-power for norm in norms]
    tail, values = mpf(0), []
    for weight in reversed(weights):
        values.append(weight * tail)
        tail += weight
    values.reverse()
    return [value / max(values) for value in values]


print("shape,power,step,norm,value")
for shape, heights in SHAPES.items():
    norms = smoothed([raw(heights, t) for t in range(T)])
    for power in (2, 1):
        values = refined(norms, power)
        for t in [*range(0, T, 20), T - 1]:
            print(f"{shape},{power},{t},{nstr(norms[t], 20)},{nstr(values[t], 20)}")
