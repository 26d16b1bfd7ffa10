"""Peer of `varlab checkpoint`: NumPy on a mapped .safetensors file with exp_avg and exp_avg_sq of float32.

In chunks that stay in the cache: updates, their root mean square and a histogram of |u| (`bincount` of its logarithm) with quantiles from it, the shares
of dead coordinates, of those where epsilon matters, and of those beyond the bound. No exact law, no digest. --make writes the file to be read.
"""
import json

import numpy as np

import peer

CHUNK = 1 << 16
BINS_PER_OCTAVE, LOWEST, OCTAVES = 128, -20, 32


def make(path, megabytes):
    """Four tensors of noise, as after many steps."""
    generator = np.random.default_rng(1)
    count = megabytes * (1 << 20) // 32
    header, end = {}, 0
    for tensor in range(4):
        for moment in ("exp_avg", "exp_avg_sq"):
            header[f"{tensor}.{moment}"] = {"dtype": "F32", "shape": [count], "data_offsets": [end, end + 4 * count]}
            end += 4 * count
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _ in range(4):
            (generator.standard_normal(count, dtype="f4") * np.float32(0.229e-4)).tofile(file)
            ((1 + np.float32(0.03) * generator.standard_normal(count, dtype="f4")) * np.float32(1e-8)).tofile(file)


def summary(path, beta1, beta2, step, epsilon=1e-8):
    data = np.memmap(path, dtype=np.uint8, mode="r")
    start = 8 + int.from_bytes(data[:8].tobytes(), "little")
    header = json.loads(data[8:start].tobytes())
    momentum, square = np.float32(1 / (1 - beta1 ** step)), np.float32(1 / (1 - beta2 ** step))
    q = beta1 ** 2 / beta2
    largest = ((1 - beta1) ** 2 / (1 - beta2) * (1 - q ** step) / (1 - q) * float(momentum) ** 2 / float(square)) ** 0.5
    result = {}
    for name in [name[:-8] for name in header if name.endswith(".exp_avg")]:
        m, v = (data[start + a:start + b].view("<f4") for a, b in
                (header[f"{name}.{moment}"]["data_offsets"] for moment in ("exp_avg", "exp_avg_sq")))
        total, live, small, beyond, largest_seen = 0.0, 0, 0, 0, 0.0
        counts = np.zeros(BINS_PER_OCTAVE * OCTAVES + 1, dtype=np.int64)
        for first in range(0, m.size, CHUNK):
            part = v[first:first + CHUNK] * square
            with np.errstate(divide="ignore", invalid="ignore"):
                root = np.sqrt(part)
                mean = m[first:first + CHUNK] * momentum
                u = np.abs(mean / (root + np.float32(epsilon)))
                ratio = np.abs(mean) / root
                kept = np.isfinite(ratio)
                u, ratio, root = u[kept], ratio[kept], root[kept]
                bins = np.log2(u)
            total += float(np.dot(u, u))
            live += u.size
            small += int(np.count_nonzero(root < 10 * epsilon))
            beyond += int(np.count_nonzero(ratio > 1.01 * largest))
            largest_seen = max(largest_seen, float(ratio.max()))
            bins = np.clip((bins - LOWEST) * BINS_PER_OCTAVE, 0, BINS_PER_OCTAVE * OCTAVES).astype(np.intp)
            counts += np.bincount(bins, minlength=counts.size)
        shares = np.cumsum(counts) / live
        quantiles = [2 ** (LOWEST + np.searchsorted(shares, p) / BINS_PER_OCTAVE) for p in (0.5, 0.9, 0.99)]
        result[name] = [(total / live) ** 0.5, m.size - live, small, beyond, largest_seen, *map(float, quantiles)]
    return result


def main():
    parser = peer.arguments(__doc__)
    parser.add_argument("file")
    parser.add_argument("--beta1", type=float, default=0.9)
    parser.add_argument("--step", type=int, default=100_000)
    parser.add_argument("--make", type=int, metavar="MEGABYTES", help="write the file and stop")
    options = parser.parse_args()
    if options.make:
        make(options.file, options.make)
        return
    seconds, result = peer.timed(lambda: summary(options.file, options.beta1, options.beta2, options.step), options.repeat)
    peer.report("numpy_checkpoint", {"beta1": options.beta1, "beta2": options.beta2, "step": options.step}, seconds, next(iter(result.values())))


if __name__ == "__main__":
    main()
