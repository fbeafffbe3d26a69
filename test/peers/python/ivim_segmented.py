"""An independent segmented IVIM fit with SciPy, for comparison.

usage: ivim_segmented.py SIGNALS.f64 BVALUES SPLIT
SIGNALS is raw float64 [voxel][b-value]; BVALUES are comma separated, s/mm2. D by scipy curve_fit of a single exponential
to b >= SPLIT in the signal domain (where equal noise needs no weights), then S0, f and D* by bounded least squares
(scipy least_squares, trf, several starts) with D fixed. Prints JSON: D, f, D*, S0 per voxel.
"""

import json
import sys

import numpy
from scipy.optimize import least_squares


def monoexponential(b, s):
    slope, intercept = numpy.polyfit(b, numpy.log(s), 1)
    scale = s.max()

    def residual(p):
        return (p[0] * numpy.exp(-b * p[1]) - s) / scale

    start = [min(max(numpy.exp(intercept), 1e-6), 10 * scale), min(max(-slope, 1e-6), 5e-3)]
    fit = least_squares(residual, start, bounds=([0, 0], [100 * scale, 5e-3]), x_scale=[scale, 1e-3])
    return fit.x[1]


def perfusion(b, s, d):
    scale = s.max()
    lowest = max(4e-3, 2 * d)
    best = None
    for dstar in (lowest * 1.1, 0.02, 0.05):
        start = [scale, 0.1, min(max(dstar, lowest * 1.05), 0.099)]

        def residual(p):
            return (p[0] * (p[1] * numpy.exp(-b * p[2]) + (1 - p[1]) * numpy.exp(-b * d)) - s) / scale

        bounds = ([0, 0, lowest], [10 * scale, 1, 0.1])
        fit = least_squares(residual, start, bounds=bounds, x_scale=[scale, 0.1, 0.02])
        if best is None or fit.cost < best.cost:
            best = fit
    return best.x


def main(signals, b_values, split):
    b = numpy.array([float(x) for x in b_values.split(",")])
    voxels = numpy.fromfile(signals, dtype="<f8").reshape(-1, len(b))
    high = b >= float(split)
    rows = []
    for s in voxels:
        d = monoexponential(b[high], s[high])
        s0, f, dstar = perfusion(b, s, d)
        rows.append([d, f, dstar, s0])
    print(json.dumps({"parameters": rows}))


main(*sys.argv[1:])
