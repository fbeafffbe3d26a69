"""NiBabel as peer: `nifti_peer.py read FILE` prints what it sees, `write FILE KIND` makes an image to read."""
import json
import sys

import nibabel as nib
import numpy as np

if sys.argv[1] == "read":
    image = nib.load(sys.argv[2])
    header = image.header
    print(
        json.dumps(
            {
                "shape": list(image.shape),
                "sform": header.get_sform().tolist(),
                "qform": header.get_qform().tolist(),
                "codes": [int(header["sform_code"]), int(header["qform_code"])],
                "unit": header.get_xyzt_units()[0],
                "values": np.asarray(image.dataobj).ravel(order="F").tolist(),
            }
        )
    )
else:
    kind = sys.argv[3]
    affine = np.array([[-1.8, 0.2, 0.1, 4], [0.1, 1.9, -0.6, 5], [0.05, 0.5, 4.8, -6], [0, 0, 0, 1]])
    values = np.arange(3 * 4 * 2 * 2).reshape((3, 4, 2, 2), order="F") * 1.5 - 7
    image_class = nib.Nifti2Image if kind == "nifti2" else nib.Nifti1Image
    header = image_class.header_class(endianness=">" if kind == "big-endian" else "<")
    dtype = {"int16": np.int16, "float64": np.float64, "uint8": np.uint8}.get(kind, np.float32)
    header.set_data_dtype(dtype)
    image = image_class(values, affine, header)
    if kind == "qform":
        rotation = np.diag([2.0, 2.0, 5.0, 1.0])
        rotation[:3, 3] = [1, 2, 3]
        image.set_sform(None, code=0)
        image.set_qform(rotation, code=1)
    nib.save(image, sys.argv[2])
    print(json.dumps({"affine": image.affine.tolist(), "values": values.ravel(order="F").tolist()}))
