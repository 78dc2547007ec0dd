"""Solves the integer programmes of `ordine bench smtt --programmes FOLDER` with HiGHS.

Prints a line per programme that disagrees with `optima.csv`, then how many agree and the time
without and with cuts. Needs `highspy` (MIT). Call: `python check.py FOLDER`.
"""

import csv
import pathlib
import sys
import time

import highspy


def optimum_of(path):
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.5)
    if solver.readModel(str(path)) != highspy.HighsStatus.kOk:
        raise SystemExit(f"{path} cannot be read")
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise SystemExit(f"{path}: no optimum")
    return round(solver.getInfo().objective_function_value)


def main(folder):
    folder = pathlib.Path(folder)
    agree, total, seconds = 0, 0, {"false": 0.0, "true": 0.0}
    with open(folder / "optima.csv", newline="") as file:
        for row in csv.DictReader(file):
            start = time.perf_counter()
            found = optimum_of(folder / row["file"])
            seconds[row["cuts"]] += time.perf_counter() - start
            total += 1
            agree += found == int(row["optimum"])
            if found != int(row["optimum"]):
                print(f"{row['file']}: found {found}, expected {row['optimum']}")
    print(f"{agree} of {total} programmes agree")
    print(f"{seconds['false']:.1f} s without cuts, {seconds['true']:.1f} s with cuts")
    return 0 if agree == total else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
