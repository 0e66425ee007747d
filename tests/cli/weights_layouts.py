#!/usr/bin/env python3
"""Writes one safetensors file of LivePortrait as people have these weights elsewhere, without any library.
usage: weights_layouts.py LP.safetensors FOLDER   FOLDER gets flat/, folder/, orig_mod, no_counter, extra .safetensors"""
import json
import os
import struct
import sys

PARTS = ("appearance_feature_extractor", "motion_extractor", "spade_generator", "warping_module")
STITCHING = "stitching_retargeting_module"


def load(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    return {name: (one["dtype"], one["shape"], data[slice(*one["data_offsets"])]) for name, one in header.items()}, metadata


def save(path, arrays, metadata=None):
    header, offset = {"__metadata__": metadata} if metadata else {}, 0
    for name, (dtype, shape, data) in arrays.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(data for _, _, data in arrays.values()))


arrays, metadata = load(sys.argv[1])
out = sys.argv[2]
for base, inner, last in (("flat", "", ""), ("folder", "base_models/", "retargeting_models/")):
    for part in PARTS:
        save(f"{out}/{base}/{inner}{part}.safetensors",
             {name[len(part) + 1:]: one for name, one in arrays.items() if name.startswith(part + ".")})
    stitching = {}
    for name, one in arrays.items():
        if name.startswith(STITCHING + "."):
            network, rest = name[len(STITCHING) + 1:].split(".", 1)
            stitching[f"{network}_module.{rest}"] = one
    save(f"{out}/{base}/{last}{STITCHING}.safetensors", stitching)
wrapped = {}
for name, one in arrays.items():
    parts = name.split(".")
    at = 2 if parts[0] == STITCHING else 1
    wrapped[".".join(["state_dict"] + parts[:at] + ["_orig_mod"] + parts[at:])] = one
save(f"{out}/orig_mod.safetensors", wrapped, metadata)
save(f"{out}/no_counter.safetensors",
     {name: one for name, one in arrays.items() if not name.endswith("num_batches_tracked")}, metadata)
save(f"{out}/extra.safetensors", {**arrays, "spade_generator.extra": ("F32", [1], struct.pack("<f", 1))}, metadata)
