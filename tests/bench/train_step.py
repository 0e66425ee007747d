#!/usr/bin/env python3
"""Times FOMM's training step in Python, for comparison with `animate train` on the same LibTorch.

usage: train_step.py CONFIG.yaml [STEPS] [CHECKPOINT]     needs python3-torch and python3-yaml

The networks are those of plain_fomm.py; the losses those that the config switches on among structural,
keypoint_supervision and both equivariance terms. Frames are random and made beforehand, so that Python's figure holds the
step alone; `animate train` draws its heads within the time that it logs.
CHECKPOINT: a checkpoint of `animate train`, loaded with torch.load into these networks, strictly.
"""

import os
import sys
import time

import torch
import torch.nn.functional as F
import yaml
from torch import nn

from plain_fomm import AntiAlias, Detector, Generator


def similarity(a, b):
    def mean(x):
        return F.avg_pool2d(x, 8, 4)

    ma, mb = mean(a), mean(b)
    va, vb, both = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    return ((2 * ma * mb + 1e-4) / (ma * ma + mb * mb + 1e-4) * (2 * both + 9e-4) / (va + vb + 9e-4)).mean()


def structural(image, target, weights):
    difference = image - target
    rows = (difference[:, :, 1:] - difference[:, :, :-1]).abs().mean()
    columns = (difference[..., 1:] - difference[..., :-1]).abs().mean()
    return (weights[0] * difference.abs().mean() + weights[1] * (rows + columns)
            + weights[2] * (1 - similarity(image, target)))


def main():
    config = yaml.safe_load(open(sys.argv[1]))
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    params, train = config["model_params"], config["train_params"]
    common, weights = params["common_params"], train["loss_weights"]
    torch.manual_seed(1)
    torch.set_num_threads(os.cpu_count())  # Debian's package starts with one
    generator = Generator(**{**common, **params["generator_params"]})
    detector = Detector(**{**common, **params["kp_detector_params"]})
    if len(sys.argv) > 3:
        stored = torch.load(sys.argv[3])
        generator.load_state_dict(stored["generator"])
        detector.load_state_dict(stored["kp_detector"])
        print(f"torch.load and load_state_dict (strict) took {sys.argv[3]}, epoch {stored['epoch']}")
    if weights.get("equivariance_value", 0) or weights.get("equivariance_jacobian", 0):
        sys.exit("train_step.py: equivariance is not timed here; set its weights to 0")
    scales = nn.ModuleList(AntiAlias(3, s) for s in train["scales"] if s != 1)
    optimisers = [torch.optim.Adam(net.parameters(), lr=float(train["lr_generator"]), betas=(0.5, 0.999))
                  for net in (generator, detector)]
    count, (height, width, _) = train["batch_size"], config["dataset_params"]["frame_shape"]
    source, target = torch.rand(count, 3, height, width), torch.rand(count, 3, height, width)
    truth = [(torch.rand(count, common["num_kp"], 2), torch.rand(count, common["num_kp"], 2, 2)) for _ in range(2)]

    def step():
        start, driving = detector(source), detector(target)
        result = generator(source, driving, start)
        loss = structural(result, target, weights["structural"])
        for level in scales:
            loss = loss + structural(level(result), level(target), weights["structural"])
        for found, known in zip((start, driving), truth):
            loss = loss + weights["keypoint_supervision"] / 2 * (found[0] - known[0]).abs().mean()
            if found[1] is not None:
                loss = loss + weights["keypoint_supervision_jacobian"] / 2 * (found[1] - known[1]).abs().mean()
        loss.backward()
        for optimiser in optimisers:
            optimiser.step()
            optimiser.zero_grad()
        return loss.item()

    for _ in range(2):
        step()
    begin = time.perf_counter()
    for _ in range(steps):
        loss = step()
    seconds = (time.perf_counter() - begin) / steps
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads: {seconds:.3f} s a step of {count} pairs")


if __name__ == "__main__":
    main()
