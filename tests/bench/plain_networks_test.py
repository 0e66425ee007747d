#!/usr/bin/env python3
"""The plain Python networks (plain_fomm.py, plain_liveportrait.py, plain_svd.py) against the same stored numbers that the C++ program is
tested with: weights load strictly, results lie within the tolerances of the fixtures.
usage: plain_networks_test.py [FIXTURES]     tests/data/golden of the checkout if none is given. Exit code 77: skipped."""

import json
import pathlib
import struct
import sys

try:
    import torch
    import yaml
except ImportError as error:
    print(f"skipped: python3 has no {error.name}")
    sys.exit(77)

import plain_fomm
import plain_liveportrait
import plain_svd

# Debian 13's oneDNN convolves wrongly where channels are no whole vectors (src/core/right_convolutions.h).
torch.backends.mkldnn.enabled = False
TYPES = {"F32": torch.float32, "F64": torch.float64, "U8": torch.uint8, "I64": torch.int64, "I32": torch.int32}
failed = 0


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] not in TYPES:
            continue
        begin, end = (8 + length + at for at in entry["data_offsets"])
        raw = torch.frombuffer(bytearray(data[begin:end]), dtype=TYPES[entry["dtype"]]) if end > begin else torch.empty(0)
        tensors[name] = raw.reshape(entry["shape"])
    return tensors


def compare(what, actual, expected, tolerance):
    global failed
    good = actual.shape == expected.shape
    largest = (actual.double() - expected.double()).abs().max().item() if good else float("nan")
    if not good or not largest <= tolerance:
        failed += 1
        print(f"FAILED {what}: {tuple(actual.shape)} for {tuple(expected.shape)}, {largest:.3g} apart, {tolerance:.3g} allowed")
    return 1


def check_fomm(root):
    index = json.loads((root / "index.json").read_text())
    count = 0
    for name, case in index.items():
        if not name.startswith("pipeline_") or not (root / case["file"]).exists():
            continue
        stem, rest = case["checkpoint"].split("{")
        paths = [root / (stem + kind + rest.split("}")[1]) for kind in ("legacy", "zip")]
        weights = torch.load(next(path for path in paths if path.exists()), map_location="cpu")
        detector, generator = plain_fomm.load(yaml.safe_load((root / case["config"]).read_text())["model_params"], weights)
        stored = read_safetensors(root / case["file"])
        with torch.no_grad():
            start, driving = detector(stored["input/source"]), detector(stored["input/driving"])
            results = {"kp_source/value": start[0], "kp_source/jacobian": start[1], "kp_driving/value": driving[0],
                       "kp_driving/jacobian": driving[1]}
            prediction = generator(stored["input/source"], driving, start)
        results["align0/generator/prediction"] = results["generator/prediction"] = prediction
        for key, actual in results.items():
            key = f"expect/{key}"
            if key in stored:
                count += compare(f"{name} {key}", actual, stored[key], case["keys"][key]["tol"])
    return count


def check_liveportrait(folder):
    config = yaml.safe_load((folder / "models.yaml").read_text())["model_params"]
    weights = {letter: torch.load(folder / "base_models" / f"{name}.pth", map_location="cpu")
               for letter, (_, name) in plain_liveportrait.PARTS.items()}
    networks = plain_liveportrait.load(config, weights)
    noise = json.loads((folder / "float32_noise.json").read_text())["noise"]
    stored = {letter: read_safetensors(folder / f"{letter}.safetensors") for letter in networks}
    results = {}
    with torch.no_grad():
        results["F", "out"] = networks["F"](stored["F"]["input"])
        for name, value in networks["M"](stored["M"]["input"]).items():
            results["M", f"raw.{name}"] = value
        w = stored["W"]
        results["W", "out"] = networks["W"](w["feature_3d"], w["kp_driving"], w["kp_source"])
        results["G", "out"] = networks["G"](stored["G"]["input"])
    count = 0
    for (letter, key), actual in results.items():
        expected = stored[letter].get(key, stored[letter].get(f"item1.{key}"))
        if key not in stored[letter]:
            actual = actual[1:2]
        tolerance = max(1e-5, 10 * noise.get(letter, {}).get(key, 0))
        count += compare(f"{folder.name} {letter} {key}", actual, expected, tolerance)
    return count


def check_svd(root):
    unet = plain_svd.load(root / "checkpoint" / "diffusers" / "unet")
    count = 0
    for name in ("unet_two_batch", "unet_two_odd"):
        path = root / f"{name}.safetensors"
        if not path.exists():
            continue
        stored = read_safetensors(path)
        with torch.no_grad():
            output = unet.forward(stored["input/sample"], stored["input/timestep"].item(), stored["input/encoder_hidden_states"],
                                  stored["input/added_time_ids"])
        count += compare(f"svd {name}", output, stored["expect/output"], 2e-4)
    return count


def main():
    here = pathlib.Path(__file__).resolve().parent.parent / "data" / "golden"
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    count = check_fomm(root / "fomm")
    for folder in sorted((root / "liveportrait").glob("nets_*")):
        if (folder / "base_models").exists():
            count += check_liveportrait(folder)
    count += check_svd(root / "svd")
    print(f"{count} compared, {failed} failed")
    sys.exit(1 if failed or count == 0 else 0)


if __name__ == "__main__":
    main()
