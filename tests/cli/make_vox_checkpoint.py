#!/usr/bin/env python3
"""Writes a full-size vox-256 training checkpoint with random weights and optimizer state, as PyTorch would.
usage: make_vox_checkpoint.py legacy|zip FILE     No PyTorch needed.
The layout: models/fomm/README.md#weight-names and #checkpoints."""
import collections
import sys

from torch_files import Tensor, save

def convolution(state, name, out, into, kernel):
    state[name + ".weight"] = Tensor(out, into, kernel, kernel)
    state[name + ".bias"] = Tensor(out, constant=0.0)


def norm(state, name, channels):
    state[name + ".weight"] = Tensor(channels, constant=1.0)
    state[name + ".bias"] = Tensor(channels, constant=0.0)
    state[name + ".running_mean"] = Tensor(channels, constant=0.0)
    state[name + ".running_var"] = Tensor(channels, constant=1.0)
    state[name + ".num_batches_tracked"] = Tensor(constant=0, code="q")


def block(state, name, out, into, kernel=3):
    convolution(state, name + ".conv", out, into, kernel)
    norm(state, name + ".norm", out)


def hourglass(state, name, into, expansion, most=1024, blocks=5):
    width = [min(most, expansion << i) for i in range(blocks + 1)]
    for i in range(blocks):
        block(state, f"{name}.encoder.down_blocks.{i}", width[i + 1], width[i] if i else into)
    for j, i in enumerate(reversed(range(blocks))):
        block(state, f"{name}.decoder.up_blocks.{j}", width[i], width[i + 1] * (2 if j else 1))


def detector():
    state = collections.OrderedDict()
    hourglass(state, "predictor", 3, 32)
    convolution(state, "kp", 10, 35, 7)
    convolution(state, "jacobian", 40, 35, 7)
    state["down.weight"] = Tensor(3, 1, 13, 13, constant=1 / 169)
    return state


def generator():
    state = collections.OrderedDict()
    hourglass(state, "dense_motion_network.hourglass", 44, 64)
    convolution(state, "dense_motion_network.mask", 11, 108, 7)
    convolution(state, "dense_motion_network.occlusion", 1, 108, 7)
    state["dense_motion_network.down.weight"] = Tensor(3, 1, 13, 13, constant=1 / 169)
    block(state, "first", 64, 3, 7)
    block(state, "down_blocks.0", 128, 64)
    block(state, "down_blocks.1", 256, 128)
    block(state, "up_blocks.0", 128, 256)
    block(state, "up_blocks.1", 64, 128)
    for i in range(6):
        for part in ("conv1", "conv2"):
            convolution(state, f"bottleneck.r{i}.{part}", 256, 256, 3)
        for part in ("norm1", "norm2"):
            norm(state, f"bottleneck.r{i}.{part}", 256)
    convolution(state, "final", 3, 64, 7)
    return state


def adam(state):
    trained = [t for n, t in state.items() if not any(b in n for b in ("running", "num_batches", "down.weight"))]
    moments = {i: {"step": 1, "exp_avg": Tensor(*t.size), "exp_avg_sq": Tensor(*t.size)} for i, t in enumerate(trained)}
    return {"state": moments, "param_groups": [{"lr": 2e-4, "betas": (0.5, 0.999), "params": list(moments)}]}


def main():
    form, path = sys.argv[1:]
    networks = {"generator": generator(), "kp_detector": detector()}
    value = dict(networks)
    for name, state in networks.items():
        value["optimizer_" + name] = adam(state)
    value["epoch"] = 99
    save(path, value, form)


main()
