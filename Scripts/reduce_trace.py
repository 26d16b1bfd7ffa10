"""Reduces a recorded trace to every fourth coordinate: the traces of Sources/CDatasets/Files. Needs numpy.

    python3 Scripts/reduce_trace.py theta0_noise.npy Sources/CDatasets/Files/theta0_noise.npy

Of float32 [steps, coordinates] it keeps all steps and the coordinates 1, 5, 9, ..., so that of 256 coordinates, which are
spread over all layers, 64 remain, in their order; of each trace one of them is dead.
"""
import sys

import numpy

trace = numpy.load(sys.argv[1])
if trace.ndim != 2 or trace.dtype != numpy.float32:
    sys.exit(f"{sys.argv[1]}: {trace.dtype} {trace.shape}, must be float32 [steps, coordinates]")
numpy.save(sys.argv[2], numpy.ascontiguousarray(trace[:, 1::4], dtype="<f4"))
