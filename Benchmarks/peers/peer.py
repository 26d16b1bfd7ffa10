"""What the peers share: repetition, timing and one line of JSON."""
import argparse
import importlib.metadata
import json
import platform
import time


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--repeat", type=int, default=1, help="timed runs (default 1)")
    parser.add_argument("--beta2", type=float, default=0.999)
    return parser


def add_simulation_arguments(parser):
    parser.add_argument("--mu", type=numbers, default=numbers("0,0.001,0.01,0.1,1,10"), help="comma list")
    parser.add_argument("--trajectories", type=int, default=5000)
    parser.add_argument("--iterations", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)


def numbers(text):
    return [float(part) for part in text.split(",")]


def steps(text):
    return [int(part) for part in text.split(",")]


def timed(function, repeat):
    """The seconds of each run, and what the last one returned."""
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = function()
        seconds.append(time.perf_counter() - start)
    return seconds, result


def curves_at_steps(mus, means, variances):
    """Mean and variance of psi at a few steps of each curve, to compare peers by."""
    last = len(variances[0])
    chosen = sorted({t for t in (5, 10, 100, 1000, last) if 3 <= t <= last} | {last})
    return {repr(mu): {str(t): {"mean_psi": float(means[k][t - 1]), "var_psi": float(variances[k][t - 1])}
                       for t in chosen} for k, mu in enumerate(mus)}


def write_table(path, names, columns):
    """A CSV file of full-precision columns; NaN is an empty cell."""
    texts = [[repr(x) if x == x else "" for x in column.tolist()] for column in columns]
    with open(path, "w") as file:
        file.write(",".join(names) + "\n")
        file.write("\n".join(map(",".join, zip(*texts))))
        file.write("\n")


def report(name, parameters, seconds, result, packages=("numpy",)):
    versions = {package: importlib.metadata.version(package) for package in packages}
    versions["python"] = platform.python_version()
    print(json.dumps({"peer": name, "parameters": parameters, "seconds": seconds, "result": result,
                      "versions": versions}))
