"""people.py DATA VOXVEIL_BIN PEOPLE.npy: the people of the training, from the heads of the IXI data set.

DATA is the folder that holds heads/ixi; VOXVEIL_BIN a voxveil whose poses are taken for true. Of each person, at 4 mm:
what share of each voxel is which of KINDS kinds of tissue, the T1 (1 = median of the brain), and the way to the atlas.
Every third person (in the order of the names) is kept for tests.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

import nibabel as nib
import numpy as np
from scipy.ndimage import binary_fill_holes, gaussian_filter, label, map_coordinates

HERE = os.path.dirname(os.path.abspath(__file__))
ORIGIN, STEP = np.array([-112.0, -128.0, -176.0]), 3.0  # of the atlas's fields
BRAIN, EYES = 0, 3  # VK_FIELD_* of kernels/params.h
# labels of the parcellation (MUSE) by kind; the rest of the brain is cortex
KIND_CORTEX = 2
KINDS_OF_LABELS = {
    1: {1, 4, 11, 46, 49, 50, 51, 52},  # CSF
    3: {40, 41, 44, 45, 61, 62, 69} | set(range(81, 96)),  # white matter
    4: {23, 30, 31, 32, 36, 37, 47, 48, 55, 56, 57, 58, 59, 60, 75, 76},  # deep grey matter
    5: {38, 39, 71, 72, 73},  # cerebellum
    6: {35},  # brain stem
}
FIRST_OUTSIDE = 7  # then by region (by the brain, face, elsewhere) and brightness (4 classes)
BRIGHTNESS = [0.3, 0.75, 1.25]
KIND_EYES, KINDS = 19, 20


def field(fields, which, at):
    index = ((at - ORIGIN) / STEP).reshape(-1, 3).T
    return map_coordinates(fields[..., which].astype("f4"), index, order=1, mode="nearest").reshape(at.shape[:-1]) / 4


def found_pose(voxveil, path):
    """subject mm to atlas mm"""
    with tempfile.TemporaryDirectory() as d:
        report = os.path.join(d, "r.json")
        subprocess.run([voxveil, "deface", path, os.path.join(d, "o.nii.gz"), "--quiet", "--report", report])
        return np.linalg.inv(np.array(json.load(open(report))["face"]["pose"]).reshape(4, 4))


def head_of(t1, brain):
    m = gaussian_filter(t1, 1.0) > 0.12
    parts, _ = label(m)
    size = np.bincount(parts.ravel())
    size[0] = 0
    m = parts == size.argmax()
    for axis in (2, 0):
        for k in range(m.shape[axis]):
            i = [slice(None)] * 3
            i[axis] = k
            m[tuple(i)] = binary_fill_holes(m[tuple(i)])
    return m | brain


def kinds_of(t1, labels, at, fields):
    lut = np.full(256, KIND_CORTEX, "u1")
    lut[0] = 0
    for kind, names in KINDS_OF_LABELS.items():
        lut[list(names)] = kind
    head = head_of(t1, labels > 0)
    region = np.where(field(fields, BRAIN, at) > -16, 0, np.where((at[..., 1] > 40) & (at[..., 2] < 0), 1, 2))
    outside = head & (labels == 0)
    kind = lut[labels].copy()
    kind[outside] = (FIRST_OUTSIDE + 4 * region + np.digitize(gaussian_filter(t1, 0.4), BRIGHTNESS))[outside]
    kind[outside & (field(fields, EYES, at) > -1)] = KIND_EYES
    kind[~head] = 0
    return kind


def halved(v):
    n = [s // 2 for s in v.shape]
    return v.reshape(n[0], 2, n[1], 2, n[2], 2).mean((1, 3, 5))


def person(path, test, voxveil, fields):
    image = nib.as_closest_canonical(nib.load(path))
    labels = np.asarray(nib.as_closest_canonical(nib.load(path.replace("_T1.nii", "_T1_DLMUSE.nii"))).dataobj).astype(int)
    t1 = np.asarray(image.dataobj).astype("f4")
    even = tuple(slice(s // 2 * 2) for s in t1.shape)
    t1, labels = t1[even], labels[even]
    t1 = t1 / np.median(t1[labels > 0])
    pose = found_pose(voxveil, path)
    to_atlas = pose @ image.affine
    grid = np.stack(np.meshgrid(*[np.arange(s) for s in t1.shape], indexing="ij"), -1)
    kind = kinds_of(t1, labels, grid @ to_atlas[:3, :3].T + to_atlas[:3, 3], fields)
    share = np.stack([halved(kind == k) for k in range(KINDS)])
    coarse = image.affine.copy()
    coarse[:3, :3] *= 2
    coarse[:3, 3] += image.affine[:3, :3] @ np.full(3, 0.5)
    return dict(name=os.path.basename(path)[:-7], share=(share * 255).round().astype("u1"), t1=halved(t1).astype("f2"),
                to_atlas=pose @ coarse, test=test)


def main(data, voxveil, out):
    fields = np.asarray(nib.load(os.path.join(HERE, "..", "atlas", "atlas_fields.nii.gz")).dataobj)
    paths = sorted(glob.glob(os.path.join(data, "heads", "ixi", "*_T1.nii.gz")))
    people = [person(p, n % 3 == 2, voxveil, fields) for n, p in enumerate(paths)]
    np.save(out, np.array(people, dtype=object), allow_pickle=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
