"""Writes schedules.csv: every schedule over 10 000 steps in 40 digits, from its formula alone.

Needs mpmath: `python schedules.py > schedules.csv`. Nothing here calls the code under test.
"""

from mpmath import cos, mp, mpf, pi, power, sqrt

mp.dps = 40
T = 10_000
STEPS = sorted(set(range(0, T, 137)) | {1, 2, 499, 500, 501, 2999, 3000, 7999, 8000, T - 2, T - 1})


def number(text):
    return mpf(text)


def half_wave(z):
    return (1 + cos(pi * z)) / 2


def rex(d, z):
    return (1 - z) / ((1 - number(d)) + number(d) * (1 - z))


def uba(phi, z):
    c = 1 + cos(pi * z)
    return 2 * c / (2 * number(phi) + (2 - number(phi)) * c)


def nodes(phi, t, n):
    c = 1 + cos((2 * mpf(t + 1) - 1) * pi / (2 * n))
    return 2 * c / (2 * number(phi) + (2 - number(phi)) * c)


def z(t):
    return mpf(t) / T


def levels(knots, factors, t):
    value = mpf(1)
    for knot, factor in zip(knots, factors):
        if mpf(t) >= mpf(knot) * T / 100:
            value *= number(factor)
    return value


def line(points, at):
    for (one, low), (two, high) in zip(points, points[1:]):
        if one <= at <= two:
            return low + (high - low) * (at - one) / (two - one)
    return points[-1][1]


def torch_cycle(t):
    top, last = mpf(3) / 10 * T - 1, mpf(T - 1)
    start = mpf(1) / 25
    end = start / 10_000
    if t <= top:
        return start + (1 - start) * (1 - half_wave(t / top))
    return end + (1 - end) * half_wave((t - top) / (last - top))


def warmed(w, low, shape, inner, t):
    if t < w:
        return inner(0) * (low + (1 - low) * shape(mpf(t) / w))
    return inner(t - w)


def triangle(up, down, low, decay, t):
    cycle = t // (up + down)
    at = t - cycle * (up + down)
    height = mpf(at) / up if at <= up else mpf(up + down - at) / down
    return number(low) + (1 - number(low)) * height * number(decay) ** cycle


def restarts(first, stretch, decay, cycles, inner, t):
    begin, length = 0, first
    for cycle in range(cycles):
        if t < begin + length or cycle == cycles - 1:
            return number(decay) ** cycle * inner(min(mpf(t - begin) / length, mpf(1)))
        begin, length = begin + length, length * stretch


def inverse_root(scale, t):
    return sqrt(mpf(scale) / (t + scale))


def noam(t):
    steps = mpf(t)
    low = steps * power(4000, mpf(-3) / 2)
    return sqrt(1 / mpf(512)) * (low if t < 4000 else min(1 / sqrt(steps), low))


def cooldown(share, shape, t):
    begin = T - int(T * share)
    return mpf(1) if t <= begin else shape(mpf(t - begin) / (T - begin))


CASES = {
    "constant": lambda t: mpf(1),
    "linear": lambda t: 1 - z(t),
    "cosine": lambda t: half_wave(z(t)),
    "cosine | inclusive": lambda t: half_wave(mpf(t) / (T - 1)),
    "polynomial(power=2)": lambda t: (1 - z(t)) ** 2,
    "polynomial(power=0.7)": lambda t: power(1 - z(t), number("0.7")),
    "exponential(end=0.01)": lambda t: power(number("0.01"), z(t)),
    "geometric(0.999)": lambda t: power(number("0.999"), t),
    "step": lambda t: levels([30, 60, 90], ["0.1"] * 3, t),
    "step(at=[50%, 75%], factors=[0.2, 0.5])": lambda t: levels([50, 75], ["0.2", "0.5"], t),
    "staircase(period=1500, factor=0.3)": lambda t: number("0.3") ** (t // 1500),
    "rex(d=0.5)": lambda t: rex("0.5", z(t)),
    "rex(d=0.9)": lambda t: rex("0.9", z(t)),
    "rex(d=0.45)": lambda t: (1 - z(t)) / ((1 - number("0.9") * z(t)) / 2 + mpf(1) / 2),
    "uba(phi=0.25)": lambda t: uba("0.25", z(t)),
    "uba(phi=1)": lambda t: uba("1", z(t)),
    "uba(phi=5)": lambda t: uba("5", z(t)),
    "uba(phi=0.5, form=nodes)": lambda t: nodes("0.5", t, T),
    "wsd": lambda t: cooldown(0.2, lambda u: 1 - u, t),
    "wsd(shape=one-minus-root)": lambda t: cooldown(0.2, lambda u: 1 - sqrt(u), t),
    "wsd(cooldown=10%, shape=cosine)": lambda t: cooldown(0.1, half_wave, t),
    "wsd(shape=mirror-cosine)": lambda t: cooldown(0.2, lambda u: 2 * (1 - u) - half_wave(u), t),
    "wsd(shape=exponential)": lambda t: cooldown(0.2, lambda u: power(number("0.01"), u), t),
    "one-cycle": lambda t: line(
        [(mpf(0), mpf(1) / 10), (mpf(9) / 20, mpf(1)), (mpf(9) / 10, mpf(1) / 10), (mpf(1), mpf(0))],
        z(t),
    ),
    "torch-one-cycle": torch_cycle,
    "inverse-sqrt(500)": lambda t: inverse_root(500, t),
    "inverse-sqrt(500) | warmup(500, from=0)": lambda t: warmed(
        500, mpf(0), lambda u: u, lambda s: inverse_root(500, s), t
    ),
    "noam": noam,
    "power(scale=200, exponent=0.51)": lambda t: power(mpf(200) / (t + 200), number("0.51")),
    "cyclic(up=700, down=300, low=0.2)": lambda t: triangle(700, 300, "0.2", "1", t),
    "cyclic(up=700, low=0.1, decay=0.5)": lambda t: triangle(700, 700, "0.1", "0.5", t),
    "cosine | restarts(cycles=4, decay=0.5)": lambda t: restarts(2500, 1, "0.5", 4, half_wave, t),
    "cosine | restarts(first=1000, stretch=2)": lambda t: restarts(1000, 2, "1", 4, half_wave, t),
    "rex(d=0.5) | warmup(500, from=0)": lambda t: warmed(
        500, mpf(0), lambda u: u, lambda s: rex("0.5", mpf(s) / (T - 500)), t
    ),
    "linear | warmup(5%)": lambda t: warmed(
        500, mpf(1) / 500, lambda u: u, lambda s: 1 - mpf(s) / (T - 500), t
    ),
    "linear | warmup(500, from=0.1, shape=cosine)": lambda t: warmed(
        500, number("0.1"), lambda u: 1 - half_wave(u), lambda s: 1 - mpf(s) / (T - 500), t
    ),
    "cosine | delay(30%)": lambda t: mpf(1) if t < 3000 else half_wave(mpf(t - 3000) / 7000),
    "rex(d=0.5) | every(10%)": lambda t: rex("0.5", mpf(t // 1000) / 10),
    "rex(d=0.5) | every(390)": lambda t: rex("0.5", mpf(t // 390 * 390) / T),
    "cosine | knots([33%, 66%])": lambda t: half_wave(
        mpf(0 if t < 3300 else 33 if t < 6600 else 66) / 100
    ),
    "linear | floor(0.1)": lambda t: number("0.1") + number("0.9") * (1 - z(t)),
    "linear | between(0.00003, 0.0003)": lambda t: number("0.00003")
    + number("0.00027") * (1 - z(t)),
    "linear | at-least(0.25)": lambda t: max(1 - z(t), mpf(1) / 4),
    "3e-4 * cosine": lambda t: number("3e-4") * half_wave(z(t)),
    "linear * cosine": lambda t: (1 - z(t)) * half_wave(z(t)),
    "constant @ 30% > cosine @ 50% > 0.1 * linear": lambda t: mpf(1)
    if t < 3000
    else half_wave(mpf(t - 3000) / 5000)
    if t < 8000
    else number("0.1") * (1 - mpf(t - 8000) / 2000),
    "points(at=[0%, 40%, 100%], values=[0.2, 1, 0])": lambda t: line(
        [(mpf(0), number("0.2")), (number("0.4"), mpf(1)), (mpf(1), mpf(0))], z(t)
    ),
    "table([1, 0.5, 0.4, 0])": lambda t: line(
        [(mpf(0), mpf(1)), (mpf(1) / 3, number("0.5")), (mpf(2) / 3, number("0.4")), (mpf(1), mpf(0))],
        z(t),
    ),
}

print("schedule;step;value")
for name, value in CASES.items():
    for step in STEPS:
        print(f"{name};{step};{mp.nstr(value(step), 20)}")
