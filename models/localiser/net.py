"""The network, and what it sees: 64^3 voxels of 4 mm; it answers for 16^3 cells of 16 mm. Axes: x, y, z (RAS)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

SIDE, STEP = 64, 4.0
CELLS, CELL = 16, 16.0
TOP = 63  # levels of the input
MIDDLE = (0.0, 8.0, -28.0)  # of the cube where a pose lays it out, in the atlas


def layer(channels, out, stride=1, size=3):
    return nn.Sequential(nn.Conv3d(channels, out, size, stride, size // 2, bias=False), nn.BatchNorm3d(out),
                         nn.ReLU(inplace=True))


def twice(t):
    return F.interpolate(t, scale_factor=2, mode="nearest")


class Net(nn.Module):
    """8 channels at 8 mm, down to 64 mm and back to 16. Out: place in the atlas (mm / 100), logarithm of the error of it
    (sum over the axes, / 100 mm), logit of being head."""

    def __init__(self):
        super().__init__()
        self.e0 = layer(8, 16)
        self.e1 = nn.Sequential(layer(16, 32, 2), layer(32, 32))
        self.e2 = nn.Sequential(layer(32, 64, 2), layer(64, 64))
        self.e3 = nn.Sequential(layer(64, 128, 2), layer(128, 128), layer(128, 128))
        self.u2 = layer(128, 64, size=1)
        self.d2 = nn.Sequential(layer(64, 64), layer(64, 64))
        self.u1 = layer(64, 32, size=1)
        self.d1 = nn.Sequential(layer(32, 32), layer(32, 32))
        self.out = nn.Conv3d(32, 5, 1)

    def forward(self, x):
        b = self.e1(self.e0(x))
        c = self.e2(b)
        c = self.d2(c + twice(self.u2(self.e3(c))))
        return self.out(self.d1(b + twice(self.u1(c))))


def to_channels(x):
    """(B, 1, 64, 64, 64) to (B, 8, 32, 32, 32): channel 4 x + 2 y + z of each block of 2 x 2 x 2"""
    n, h = x.shape[0], SIDE // 2
    return x.reshape(n, h, 2, h, 2, h, 2).permute(0, 2, 4, 6, 1, 3, 5).reshape(n, 8, h, h, h)


def normalise(v, valid):
    """0..1 between the 2nd percentile and 1.6 times the middle of the tissue above it; 0 outside the field of view. And
    the tissue."""
    u = v[valid]
    s = u[:: max(1, u.numel() // 60000)].sort().values

    def quantile(t, p):
        return t[min(t.numel() - 1, int(p * t.numel()))]

    lo, hi = quantile(s, 0.02), quantile(s, 0.98)
    threshold = lo + 0.14 * (hi - lo)
    tissue = s[s > threshold]
    middle = quantile(tissue, 0.5) if tissue.numel() else hi
    top = lo + 1.6 * (middle - lo)
    if not lo < top < hi:
        top = hi
    x = ((v - lo) / (top - lo).clamp(min=1e-6)).clamp(0, 1)
    return torch.where(valid, x, torch.zeros_like(x)), (v > threshold) & valid
