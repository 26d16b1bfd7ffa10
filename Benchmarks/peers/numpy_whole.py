"""Peer of the whole `varlab simulate`: NumPy simulation, exact law of every mu, and variance.csv with full digits.

The simulation is numpy_simulate.py's, the exact law one pass of numpy_exact.py for all mu. It writes less than the
command does: no standard error, no empirical rho and no run.json, so that it is a peer that errs on the fast side.
--separate-draws draws the noise anew for each mu.
"""
import os
import tempfile

import numpy as np

import peer
from numpy_exact import exact_curves
from numpy_simulate import simulate, simulate_separately

NAMES = "mu,beta2,epsilon,t,trajectories,mean_psi,var_psi,r_t,var_rectified,var_exact,rho_t,nu_t".split(",")


def whole(path, mus, beta2, trajectories, iterations, seed, run):
    means, variances = run(mus, beta2, trajectories, iterations, np.random.default_rng(seed))
    exact = exact_curves(mus, beta2, iterations)[2]
    t = np.arange(1, iterations + 1)
    decayed = beta2 ** t
    limit = 2 / (1 - beta2) - 1
    rho = limit - 2 * t * decayed / (1 - decayed)
    nu = (1 + beta2) * (1 - decayed) / ((1 - beta2) * (1 + decayed))
    with np.errstate(invalid="ignore"):
        r = np.where(rho > 4, np.sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho)), np.nan)
    every = lambda column: np.tile(column, len(mus))
    peer.write_table(path, NAMES, [
        np.repeat(np.array(mus), iterations), np.full(len(mus) * iterations, beta2), np.zeros(len(mus) * iterations),
        every(t), np.full(len(mus) * iterations, trajectories), means.ravel(), variances.ravel(), every(r),
        (r * r * variances).ravel(), exact.ravel(), every(rho), every(nu)])
    return means, variances, exact


def main():
    parser = peer.arguments(__doc__)
    peer.add_simulation_arguments(parser)
    parser.add_argument("--separate-draws", action="store_true")
    parser.add_argument("--output", help="keep variance.csv under this name")
    options = parser.parse_args()
    run = simulate_separately if options.separate_draws else simulate
    with tempfile.TemporaryDirectory() as folder:
        path = options.output or os.path.join(folder, "variance.csv")
        whole(path, options.mu, options.beta2, 100, 10, 0, run)
        seconds, (means, variances, exact) = peer.timed(
            lambda: whole(path, options.mu, options.beta2, options.trajectories, options.iterations, options.seed, run),
            options.repeat)
        size = os.path.getsize(path)
    result = peer.curves_at_steps(options.mu, means, variances)
    for k, mu in enumerate(options.mu):
        for t, values in result[repr(mu)].items():
            values["var_exact"] = float(exact[k][int(t) - 1])
    peer.report("numpy_whole", vars(options), seconds, result | {"bytes": size})


if __name__ == "__main__":
    main()
