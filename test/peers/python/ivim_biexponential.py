"""An independent bounded least-squares IVIM fit with SciPy, for comparison.

usage: ivim_biexponential.py SIGNALS.f64 BVALUES
SIGNALS is raw float64 [voxel][b-value]; BVALUES are comma separated, s/mm2. All four parameters at once (scipy least_squares, trf,
several starts). Prints JSON: D, f, D*, S0 per voxel.
"""

import json
import sys

import numpy
from scipy.optimize import least_squares

UPPER = [10, 1, 5e-3, 0.2]
LOWER = [0, 0, 0, 4e-3]


def fit(b, s):
    scale = s.max()

    def residual(p):
        return p[0] * (p[1] * numpy.exp(-b * p[3]) + (1 - p[1]) * numpy.exp(-b * p[2])) - s / scale

    best = None
    for f in (0.05, 0.3, 0.6):
        for dstar in (0.01, 0.03, 0.1):
            found = least_squares(
                residual,
                [1, f, 1e-3, dstar],
                bounds=(LOWER, UPPER),
                x_scale=[1, 0.1, 1e-3, 0.02],
                xtol=1e-15,
                ftol=1e-15,
                gtol=1e-15,
                max_nfev=2000,
            )
            if best is None or found.cost < best.cost:
                best = found
    s0, f, d, dstar = best.x
    return [d, f, dstar, s0 * scale]


def main(signals, b_values):
    b = numpy.array([float(x) for x in b_values.split(",")])
    voxels = numpy.fromfile(signals, dtype="<f8").reshape(-1, len(b))
    print(json.dumps({"parameters": [fit(b, s) for s in voxels]}))


main(*sys.argv[1:])
