"""Fits simulated voxels with dipy RESTORE, given the true noise level.

usage: dipy_restore.py SIGNALS.f64 BVALUES DIRECTIONS.f64 SIGMA
SIGNALS is raw float64 [voxel][volume], DIRECTIONS [volume][xyz]; BVALUES are comma separated, s/mm2. Prints one JSON object: fa
per voxel, cpuSeconds.
"""

import json
import sys
import time
import warnings

import numpy
from dipy.core.gradients import gradient_table
from dipy.reconst.dti import TensorModel


def main(signals, b_values, directions, sigma):
    warnings.filterwarnings("ignore")
    b = numpy.array([float(x) for x in b_values.split(",")])
    table = gradient_table(b, numpy.fromfile(directions, dtype="<f8").reshape(-1, 3))
    voxels = numpy.fromfile(signals, dtype="<f8").reshape(-1, len(b))
    started = time.process_time()
    fa = TensorModel(table, fit_method="RESTORE", sigma=float(sigma)).fit(voxels).fa
    print(json.dumps({"fa": fa.tolist(), "cpuSeconds": time.process_time() - started}))


main(*sys.argv[1:])
