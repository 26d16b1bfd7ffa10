"""Peer of `varlab simulate`'s Monte Carlo: NumPy, vectorised over trajectories, a Python loop over t.

Arrays are reused in place. The average is kept as v / (1 - beta2), which saves a multiplication. The variance is
two-pass within each step. One draw of the noise serves every mu; --separate-draws draws anew for each, as a script that
loops over mu does.
"""
import numpy as np

import peer


def simulate(mus, beta2, trajectories, iterations, generator):
    """Mean and variance (divisor n - 1) of psi_t = 1/sqrt(v_hat_t): two arrays [mu, t]."""
    means, variances = np.empty((len(mus), iterations)), np.empty((len(mus), iterations))
    averages = np.zeros((len(mus), trajectories))
    noise, work = np.empty(trajectories), np.empty(trajectories)
    decayed = 1.0
    for t in range(iterations):
        generator.standard_normal(out=noise)
        decayed *= beta2
        scale = (1 - decayed) / (1 - beta2)
        for k, mu in enumerate(mus):
            average = averages[k]
            gradient = noise if mu == 0 else np.add(noise, mu, out=work)
            np.multiply(gradient, gradient, out=work)
            np.multiply(average, beta2, out=average)
            np.add(average, work, out=average)
            np.divide(scale, average, out=work)
            np.sqrt(work, out=work)
            mean = work.sum() / trajectories
            np.subtract(work, mean, out=work)
            means[k, t] = mean
            variances[k, t] = work.dot(work) / (trajectories - 1)
    return means, variances


def simulate_separately(mus, beta2, trajectories, iterations, generator):
    curves = [simulate([mu], beta2, trajectories, iterations, generator) for mu in mus]
    return np.concatenate([c[0] for c in curves]), np.concatenate([c[1] for c in curves])


def main():
    parser = peer.arguments(__doc__)
    peer.add_simulation_arguments(parser)
    parser.add_argument("--separate-draws", action="store_true")
    options = parser.parse_args()
    run = simulate_separately if options.separate_draws else simulate
    run(options.mu, options.beta2, 100, 10, np.random.default_rng(0))
    seconds, (means, variances) = peer.timed(
        lambda: run(options.mu, options.beta2, options.trajectories, options.iterations,
                    np.random.default_rng(options.seed)), options.repeat)
    peer.report("numpy_simulate", vars(options), seconds, peer.curves_at_steps(options.mu, means, variances))


if __name__ == "__main__":
    main()
