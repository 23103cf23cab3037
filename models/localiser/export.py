"""export.py PEOPLE.npy WEIGHTS.pt localiser.bin: the trained network as whole numbers, for host/method/network.c.

Batch norm is folded into each convolution; weights are symmetric, 127 steps for each output channel; what comes out of a
layer is 0..255, one scale for each layer, set on samples of the training (the two terms of an addition share one). The
file, little-endian: for each layer the weights (int8, [out][z][y][x][in]); then for each layer the biases (int32, in
units of the sum) and, for all but the last, the factors (int32: next level = sum * factor / 2^32); then the scale of the
last layer's sums (float64 each). Tells how far it is from the float network, on other samples.
"""
import random
import sys

import numpy as np
import torch
import torch.nn.functional as F
from net import SIDE, TOP, Net, to_channels
from samples import load, sample, seed

# name, the layer read, the layer added to it (nearest, from half the size); the order of host/method/network.c
LAYERS = [("e0", None, None), ("e1.0", "e0", None), ("e1.1", "e1.0", None), ("e2.0", "e1.1", None),
          ("e2.1", "e2.0", None), ("e3.0", "e2.1", None), ("e3.1", "e3.0", None), ("e3.2", "e3.1", None),
          ("u2", "e3.2", None), ("d2.0", "e2.1", "u2"), ("d2.1", "d2.0", None), ("u1", "d2.1", None),
          ("d1.0", "e1.1", "u1"), ("d1.1", "d1.0", None), ("out", "d1.1", None)]
ALIKE = {"u2": "e2.1", "u1": "e1.1"}  # terms of an addition
SEED, SAMPLES = 5, 40
LAST = 8  # channels of the last layer, padded


def folded(net):
    """name -> weight, bias, stride, with the batch norm in them"""
    out = {}
    for name, m in net.named_modules():
        if isinstance(m, torch.nn.Sequential) and isinstance(m[0], torch.nn.Conv3d):
            gain = m[1].weight / torch.sqrt(m[1].running_var + m[1].eps)
            out[name] = (m[0].weight * gain.view(-1, 1, 1, 1, 1), m[1].bias - m[1].running_mean * gain, m[0].stride[0])
    w, b = net.out.weight, net.out.bias
    pad = LAST - w.shape[0]
    out["out"] = (F.pad(w, (0,) * 9 + (pad,)), F.pad(b, (0, pad)), 1)
    return {k: (w.detach().double(), b.detach().double(), s) for k, (w, b, s) in out.items()}


def run(layers, x, each):
    """every layer's output by name; each(name, input, added) computes one"""
    y = {None: x}
    for name, src, more in LAYERS:
        up = F.interpolate(y[more], scale_factor=2, mode="nearest") if more else None
        y[name] = each(name, y[src], up)
    return y


def conv(layers, name, x, bias=True):
    w, b, stride = layers[name]
    return F.conv3d(x, w, b if bias else None, stride, w.shape[-1] // 2)


def float_net(layers, x):
    def each(name, src, up):
        y = conv(layers, name, src if up is None else src + up)
        return y if name == "out" else F.relu(y)
    return run(layers, x, each)


def calibrate(layers, samples):
    """the level that 255 stands for, of each layer"""
    most = {}
    for x in samples:
        y = float_net(layers, x.double())
        for name, *_ in LAYERS:
            t = y[name]
            for n, src, more in LAYERS:
                if more == name or (src == name and more):
                    t = y[src] + F.interpolate(y[more], scale_factor=2, mode="nearest")
            most[name] = max(most.get(name, 1e-6), float(torch.quantile(t.flatten()[::7], 0.9998)))
    for a, b in ALIKE.items():
        most[a] = most[b] = max(most[a], most[b])
    return most


def quantise(layers, most):
    out = {}
    for name, src, _ in LAYERS:
        w, b, stride = layers[name]
        step = w.flatten(1).abs().amax(1).clamp(min=1e-8) / 127
        before = 1 / TOP if src is None else most[src] / 255
        unit = step * before  # of one step of the sum
        factor = (unit / (most[name] / 255) * 2**32).round()
        bias = (b / unit).round()
        assert name == "out" or factor.max() < 2**31, name
        assert bias.abs().max() < 2**30, name
        out[name] = ((w / step.view(-1, 1, 1, 1, 1)).round(), bias, stride, factor, unit)
    return out


def whole_net(q, x):
    """the same arithmetic as the kernels; doubles hold every sum exactly"""
    def each(name, src, up):
        w, b, stride, factor, _ = q[name]
        if up is not None:
            src = (src + up).clamp(max=255)
        sums = F.conv3d(src, w, b, stride, w.shape[-1] // 2)
        if name == "out":
            return sums
        return ((sums.clamp(min=0) * factor.view(1, -1, 1, 1, 1) + 2**31) / 2**32).floor().clamp(max=255)
    return run(q, (x.double() * TOP).round(), each)


def kernel_order(name, w):
    """[out][in][x][y][z] of the training to [out][z][y][x][in]; the first layer's channels to x + 2 y + 4 z"""
    if name == "e0":
        w = w[:, [4 * (c & 1) + 2 * (c >> 1 & 1) + (c >> 2) for c in range(8)]]
    return w.permute(0, 4, 3, 2, 1).contiguous().numpy()


def samples(people):
    """batches of four"""
    seed(SEED)
    return [to_channels(torch.stack([sample(random.choice(people))[0] for _ in range(4)])[:, None])
            for _ in range(SAMPLES // 4)]


def write(q, path):
    with open(path, "wb") as f:
        for name, *_ in LAYERS:
            f.write(kernel_order(name, q[name][0]).astype("<i1").tobytes())
        for name, *_ in LAYERS:
            f.write(q[name][1].numpy().astype("<i4").tobytes())
            if name != "out":
                f.write(q[name][3].numpy().astype("<i4").tobytes())
        f.write(q["out"][4].numpy().astype("<f8").tobytes())


def compare(layers, q, x):
    a = float_net(layers, x.double())["out"][:, :5]
    b = (whole_net(q, x)["out"] * q["out"][4].view(1, -1, 1, 1, 1))[:, :5]
    head = a[:, 4] > 0
    off = ((a - b)[:, :3] * 100).norm(dim=1)[head]
    print("%d cells of heads: places part by %.2f mm (mean), %.2f (95 %%); log error by %.3f; %d cells change sides" %
          (head.sum(), off.mean(), torch.quantile(off, 0.95), (a - b)[:, 3][head].abs().mean(),
           ((b[:, 4] > 0) != head).sum()))


def known_answers(q):
    """for tests/method/test_opinion.c: cells of a cube whose voxel (x, y, z) is 7 x + 13 y + 29 z + x y of 64 levels"""
    x, y, z = np.meshgrid(*[np.arange(SIDE)] * 3, indexing="ij")
    cube = torch.tensor((7 * x + 13 * y + 29 * z + x * y) % (TOP + 1), dtype=torch.float64)
    out = whole_net(q, to_channels(cube[None, None]) / TOP)["out"][0] * q["out"][4].view(-1, 1, 1, 1)
    for at in [(0, 0, 0), (8, 7, 6), (3, 12, 9), (15, 15, 15)]:
        a = out[:, at[0], at[1], at[2]]
        print("{{%d, %d, %d}, {%.9g, %.9g, %.9g}, %.9g, %.9g}," % (at + tuple(a[:3] * 100) + tuple(a[3:5])))


def main(people, weights, path):
    torch.set_num_threads(1)
    net = Net()
    net.load_state_dict(torch.load(weights))
    layers = folded(net.eval())
    some = samples(load(people)[0])
    half = len(some) // 2
    q = quantise(layers, calibrate(layers, some[:half]))
    write(q, path)
    for x in some[half:]:
        compare(layers, q, x)
    known_answers(q)


if __name__ == "__main__":
    main(*sys.argv[1:])
