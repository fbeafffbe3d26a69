"""Fits IVIM the way the open collections of IVIM code do, with SciPy, and says how long it takes.

usage: ivim_peers.py SIGNALS.f64 BVALUES METHOD VOXELS
SIGNALS is raw float64 [voxel][b-value]; BVALUES are comma separated, s/mm2; the first VOXELS are fitted. METHOD: segmented (curve_fit of one
exponential from b 200 up, then curve_fit of f, D*), biexponential (bounded curve_fit of all four), bayesian (maximum of the
posterior under a flat prior by Nelder-Mead, from the bounded curve_fit). Prints JSON: parameters (D, f, D*, S0 per voxel), cpuSeconds.
"""

import json
import sys
import time
import warnings

import numpy
from scipy.optimize import curve_fit, minimize

SPLIT = 200
LOWER = [0, 0, 5e-3, 0.5]
UPPER = [5e-3, 1, 0.2, 1.5]
START = [1e-3, 0.1, 1e-2, 1]


def model(b, d, f, dstar, s0):
    return s0 * (f * numpy.exp(-b * dstar) + (1 - f) * numpy.exp(-b * d))


def biexponential(b, s):
    return curve_fit(model, b, s, p0=START, bounds=(LOWER, UPPER))[0]


def segmented(b, s):
    high = b >= SPLIT
    slow = lambda x, d, a: a * numpy.exp(-x * d)
    (d, _), _ = curve_fit(slow, b[high], s[high], p0=[1e-3, 0.9], bounds=([0, 0], [5e-3, 2]))
    fast = lambda x, f, dstar, s0: model(x, d, f, dstar, s0)
    f, dstar, s0 = curve_fit(fast, b, s, p0=START[1:], bounds=(LOWER[1:], UPPER[1:]))[0]
    return [d, f, dstar, s0]


def bayesian(b, s):
    start = biexponential(b, s)
    sigma = max(numpy.std(s - model(b, *start)), 1e-3)

    def minus_log_posterior(p):
        if any(p < LOWER) or any(p > UPPER):
            return 1e20
        return 0.5 * numpy.sum((s - model(b, *p)) ** 2) / sigma**2

    return minimize(minus_log_posterior, start, method="Nelder-Mead").x


METHODS = {"segmented": segmented, "biexponential": biexponential, "bayesian": bayesian}


def main(signals, b_values, method, voxels):
    warnings.filterwarnings("ignore")
    b = numpy.array([float(x) for x in b_values.split(",")])
    rows = numpy.fromfile(signals, dtype="<f8").reshape(-1, len(b))[: int(voxels)]
    started = time.process_time()
    parameters = []
    for row in rows:
        s = row / row[0]
        try:
            found = METHODS[method](b, s)
        except RuntimeError:
            found = START
        parameters.append([float(x) for x in found])
    print(json.dumps({"parameters": parameters, "cpuSeconds": time.process_time() - started}))


main(*sys.argv[1:])
