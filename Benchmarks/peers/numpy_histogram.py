"""Peer of reading a recorded trace and counting ln|g|: NumPy on a mapped .npy file, bins from -20 to 0.

In chunks that stay in the cache, in single precision as the file is, with reused arrays and `bincount`; --naive is what a first
script does: `numpy.histogram` of the logarithms of the whole array. --make writes the file to be read.
"""
import tempfile

import numpy as np

import peer

LOWEST, HIGHEST, BINS = -20, 0, 40
CHUNK = 1 << 17


def make(path, megabytes, steps):
    """float32 [steps, coordinates], each coordinate normal with a deviation of its own; the largest is below 1."""
    generator = np.random.default_rng(1)
    coordinates = megabytes * 2**18 // steps
    trace = np.lib.format.open_memmap(path, mode="w+", dtype="<f4", shape=(steps, coordinates))
    deviations = np.exp(generator.normal(-8, 1, coordinates)).astype("<f4")
    rows = max(1, 2**22 // coordinates)
    for start in range(0, steps, rows):
        part = generator.standard_normal((min(rows, steps - start), coordinates), dtype="f4")
        trace[start:start + rows] = part * deviations
    return trace


def make_text(path, megabytes, steps):
    """The same numbers as CSV, with a header."""
    import pandas

    with tempfile.NamedTemporaryFile(suffix=".npy") as file:
        pandas.DataFrame(make(file.name, megabytes, steps)).add_prefix("w").to_csv(path, index=False)


def chunked(path):
    """Counts: zeros and below e^-20 together, then the bins."""
    gradients = np.load(path, mmap_mode="r").reshape(-1)
    counts = np.zeros(BINS + 1, dtype=np.int64)
    work, index = np.empty(CHUNK, dtype=np.float32), np.empty(CHUNK, dtype=np.intp)
    scale = np.float32(BINS / (HIGHEST - LOWEST))
    with np.errstate(divide="ignore"):
        for start in range(0, gradients.size, CHUNK):
            part = gradients[start:start + CHUNK]
            x = np.abs(part, out=work[:part.size])
            np.log(x, out=x)
            np.multiply(x, scale, out=x)
            np.add(x, np.float32(1 - LOWEST * scale), out=x)
            np.clip(x, 0, BINS, out=x)
            bins = index[:part.size]
            np.copyto(bins, x, casting="unsafe")
            counts += np.bincount(bins, minlength=BINS + 1)
    return counts


def naive(path):
    gradients = np.load(path, mmap_mode="r").ravel()
    magnitudes = np.abs(gradients)
    counts, _ = np.histogram(np.log(magnitudes[magnitudes > 0]), bins=BINS, range=(LOWEST, HIGHEST))
    return np.concatenate([[gradients.size - counts.sum()], counts])


def main():
    parser = peer.arguments(__doc__)
    parser.add_argument("file")
    parser.add_argument("--naive", action="store_true")
    parser.add_argument("--make", type=int, metavar="MEGABYTES", help="write the file and stop")
    parser.add_argument("--steps", type=int, default=4096, help="rows of the file to be written")
    options = parser.parse_args()
    if options.make:
        (make_text if options.file.endswith(".csv") else make)(options.file, options.make, options.steps)
        return
    run = naive if options.naive else chunked
    seconds, counts = peer.timed(lambda: run(options.file), options.repeat)
    peer.report("numpy_histogram", {"naive": options.naive}, seconds, int(counts.max()))


if __name__ == "__main__":
    main()
