"""Fits the diffusion tensor with dipy and writes FA and MD.

usage: dipy_tensor.py DWI BVAL BVEC OUT METHOD...
Each METHOD is OLS, WLS, NLLS. Writes OUT/METHOD.fa.f64 and OUT/METHOD.md.f64: raw float64, column index fastest.
Prints one JSON object: seconds of CPU time per method, version.
"""

import json
import pathlib
import sys
import time

import dipy
import nibabel
import numpy
from dipy.core.gradients import gradient_table
from dipy.reconst.dti import TensorModel


def main(dwi, bval, bvec, out, *methods):
    signal = nibabel.load(dwi).get_fdata()
    directions = numpy.loadtxt(bvec)
    directions = directions.T if len(directions) == 3 else directions
    # dipy takes b x |g|^2 from vectors that are unit only to the digits of their file; the b-value says what b is.
    length = numpy.linalg.norm(directions, axis=1, keepdims=True)
    table = gradient_table(numpy.loadtxt(bval), directions / numpy.where(length > 0, length, 1))
    seconds = {}
    for method in methods:
        started = time.process_time()
        model = TensorModel(table, fit_method=method)
        # NLLS of dipy 1.6 fails on more than 10,000 voxels at once.
        parts = numpy.split(signal, signal.shape[2], axis=2) if method == "NLLS" else [signal]
        fits = [model.fit(part) for part in parts]
        maps = {name: numpy.concatenate([getattr(fit, name) for fit in fits], axis=2) for name in ("fa", "md")}
        seconds[method] = time.process_time() - started
        for name, values in maps.items():
            path = pathlib.Path(out) / f"{method}.{name}.f64"
            path.write_bytes(numpy.asarray(values, dtype="<f8").tobytes(order="F"))
    print(json.dumps({"version": dipy.__version__, "cpuSeconds": seconds}))


main(*sys.argv[1:])
