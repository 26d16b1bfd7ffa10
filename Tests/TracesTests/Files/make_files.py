"""Writes recorded traces with NumPy, zipfile and safetensors, and what they hold into expected.json.

    pip install numpy safetensors ml_dtypes
    python3 make_files.py

Each array in expected.json has its name, its shape, and its values in C order as the bits of doubles in hexadecimal
(`nan` for any NaN): a test compares bits, so that nothing depends on how a number is printed.
"""

import io
import json
import math
import struct
import zipfile
from pathlib import Path

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file

here = Path(__file__).parent
expected = {}


def bits(array):
    with np.errstate(all="ignore"):
        values = np.ascontiguousarray(array).astype(np.float64).ravel()
    return ["nan" if math.isnan(v) else struct.pack(">d", v).hex() for v in values]


def record(file, arrays):
    expected[file] = [{"name": n, "shape": list(a.shape), "values": bits(a)} for n, a in arrays]


def gradients(shape, dtype, seed):
    """Normal numbers over many magnitudes, then what is special: zeros, infinities, NaN, the ends of the range."""
    rng = np.random.default_rng(seed)
    info = ml_dtypes.finfo(dtype)
    values = rng.standard_normal(shape) * 10.0 ** rng.uniform(-4, 3, shape)
    with np.errstate(all="ignore"):
        values = values.astype(dtype)
        flat = values.reshape(-1)
        special = [0.0, -0.0, np.inf, -np.inf, np.nan, info.max, info.tiny, info.smallest_subnormal, -info.smallest_subnormal]
        flat[: min(len(special), len(flat) - 2)] = np.array(special[: len(flat) - 2]).astype(dtype)
    return values


for size in (2, 4, 8):
    for order, mark in (("little", "<"), ("big", ">")):
        for layout in "CF":
            shape = (5, 2, 3) if size == 4 else (7, 3)
            array = gradients(shape, f"f{size}", size).astype(f"{mark}f{size}")
            name = f"float{8 * size}_{order}_{layout}"
            np.save(here / f"{name}.npy", np.asarray(array, order=layout))
            record(f"{name}.npy", [(name, array)])

for version in ((2, 0), (3, 0)):
    array = gradients((11,), "f4", version[0])
    name = f"version_{version[0]}"
    with open(here / f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=version)
    record(f"{name}.npy", [(name, array)])

members = [
    ("encoder.weight", gradients((6, 4), "f4", 10)),
    ("encoder.bias", gradients((6,), "f8", 11)),
    ("half", np.asfortranarray(gradients((6, 2, 3), "f2", 12))),
    ("größe", gradients((6, 1), ">f4", 13)),
]
np.savez(here / "stored.npz", **dict(members))
np.savez_compressed(here / "deflated.npz", **dict(members))
record("stored.npz", members)
record("deflated.npz", members)


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


# Every size in 64 bits, in the directory and at its end, as in a file of more than 4 GB.
limits = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 10, 1
with zipfile.ZipFile(here / "zip64.npz", "w") as archive:
    for number, (name, array) in enumerate(members):
        archive.writestr(name + ".npy", npy(array), zipfile.ZIP_DEFLATED if number % 2 else zipfile.ZIP_STORED)
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits
record("zip64.npz", members)


class Pipe(io.RawIOBase):
    """What cannot be sought in: sizes come after the members and in the directory only."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


with open(here / "streamed.npz", "wb") as file:
    with zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"a comment at the end"
        for name, array in members[:2]:
            archive.writestr(name + ".npy", npy(array))
record("streamed.npz", members[:2])

tensors = {
    "f16": gradients((5, 3), "f2", 20),
    "bf16": gradients((9, 2), ml_dtypes.bfloat16, 21),
    "f32 \"größe\"\n": gradients((5, 2, 2), "f4", 22),
    "f64": gradients((13,), "f8", 23),
}
save_file(tensors, here / "four.safetensors", metadata={"format": "np", "note": "{\"step\": [1]}"})
# In the header's order, which is the package's choice.
header_size = struct.unpack("<Q", (here / "four.safetensors").read_bytes()[:8])[0]
header = json.loads((here / "four.safetensors").read_bytes()[8 : 8 + header_size])
record("four.safetensors", [(n, tensors[n]) for n in header if n != "__metadata__"])

table = gradients((8, 4), "f4", 30)
np.savetxt(here / "savetxt.csv", table, delimiter=",")
record("savetxt.csv", [("savetxt", table)])
np.savetxt(here / "header.csv", table, delimiter=", ", header="w0, w1, w2, w3", comments="", fmt="%.9g")
# What stands there are nine digits, not the number of single precision next to them.
record("header.csv", [("header", np.array([[float("%.9g" % v) for v in row] for row in table]))])

column = np.concatenate([gradients((40,), "f8", 31), 10.0 ** np.arange(-30, 30), [5e-324, 2.0**53 + 2, 1e23, 123456789012345678]])
(here / "column.csv").write_bytes(b"\xef\xbb\xbfgradient\r\n" + "\r\n".join(repr(float(v)) for v in column).encode() + b"\r\n\r\n")
record("column.csv", [("column", column)])

# Every element type in either byte order and either layout, in every shape that has a case of its own, stored and deflated.
grid = []
for number, dtype in enumerate(["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]):
    for layout in "CF":
        for shape in [(5,), (1, 4), (4, 1), (3, 2, 2), (2, 3, 1, 2), (2, 17)]:
            values = gradients(shape, dtype[1:], 100 + number).astype(dtype)
            name = f"{'little' if dtype[0] == '<' else 'big'}_{dtype[1:]}_{layout}_" + "x".join(map(str, shape))
            grid.append((name, np.asarray(values, order=layout)))
np.savez(here / "grid_stored.npz", **dict(grid))
np.savez_compressed(here / "grid_deflated.npz", **dict(grid))
tensor_grid = {
    f"{dtype}_" + "x".join(map(str, shape)): gradients(shape, dtype, 200)
    for dtype in ["f2", ml_dtypes.bfloat16, "f4", "f8"]
    for shape in [(5,), (1, 4), (4, 1), (3, 2, 2), (2, 3, 1, 2)]
}
tensor_grid = {name.replace("<class 'ml_dtypes.bfloat16'>", "bf16"): tensor for name, tensor in tensor_grid.items()}
save_file(tensor_grid, here / "grid.safetensors")
grid_expected = {
    "grid_stored.npz": grid, "grid_deflated.npz": grid, "grid.safetensors": list(tensor_grid.items()),
}
(here / "grid.json").write_text(
    json.dumps(
        {file: {n: {"shape": list(a.shape), "values": bits(a)} for n, a in arrays} for file, arrays in grid_expected.items()},
        indent=0, sort_keys=True) + "\n")

(here / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=True) + "\n")
