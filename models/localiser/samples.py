"""Samples of the training: heads of any contrast, turned, cut, folded and spoilt, with the place in the atlas of each cell.

Randomness comes from the generators of random, numpy and torch; seed() sets all three.
"""
import math
import random

import numpy as np
import torch
import torch.nn.functional as F
from net import CELL, CELLS, MIDDLE, SIDE, STEP, TOP, normalise
from people import FIRST_OUTSIDE, KIND_EYES

U, R = random.uniform, random.random


def middle_grid(side, step):
    a = torch.arange(side, dtype=torch.float32) * step - (side - 1) * step / 2
    return torch.stack(torch.meshgrid(a, a, a, indexing="ij"), -1)


VOXELS_MM, CELLS_MM = middle_grid(SIDE, STEP), middle_grid(CELLS, CELL)
DARK = [FIRST_OUTSIDE, FIRST_OUTSIDE + 4, FIRST_OUTSIDE + 8]  # darkest outside the brain: bone by the brain, sinuses


def seed(n):
    torch.manual_seed(n)
    np.random.seed(n)
    random.seed(n)


def load(path):
    """people of the training, people of the test"""
    people = np.load(path, allow_pickle=True)
    return [p for p in people if not p["test"]], [p for p in people if p["test"]]


def turn(most):
    """six in seven by up to so many degrees about any axis, else any rotation"""
    a = np.random.randn(3)
    if R() < 0.86:
        a, angle = a / (np.linalg.norm(a) + 1e-9), math.radians(most) * R()
        k = np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])
        return np.eye(3) + math.sin(angle) * k + (1 - math.cos(angle)) * k @ k
    q = np.random.randn(4)
    w, x, y, z = q / np.linalg.norm(q)
    return np.array([[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                     [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                     [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)]])


def curve(x):
    """levels by a random curve through 0 at air, rising or not"""
    k = random.choice([4, 5, 6])
    y = torch.rand(k)
    y[0] = 0
    if R() < 0.4:
        y = torch.cumsum(y + 0.05, 0)
        y = y / y[-1]
    t = (x / 2.2).clamp(0, 0.9999) * (k - 1)
    i = t.long()
    f = t - i
    return y[i] * (1 - f) + y[(i + 1).clamp(max=k - 1)] * f


def level_of_kinds(kinds):
    mu = torch.rand(kinds) * 0.95 + 0.05
    mu[0] = 0
    which = R()
    if which < 0.25:  # as CT: bone bright, the brain flat
        mu[1:FIRST_OUTSIDE] = 0.5 + torch.rand(FIRST_OUTSIDE - 1) * 0.08
        mu[FIRST_OUTSIDE:] = 0.45 + torch.rand(kinds - FIRST_OUTSIDE) * 0.15
        mu[DARK[0]] = 0.9 + R() * 0.6
        mu[DARK[1:]] = U(0, 1.0)
        mu[[10, 14, 18]] = U(0.3, 0.45)  # brightest in T1: fat
    elif which < 0.4:  # the brain alone shines: EPI, diffusion
        mu[FIRST_OUTSIDE:] *= U(0, 0.25)
    elif which < 0.55:  # as T2
        mu[1], mu[2], mu[3] = U(0.8, 1.3), U(0.4, 0.6), U(0.25, 0.45)
        mu[KIND_EYES] = U(0.8, 1.3)
        for k in DARK:
            mu[k] = U(0, 0.2)
    elif which < 0.7:
        mu[DARK] = torch.rand(3) * 0.15
    return mu


def contrast(share, t1, head):
    which = R()
    if which < 0.25:
        return t1 * 1.0
    if which < 0.45:
        return curve(t1) * head + (0 if R() < 0.5 else t1 * (1 - head))
    mu = level_of_kinds(share.shape[0])
    v = (mu[:, None] * share.reshape(share.shape[0], -1)).sum(0).reshape(share.shape[1:])
    if R() < 0.5:  # the texture of the real image
        v = v + U(-0.6, 0.6) * (t1 - F.avg_pool3d(t1[None, None], 5, 1, 2, count_include_pad=False)[0, 0]) * head
    return v.clamp(min=0)


def centre_of(head):
    return np.array([np.average(np.arange(n), weights=head.sum(tuple(k for k in range(3) if k != a)).numpy())
                     for a, n in enumerate(head.shape)])


def affine(linear, shift):
    m = np.eye(4)
    m[:3, :3], m[:3, 3] = linear, shift
    return m


def skewed():
    shear = np.triu(np.random.randn(3, 3) * 0.03, 1)
    if R() < 0.05:  # the tilt of a gantry, not corrected
        shear[1, 2] = U(-0.4, 0.4)
    return np.eye(3) + shear


def by_middle(head, to_atlas, mirror):
    """cube mm to voxel: any head, its middle near the cube's"""
    size = U(0.72, 1.12) if R() < 0.7 else U(0.92, 1.08)
    axes = np.exp(np.random.randn(3) * 0.04) * size
    inverse = np.linalg.inv(turn(46) @ skewed() @ np.diag(axes) @ mirror[:3, :3])
    return affine(inverse / STEP, centre_of(head) - inverse @ np.random.uniform(-10, 10, 3) / STEP)


def by_pose(head, to_atlas, mirror):
    """cube mm to voxel: the cube lies in the atlas as a pose has it that is a little off, or more"""
    far = R() < 0.45
    size = U(0.85, 1.18) if far else math.exp(random.gauss(0, 0.03))
    axes = np.exp(np.random.randn(3) * (0.05 if far else 0.02)) * size
    place = np.linalg.inv(turn(40 if far else 12) @ skewed() @ np.diag(axes))
    return np.linalg.inv(to_atlas) @ mirror @ affine(place, MIDDLE + np.random.randn(3) * (20 if far else 6))


def laid_out(v, head, to_atlas, posed):
    """both in the cube, and cube mm to atlas mm"""
    mirror = np.diag([-1.0 if R() < 0.5 else 1.0, 1, 1, 1])
    m = (by_pose if posed else by_middle)(head, to_atlas, mirror)
    t = torch.tensor(m, dtype=torch.float32)
    at = VOXELS_MM.reshape(-1, 3) @ t[:3, :3].T + t[:3, 3]
    g = (at + 0.5) / torch.tensor(head.shape, dtype=torch.float32) * 2 - 1
    both = F.grid_sample(torch.stack([v, head])[None], g.flip(-1).reshape(1, SIDE, SIDE, SIDE, 3), mode="bilinear",
                         padding_mode="zeros", align_corners=False)[0]
    return both[0], both[1], mirror @ to_atlas @ m


def without_face(x, head, place):
    """cut off by a plane, or by a box before the brain, now and then the ears too"""
    t = torch.tensor(place, dtype=torch.float32)
    at = VOXELS_MM @ t[:3, :3].T + t[:3, 3]
    if R() < 0.6:
        lean = math.radians(U(-10, 60))
        gone = (at[..., 1] - U(50, 85)) * math.cos(lean) - (at[..., 2] + U(10, 50)) * math.sin(lean) > 0
    else:
        gone = (at[..., 1] > U(30, 70)) & (at[..., 2] < U(-35, 5)) & (at[..., 0].abs() < U(50, 110))
    if R() < 0.4:
        gone |= (at[..., 0].abs() > U(68, 80)) & (at[..., 2] < U(-20, 0))
    return torch.where(gone, torch.zeros_like(x), x), torch.where(gone, torch.zeros_like(head), head)


def things_beside(x, head, place, level):
    """a head rest, pads"""
    if R() < 0.3:
        t = torch.tensor(place, dtype=torch.float32)
        at = VOXELS_MM @ t[:3, :3].T + t[:3, 3]
        depth = at[..., 1] + U(100, 118) - U(0, 0.006) * at[..., 0] ** 2
        thick, wide = U(4, 25), U(40, 130)
        low, high = U(-140, 0), U(20, 140)
        rest = (depth < 0) & (depth > -thick) & (at[..., 0].abs() < wide) & (at[..., 2] > low) & (at[..., 2] < high)
        x = torch.where(rest & (head < 0.3), torch.tensor(level * U(0.1, 1.5)), x)
    if R() < 0.12:
        for _ in range(random.randint(1, 3)):
            c = torch.tensor(np.random.uniform(-110, 110, 3), dtype=torch.float32)
            d = ((VOXELS_MM - c) / torch.tensor(np.random.uniform(6, 25, 3), dtype=torch.float32)).pow(2).sum(-1)
            x = torch.where((d < 1) & (head < 0.3), torch.tensor(level * U(0.1, 1.5)), x)
    return x


def extent(head):
    out = []
    for a in range(3):
        rows = (head > 0.3).permute(a, *[i for i in range(3) if i != a]).reshape(SIDE, -1).any(1)
        k = torch.nonzero(rows).flatten()
        out.append((int(k[0]), int(k[-1]) + 1) if len(k) else (0, SIDE))
    return out


def wrapped(x, ext, lo, hi):
    """beyond the cut it comes back on the other side"""
    a = random.randrange(3)
    e0, e1 = ext[a]
    n = random.randint(2, 12)
    size = min(max(e1 - e0 - n + random.randint(0, 6), 16), SIDE)
    c0 = e0 + n if R() < 0.5 else max(0, e1 - n - size)
    c0 = max(0, min(SIDE - size, c0))
    c1 = c0 + size
    y = torch.zeros_like(x)
    y.narrow(a, c0, size).copy_(x.narrow(a, c0, size))
    if c1 < SIDE:
        k = min(SIDE - c1, size)
        y.narrow(a, c0, k).add_(x.narrow(a, c1, k))
    if c0 > 0:
        k = min(c0, size)
        y.narrow(a, c1 - k, k).add_(x.narrow(a, c0 - k, k))
    lo[a], hi[a] = c0, c1
    return y


def cut(ext, lo, hi):
    """a slab, or less than the head on some sides"""
    which = R()
    if which < 0.2:
        a = random.choice([0, 1, 2, 2])
        e0, e1 = ext[a]
        n = random.randint(13, 26)
        c = random.randint(e0, max(e0, e1 - n))
        lo[a], hi[a] = max(lo[a], c), min(hi[a], c + n)
    elif which < 0.6:
        for a in range(3):
            if R() < 0.55:
                e0, e1 = ext[a]
                c0, c1 = (int((e1 - e0) * U(-0.15, 0.4)) if R() < 0.7 else -99 for _ in range(2))
                if e1 - e0 - max(c0, 0) - max(c1, 0) >= 14:
                    lo[a], hi[a] = max(lo[a], e0 + c0), min(hi[a], e1 - c1)


def field_of_view(x, head):
    lo, hi = [0] * 3, [SIDE] * 3
    ext = extent(head)
    if R() < 0.15:
        x = wrapped(x, ext, lo, hi)
    cut(ext, lo, hi)
    if any(h - l < 10 for l, h in zip(lo, hi)):
        lo, hi = [0] * 3, [SIDE] * 3
    valid = torch.zeros(SIDE, SIDE, SIDE, dtype=torch.bool)
    valid[lo[0]:hi[0], lo[1]:hi[1], lo[2]:hi[2]] = True
    return x, valid


def blurred(x):
    if R() < 0.2:  # thick slices
        a = random.randrange(3)
        k = [1, 1, 1]
        if R() < 0.5:
            k[a] = 2
            x = F.interpolate(F.avg_pool3d(x[None, None], tuple(k)), size=(SIDE,) * 3,
                              mode=random.choice(["nearest", "trilinear"]))[0, 0]
        else:
            k[a] = 3
            x = F.avg_pool3d(x[None, None], tuple(k), 1, tuple(j // 2 for j in k))[0, 0]
    if R() < 0.15:
        x = F.avg_pool3d(x[None, None], 3, 1, 1)[0, 0]
        if R() < 0.4:  # as an average of many people
            x = F.avg_pool3d(x[None, None], 3, 1, 1)[0, 0]
    return x


def shaded(x):
    """slow brightness; a surface coil"""
    which = R()
    if which < 0.4:
        knots = torch.randn(1, 1, *[random.choice([2, 3, 4])] * 3) * U(0.1, 0.5)
        return x * torch.exp(F.interpolate(knots, size=(SIDE,) * 3, mode="trilinear", align_corners=True)[0, 0])
    if which < 0.55:
        c = torch.tensor(np.random.randn(3), dtype=torch.float32)
        d = ((VOXELS_MM - c / c.norm() * U(90, 150)) ** 2).sum(-1)
        return 3 * x / (1 + d / U(60, 150) ** 2)
    return x


def noisy(x, level):
    which = R()
    if which >= 0.6:
        return x
    a, b = torch.randn(2, SIDE, SIDE, SIDE) * level * (U(0, 0.08) if which < 0.4 else U(0.05, 0.22))
    if R() < 0.3:
        a = F.avg_pool3d(a[None, None], 3, 1, 1)[0, 0] * 3
    return ((x + a) ** 2 + b**2).sqrt() if R() < 0.6 else x + a


def negative(x, head):
    which = R()
    if which < 0.04:
        return x.max() - x
    t = head > 0.3
    if which < 0.09 and t.any():
        return torch.where(t, float(torch.quantile(x[t][::20], 0.98)) * 1.05 - x, x).clamp(min=0)
    return x


def moved(t, shift):
    """by whole voxels, 0 where nothing comes from"""
    o = torch.zeros_like(t)
    src = tuple(slice(max(0, k), min(SIDE, SIDE + k)) for k in shift)
    dst = tuple(slice(max(0, -k), min(SIDE, SIDE - k)) for k in shift)
    o[dst] = t[src]
    return o


def to_middle(tissue):
    w, total, shift = tissue.float(), float(tissue.sum()), [0, 0, 0]
    for a in range(3):
        if total > 50:
            along = w.sum(tuple(k for k in range(3) if k != a))
            shift[a] = int(round(float((along * torch.arange(SIDE)).sum()) / total - (SIDE - 1) / 2 + U(-2, 2)))
    return shift


def sample(person):
    """input (64^3), place in the atlas of each cell (3 x 16^3, mm), whether the cell is head in view"""
    share, t1 = person["share"].astype("f4") / 255, torch.from_numpy(person["t1"].astype("f4"))
    share = torch.from_numpy(share)
    head = 1 - share[0]
    posed = R() < 0.65
    x, head, place = laid_out(contrast(share, t1, head), head, person["to_atlas"], posed)
    if R() < 0.12:
        x, head = without_face(x, head, place)
    level = float((x[head > 0.5].median() if (head > 0.5).any() else torch.tensor(1.0)).clamp(min=0.1))
    x = things_beside(x, head, place, level)
    x, valid = field_of_view(x, head)
    x = negative(noisy(shaded(blurred(x)), level), head)
    x, tissue = normalise(x, valid)
    shift = [0, 0, 0] if posed else to_middle(tissue)
    place[:3, 3] += place[:3, :3] @ (np.array(shift) * STEP)
    seen = F.avg_pool3d(moved(head * valid, shift)[None, None], SIDE // CELLS)[0, 0] > 0.4
    t = torch.tensor(place, dtype=torch.float32)
    at = CELLS_MM @ t[:3, :3].T + t[:3, 3]
    return (moved(x, shift) * TOP).round() / TOP, at.permute(3, 0, 1, 2), seen
