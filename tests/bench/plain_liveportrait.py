"""The networks of LivePortrait in plain PyTorch: the published layout and names, so that published weights load strictly,
and the operations of models/liveportrait/README.md, as a Python program writes them. Compared with the C++ program's
numbers in plain_networks_test.py, timed in time_networks.py."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import spectral_norm


class Block2d(nn.Module):
    def __init__(self, inputs, outputs, kernel=3, slope=0.0, pool=False):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)
        self.norm = nn.BatchNorm2d(outputs)
        self.slope = slope
        self.pool = pool

    def forward(self, x):
        x = F.leaky_relu(self.norm(self.conv(x)), self.slope)
        return F.avg_pool2d(x, 2) if self.pool else x


class Block3d(nn.Module):
    def __init__(self, inputs, outputs, change):
        super().__init__()
        self.conv = nn.Conv3d(inputs, outputs, 3, padding=1)
        self.norm = nn.BatchNorm3d(outputs)
        self.change = change

    def forward(self, x):
        if self.change == "up":
            x = F.interpolate(x, scale_factor=(1, 2, 2))
        x = F.relu(self.norm(self.conv(x)))
        return F.avg_pool3d(x, (1, 2, 2)) if self.change == "down" else x


class Residual3d(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv3d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv3d(channels, channels, 3, padding=1)
        self.norm1 = nn.BatchNorm3d(channels)
        self.norm2 = nn.BatchNorm3d(channels)

    def forward(self, x):
        return x + self.conv2(F.relu(self.norm2(self.conv1(F.relu(self.norm1(x))))))


class Appearance(nn.Module):  # F
    def __init__(self, image_channel, block_expansion, num_down_blocks, max_features, reshape_channel, reshape_depth,
                 num_resblocks):
        super().__init__()
        width = [min(max_features, block_expansion * 2**i) for i in range(num_down_blocks + 1)]
        width[0] = block_expansion
        self.first = Block2d(image_channel, block_expansion)
        self.down_blocks = nn.ModuleList(Block2d(a, b, pool=True) for a, b in zip(width, width[1:]))
        self.second = nn.Conv2d(width[-1], max_features, 1)
        self.resblocks_3d = nn.Sequential()
        for i in range(num_resblocks):
            self.resblocks_3d.add_module(f"3dr{i}", Residual3d(reshape_channel))
        self.shape = (reshape_channel, reshape_depth)

    def forward(self, image):
        x = self.first(image)
        for block in self.down_blocks:
            x = block(x)
        x = self.second(x)
        return self.resblocks_3d(x.view(x.shape[0], *self.shape, *x.shape[2:]))


class LayerNorm(nn.LayerNorm):
    def __init__(self, channels, maps=False):
        super().__init__(channels, eps=1e-6)
        self.maps = maps

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2) if self.maps else super().forward(x)


class ResponseNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.zeros(1, 1, 1, channels))
        self.beta = nn.Parameter(torch.zeros(1, 1, 1, channels))

    def forward(self, x):
        norm = torch.norm(x, p=2, dim=(1, 2), keepdim=True)
        return self.gamma * (x * (norm / (norm.mean(-1, keepdim=True) + 1e-6))) + self.beta + x


class ConvNext(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.dwconv = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.norm = LayerNorm(channels)
        self.pwconv1 = nn.Linear(channels, 4 * channels)
        self.grn = ResponseNorm(4 * channels)
        self.pwconv2 = nn.Linear(4 * channels, channels)

    def forward(self, x):
        y = self.norm(self.dwconv(x).permute(0, 2, 3, 1))
        return x + self.pwconv2(self.grn(F.gelu(self.pwconv1(y)))).permute(0, 3, 1, 2)


class Motion(nn.Module):  # M
    def __init__(self, num_kp, backbone="convnextv2_tiny", depths=(3, 3, 9, 3), dims=(96, 192, 384, 768), num_bins=66):
        super().__init__()
        net = self.detector = nn.Module()
        net.downsample_layers = nn.ModuleList([nn.Sequential(nn.Conv2d(3, dims[0], 4, 4), LayerNorm(dims[0], True))])
        for a, b in zip(dims, dims[1:]):
            net.downsample_layers.append(nn.Sequential(LayerNorm(a, True), nn.Conv2d(a, b, 2, 2)))
        net.stages = nn.ModuleList(nn.Sequential(*(ConvNext(w) for _ in range(n))) for n, w in zip(depths, dims))
        net.norm = LayerNorm(dims[-1])
        for name, outputs in (("kp", 3 * num_kp), ("scale", 1), ("pitch", num_bins), ("yaw", num_bins),
                              ("roll", num_bins), ("t", 3), ("exp", 3 * num_kp)):
            setattr(net, f"fc_{name}", nn.Linear(dims[-1], outputs))

    def forward(self, image):
        net, x = self.detector, image
        for shrink, stage in zip(net.downsample_layers, net.stages):
            x = stage(shrink(x))
        code = net.norm(x.mean((2, 3)))
        return {name: getattr(net, f"fc_{name}")(code) for name in ("pitch", "yaw", "roll", "t", "exp", "scale", "kp")}


class Hourglass3d(nn.Module):
    def __init__(self, expansion, inputs, num_blocks, max_features):
        super().__init__()
        width = [min(max_features, expansion * 2**i) for i in range(num_blocks + 1)]
        self.encoder = nn.Module()
        self.encoder.down_blocks = nn.ModuleList(
            Block3d(inputs if i == 0 else width[i], width[i + 1], "down") for i in range(num_blocks))
        self.decoder = nn.Module()
        self.decoder.up_blocks = nn.ModuleList(
            Block3d(width[i + 1] * (1 if i == num_blocks - 1 else 2), width[i], "up")
            for i in reversed(range(num_blocks)))
        self.out = expansion + inputs
        self.decoder.conv = nn.Conv3d(self.out, self.out, 3, padding=1)
        self.decoder.norm = nn.BatchNorm3d(self.out)

    def forward(self, x):
        kept = [x]
        for block in self.encoder.down_blocks:
            kept.append(block(kept[-1]))
        x = kept.pop()
        for block in self.decoder.up_blocks:
            x = torch.cat([block(x), kept.pop()], 1)
        return F.relu(self.decoder.norm(self.decoder.conv(x)))


def grid(d, h, w, like):
    x, y, z = (2 * (torch.arange(n, device=like.device, dtype=like.dtype) / (n - 1)) - 1 for n in (w, h, d))
    shape = (d, h, w)
    return torch.stack([x.view(1, 1, w).expand(shape), y.view(1, h, 1).expand(shape), z.view(d, 1, 1).expand(shape)], -1)


class DenseMotion(nn.Module):
    def __init__(self, num_kp, feature_channel, block_expansion, max_features, num_blocks, reshape_depth, compress,
                 occlusion):
        super().__init__()
        self.hourglass = Hourglass3d(block_expansion, (num_kp + 1) * (compress + 1), num_blocks, max_features)
        self.mask = nn.Conv3d(self.hourglass.out, num_kp + 1, 7, padding=3)
        self.compress = nn.Conv3d(feature_channel, compress, 1)
        self.norm = nn.BatchNorm3d(compress)
        self.occlusion = nn.Conv2d(self.hourglass.out * reshape_depth, 1, 7, padding=3) if occlusion else None

    def forward(self, feature, driving, source):
        b, _, d, h, w = feature.shape
        k = driving.shape[1]
        small = F.relu(self.norm(self.compress(feature)))
        base = grid(d, h, w, driving)[None, None]
        motion = torch.cat([base.expand(b, 1, d, h, w, 3), base + (source - driving).view(b, k, 1, 1, 1, 3)], 1)
        repeated = small[:, None].repeat(1, k + 1, 1, 1, 1, 1).view(b * (k + 1), -1, d, h, w)
        moved = F.grid_sample(repeated, motion.view(b * (k + 1), d, h, w, 3), align_corners=False)
        heat = [torch.exp(-0.5 * ((base - at[:, :, None, None, None])**2).sum(-1) / 0.01) for at in (driving, source)]
        heat = torch.cat([heat[0].new_zeros(b, 1, d, h, w), heat[0] - heat[1]], 1).unsqueeze(2)
        x = self.hourglass(torch.cat([heat, moved.view(b, k + 1, -1, d, h, w)], 2).view(b, -1, d, h, w))
        mask = F.softmax(self.mask(x), 1)
        field = (motion.permute(0, 1, 5, 2, 3, 4) * mask.unsqueeze(2)).sum(1).permute(0, 2, 3, 4, 1)
        return field, torch.sigmoid(self.occlusion(x.reshape(b, -1, h, w))) if self.occlusion else None


class Warping(nn.Module):  # W
    def __init__(self, num_kp, block_expansion, max_features, num_down_blocks, reshape_channel, estimate_occlusion_map,
                 dense_motion_params):
        super().__init__()
        self.dense_motion_network = DenseMotion(num_kp, reshape_channel, occlusion=estimate_occlusion_map,
                                                **dense_motion_params)
        width = block_expansion * 2**num_down_blocks
        self.third = Block2d(max_features, width, slope=0.01)
        self.fourth = nn.Conv2d(width, width, 1)

    def forward(self, feature, driving, source):
        field, occlusion = self.dense_motion_network(feature, driving, source)
        warped = F.grid_sample(feature, field, align_corners=False)
        x = self.fourth(self.third(warped.flatten(1, 2)))
        return x if occlusion is None else x * occlusion


class Spade(nn.Module):
    def __init__(self, channels, seg):
        super().__init__()
        self.mlp_shared = nn.Sequential(nn.Conv2d(seg, 128, 3, padding=1), nn.ReLU())
        self.mlp_gamma = nn.Conv2d(128, channels, 3, padding=1)
        self.mlp_beta = nn.Conv2d(128, channels, 3, padding=1)

    def forward(self, x, seg):
        shared = self.mlp_shared(F.interpolate(seg, size=x.shape[2:], mode="nearest"))
        return F.instance_norm(x) * (1 + self.mlp_gamma(shared)) + self.mlp_beta(shared)


class SpadeBlock(nn.Module):
    def __init__(self, inputs, outputs, seg):
        super().__init__()
        middle = min(inputs, outputs)
        self.conv_0 = spectral_norm(nn.Conv2d(inputs, middle, 3, padding=1))
        self.conv_1 = spectral_norm(nn.Conv2d(middle, outputs, 3, padding=1))
        self.norm_0, self.norm_1 = Spade(inputs, seg), Spade(middle, seg)
        self.conv_s = None
        if inputs != outputs:
            self.conv_s = spectral_norm(nn.Conv2d(inputs, outputs, 1, bias=False))
            self.norm_s = Spade(inputs, seg)

    def forward(self, x, seg):
        short = x if self.conv_s is None else self.conv_s(self.norm_s(x, seg))
        y = self.conv_0(F.leaky_relu(self.norm_0(x, seg), 0.2))
        return short + self.conv_1(F.leaky_relu(self.norm_1(y, seg), 0.2))


class SpadeGenerator(nn.Module):  # G
    def __init__(self, upscale, block_expansion, max_features, num_down_blocks, out_channels=64):
        super().__init__()
        seg = min(max_features, block_expansion * 2**num_down_blocks)
        self.fc = nn.Conv2d(seg, 2 * seg, 3, padding=1)
        for i in range(6):
            setattr(self, f"G_middle_{i}", SpadeBlock(2 * seg, 2 * seg, seg))
        self.up_0 = SpadeBlock(2 * seg, seg, seg)
        self.up_1 = SpadeBlock(seg, out_channels, seg)
        if upscale > 1:
            self.conv_img = nn.Sequential(nn.Conv2d(out_channels, 12, 3, padding=1), nn.PixelShuffle(2))
        else:
            self.conv_img = nn.Conv2d(out_channels, 3, 3, padding=1)

    def forward(self, seg):
        x = self.fc(seg)
        for i in range(6):
            x = getattr(self, f"G_middle_{i}")(x, seg)
        for block in (self.up_0, self.up_1):
            x = block(F.interpolate(x, scale_factor=2), seg)
        return torch.sigmoid(self.conv_img(F.leaky_relu(x, 0.2)))


PARTS = {"F": (Appearance, "appearance_feature_extractor"), "M": (Motion, "motion_extractor"),
         "W": (Warping, "warping_module"), "G": (SpadeGenerator, "spade_generator")}


def load(config, weights=None):
    """{"F", "M", "W", "G"} of a config's model_params in evaluation mode; weights: letter -> state dict."""
    networks = {}
    for letter, (make, name) in PARTS.items():
        networks[letter] = make(**config[f"{name}_params"])
        if weights is not None:
            networks[letter].load_state_dict(weights[letter])
        networks[letter].eval()
    return networks
