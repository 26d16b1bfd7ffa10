"""Peer of `varlab simulate`'s Monte Carlo: Numba, compiled, parallel over blocks of trajectories.

Each thread has a NumPy generator of its own (spawned from one seed: no shared stream) and runs through its trajectories
block by block, so the state stays in cache and memory is O(iterations * threads). Within a block the variance is
two-pass; blocks and threads are merged by Chan's update. One draw of the noise serves every mu.
"""
import numba
import numpy as np
from numba import njit, prange

import peer


@njit(fastmath=True, inline="always")
def merge(count, mean, squares, other_count, other_mean, other_squares):
    total = count + other_count
    difference = other_mean - mean
    return (mean + difference * other_count / total,
            squares + other_squares + difference * difference * count * other_count / total)


@njit(parallel=True, fastmath=True)
def simulate_compiled(mus, beta2, trajectories, iterations, generators, block):
    threads = len(generators)
    means = np.zeros((threads, iterations, len(mus)))
    squares = np.zeros((threads, iterations, len(mus)))
    counts = np.zeros(threads)
    for thread in prange(threads):
        generator = generators[thread]
        first, last = trajectories * thread // threads, trajectories * (thread + 1) // threads
        averages = np.empty((len(mus), block))
        noise, psi = np.empty(block), np.empty(block)
        done = 0
        while first + done < last:
            size = min(block, last - first - done)
            averages[:] = 0.0
            decayed = 1.0
            for t in range(iterations):
                for j in range(size):
                    noise[j] = generator.standard_normal()
                decayed *= beta2
                scale = (1 - decayed) / (1 - beta2)
                for k in range(len(mus)):
                    mu = mus[k]
                    total = 0.0
                    for j in range(size):
                        gradient = noise[j] + mu
                        average = averages[k, j] * beta2 + gradient * gradient
                        averages[k, j] = average
                        value = np.sqrt(scale / average)
                        psi[j] = value
                        total += value
                    mean = total / size
                    spread = 0.0
                    for j in range(size):
                        spread += (psi[j] - mean) ** 2
                    means[thread, t, k], squares[thread, t, k] = merge(
                        done, means[thread, t, k], squares[thread, t, k], size, mean, spread)
            done += size
        counts[thread] = done
    for thread in range(1, threads):
        for t in range(iterations):
            for k in range(len(mus)):
                means[0, t, k], squares[0, t, k] = merge(counts[0], means[0, t, k], squares[0, t, k], counts[thread],
                                                         means[thread, t, k], squares[thread, t, k])
        counts[0] += counts[thread]
    return means[0].T, squares[0].T / (trajectories - 1)


def simulate(mus, beta2, trajectories, iterations, seed, threads, block):
    """Mean and variance (divisor n - 1) of psi_t = 1/sqrt(v_hat_t): two arrays [mu, t]."""
    threads = min(threads, trajectories)
    seeds = np.random.SeedSequence(seed).spawn(threads)
    generators = tuple(np.random.Generator(np.random.PCG64(s)) for s in seeds)
    return simulate_compiled(np.array(mus), beta2, trajectories, iterations, generators, block)


def main():
    parser = peer.arguments(__doc__)
    peer.add_simulation_arguments(parser)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--block", type=int, default=1250, help="trajectories run together by a thread")
    options = parser.parse_args()
    numba.set_num_threads(options.threads)
    run = lambda trajectories, iterations: simulate(options.mu, options.beta2, trajectories, iterations, options.seed,
                                                    options.threads, options.block)
    # Compiles for this number of generators.
    run(min(options.trajectories, 2 * options.threads), 10)
    seconds, (means, variances) = peer.timed(lambda: run(options.trajectories, options.iterations), options.repeat)
    peer.report("numba_simulate", vars(options), seconds, peer.curves_at_steps(options.mu, means, variances),
                ("numpy", "numba"))


if __name__ == "__main__":
    main()
