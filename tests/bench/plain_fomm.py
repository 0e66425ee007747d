"""The networks of the First Order Motion Model in plain PyTorch: the published layout and names, so that a published
checkpoint loads strictly, and the operations of models/fomm/README.md#building-blocks to #generator, as a Python program
writes them. Compared with the C++ program's numbers in plain_networks_test.py, timed in time_networks.py."""

import torch
import torch.nn.functional as F
from torch import nn


def batch_norm(channels):
    return nn.BatchNorm2d(channels, affine=True)


class Same(nn.Module):
    def __init__(self, inputs, outputs, kernel=3, change=None):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)
        self.norm = batch_norm(outputs)
        self.change = change

    def forward(self, x):
        if self.change == "up":
            x = F.interpolate(x, scale_factor=2)
        x = F.relu(self.norm(self.conv(x)))
        return F.avg_pool2d(x, 2) if self.change == "down" else x


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm1 = batch_norm(channels)
        self.norm2 = batch_norm(channels)

    def forward(self, x):
        return x + self.conv2(F.relu(self.norm2(self.conv1(F.relu(self.norm1(x))))))


class Hourglass(nn.Module):
    def __init__(self, expansion, inputs, num_blocks, max_features):
        super().__init__()
        width = [min(max_features, expansion * 2**i) for i in range(num_blocks + 1)]
        self.encoder = nn.Module()
        self.encoder.down_blocks = nn.ModuleList(
            Same(inputs if i == 0 else width[i], width[i + 1], change="down") for i in range(num_blocks))
        self.decoder = nn.Module()
        self.decoder.up_blocks = nn.ModuleList(
            Same(width[i + 1] * (1 if i == num_blocks - 1 else 2), width[i], change="up")
            for i in reversed(range(num_blocks)))
        self.out = expansion + inputs

    def forward(self, x):
        kept = [x]
        for block in self.encoder.down_blocks:
            kept.append(block(kept[-1]))
        x = kept.pop()
        for block in self.decoder.up_blocks:
            x = torch.cat([block(x), kept.pop()], 1)
        return x


class AntiAlias(nn.Module):
    def __init__(self, channels, scale):
        super().__init__()
        sigma = (1 / scale - 1) / 2
        size = 2 * round(sigma * 4) + 1
        axis = torch.arange(size, dtype=torch.float32) - (size - 1) / 2
        line = torch.exp(-(axis**2) / (2 * sigma**2))
        kernel = line[:, None] * line[None]
        self.register_buffer("weight", (kernel / kernel.sum()).repeat(channels, 1, 1, 1))
        self.step = int(1 / scale)

    def forward(self, x):
        pad = self.weight.shape[-1] // 2
        x = F.conv2d(F.pad(x, (pad,) * 4), self.weight, groups=x.shape[1])
        return x[:, :, ::self.step, ::self.step]


def shrinker(channels, scale):
    return None if scale == 1 else AntiAlias(channels, scale)


def grid(h, w, like):
    """[h, w, 2] from -1 to 1 at the centres of the outermost pixels, on the device and in the type of `like`."""
    x, y = (2 * (torch.arange(n, device=like.device, dtype=like.dtype) / (n - 1)) - 1 for n in (w, h))
    return torch.stack([x[None].expand(h, w), y[:, None].expand(h, w)], -1)


class Detector(nn.Module):
    def __init__(self, num_kp, num_channels, block_expansion, max_features, num_blocks, temperature,
                 estimate_jacobian=False, scale_factor=1, single_jacobian_map=False, pad=0):
        super().__init__()
        self.predictor = Hourglass(block_expansion, num_channels, num_blocks, max_features)
        self.kp = nn.Conv2d(self.predictor.out, num_kp, 7, padding=pad)
        self.jacobian = None
        if estimate_jacobian:
            self.jacobian = nn.Conv2d(self.predictor.out, 4 * (1 if single_jacobian_map else num_kp), 7, padding=pad)
            self.jacobian.weight.data.zero_()
            self.jacobian.bias.data.copy_(torch.tensor([1.0, 0, 0, 1]).repeat(self.jacobian.bias.numel() // 4))
        self.down = shrinker(num_channels, scale_factor)
        self.temperature = temperature

    def forward(self, x):
        features = self.predictor(self.down(x) if self.down else x)
        logits = self.kp(features)
        b, k, h, w = logits.shape
        heat = F.softmax(logits.view(b, k, -1) / self.temperature, 2).view(b, k, h, w, 1)
        value = (heat * grid(h, w, heat)).sum((2, 3))
        if self.jacobian is None:
            return value, None
        maps = self.jacobian(features).view(b, -1, 4, h, w)
        return value, (heat.view(b, k, 1, h, w) * maps).sum((3, 4)).view(b, k, 2, 2)


class DenseMotion(nn.Module):
    def __init__(self, num_kp, num_channels, occlusion, block_expansion, max_features, num_blocks, scale_factor=1,
                 kp_variance=0.01):
        super().__init__()
        self.hourglass = Hourglass(block_expansion, (num_kp + 1) * (num_channels + 1), num_blocks, max_features)
        self.mask = nn.Conv2d(self.hourglass.out, num_kp + 1, 7, padding=3)
        self.occlusion = nn.Conv2d(self.hourglass.out, 1, 7, padding=3) if occlusion else None
        self.down = shrinker(num_channels, scale_factor)
        self.variance = kp_variance

    def heat(self, value, h, w):
        distance = grid(h, w, value)[None, None] - value[:, :, None, None]
        return torch.exp(-0.5 * (distance**2).sum(-1) / self.variance)

    def forward(self, source, driving, start):
        source = self.down(source) if self.down else source
        b, c, h, w = source.shape
        k = driving[0].shape[1]
        heat = self.heat(driving[0], h, w) - self.heat(start[0], h, w)
        heat = torch.cat([heat.new_zeros(b, 1, h, w), heat], 1).unsqueeze(2)
        base = grid(h, w, source)[None, None]
        motion = base - driving[0].view(b, k, 1, 1, 2)
        if driving[1] is not None:
            local = torch.matmul(start[1], torch.inverse(driving[1]))[:, :, None, None]
            motion = torch.matmul(local.repeat(1, 1, h, w, 1, 1), motion.unsqueeze(-1)).squeeze(-1)
        motion = torch.cat([base.repeat(b, 1, 1, 1, 1), motion + start[0].view(b, k, 1, 1, 2)], 1)
        repeated = source[:, None].repeat(1, k + 1, 1, 1, 1).view(b * (k + 1), c, h, w)
        moved = F.grid_sample(repeated, motion.view(b * (k + 1), h, w, 2), align_corners=False)
        features = self.hourglass(torch.cat([heat, moved.view(b, k + 1, c, h, w)], 2).view(b, -1, h, w))
        mask = F.softmax(self.mask(features), 1)
        flow = (motion.permute(0, 1, 4, 2, 3) * mask.unsqueeze(2)).sum(1).permute(0, 2, 3, 1)
        return flow, torch.sigmoid(self.occlusion(features)) if self.occlusion else None


class Generator(nn.Module):
    def __init__(self, num_kp, num_channels, block_expansion, max_features, num_down_blocks, num_bottleneck_blocks,
                 estimate_occlusion_map=False, dense_motion_params=None, estimate_jacobian=False):
        super().__init__()
        width = [min(max_features, block_expansion * 2**i) for i in range(num_down_blocks + 1)]
        self.dense_motion_network = None
        if dense_motion_params:
            self.dense_motion_network = DenseMotion(num_kp, num_channels, estimate_occlusion_map, **dense_motion_params)
        self.first = Same(num_channels, block_expansion, 7)
        self.down_blocks = nn.ModuleList(Same(a, b, change="down") for a, b in zip(width, width[1:]))
        self.up_blocks = nn.ModuleList(Same(b, a, change="up") for a, b in reversed(list(zip(width, width[1:]))))
        self.bottleneck = nn.Sequential()
        for i in range(num_bottleneck_blocks):
            self.bottleneck.add_module(f"r{i}", Residual(width[-1]))
        self.final = nn.Conv2d(block_expansion, num_channels, 7, padding=3)

    def forward(self, source, driving, start):
        x = self.first(source)
        for block in self.down_blocks:
            x = block(x)
        if self.dense_motion_network is not None:
            x = self.warp(x, *self.dense_motion_network(source, driving, start))
        x = self.bottleneck(x)
        for block in self.up_blocks:
            x = block(x)
        return torch.sigmoid(self.final(x))

    @staticmethod
    def warp(x, flow, occlusion):
        size = x.shape[2:]
        if flow.shape[1:3] != size:
            flow = F.interpolate(flow.permute(0, 3, 1, 2), size=size, mode="bilinear", align_corners=False)
            flow = flow.permute(0, 2, 3, 1)
        x = F.grid_sample(x, flow, align_corners=False)
        if occlusion is not None:
            if occlusion.shape[2:] != size:
                occlusion = F.interpolate(occlusion, size=size, mode="bilinear", align_corners=False)
            x = x * occlusion
        return x


def load(config, weights=None):
    """Detector and generator of a config's model_params in evaluation mode; weights: a published checkpoint's dict."""
    common = config["common_params"]
    detector = Detector(**{**common, **config["kp_detector_params"]})
    generator = Generator(**{**common, **config["generator_params"]})
    if weights is not None:
        detector.load_state_dict(weights["kp_detector"])
        generator.load_state_dict(weights["generator"])
    return detector.eval(), generator.eval()
