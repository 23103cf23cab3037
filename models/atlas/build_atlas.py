#!/usr/bin/env python3
"""Builds the atlas from the heads of the IXI data set (see CARD.md).

  build_atlas.py start   DATA               first atlas: people brought together by their landmarks
  build_atlas.py improve DATA VOXVEIL_BIN   next atlas: people brought together by voxveil's own registration
  build_atlas.py regions DATA VOXVEIL_BIN   only the fields eyes, teeth and forehead and the average face, for the atlas as it is

DATA is the folder that holds heads/ (with heads/ixi and heads/landmarks.csv). `improve` is run after voxveil was built with
the atlas before; CARD.md tells how many rounds the files here took. Needs numpy, scipy and nibabel. Nothing is random.
"""
import csv
import glob
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import nibabel as nib
import numpy as np
from scipy.ndimage import binary_fill_holes, distance_transform_edt, gaussian_filter, label, map_coordinates

HERE = os.path.dirname(os.path.abspath(__file__))
ORIGIN = np.array([-112.0, -128.0, -176.0])  # mm, all grids; RAS+, 0 at the mean centre of the brain
MEAN_STEP, MEAN_DIMS = 2.0, (113, 137, 144)
CLASS_STEP, CLASS_DIMS = 4.0, (57, 69, 72)
FIELD_STEP, FIELD_DIMS = 3.0, (76, 92, 97)
FIELDS = ["brain", "face", "ears", "eyes", "teeth", "forehead", "head"]  # VK_FIELD_* of kernels/params.h
DRAWN = ["eyes", "teeth", "forehead"]  # what `regions` draws anew
FIELD_SCALE = 4  # VK_FIELD_SCALE
LANDMARKS = ["nasion", "nose", "eye_l", "eye_r", "mouth", "chin", "ear_l", "ear_r"]
MIRRORED = [0, 1, 3, 2, 4, 5, 7, 6]
FACE_STEP, FACE_DIMS, FACE_ORIGIN = 2.5, (37, 79, 81), np.array([0.0, -56.0, -140.0])  # the right half; the left mirrors it
FACE_SKIN = 0.2  # level (1 = median of the brain) that ends a person's head
FACE_SHIFT = 8.0  # mm by which a person's depth below the skin may be moved to the average depth
POSE_MARGIN = 3.0  # mm more where the mean brain is within 8 mm
BRAIN_MARGIN = 4.0  # mm between any brain of the population and what is removed


def grid(step, dims):
    """Positions in atlas mm, shape (n, 3), and the shape."""
    axes = [ORIGIN[i] + step * np.arange(dims[i]) for i in range(3)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1)


def people(data):
    return sorted(glob.glob(os.path.join(data, "heads/ixi/*_T1.nii.gz")))


def read(path):
    image = nib.load(path)
    return np.asarray(image.dataobj), image.affine


def brain_of(path):
    return np.asarray(nib.load(path.replace("_T1.nii.gz", "_T1_DLMUSE.nii.gz")).dataobj) > 0


def landmarks(data):
    """{path below heads/: array (8, 3) in mm, NaN where out of view}"""
    table = {}
    with open(os.path.join(data, "heads/landmarks.csv"), newline="") as f:
        for row in csv.DictReader(f):
            points = table.setdefault(row["file"], np.full((len(LANDMARKS), 3), np.nan))
            if row["x_mm"] and row["landmark"] in LANDMARKS:
                points[LANDMARKS.index(row["landmark"])] = [float(row[k]) for k in ("x_mm", "y_mm", "z_mm")]
    return table


def similarity(source, target):
    """Least-squares similarity (4x4) source -> target over the points both have (Umeyama 1991)."""
    ok = ~(np.isnan(source).any(1) | np.isnan(target).any(1))
    s, t = source[ok], target[ok]
    ms, mt = s.mean(0), t.mean(0)
    u, d, vt = np.linalg.svd((t - mt).T @ (s - ms))
    flip = np.diag([1, 1, np.linalg.det(u @ vt)])
    scale = np.trace(np.diag(d) @ flip) / ((s - ms) ** 2).sum()
    m = np.eye(4)
    m[:3, :3] = scale * u @ flip @ vt
    m[:3, 3] = mt - m[:3, :3] @ ms
    return m


def known_points(data):
    """Per person: the landmarks and, three times, the brain's centre, mm; shape (people, 11, 3)."""
    table, points = landmarks(data), []
    for path in people(data):
        _, affine = read(path)
        centre = affine[:3, :3] @ np.argwhere(brain_of(path)).mean(0) + affine[:3, 3]
        points.append(np.vstack([table["ixi/" + os.path.basename(path)], [centre] * 3]))
    return np.array(points)


def procrustes_mean(points):
    """Mean shape of the points under generalised Procrustes, symmetric, the brain's centre at 0."""
    mean = points[0] - points[0][-1]
    mirror = MIRRORED + [8, 9, 10]
    for _ in range(6):
        poses = [similarity(p, mean) for p in points]
        mean = np.nanmean([p @ m[:3, :3].T + m[:3, 3] for p, m in zip(points, poses)], 0)
        mean = (mean + (mean * [-1, 1, 1])[mirror]) / 2
        mean /= np.mean([np.cbrt(np.linalg.det(m[:3, :3])) for m in poses])
        mean -= mean[-1]
    return mean


def poses_from_landmarks(data):
    """subject mm -> atlas mm, the start."""
    points = known_points(data)
    mean = procrustes_mean(points)
    return [similarity(p, mean) for p in points]


def poses_found(data, binary):
    """subject mm -> atlas mm by voxveil's registration."""
    poses = []
    with tempfile.TemporaryDirectory() as folder:
        for path in people(data):
            report = os.path.join(folder, "report.json")
            out = os.path.join(folder, "out.nii.gz")
            subprocess.run([binary, "deface", path, out, "--force", "--quiet", "--device", "cpu", "--report", report],
                           check=False)
            with open(report) as f:
                pose = np.array(json.load(f)["face"]["pose"]).reshape(4, 4)
            poses.append(np.linalg.inv(pose))
    return poses


def poses_from_voxveil(data, binary):
    """The same held to the place and size of the start: rounds do not drift."""
    poses = poses_found(data, binary)
    points = known_points(data)
    mean = np.nanmean([p @ m[:3, :3].T + m[:3, 3] for p, m in zip(points, poses)], 0)
    back = similarity(mean, procrustes_mean(points))
    return [back @ m for m in poses]


def average(data, poses):
    """Mean T1 (1 = median of the brain), brain probability, union of all brains; symmetric, on the mean grid."""
    points = grid(MEAN_STEP, MEAN_DIMS).reshape(-1, 3)
    t1, seen, brain, union = (np.zeros(len(points), "f8") for _ in range(4))
    for path, pose in zip(people(data), poses):
        voxels, affine = read(path)
        labels = brain_of(path)
        m = np.linalg.inv(affine) @ np.linalg.inv(pose)
        at = (points @ m[:3, :3].T + m[:3, 3]).T
        inside = np.all((at >= -0.5) & (at <= np.array(voxels.shape)[:, None] - 0.5), 0)
        level = voxels / np.median(voxels[labels])
        t1 += np.where(inside, map_coordinates(level.astype("f4"), at, order=1, mode="nearest"), 0)
        seen += inside
        b = map_coordinates(labels.astype("f4"), at, order=1)
        brain += b
        union = np.maximum(union, b)
    both = lambda v: (v.reshape(MEAN_DIMS) + v.reshape(MEAN_DIMS)[::-1]) / 2
    union = union.reshape(MEAN_DIMS)
    return both(t1 / np.maximum(seen, 1)), both(brain / len(poses)), np.maximum(union, union[::-1])


def mean_landmarks(data, poses):
    table = landmarks(data)
    moved = []
    for path, pose in zip(people(data), poses):
        p = table["ixi/" + os.path.basename(path)]
        moved.append(p @ pose[:3, :3].T + pose[:3, 3])
    mean = np.nanmean(moved, 0)
    spread = np.nanstd(moved, 0)
    return (mean + (mean * [-1, 1, 1])[MIRRORED]) / 2, spread


def signed_distance(mask, step):
    """mm to the border, positive inside."""
    return (distance_transform_edt(mask) - distance_transform_edt(~mask)) * step


def head_mask(t1):
    mask = gaussian_filter(t1, 1.0) > 0.12
    parts, _ = label(mask)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    mask = parts == sizes.argmax()
    for axis in (2, 0):
        for k in range(mask.shape[axis]):
            index = [slice(None)] * 3
            index[axis] = k
            mask[tuple(index)] = binary_fill_holes(mask[tuple(index)])
    return mask


def classes(t1, brain, head):
    """Tissue class 0..28 per voxel of the mean grid: what stands at one place in every person may have any level, but one."""
    smooth = gaussian_filter(t1, 1.0)
    depth = distance_transform_edt(head) * MEAN_STEP
    outside = distance_transform_edt(~head) * MEAN_STEP
    out = np.zeros(t1.shape, "u1")  # 0: far air
    out[~head & (outside < 8)] = 1
    inner = brain > 0.5
    out[inner] = 2 + np.digitize(smooth[inner], np.quantile(smooth[inner], [0.05, 0.2, 0.4, 0.6, 0.85]))
    rim = (brain <= 0.5) & (brain > 0.08) & head
    out[rim] = 8
    other = head & ~inner & ~rim
    levels = np.quantile(smooth[other], [0.2, 0.4, 0.6, 0.8])
    out[other] = 9 + 5 * np.digitize(depth[other], [5, 10, 20]) + np.digitize(smooth[other], levels)
    return out


def weights(at):
    """How much a place counts in the fit that decides: the face little and the neck nothing, so that the pose is the skull's."""
    w = np.full(at.shape[:3], 4, "u1")
    w[(at[..., 1] > 70) & (at[..., 2] < -15)] = 1
    w[at[..., 2] < -75] = 0
    return w


def fields(t1, brain, union, points):
    """Signed distances (mm, positive inside) on the mean grid. The border of what goes is smooth and the same for everyone:
    planes and a parabola set by the mean landmarks, held off every brain of the population."""
    at = grid(MEAN_STEP, MEAN_DIMS)
    x, y, z = at[..., 0], at[..., 1], at[..., 2]
    lm = dict(zip(LANDMARKS, points))
    off_brain = -(signed_distance(gaussian_filter(union, 0.7) > 0.4, MEAN_STEP) + BRAIN_MARGIN)
    # top: above the brow, 18 mm over the nasion; back: a coronal plane leaning back towards the jaw, bent back at the cheeks
    top = lm["nasion"][2] + 18.0 - z
    lean = np.maximum(z, -110.0) + 20.0
    back = y - (68.0 + 0.30 * lean - 0.0045 * x * x)
    face = np.minimum(np.minimum(top, back), off_brain)
    ear = lm["ear_r"]
    # close to the head an oval patch; further out, where only an ear can be, larger ones: some ears lie far back
    def patch(depth, ry, rz):
        oval = min(ry, rz) * (1 - np.sqrt(((y - (ear[1] - 7)) / ry) ** 2 + ((z - ear[2]) / rz) ** 2))
        return np.minimum(np.abs(x) - (ear[0] + depth), oval)

    ears = np.maximum.reduce([patch(-13.0, 38.0, 49.0), patch(-4.0, 48.0, 58.0), patch(2.0, 58.0, 70.0)])
    ears = np.minimum(ears, off_brain)
    return {"brain": signed_distance(brain > 0.5, MEAN_STEP), "face": face, "ears": ears,
            "head": signed_distance(head_mask(t1), MEAN_STEP), **drawn_fields(lm, off_brain)}


def drawn_fields(lm, off_brain):
    """Eyes, teeth and forehead: shapes about mean landmarks that go on into the air in front, so that their border does not follow
    anybody's lids or lips; held off every brain of the population."""
    at = grid(MEAN_STEP, MEAN_DIMS)
    x, y, z = at[..., 0], at[..., 1], at[..., 2]
    # the opening of the orbit is 40 by 35 mm, the globe 24 deep; its back lies some 27 mm behind the lids
    eye = lm["eye_r"]
    across = np.sqrt(((np.abs(x) - (eye[0] + 1.5)) / 22.0) ** 2 + ((z - eye[2]) / 19.0) ** 2)
    eyes = np.minimum(19.0 * (1 - across), y - (eye[1] - 29.0))
    # both arches with their roots and the body of the jaw: from the hard palate to below the chin, back to the third molars
    mouth = lm["mouth"]
    teeth = np.minimum.reduce([38.0 - np.abs(x), y - (mouth[1] - 64.0), mouth[2] + 24.0 - z, z - (mouth[2] - 36.0)])
    # from inside the face's upper border to the hairline, back to the temples
    nasion = lm["nasion"]
    forehead = np.minimum.reduce([z - (nasion[2] + 14.0), nasion[2] + 75.0 - z, y - (46.0 - 0.0045 * x * x),
                                  72.0 - np.abs(x)])
    return {"eyes": np.minimum(eyes, off_brain), "teeth": np.minimum(teeth, off_brain),
            "forehead": np.minimum(forehead, off_brain)}


def skin_of(t1):
    """Signed distance (mm, positive inside) to the skin of one person, on the person's own grid of about 2 mm; t1: 1 = median of
    the brain."""
    mask = gaussian_filter(t1, 0.5) > FACE_SKIN
    parts, _ = label(mask)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    mask = parts == sizes.argmax()
    for axis in range(3):
        for k in range(mask.shape[axis]):
            index = [slice(None)] * 3
            index[axis] = k
            mask[tuple(index)] = binary_fill_holes(mask[tuple(index)])
    return gaussian_filter(signed_distance(mask, MEAN_STEP), 0.7)


def sample(volume, points, m):
    return map_coordinates(volume, (points @ m[:3, :3].T + m[:3, 3]).T, order=1, mode="nearest")


def average_face(data, poses):
    """Mean signed distance to the skin (mm), and mean T1 at the mean depth below it, on the mirrored grid of the face."""
    axes = [FACE_ORIGIN[i] + FACE_STEP * np.arange(FACE_DIMS[i]) for i in range(3)]
    half = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)
    sides = (half, half * [-1, 1, 1])
    distances, heads = [], []
    for path, pose in zip(people(data), poses):
        voxels, affine = read(path)
        t1 = (voxels / np.median(voxels[brain_of(path)])).astype("f4")
        m = np.linalg.inv(affine) @ np.linalg.inv(pose)
        skin = skin_of(t1).astype("f4")
        heads.append((t1, skin, m))
        distances += [np.clip(sample(skin, side, m), -32, 32) for side in sides]
    mean = np.median(distances, 0)  # thin parts that lie elsewhere in each person, as ears, outlast a median
    level = np.zeros(len(half))
    for i, (t1, skin, m) in enumerate(heads):
        for j, side in enumerate(sides):
            slope = np.stack([sample(skin, side + e, m) - sample(skin, side - e, m) for e in np.eye(3) * 2.0], -1)
            slope /= np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-6)
            shift = np.clip(mean - distances[2 * i + j], -FACE_SHIFT, FACE_SHIFT)
            level += sample(t1, side + shift[:, None] * slope, m)
    return mean.reshape(FACE_DIMS), (level / (2 * len(heads))).reshape(FACE_DIMS)


def write_face(data, poses):
    mean, level = average_face(data, poses)
    mean = gaussian_filter(mean, 0.5)
    level = np.where(mean > 0, level, 0)
    stack = np.stack([np.clip(np.round(level * 128), 0, 255), np.clip(np.round(128 + mean * FIELD_SCALE), 1, 255)], -1)
    save("atlas_face.nii.gz", stack.astype("u1"), FACE_STEP, FACE_ORIGIN)


def class_levels():
    """Mean T1 (128 = median of the brain) of the five levels of tissue that lie over 5 mm deep, outside the brain."""
    at = np.asarray(nib.load(os.path.join(HERE, "atlas_class.nii.gz")).dataobj) & 31
    t1 = np.asarray(nib.load(os.path.join(HERE, "atlas_t1.nii.gz")).dataobj)[::2, ::2, ::2]
    return [t1[(at >= 14) & ((at - 9) % 5 == k)].mean() for k in range(5)]


def save(name, voxels, step, origin=ORIGIN):
    affine = np.diag([step, step, step, 1.0])
    affine[:3, 3] = origin
    image = nib.Nifti1Image(voxels, affine)
    image.header.set_xyzt_units("mm")
    with gzip.GzipFile(os.path.join(HERE, name), "wb", 9, mtime=0) as f:
        f.write(image.to_bytes())


def resample(volume, step, dims):
    at = (grid(step, dims).reshape(-1, 3) - ORIGIN) / MEAN_STEP
    return map_coordinates(volume, at.T, order=1, mode="nearest").reshape(dims)


def to_field(distance):
    return np.clip(np.round(resample(distance, FIELD_STEP, FIELD_DIMS) * FIELD_SCALE), -127, 127).astype("i1")


def held_off(name, field, brain):
    """A field (as stored) drawn back by POSE_MARGIN where the mean brain is near: no pose is exact. Between 8 and 16 mm from that brain
    the margin fades away; skin lies farther. The forehead and the ears are too thin to give any."""
    if name not in ("face", "eyes", "teeth"):
        return field
    near = np.clip((brain / FIELD_SCALE + 16.0) / 8.0, 0, 1)
    return np.clip(np.round(field - POSE_MARGIN * FIELD_SCALE * near), -127, 127).astype("i1")


def write(t1, brain, union, points, spread):
    cls = classes(t1, brain, head_mask(t1))[::2, ::2, ::2]
    assert cls.shape == CLASS_DIMS and cls.max() < 32
    save("atlas_class.nii.gz", cls | weights(grid(CLASS_STEP, CLASS_DIMS)) << 5, CLASS_STEP)
    distance = fields(t1, brain, union, points)
    near = to_field(distance["brain"])
    save("atlas_fields.nii.gz", np.stack([held_off(k, to_field(distance[k]), near) for k in FIELDS], -1), FIELD_STEP)
    save("atlas_t1.nii.gz", np.clip(np.round(t1 * 128), 0, 255).astype("u1"), MEAN_STEP)
    labels = np.zeros(MEAN_DIMS, "u1")
    for value, k in ((1, "head"), (2, "face"), (3, "ears"), (4, "teeth"), (5, "eyes"), (6, "brain")):
        inside = distance[k] > 0
        labels[inside & ((distance["head"] > 0) | (k == "brain"))] = value
    save("atlas_labels.nii.gz", labels, MEAN_STEP)
    with open(os.path.join(HERE, "landmarks.csv"), "w") as f:
        f.write("landmark,x_mm,y_mm,z_mm,sd_x,sd_y,sd_z\n")
        for k, p, s in zip(LANDMARKS, points, spread):
            f.write("%s,%s\n" % (k, ",".join("%.2f" % v for v in (*p, *s))))


def write_geometry(points):
    with open(os.path.join(HERE, "atlas_geometry.h"), "w") as f:
        f.write("/* atlas_geometry.h - written by build_atlas.py; grids of the atlas, mm. */\n#ifndef VV_ATLAS_GEOMETRY_H\n"
                "#define VV_ATLAS_GEOMETRY_H\n")
        f.write("#define VV_ATLAS_ORIGIN {%.1f, %.1f, %.1f}\n" % tuple(ORIGIN))
        for name, step, dims in (("CLASS", CLASS_STEP, CLASS_DIMS), ("FIELD", FIELD_STEP, FIELD_DIMS)):
            f.write("#define VV_ATLAS_%s_STEP %.1f\n" % (name, step))
            for axis, n in zip("XYZ", dims):
                f.write("#define VV_ATLAS_%s_N%s %d\n" % (name, axis, n))
        f.write("#define VV_ATLAS_FACE_STEP %.1f\n#define VV_ATLAS_FACE_ORIGIN {%.1f, %.1f, %.1f}\n" %
                (FACE_STEP, *FACE_ORIGIN))
        for axis, n in zip("XYZ", FACE_DIMS):
            f.write("#define VV_ATLAS_FACE_N%s %d\n" % (axis, n))
        f.write("/* mean T1 of the levels of deep tissue outside the brain, 128 = median of the brain */\n")
        f.write("#define VV_ATLAS_LEVELS {%s}\n" % ", ".join("%.1f" % v for v in class_levels()))
        f.write("/* %s */\n#define VV_ATLAS_LANDMARKS \\\n    {" % ", ".join(LANDMARKS))
        f.write(", \\\n     ".join("{%.2ff, %.2ff, %.2ff}" % tuple(p) for p in points))
        f.write("}\n#endif\n")


def write_sums():
    with open(os.path.join(HERE, "SHA256SUMS"), "w") as f:
        for name in sorted(n for n in os.listdir(HERE) if n.startswith("atlas_") or n == "landmarks.csv"):
            with open(os.path.join(HERE, name), "rb") as g:
                f.write("%s  %s\n" % (hashlib.sha256(g.read()).hexdigest(), name))


def write_regions(data, poses):
    """Draws the fields DRAWN into the file of fields that is there; what else it holds stays."""
    _, brain, union = average(data, poses)
    with open(os.path.join(HERE, "landmarks.csv"), newline="") as f:
        lm = {row["landmark"]: np.array([float(row[k]) for k in ("x_mm", "y_mm", "z_mm")]) for row in csv.DictReader(f)}
    off_brain = -(signed_distance(gaussian_filter(union, 0.7) > 0.4, MEAN_STEP) + BRAIN_MARGIN)
    drawn = drawn_fields(lm, off_brain)
    old = np.asarray(nib.load(os.path.join(HERE, "atlas_fields.nii.gz")).dataobj)
    names = FIELDS if old.shape[-1] == len(FIELDS) else [k for k in FIELDS if k != "forehead"]
    near = old[..., names.index("brain")]
    stack = [held_off(k, to_field(drawn[k]), near) if k in drawn else old[..., names.index(k)] for k in FIELDS]
    save("atlas_fields.nii.gz", np.stack(stack, -1), FIELD_STEP)
    write_face(data, poses)
    write_geometry([lm[k] for k in LANDMARKS])
    write_sums()


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "regions":
        write_regions(arguments[1], poses_found(arguments[1], arguments[2]))
        return
    if len(arguments) == 2 and arguments[0] == "start":
        poses = poses_from_landmarks(arguments[1])
    elif len(arguments) == 3 and arguments[0] == "improve":
        poses = poses_from_voxveil(arguments[1], arguments[2])
    else:
        sys.exit(__doc__)
    t1, brain, union = average(arguments[1], poses)
    points, spread = mean_landmarks(arguments[1], poses)
    write(t1, brain, union, points, spread)
    write_face(arguments[1], poses)
    write_geometry(points)
    write_sums()
    inner = brain > 0.5
    print("brain border blur %.3f, union %.3f of the mean brain" %
          (((brain > 0.05) & (brain < 0.95)).sum() / inner.sum(), (union > 0.5).sum() / inner.sum()))
    for k, p, s in zip(LANDMARKS, points, spread):
        print("%-7s" % k, p.round(1), "sd", s.round(1))


if __name__ == "__main__":
    main(sys.argv[1:])
