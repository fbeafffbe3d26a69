"""Copies of DICOM files with other orientations: python edit_headers.py IN OUT ROW COLUMN PHASE.

ROW and COLUMN are three numbers each, joined by commas; slices keep their distances along the new normal.
"""
import os
import sys

import numpy as np
import pydicom

source, target, row, column, phase = sys.argv[1:6]
row = np.array([float(value) for value in row.split(",")])
column = np.array([float(value) for value in column.split(",")])
normal = np.cross(row, column)
for name in sorted(os.listdir(source)):
    dataset = pydicom.dcmread(os.path.join(source, name))
    old = np.array([float(value) for value in dataset.ImageOrientationPatient])
    along = np.dot(np.cross(old[:3], old[3:]), [float(v) for v in dataset.ImagePositionPatient])
    dataset.ImageOrientationPatient = [f"{value:.12g}"[:16] for value in (*row, *column)]
    dataset.ImagePositionPatient = [f"{value:.10g}"[:16] for value in along * normal]
    dataset.SliceLocation = f"{along:.6g}"
    dataset.InPlanePhaseEncodingDirection = phase
    dataset.save_as(os.path.join(target, name))
