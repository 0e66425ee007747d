#!/usr/bin/env python3
"""Times a frame of the plain Python networks, eager and by torch.compile(mode="max-autotune"), for comparison with
`animate bench` on the same device. One line of JSON for each way and precision; a way that fails is told as a line, too.

usage: time_networks.py --model fomm|liveportrait --config FILE.yaml [--device cuda|cpu] [--precisions fp32,tf32,fp16,bf16]
                        [--frames N] [--size PIXELS] [--no-compile]     needs python3 with torch and yaml

A frame is what the published programs compute for one: FOMM detects the driver's keypoints, encodes the source and paints;
LivePortrait extracts the driver's motion, warps and paints, with the source's features kept. Weights are random, frames
are noise. fp16 and bf16 are torch.autocast's. The time is the median, after two frames that are not measured."""

import argparse
import json
import pathlib
import statistics
import sys
import time

try:
    import torch
    import yaml
except ImportError as error:
    print(f"skipped: python3 has no {error.name}")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import plain_fomm
import plain_liveportrait

TYPES = {"fp32": torch.float32, "tf32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


def fomm_frame(config, size, device, wrap):
    params = config["model_params"]
    detector, generator = (wrap(network.to(device)) for network in plain_fomm.load(params))
    height, width, _ = config["dataset_params"]["frame_shape"]
    height, width = (size, size) if size else (height, width)
    channels = params["common_params"]["num_channels"]
    source, driving = (torch.rand(1, channels, height, width, device=device) for _ in range(2))
    start = detector(source)
    return lambda: generator(source, detector(driving), start)


def liveportrait_frame(config, size, device, wrap):
    params = config["model_params"]
    plain = {letter: network.to(device) for letter, network in plain_liveportrait.load(params).items()}
    networks = {letter: wrap(network) for letter, network in plain.items()}
    side = size or 256
    source, driving = (torch.rand(1, 3, side, side, device=device) for _ in range(2))
    feature = networks["F"](source)
    points = params["warping_module_params"]["num_kp"]
    start = networks["M"](source)["kp"].view(1, points, 3)

    def frame():
        moved = networks["M"](driving)["kp"].view(1, points, 3).float()
        return networks["G"](networks["W"](feature, moved, start.float()))

    return frame


def measure(frame, frames, device):
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    times = []
    for i in range(frames + 2):
        wait()
        begin = time.perf_counter()
        frame()
        wait()
        if i >= 2:
            times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=("fomm", "liveportrait"), required=True)
    parser.add_argument("--config", required=True)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--precisions", default="fp32,tf32,fp16,bf16")
    parser.add_argument("--frames", type=int, default=20)
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--no-compile", action="store_true")
    given = parser.parse_args()
    device = torch.device(given.device)
    config = yaml.safe_load(pathlib.Path(given.config).read_text())
    make = fomm_frame if given.model == "fomm" else liveportrait_frame
    torch.backends.cudnn.benchmark = True
    failed = False
    for precision in given.precisions.split(","):
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision != "fp32"
        ways = {"eager": lambda network: network}
        if not given.no_compile:
            ways["compiled"] = lambda network: torch.compile(network, mode="max-autotune")
        for way, wrap in ways.items():
            line = {"what": "python", "way": way, "model": given.model, "precision": precision, "device": str(device),
                    "torch": torch.__version__}
            try:
                torch.manual_seed(1)
                half = TYPES[precision] != torch.float32
                with torch.inference_mode(), torch.autocast(device.type, TYPES[precision] if half else None, enabled=half):
                    line["milliseconds_per_frame"] = measure(make(config, given.size, device, wrap), given.frames, device)
            except Exception as error:  # the other ways are measured all the same
                line["failed"] = " ".join([f"{type(error).__name__}:", *str(error).split()])[:300]
                failed = True
            print(json.dumps(line), flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
