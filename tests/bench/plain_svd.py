#!/usr/bin/env python3
"""One call of Stable Video Diffusion's UNet in plain PyTorch, by the published layout, beside animate's in one run.

    plain_svd.py ANIMATE [FRAMESxHEIGHTxWIDTH] [--turns N]     both, in turns, with random weights; prints the ratio

Needs python3-torch. plain_networks_test.py holds it to the fixtures. The twin computes what the published program does, attention to one token
included, layer after layer, with LibTorch's own operations: it is what a port without our work would be.
"""
import argparse
import json
import math
import os
import struct
import subprocess
import sys
import time

import torch
import torch.nn.functional as F

PUBLISHED = {"block_out_channels": [320, 640, 1280, 1280], "num_attention_heads": [5, 10, 20, 20], "layers_per_block": 2,
             "cross_attention_dim": 1024, "addition_time_embed_dim": 256, "in_channels": 8, "out_channels": 4}
GROUPS = 32


def waves(numbers, width):
    """[N] -> [N, width]: cosines, then sines."""
    half = width // 2
    angles = numbers[:, None].float() * torch.exp(-math.log(10000) * torch.arange(half) / half)[None]
    return torch.cat([angles.cos(), angles.sin()], 1)


class Unet:
    """Forward by names. `weights` has the folder's names; a name that is asked for first is made by `shape` if it may be."""

    def __init__(self, config, weights=None):
        self.config = config
        self.weights = weights
        self.made = {}

    def array(self, name, shape):
        if self.weights is not None:
            return self.weights[name]
        if name not in self.made:
            fan = math.prod(shape[1:]) or 1
            scale = 0.0 if name.endswith("mix_factor") else 1 / math.sqrt(fan)
            self.made[name] = torch.empty(shape).uniform_(-scale, scale) if len(shape) > 1 else torch.full(shape, float(".norm" in name and "weight" in name))
        return self.made[name]

    def linear(self, name, x, out, biased=True):
        weight = self.array(name + ".weight", (out, x.shape[-1]))
        return F.linear(x, weight, self.array(name + ".bias", (out,)) if biased else None)

    def convolution(self, name, x, out, kernel=3, stride=1):
        return F.conv2d(x, self.array(name + ".weight", (out, x.shape[1], kernel, kernel)), self.array(name + ".bias", (out,)), stride, kernel // 2)

    def group_norm(self, name, x, eps):
        return F.group_norm(x, GROUPS, self.array(name + ".weight", (x.shape[1],)), self.array(name + ".bias", (x.shape[1],)), eps)

    def layer_norm(self, name, x):
        width = x.shape[-1]
        return F.layer_norm(x, (width,), self.array(name + ".weight", (width,)), self.array(name + ".bias", (width,)), 1e-5)

    def mixed(self, name, spatial, temporal):
        share = torch.sigmoid(self.array(name + ".mix_factor", (1,)))
        return share * spatial + (1 - share) * temporal

    def embedding(self, name, x, out):
        return self.linear(name + ".linear_2", F.silu(self.linear(name + ".linear_1", x, out)), out)

    def residual(self, name, x, emb, frames, out, eps):
        spatial, temporal = name + ".spatial_res_block", name + ".temporal_res_block"
        y = self.convolution(spatial + ".conv1", F.silu(self.group_norm(spatial + ".norm1", x, eps)), out)
        y = y + self.linear(spatial + ".time_emb_proj", F.silu(emb), out)[:, :, None, None]
        y = self.convolution(spatial + ".conv2", F.silu(self.group_norm(spatial + ".norm2", y, eps)), out)
        x = (self.convolution(spatial + ".conv_shortcut", x, out, 1) if x.shape[1] != out else x) + y
        clip = x.view(-1, frames, *x.shape[1:]).transpose(1, 2)
        y = self.over_time(temporal + ".conv1", F.silu(self.group_norm(temporal + ".norm1", clip, eps)))
        y = y + self.linear(temporal + ".time_emb_proj", F.silu(emb), out).view(-1, frames, out).transpose(1, 2)[:, :, :, None, None]
        y = clip + self.over_time(temporal + ".conv2", F.silu(self.group_norm(temporal + ".norm2", y, eps)))
        return self.mixed(name + ".time_mixer", x, y.transpose(1, 2).reshape(x.shape))

    def over_time(self, name, x):
        width = x.shape[1]
        return F.conv3d(x, self.array(name + ".weight", (width, width, 3, 1, 1)), self.array(name + ".bias", (width,)), padding=(1, 0, 0))

    def attention(self, name, x, seen, heads):
        width = x.shape[-1]
        split = lambda y: y.view(y.shape[0], -1, heads, width // heads).transpose(1, 2)
        q, k, v = (split(self.linear(f"{name}.to_{one}", y, width, False)) for one, y in (("q", x), ("k", seen), ("v", seen)))
        shares = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(width // heads), -1)
        return self.linear(name + ".to_out.0", (shares @ v).transpose(1, 2).reshape(x.shape), width)

    def gated(self, name, x):
        width = x.shape[-1]
        a, b = self.linear(name + ".net.0.proj", x, 8 * width).chunk(2, -1)
        return self.linear(name + ".net.2", a * F.gelu(b), width)

    def transformer(self, name, x, token, frames, heads):
        images, width, height, breadth = x.shape
        rows = self.group_norm(name + ".norm", x, 1e-6).permute(0, 2, 3, 1).reshape(images, -1, width)
        rows = self.linear(name + ".proj_in", rows, width)
        block = name + ".transformer_blocks.0"
        normal = self.layer_norm(block + ".norm1", rows)
        rows = rows + self.attention(block + ".attn1", normal, normal, heads)
        rows = rows + self.attention(block + ".attn2", self.layer_norm(block + ".norm2", rows), token, heads)
        rows = rows + self.gated(block + ".ff", self.layer_norm(block + ".norm3", rows))
        place = self.linear(name + ".time_pos_embed.linear_2", F.silu(self.linear(name + ".time_pos_embed.linear_1", waves(torch.arange(frames), width), 4 * width)), width)
        pixels = rows.shape[1]
        clips = (rows.view(-1, frames, pixels, width) + place[None, :, None]).transpose(1, 2).reshape(-1, frames, width)
        first = token.view(-1, frames, 1, token.shape[-1])[:, :1].expand(-1, pixels, 1, -1).reshape(-1, 1, token.shape[-1])
        block = name + ".temporal_transformer_blocks.0"
        clips = clips + self.gated(block + ".ff_in", self.layer_norm(block + ".norm_in", clips))
        normal = self.layer_norm(block + ".norm1", clips)
        clips = clips + self.attention(block + ".attn1", normal, normal, heads)
        clips = clips + self.attention(block + ".attn2", self.layer_norm(block + ".norm2", clips), first, heads)
        clips = clips + self.gated(block + ".ff", self.layer_norm(block + ".norm3", clips))
        clips = clips.view(-1, pixels, frames, width).transpose(1, 2).reshape(rows.shape)
        rows = self.linear(name + ".proj_out", self.mixed(name + ".time_mixer", rows, clips), width)
        return x + rows.view(images, height, breadth, width).permute(0, 3, 1, 2)

    def forward(self, sample, time_told, token, ids):
        """sample [B, T, in, h, w], time_told a number, token [B, 1, width], ids [B, 3] -> [B, T, out, h, w]"""
        config = self.config
        channels, layers = config["block_out_channels"], config["layers_per_block"]
        heads = config["num_attention_heads"]
        heads = heads if isinstance(heads, list) else [heads] * len(channels)
        batch, frames = sample.shape[:2]
        wide = 4 * channels[0]
        emb = self.embedding("time_embedding", waves(torch.full((batch,), float(time_told)), channels[0]), wide)
        emb = emb + self.embedding("add_embedding", waves(ids.flatten(), config["addition_time_embed_dim"]).view(batch, -1), wide)
        emb, token = emb.repeat_interleave(frames, 0), token.repeat_interleave(frames, 0)
        last = len(channels) - 1
        x = self.convolution("conv_in", sample.flatten(0, 1), channels[0])
        kept = [x]
        for level, width in enumerate(channels):
            for layer in range(layers):
                x = self.residual(f"down_blocks.{level}.resnets.{layer}", x, emb, frames, width, 1e-5 if level == last else 1e-6)
                if level < last:
                    x = self.transformer(f"down_blocks.{level}.attentions.{layer}", x, token, frames, heads[level])
                kept.append(x)
            if level < last:
                x = self.convolution(f"down_blocks.{level}.downsamplers.0.conv", x, width, stride=2)
                kept.append(x)
        x = self.residual("mid_block.resnets.0", x, emb, frames, channels[-1], 1e-5)
        x = self.transformer("mid_block.attentions.0", x, token, frames, heads[-1])
        x = self.residual("mid_block.resnets.1", x, emb, frames, channels[-1], 1e-5)
        for block in range(len(channels)):
            level = last - block
            for layer in range(layers + 1):
                x = self.residual(f"up_blocks.{block}.resnets.{layer}", torch.cat([x, kept.pop()], 1), emb, frames, channels[level], 1e-6)
                if level < last:
                    x = self.transformer(f"up_blocks.{block}.attentions.{layer}", x, token, frames, heads[level])
            if level > 0:
                x = self.convolution(f"up_blocks.{block}.upsamplers.0.conv", F.interpolate(x, size=kept[-1].shape[2:]), channels[level])
        x = self.convolution("conv_out", F.silu(self.group_norm("conv_norm_out", x, 1e-5)), config["out_channels"])
        return x.view(batch, frames, *x.shape[1:])


def read_safetensors(path):
    """Half precision is widened."""
    kinds = {"F16": torch.float16, "F32": torch.float32, "F64": torch.float64}
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    arrays = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name != "__metadata__" and entry["dtype"] in kinds:
            first, last = (8 + length + at for at in entry["data_offsets"])
            arrays[name] = torch.frombuffer(bytearray(data[first:last]), dtype=kinds[entry["dtype"]]).reshape(entry["shape"]).float()
    return arrays


def load(folder):
    """The UNet in a model's folder."""
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        return Unet(json.load(file), read_safetensors(os.path.join(folder, "diffusion_pytorch_model.fp16.safetensors")))


def seconds_of_twin(frames, height, width):
    unet = Unet(PUBLISHED)
    inputs = torch.randn(1, frames, 8, height // 8, width // 8), 0.5, torch.randn(1, 1, 1024), torch.tensor([[6, 127, 0.02]])
    started = None
    for _ in range(2):  # the first makes the weights
        started = time.perf_counter()
        unet.forward(*inputs)
    return time.perf_counter() - started


def seconds_of_ours(animate, frames, height, width):
    command = [animate, "bench", "-q", "-m", "svd", "--random-weights", "--size", f"{width}x{height}", "--frames", str(frames), "--no-probe", "--json"]
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return next(s["milliseconds"] for s in report["stages"] if s["name"].startswith("UNet")) * frames / 1000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("animate", help="the program")
    parser.add_argument("clip", nargs="?", default="14x256x256")
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--twin", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    frames, height, width = map(int, given.clip.split("x"))
    if given.twin:
        torch.set_num_threads(len(os.sched_getaffinity(0)))
        with torch.inference_mode():
            print(seconds_of_twin(frames, height, width))
        return 0
    # Each in a process of its own: side by side they would take the memory twice. LibTorch's OpenBLAS does not know
    # newer processors, and would be slow in Python only.
    own = dict(os.environ, OPENBLAS_CORETYPE=os.environ.get("OPENBLAS_CORETYPE", "SKYLAKEX"))
    for _ in range(given.turns):
        twin = float(subprocess.run([sys.executable, __file__, given.animate, given.clip, "--twin"], check=True, stdout=subprocess.PIPE, env=own).stdout)
        ours = seconds_of_ours(given.animate, frames, height, width)
        print(f"{given.clip}: plain PyTorch {twin:.1f} s, animate {ours:.1f} s, {twin / ours:.2f} times as fast")
    return 0


if __name__ == "__main__":
    sys.exit(main())
