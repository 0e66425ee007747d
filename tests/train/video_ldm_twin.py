#!/usr/bin/env python3
"""The training step of a video LDM in plain PyTorch: one loss and all its gradients, which the C++ networks have to
give, too. Written from the formulas, with 3-D convolutions and attention as they are defined.
usage: tests/train/video_ldm_twin.py tests/data/golden/video_ldm/training.safetensors     (needs torch)"""
import json
import math
import struct
import sys

import torch
from torch import nn
from torch.nn import functional as F

LATENTS, CHANNELS, HEADS, ATTENDS = 2, (4, 8), (1, 2), (False, True)
GROUPS, LABELS, ID_WIDTH, CONTEXT = 2, 2, 4, 3
CLIPS, FRAMES, HEIGHT, WIDTH = 2, 3, 5, 4


def waves(values, width):
    frequencies = torch.exp(-math.log(10000) * torch.arange(width // 2) / (width // 2))
    phases = values.reshape(-1, 1).float() * frequencies
    return torch.cat([phases.cos(), phases.sin()], 1)


def folder(**children):
    made = nn.Module()
    for name, child in children.items():
        made.add_module(name, child)
    return made


def numbered(children):
    return folder(**{str(i): child for i, child in enumerate(children)})


class Embedding(nn.Module):
    def __init__(self, width, between, out):
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(width, between), nn.Linear(between, out)

    def forward(self, x):
        return self.linear_2(F.silu(self.linear_1(x)))


class SpatialHalf(nn.Module):
    def __init__(self, width, out, embedding, eps):
        super().__init__()
        self.norm1, self.conv1 = nn.GroupNorm(GROUPS, width, eps), nn.Conv2d(width, out, 3, padding=1)
        self.time_emb_proj = nn.Linear(embedding, out)
        self.norm2, self.conv2 = nn.GroupNorm(GROUPS, out, eps), nn.Conv2d(out, out, 3, padding=1)
        if width != out:
            self.conv_shortcut = nn.Conv2d(width, out, 1)

    def forward(self, x, embedding):
        hidden = self.conv1(F.silu(self.norm1(x))) + self.time_emb_proj(F.silu(embedding))[:, :, None, None]
        hidden = self.conv2(F.silu(self.norm2(hidden)))
        return hidden + (self.conv_shortcut(x) if hasattr(self, "conv_shortcut") else x)


class TemporalHalf(nn.Module):
    """On [B, C, T, H, W]: kernels along the frames, norms over all of them."""

    def __init__(self, width, embedding, eps):
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(GROUPS, width, eps), nn.GroupNorm(GROUPS, width, eps)
        self.conv1, self.conv2 = (nn.Conv3d(width, width, (3, 1, 1), padding=(1, 0, 0)) for _ in range(2))
        self.time_emb_proj, self.context_proj = nn.Linear(embedding, width), nn.Conv2d(CONTEXT, width, 1)

    def forward(self, x, embedding, context):
        told = self.time_emb_proj(F.silu(embedding)).view(CLIPS, FRAMES, -1).transpose(1, 2)
        shown = self.context_proj(context)
        shown = shown.view(CLIPS, FRAMES, *shown.shape[1:]).transpose(1, 2)
        hidden = self.conv1(F.silu(self.norm1(x))) + told[:, :, :, None, None] + shown
        return x + self.conv2(F.silu(self.norm2(hidden)))


class Mixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.mix_factor = nn.Parameter(torch.zeros(1))

    def forward(self, spatial, temporal):
        share = torch.sigmoid(self.mix_factor)
        return share * spatial + (1 - share) * temporal


class Res(nn.Module):
    def __init__(self, width, out, embedding, eps):
        super().__init__()
        self.spatial_res_block = SpatialHalf(width, out, embedding, eps)
        self.temporal_res_block = TemporalHalf(out, embedding, eps)
        self.time_mixer = Mixer()

    def forward(self, x, embedding, context):
        spatial = self.spatial_res_block(x, embedding)
        clip = spatial.view(CLIPS, FRAMES, *spatial.shape[1:]).transpose(1, 2)
        temporal = self.temporal_res_block(clip, embedding, context).transpose(1, 2).flatten(0, 1)
        return self.time_mixer(spatial, temporal)


class Attention(nn.Module):
    def __init__(self, width, heads, seen):
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k = nn.Linear(width, width, bias=False), nn.Linear(seen, width, bias=False)
        self.to_v, self.to_out = nn.Linear(seen, width, bias=False), numbered([nn.Linear(width, width)])

    def forward(self, x, seen):
        def split(y):
            return y.view(y.shape[0], y.shape[1], self.heads, -1).transpose(1, 2)

        q, k, v = split(self.to_q(x)), split(self.to_k(seen)), split(self.to_v(seen))
        scores = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(q.shape[-1]), -1)
        joined = (scores @ v).transpose(1, 2).reshape(x.shape)
        return getattr(self.to_out, "0")(joined)


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.net = folder(**{"0": folder(proj=nn.Linear(width, 8 * width)), "2": nn.Linear(4 * width, width)})

    def forward(self, x):
        a, b = getattr(self.net, "0").proj(x).chunk(2, -1)
        return getattr(self.net, "2")(a * F.gelu(b))


class Block(nn.Module):
    def __init__(self, width, heads, temporal):
        super().__init__()
        if temporal:
            self.norm_in, self.ff_in = nn.LayerNorm(width), FeedForward(width)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.attn1, self.attn2 = Attention(width, heads, width), Attention(width, heads, LABELS + 1)
        self.ff = FeedForward(width)

    def forward(self, x, token):
        if hasattr(self, "ff_in"):
            x = x + self.ff_in(self.norm_in(x))
        normal = self.norm1(x)
        x = x + self.attn1(normal, normal)
        x = x + self.attn2(self.norm2(x), token[:, None])
        return x + self.ff(self.norm3(x))


class Transformer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, width, 1e-6)
        self.proj_in, self.proj_out = nn.Linear(width, width), nn.Linear(width, width)
        self.transformer_blocks = numbered([Block(width, heads, False)])
        self.temporal_transformer_blocks = numbered([Block(width, heads, True)])
        self.time_pos_embed, self.time_mixer = Embedding(width, 4 * width, width), Mixer()

    def forward(self, x, token):
        n, c, h, w = x.shape
        rows = self.proj_in(self.norm(x).flatten(2).transpose(1, 2))
        spatial = getattr(self.transformer_blocks, "0")(rows, token.repeat_interleave(FRAMES, 0))
        place = self.time_pos_embed(waves(torch.arange(FRAMES), c))
        placed = spatial.view(CLIPS, FRAMES, h * w, c) + place[None, :, None]
        sequences = placed.transpose(1, 2).reshape(CLIPS * h * w, FRAMES, c)
        moved = getattr(self.temporal_transformer_blocks, "0")(sequences, token.repeat_interleave(h * w, 0))
        temporal = moved.view(CLIPS, h * w, FRAMES, c).transpose(1, 2).reshape(n, h * w, c)
        mixed = self.proj_out(self.time_mixer(spatial, temporal))
        return x + mixed.transpose(1, 2).reshape(x.shape)


class Level(nn.Module):
    def __init__(self, ins, out, heads, attends, embedding, eps):
        super().__init__()
        self.resnets = numbered([Res(width, out, embedding, eps) for width in ins])
        if attends:
            self.attentions = numbered([Transformer(out, heads) for _ in ins])

    def layer(self, i, x, embedding, token, context):
        x = getattr(self.resnets, str(i))(x, embedding, context)
        return getattr(self.attentions, str(i))(x, token) if hasattr(self, "attentions") else x


class Middle(nn.Module):
    def __init__(self, width, heads, embedding):
        super().__init__()
        self.resnets = numbered([Res(width, width, embedding, 1e-5) for _ in range(2)])
        self.attentions = numbered([Transformer(width, heads)])


class Unet(nn.Module):
    """Two levels of one layer."""

    def __init__(self):
        super().__init__()
        first, second = CHANNELS
        wide = 4 * first
        self.conv_in = nn.Conv2d(LATENTS, first, 3, padding=1)
        self.time_embedding, self.add_embedding = Embedding(first, wide, wide), Embedding(ID_WIDTH, wide, wide)
        down = [Level([first], first, HEADS[0], ATTENDS[0], wide, 1e-6 if ATTENDS[0] else 1e-5),
                Level([first], second, HEADS[1], ATTENDS[1], wide, 1e-6 if ATTENDS[1] else 1e-5)]
        down[0].downsamplers = numbered([folder(conv=nn.Conv2d(first, first, 3, 2, 1))])
        self.down_blocks = numbered(down)
        self.mid_block = Middle(second, HEADS[1], wide)
        up = [Level([second + second, second + first], second, HEADS[1], ATTENDS[1], wide, 1e-6),
              Level([second + first, first + first], first, HEADS[0], ATTENDS[0], wide, 1e-6)]
        up[0].upsamplers = numbered([folder(conv=nn.Conv2d(second, second, 3, padding=1))])
        self.up_blocks = numbered(up)
        self.conv_norm_out = nn.GroupNorm(GROUPS, first, 1e-5)
        self.conv_out = nn.Conv2d(first, LATENTS, 3, padding=1)
        self.context_embedding = numbered([nn.Conv2d(LATENTS + 1, CONTEXT, 3, 1, 1), nn.Conv2d(CONTEXT, CONTEXT, 3, 2, 1)])

    def forward(self, sample, times, token, ids, context):
        emb = self.time_embedding(waves(times, CHANNELS[0])) + self.add_embedding(waves(ids, ID_WIDTH))
        emb = emb.repeat_interleave(FRAMES, 0)
        fine = F.silu(getattr(self.context_embedding, "0")(context.flatten(0, 1)))
        shown = [fine, F.silu(getattr(self.context_embedding, "1")(fine))]
        down = [getattr(self.down_blocks, str(i)) for i in range(2)]
        up = [getattr(self.up_blocks, str(i)) for i in range(2)]
        x = self.conv_in(sample.flatten(0, 1))
        kept = [x]
        x = down[0].layer(0, x, emb, token, shown[0])
        kept.append(x)
        x = getattr(down[0].downsamplers, "0").conv(x)
        kept.append(x)
        x = down[1].layer(0, x, emb, token, shown[1])
        kept.append(x)
        x = getattr(self.mid_block.resnets, "0")(x, emb, shown[1])
        x = getattr(self.mid_block.attentions, "0")(x, token)
        x = getattr(self.mid_block.resnets, "1")(x, emb, shown[1])
        for i in range(2):
            x = up[0].layer(i, torch.cat([x, kept.pop()], 1), emb, token, shown[1])
        x = F.interpolate(x, size=kept[-1].shape[2:], mode="nearest")
        x = getattr(up[0].upsamplers, "0").conv(x)
        for i in range(2):
            x = up[1].layer(i, torch.cat([x, kept.pop()], 1), emb, token, shown[0])
        x = self.conv_out(F.silu(self.conv_norm_out(x)))
        return x.view(sample.shape)


def save(path, tensors):
    header, blobs, at = {}, [], 0
    for name, tensor in tensors.items():
        blob = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def main():
    torch.manual_seed(5)
    unet = Unet()
    with torch.no_grad():
        for parameter in unet.parameters():  # nothing stays at 0 or 1, so that no term hides
            parameter.add_(0.1 * torch.randn_like(parameter))
    latents = torch.randn(CLIPS, FRAMES, LATENTS, HEIGHT, WIDTH)
    noise = torch.randn_like(latents)
    sigma = torch.tensor([0.7, 12.0])
    labels, known = torch.tensor([[1.0, 0.25], [0.0, 1.0]]), torch.tensor([1.0, 0.0])
    regime = torch.tensor([[0.0], [1.0]])
    mask = torch.tensor([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]])

    token = torch.cat([labels * known[:, None], known[:, None]], 1)
    shown = mask[:, :, None, None, None]
    context = torch.cat([latents * shown, shown.expand(CLIPS, FRAMES, 1, HEIGHT, WIDTH)], 2)
    s = sigma.view(-1, 1, 1, 1, 1)
    x = latents + s * noise
    seen = unet(x / torch.sqrt(s**2 + 1), torch.log(sigma) / 4, token, regime, context)
    clean = x / (s**2 + 1) - s / torch.sqrt(s**2 + 1) * seen
    loss = ((s**2 + 1) / s**2 * (clean - latents)**2).mean()
    loss.backward()

    out = {"latents": latents, "noise": noise, "sigma": sigma, "labels": labels, "known": known, "regime": regime,
           "mask": mask, "denoised": clean, "loss": loss.reshape(1)}
    for name, parameter in unet.named_parameters():
        # What attention to one token asks and is asked cannot matter: softmax over one key is 1.
        if "attn2.to_q" in name or "attn2.to_k" in name:
            assert parameter.grad.abs().max() < 1e-6, name
            continue
        out["weights." + name] = parameter
        out["gradients." + name] = parameter.grad
    save(sys.argv[1], out)
    print(f"loss {loss.item():.6f}, {sum(p.numel() for p in unet.parameters())} numbers")


if __name__ == "__main__":
    main()
