"""The models of `ordine bench simpy`, as a user of SimPy writes them.

`python models.py mm1|shop CUSTOMERS` prints one line of JSON: customers served, events that came up,
seconds, and the mean wait (mm1) or flow time (shop) in mean services.
"""

import json
import random
import sys
import time

import simpy

MACHINES = 10


def bank(env, clerk, customers, waits, rng):
    """Customers arrive one after the other."""
    for _ in range(customers):
        env.process(customer(env, clerk, waits, rng))
        yield env.timeout(rng.expovariate(0.8))


def customer(env, clerk, waits, rng):
    """Waits for the clerk, is served, leaves."""
    arrived = env.now
    with clerk.request() as turn:
        yield turn
        waits.append(env.now - arrived)
        yield env.timeout(rng.expovariate(1.0))


def door(env, machines, jobs, flows, rng):
    """Jobs arrive one after the other, each with a route of its own."""
    routes = [rng.sample(range(MACHINES), MACHINES) for _ in range(1000)]
    for _ in range(jobs):
        env.process(job(env, machines, routes[rng.randrange(1000)], flows, rng))
        yield env.timeout(rng.expovariate(0.8))


def job(env, machines, route, flows, rng):
    """Visits all machines."""
    arrived = env.now
    for machine in route:
        with machines[machine].request() as turn:
            yield turn
            yield env.timeout(rng.expovariate(1.0))
    flows.append(env.now - arrived)


def main():
    """Runs the model that is named and prints its figures."""
    model, customers = sys.argv[1], int(sys.argv[2])
    rng = random.Random(1)
    env = simpy.Environment()
    values = []
    if model == "mm1":
        env.process(bank(env, simpy.Resource(env), customers, values, rng))
    else:
        customers //= MACHINES
        machines = [simpy.Resource(env) for _ in range(MACHINES)]
        env.process(door(env, machines, customers, values, rng))
    begin = time.perf_counter()
    env.run()
    seconds = time.perf_counter() - begin
    # Numbers of events count up from 0; the next one tells how many there were.
    events = next(env._eid)
    mean = sum(values) / len(values)
    print(json.dumps({"customers": len(values), "events": events, "seconds": seconds, "mean": mean}))


if __name__ == "__main__":
    main()
