#!/usr/bin/env python3
"""Makes full-size image-to-video checkpoints of zeros, in both layouts: files of the published lengths and names that take
no room on the disk (sparse). For trying what loads, what is refused and what memory that takes; not for CI.
usage: tests/bench/sparse_svd.py NAMES OUT [--half] [--without NAME]
NAMES is a folder with unet.txt, vae.txt, clip.txt, clip_original.txt and single_file_unused.txt (name, name in the single
file, shape); OUT becomes OUT/folder and OUT/single.safetensors. --without leaves one array out, under either name."""
import argparse
import json
import math
import pathlib
import struct

CONFIGS = {  # the published ones
    "unet": {"in_channels": 8, "out_channels": 4, "block_out_channels": [320, 640, 1280, 1280],
             "num_attention_heads": [5, 10, 20, 20], "layers_per_block": 2, "cross_attention_dim": 1024,
             "addition_time_embed_dim": 256, "projection_class_embeddings_input_dim": 768, "num_frames": 14,
             "down_block_types": ["CrossAttnDownBlockSpatioTemporal"] * 3 + ["DownBlockSpatioTemporal"]},
    "vae": {"block_out_channels": [128, 256, 512, 512], "layers_per_block": 2, "latent_channels": 4,
            "scaling_factor": 0.18215},
    "image_encoder": {"hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 16,
                      "image_size": 224, "patch_size": 14, "projection_dim": 1024, "hidden_act": "gelu"},
}


def rows_of(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t")
        yield [part for part in parts if not part.startswith("[")], [json.loads(part) for part in parts if part[0] == "["]


def write(path, arrays, half):
    """A safetensors file whose numbers are a hole."""
    header, end = {}, 0
    for name, shape in arrays.items():
        size = math.prod(shape) * (2 if half else 4)
        header[name] = {"dtype": "F16" if half else "F32", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)
    print(f"{path}: {len(arrays)} arrays, {(8 + len(text) + end) / 1e9:.3f} GB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--half", action="store_true")
    parser.add_argument("--without", default="")
    args = parser.parse_args()
    single = {}
    networks = {"unet": ("unet.txt", "diffusion_pytorch_model"), "vae": ("vae.txt", "diffusion_pytorch_model"),
                "image_encoder": ("clip.txt", "model")}
    for network, (names, stem) in networks.items():
        own = {}
        for row_names, shapes in rows_of(args.names / names):
            own[row_names[0]] = shapes[0]
            if len(row_names) > 1:
                single[row_names[1]] = shapes[-1]
        own.pop(args.without, None)
        folder = args.out / "folder" / network
        write(folder / f"{stem}{'.fp16' if args.half else ''}.safetensors", own, args.half)
        (folder / "config.json").write_text(json.dumps(CONFIGS[network], indent=1), encoding="utf-8")
    for names in ("clip_original.txt", "single_file_unused.txt"):
        for row_names, shapes in rows_of(args.names / names):
            single[row_names[0]] = shapes[0]
    single.pop(args.without, None)
    write(args.out / "single.safetensors", single, args.half)


if __name__ == "__main__":
    main()
