#!/usr/bin/env python3
"""Writes LivePortrait's published weight folder with random weights of full size (about 520 MB).
usage: make_liveportrait_weights.py KEYS.json FOLDER     KEYS: full_size_keys.json of the fixtures"""
import collections
import json
import math
import pathlib
import sys

from torch_files import Tensor, save


def tensor(name, dtype, shape):
    if dtype == "int64":
        return Tensor(*shape, constant=0, code="q")
    if name.endswith("running_var") or name.endswith("norm.weight"):
        return Tensor(*shape, constant=1.0)
    if name.endswith("running_mean"):
        return Tensor(*shape, constant=0.0)
    if name.endswith(("weight_u", "weight_v")):
        return Tensor(*shape, constant=1 / math.sqrt(shape[0]))
    # A mean above 0 gives the spectral norm u'Wv a sound size.
    return Tensor(*shape, mean=0.003 if name.endswith("weight_orig") else 0.0)


def main():
    keys, folder = json.load(open(sys.argv[1])), pathlib.Path(sys.argv[2]) / "liveportrait"
    files = collections.defaultdict(dict)
    for network, entries in keys.items():
        stem, _, part = network.partition("/")
        state = collections.OrderedDict((n, tensor(n, d, s)) for n, (d, s) in entries.items())
        if part:
            files[f"retargeting_models/{stem}"][part] = collections.OrderedDict(("module." + n, t) for n, t in state.items())
        else:
            files[f"base_models/{stem}"] = state
    for stem, value in files.items():
        path = folder / (stem + ".pth")
        path.parent.mkdir(parents=True, exist_ok=True)
        save(path, value)


main()
