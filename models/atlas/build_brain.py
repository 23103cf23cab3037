#!/usr/bin/env python3
"""Learns how far beyond the surface that host/method/brain.c finds labelled brain still lies (brain_margin.nii.gz).

  build_brain.py DATA VOXVEIL_BIN

DATA is the folder that holds heads/ixi. Every other person (the 1st, 3rd, ...) is learned from; the rest stay for tests. The
surface is found here by the same steps as in C, from the pose that VOXVEIL_BIN reports. Run again when the atlas or the
steps of brain.c change. Needs numpy, scipy and nibabel. Nothing is random.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import nibabel as nib
import numpy as np
from scipy.ndimage import map_coordinates, uniform_filter
from scipy.sparse import coo_matrix, diags
from scipy.spatial import cKDTree

from build_atlas import FIELD_SCALE, FIELD_STEP, HERE, ORIGIN, brain_of, people, read, save

STEPS = np.arange(-14, 15.0)  # mm along a profile
BINS = 64
PATCH = 7.0  # mm around a node within which the worst counts
SPREADS = 3.5  # standard deviations over the people, above their mean, that the margin holds,
WORST = 1.0  # and mm more than the worst of them
MARGIN_SCALE = 8
MARGIN_EVERY = 2

BRAIN = np.squeeze(nib.load(os.path.join(HERE, "atlas_fields.nii.gz")).get_fdata())[..., 0] / FIELD_SCALE


def slope(volume, axis):
    return uniform_filter(np.gradient(volume, axis=axis), 3, mode="constant")


def find_nodes():
    """Cells at the surface, the places on it and its outward normals."""
    cells = np.argwhere(np.abs(BRAIN) <= 1.5)
    cells = cells[np.lexsort((cells[:, 0], cells[:, 1], cells[:, 2]))]
    inward = np.stack([slope(BRAIN, a)[tuple(cells.T)] for a in range(3)], 1)
    normal = -inward / np.linalg.norm(inward, axis=1)[:, None]
    return cells, ORIGIN + FIELD_STEP * cells + normal * BRAIN[tuple(cells.T)][:, None], normal


CELLS, PLACES, NORMALS = find_nodes()
TREE = cKDTree(PLACES)


def smoother(reach):
    i, j = TREE.query_pairs(reach, output_type="ndarray").T
    w = (1 - ((PLACES[i] - PLACES[j]) ** 2).sum(1) / reach**2) ** 2 * ((NORMALS[i] * NORMALS[j]).sum(1) > 0.2)
    own = np.arange(len(PLACES))
    m = coo_matrix((np.r_[w, w, np.ones(len(own))], (np.r_[i, j, own], np.r_[j, i, own]))).tocsr()
    return diags(1 / np.asarray(m.sum(1)).ravel()) @ m


OVER_LEVEL, OVER_EVIDENCE, OVER_SURFACE = (smoother(reach) for reach in (36.0, 18.0, 9.0))


def profiles(voxels, affine, pose):
    """Levels above the air along the normals, and which of them are in view."""
    at = (PLACES[:, None] + STEPS[None, :, None] * NORMALS[:, None]).reshape(-1, 3)
    m = np.linalg.inv(affine) @ pose
    at = m[:3, :3] @ at.T + m[:3, 3:]
    size = np.array(voxels.shape)[:, None]
    seen = np.all((at >= -0.5) & (at <= size - 0.5), 0).reshape(len(PLACES), -1)
    level = map_coordinates(voxels.astype("f8"), at, order=1, mode="nearest").reshape(seen.shape)
    return np.maximum(level - np.quantile(voxels, 0.02), 0), seen


def shares(bins):
    h = np.convolve(np.pad(np.bincount(bins, minlength=BINS).astype("f8"), 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    return h / max(h.sum(), 1)


def find_surface(level, seen):
    """Offset of the brain's surface at each node, mm outward: host/method/brain.c."""
    deep = seen[:, STEPS <= -4]
    total, count = (level[:, STEPS <= -4] * deep).sum(1), deep.sum(1)
    everywhere = total.sum() / max(count.sum(), 1)
    brain = np.maximum((OVER_LEVEL @ total + everywhere) / (OVER_LEVEL @ count + 1), 0.05 * everywhere)
    bins = np.clip(np.floor(level / brain[:, None] * 24), 0, BINS - 1).astype(int)
    offset = np.zeros(len(PLACES))
    for first in (True, False):
        above = STEPS[None] - offset[:, None]
        inside, outside = shares(bins[seen & (above <= -4)]), shares(bins[seen & (above >= 3) & (above <= 9)])
        evidence = 2 * (inside - outside) / (inside + outside + 0.002)
        worth = 0.7 * (OVER_EVIDENCE @ np.cumsum(np.where(seen, evidence[bins], 0), 1)) - STEPS**2 / (2 * 4.0**2)
        if not first:
            worth -= (STEPS[None] - (OVER_EVIDENCE @ offset)[:, None]) ** 2 / (2 * 3.0**2)
        worth[:, (STEPS < -8) | (STEPS > 12)] = -1e30
        offset = OVER_SURFACE @ STEPS[worth.argmax(1)]
    return offset


def spread(values):
    def sums(volume):
        return uniform_filter(uniform_filter(volume, 5, mode="constant"), 5, mode="constant")

    at = np.zeros(BRAIN.shape), np.zeros(BRAIN.shape)
    at[0][tuple(CELLS.T)], at[1][tuple(CELLS.T)] = values, 1
    weight = sums(at[1])
    return np.where(weight > 1e-9, sums(at[0]) / np.maximum(weight, 1e-9), 0)


def beyond(path, pose):
    """Per node: how far labelled brain lies beyond the surface that is found, the most within PATCH, mm."""
    voxels, affine = read(path)
    found = BRAIN + spread(find_surface(*profiles(voxels, affine, pose)))
    at = np.argwhere(brain_of(path)) @ affine[:3, :3].T + affine[:3, 3]
    back = np.linalg.inv(pose)
    at = at @ back[:3, :3].T + back[:3, 3]
    depth = map_coordinates(found, ((at - ORIGIN) / FIELD_STEP).T, order=1, mode="nearest")
    near = depth < 6
    most = np.full(len(PLACES), -9.0)
    np.maximum.at(most, TREE.query(at[near])[1], -depth[near])
    return np.array([most[k].max() for k in TREE.query_ball_point(PLACES, PATCH)])


def reported_pose(binary, path, folder):
    report = os.path.join(folder, "report.json")
    subprocess.run([binary, "info", path, "--force", "--quiet", "--device", "cpu", "--report", report], check=False,
                   stdout=subprocess.DEVNULL)
    with open(report) as f:
        return np.array(json.load(f)["face"]["pose"]).reshape(4, 4)


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        worst = np.stack([beyond(p, reported_pose(arguments[1], p, folder)) for p in people(arguments[0])[::2]])
    margin = OVER_SURFACE @ np.maximum(worst.mean(0) + SPREADS * worst.std(0), worst.max(0) + WORST)
    print("beyond the surface: mean %.2f, spread %.2f; margin %.1f to %.1f mm" %
          (worst.mean(), worst.std(0).mean(), margin.min(), margin.max()))
    volume = spread(margin)[::MARGIN_EVERY, ::MARGIN_EVERY, ::MARGIN_EVERY]
    save("brain_margin.nii.gz", np.clip(np.ceil(volume * MARGIN_SCALE), 0, 255).astype("u1"), FIELD_STEP * MARGIN_EVERY)
    sums = os.path.join(HERE, "SHA256SUMS")
    with open(sums) as f:
        lines = [line for line in f if "brain_margin" not in line]
    with open(os.path.join(HERE, "brain_margin.nii.gz"), "rb") as f:
        lines.append("%s  brain_margin.nii.gz\n" % hashlib.sha256(f.read()).hexdigest())
    with open(sums, "w") as f:
        f.writelines(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
