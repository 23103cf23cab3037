"""train.py PEOPLE.npy WEIGHTS.pt [STEPS [FROM.pt]]: trains the network on the people of the training (people.py).

FROM: weights to go on from. New samples are made in a process of their own, in one order.
"""
import math
import multiprocessing
import random
import sys

import torch
import torch.nn.functional as F
from net import CELLS, SIDE, Net, to_channels
from samples import R, U, load, sample, seed

SEED, STEPS = 1, 5000
BATCH, NEW, KEPT = 8, 3, 160  # samples of a step, of these new ones; samples kept to be used again, varied
RATE, DECAY = 2.5e-3, 1e-3


def without_edge(t, cells):
    """0 where nothing comes from after a move by so much"""
    t = t.clone()
    for a, k in enumerate(cells):
        if k > 0:
            t.narrow(a, 0, k).zero_()
        if k < 0:
            t.narrow(a, t.shape[a] + k, -k).zero_()
    return t


def varied(s):
    """a sample once more: mirrored, moved by whole cells, its levels bent"""
    x, place, head = s
    if R() < 0.5:
        x, head = x.flip(0), head.flip(0)
        place = place.flip(1) * torch.tensor([-1.0, 1, 1]).view(3, 1, 1, 1)
    x = x.clamp(min=0) ** math.exp(U(-0.6, 0.6))
    if R() < 0.25:
        x = torch.where(x > 0.14, 1.1 - x, x).clamp(0, 1)
    if R() < 0.3:
        x = (x + torch.randn(SIDE, SIDE, SIDE) * U(0, 0.1)).clamp(0, 1)
    k = [random.randint(-1, 1) for _ in range(3)]
    n = [i * SIDE // CELLS for i in k]
    x, head = without_edge(torch.roll(x, n, (0, 1, 2)), n), without_edge(torch.roll(head, k, (0, 1, 2)), k)
    return x, torch.roll(place, k, (1, 2, 3)), head


def loss_of(out, place, head):
    """Laplace likelihood of the places of head cells, their plain error, and whether head is told from air"""
    error = (out[:, :3] - place).abs().sum(1)
    log = out[:, 3].clamp(-4, 2)
    cells = head.sum((1, 2, 3)).clamp(min=30)
    likely = (((error * torch.exp(-log) + 3 * log) * head).sum((1, 2, 3)) / cells).mean()
    plain = ((error * head).sum((1, 2, 3)) / cells).mean()
    return 0.3 * likely + plain + F.binary_cross_entropy_with_logits(out[:, 4], head), plain


def make(people, out, count):
    torch.set_num_threads(1)
    seed(SEED + 1)
    for _ in range(count):
        x, place, head = sample(random.choice(people))
        out.put((x.numpy().astype("f2"), place.numpy(), head.numpy()))


def started(people, count):
    """samples to come"""
    made = multiprocessing.get_context("fork").Queue(12)
    multiprocessing.get_context("fork").Process(target=make, args=(people, made, count), daemon=True).start()
    return made


def next_of(made):
    x, place, head = made.get()
    return torch.from_numpy(x.astype("f4")), torch.from_numpy(place), torch.from_numpy(head)


def batch_of(made, kept):
    new = [next_of(made) for _ in range(NEW)]
    again = [varied(random.choice(kept)) for _ in range(BATCH - NEW)] if len(kept) >= 16 else []
    kept[:] = (kept + new)[-KEPT:]
    some = new + again
    x = to_channels(torch.stack([s[0] for s in some])[:, None]).contiguous(memory_format=torch.channels_last_3d)
    return x, torch.stack([s[1] for s in some]) / 100, torch.stack([s[2] for s in some]).float()


def main(people, weights, steps=STEPS, before=None):
    steps = int(steps)
    seed(SEED)
    torch.set_num_threads(1)
    made = started(load(people)[0], steps * NEW)
    net = Net()
    if before:
        net.load_state_dict(torch.load(before))
    net = net.to(memory_format=torch.channels_last_3d)
    opt = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    mean = {k: v.clone() for k, v in net.state_dict().items()}  # of the weights over the last steps
    kept = []
    for step in range(steps):
        for g in opt.param_groups:
            g["lr"] = RATE * min(1, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * step / steps)) + 1e-6
        x, place, head = batch_of(made, kept)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = net(x)
        loss, plain = loss_of(out.float(), place, head)
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        opt.step()
        old = min(0.998, (2 + step) / (11 + step))
        with torch.no_grad():
            for k, v in net.state_dict().items():
                mean[k].lerp_(v, 1 - old) if v.dtype.is_floating_point else mean[k].copy_(v)
        if (step + 1) % 50 == 0:
            print("step %d: %.1f mm along an axis" % (step + 1, plain.item() * 100 / 3), flush=True)
    torch.save(mean, weights)


if __name__ == "__main__":
    main(*sys.argv[1:])
