#!/usr/bin/env python3
"""Computes what PyTorch computes, for the tests of the image families: python3 make-reference.py [OUT]

Each case becomes a folder: a weights folder (config.json, model.safetensors) and reference.safetensors with logits,
loss, gradients of all parameters and batch norm statistics, for evaluation mode (eval), training mode (train) and
training with the first two blocks frozen (frozen; there of the first three blocks alone). inputs.safetensors holds the
images of all cases; a case takes the upper left corner. Needs torch alone; stored is what torch 1.13 gave.

Weights and inputs are float32, computed is in float64, so that a difference is the tested side's. Weights are drawn
until PyTorch's own float32 comes within a fifth of the tests' tolerances and no ReLU is at its edge, where rounding
moves a gradient by any amount: else the comparison would say nothing. For a similar reason most of what enters a ReLU is
positive: behind fifty norms, each of which forgets half of its input, the outputs of different images hardly differ, and
the next norm magnifies what is left, rounding with it.
"""
import json
import math
import struct
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

FROZEN = 2
CLASSES = 3
EXAMPLES = 6
MODES = ("eval", "train", "frozen")


EDGE = 3e-6  # What float32 can move a value by.
nearest = [math.inf]


def relu(x):
    nearest[0] = min(nearest[0], x.detach().abs().min().item())
    return F.relu(x)


def relu6(x):
    nearest[0] = min(nearest[0], (x.detach() - 6).abs().min().item(), x.detach().abs().min().item())
    return F.relu6(x)


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name in sorted(tensors):
        content = tensors[name].detach().to(torch.float32).contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class Convnet(nn.Module):
    """Convolution 3x3, batch norm, ReLU; a pool after each of the first three."""

    def __init__(self, sizes):
        super().__init__()
        self.parts = nn.ModuleList()
        channels = 1
        for size in sizes:
            self.parts.append(nn.ModuleDict({"conv": nn.Conv2d(channels, size, 3, padding=1, bias=False), "norm": nn.BatchNorm2d(size)}))
            channels = size
        self.head = nn.Linear(channels, CLASSES)

    def blocks(self):
        return list(self.parts)

    def forward(self, x):
        for i, part in enumerate(self.parts):
            x = relu(part["norm"](part["conv"](x)))
            x = F.max_pool2d(x, 2) if i < 3 else x
        return self.head(x.mean((2, 3)))

    def activated(self):
        return [part["norm"].bias for part in self.parts]

    def state(self):
        return {k.replace("parts.", "blocks."): v for k, v in named(self)}


class Unit(nn.Module):
    """A residual unit: 3x3 and 3x3, or 1x1, 3x3 (with the stride) and 1x1."""

    def __init__(self, inputs, outputs, stride, bottleneck):
        super().__init__()
        inside = outputs // 4
        shapes = [(inputs, inside, 1, 1), (inside, inside, 3, stride), (inside, outputs, 1, 1)] if bottleneck \
            else [(inputs, outputs, 3, stride), (outputs, outputs, 3, 1)]
        for i, (a, b, kernel, step) in enumerate(shapes, 1):
            setattr(self, f"conv{i}", nn.Conv2d(a, b, kernel, stride=step, padding=kernel // 2, bias=False))
            setattr(self, f"bn{i}", nn.BatchNorm2d(b))
        self.count = len(shapes)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = x
        for i in range(1, self.count + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            y = relu(y) if i < self.count else y
        return relu(y + (x if self.downsample is None else self.downsample(x)))


class Resnet(nn.Module):
    def __init__(self, stem, sizes, depths, bottleneck):
        super().__init__()
        self.conv1 = nn.Conv2d(3, stem, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(stem)
        channels = stem
        for s, (size, depth) in enumerate(zip(sizes, depths)):
            units = []
            for u in range(depth):
                units.append(Unit(channels, size, 2 if s > 0 and u == 0 else 1, bottleneck))
                channels = size
            setattr(self, f"layer{s + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(channels, CLASSES)

    def blocks(self):
        return [nn.ModuleList([self.conv1, self.bn1]), self.layer1, self.layer2, self.layer3, self.layer4]

    def forward(self, x):
        x = F.max_pool2d(relu(self.bn1(self.conv1(x))), 3, stride=2, padding=1)
        for layer in self.blocks()[1:]:
            x = layer(x)
        return self.fc(x.mean((2, 3)))

    def activated(self):
        units = [u for layer in self.blocks()[1:] for u in layer]
        return [self.bn1.bias, *(getattr(u, f"bn{i}").bias for u in units for i in range(1, u.count))]

    def state(self):
        return dict(named(self))


class Convolution(nn.Module):
    """Convolution with its norm, or a bias instead; padded evenly, or at the bottom and on the right as TensorFlow does."""

    def __init__(self, inputs, outputs, kernel, stride, groups, options):
        super().__init__()
        self.same = options["tf_padding"]
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=0 if self.same else kernel // 2,
                              groups=groups, bias=options["folded"])
        self.norm = None if options["folded"] else nn.BatchNorm2d(outputs, eps=options["eps"])

    def forward(self, x):
        if self.same:
            kernel, stride = self.conv.kernel_size[0], self.conv.stride[0]
            down, across = [max((math.ceil(n / stride) - 1) * stride + kernel - n, 0) for n in x.shape[2:]]
            x = F.pad(x, (across // 2, across - across // 2, down // 2, down - down // 2))
        x = self.conv(x)
        return x if self.norm is None else self.norm(x)


class MobileNetV2(nn.Module):
    """Tiny channels: a sixteenth of the paper's, written out."""

    STAGES = [(2, 1, 1), (2, 2, 2), (2, 3, 2), (4, 4, 2), (6, 3, 1), (10, 3, 2), (20, 1, 1)]
    STEM, LAST = 2, 80

    def __init__(self, options):
        super().__init__()
        self.options = options
        self.parts = nn.ModuleList([nn.ModuleList([Convolution(3, self.STEM, 3, 2, 1, options)])])
        channels = self.STEM
        for s, (outputs, count, stride) in enumerate(self.STAGES):
            for u in range(count):
                inside = channels if s == 0 else channels * 6
                path = [] if s == 0 else [Convolution(channels, inside, 1, 1, 1, options)]
                path.append(Convolution(inside, inside, 3, stride if u == 0 else 1, inside, options))
                path.append(Convolution(inside, outputs, 1, 1, 1, options))
                self.parts.append(nn.ModuleList(path))
                channels = outputs
        self.parts.append(nn.ModuleList([Convolution(channels, self.LAST, 1, 1, 1, options)]))
        self.head = nn.Linear(self.LAST, CLASSES)

    def blocks(self):
        return list(self.parts)

    def forward(self, x):
        for i, path in enumerate(self.parts):
            y = x
            for layer in path[:-1]:
                y = relu6(layer(y))
            y = path[-1](y)
            if i in (0, len(self.parts) - 1):
                x = relu6(y)
            else:
                x = y + x if y.shape == x.shape else y
        return self.head(x.mean((2, 3)))

    def activated(self):
        layers = [layer for path in self.parts for layer in (path if len(path) == 1 else path[:-1])]
        return [(layer.conv if layer.norm is None else layer.norm).bias for layer in layers]

    def state(self):
        names = {}
        for name, tensor in named(self):
            if name.startswith("head."):
                names[name.replace("head", "classifier.1")] = tensor
                continue
            _, block, layer, kind, rest = name.split(".", 4)
            count = len(self.parts[int(block)])
            if int(block) in (0, len(self.parts) - 1):
                place = f"features.{block}.{0 if kind == 'conv' else 1}"
            elif int(layer) < count - 1:
                place = f"features.{block}.conv.{layer}.{0 if kind == 'conv' else 1}"
            else:
                place = f"features.{block}.conv.{count - 1 if kind == 'conv' else count}"
            names[f"{place}.{rest}"] = tensor
        return names


def named(model):
    yield from model.named_parameters()
    yield from ((k, v) for k, v in model.named_buffers() if not k.endswith("num_batches_tracked"))


def draw(model, generator):
    """Values as after some training: no constants, signals that neither vanish nor explode."""
    for name, tensor in named(model):
        values = torch.randn(tensor.shape, generator=generator)
        if tensor.dim() > 1:
            values *= math.sqrt(2 / tensor[0].numel())
        elif name.endswith("running_var"):
            values = 0.5 + torch.rand(tensor.shape, generator=generator)
        elif name.endswith("weight"):
            values = 1 + 0.2 * values
        else:
            values *= 0.2
        tensor.data.copy_(values)
    for bias in model.activated():
        bias.data.add_(1)
    for unit in model.modules():
        if isinstance(unit, Unit):  # Small branches, as trained ones are: fifty norms in a row would magnify rounding.
            getattr(unit, f"bn{unit.count}").weight.data.mul_(0.2)


def error(ours, exact):
    return ((ours.double() - exact).norm() / exact.norm()).item()


def accurate(single, exact):
    """Whether float32 is within a fifth of what the tests allow; gradients that are zero but for rounding do not count."""
    whole = {m: math.sqrt(sum(exact[n].norm().item() ** 2 for n in exact if n.startswith(f"{m}.gradients."))) for m in MODES}
    for name, value in exact.items():
        gradient = ".gradients." in name
        if gradient and value.norm().item() < 1e-10 * whole[name.split(".")[0]]:
            continue
        if error(single[name], value) > (1e-4 if gradient else 1e-5) / 5:
            return False
    return True


def run_all(model, images, targets):
    result = {}
    for mode in MODES:
        result.update(run(model, mode, images, targets))
    return result


def run(model, mode, images, targets):
    result, start = {}, {k: v.clone() for k, v in model.state_dict().items()}
    model.train(mode != "eval")
    frozen = model.blocks()[:FROZEN] if mode == "frozen" else []
    kept = {id(t) for b in model.blocks()[:FROZEN + 1] for t in (*b.parameters(), *b.buffers())}
    for block in frozen:
        block.eval()
        block.requires_grad_(False)
    model.zero_grad()
    logits = model(images)
    loss = F.cross_entropy(logits, targets)
    loss.backward()
    result[f"{mode}.logits"], result[f"{mode}.loss"] = logits, loss
    for name, tensor in model.state().items():
        if frozen and id(tensor) not in kept:
            continue
        if isinstance(tensor, nn.Parameter):
            if tensor.requires_grad:
                result[f"{mode}.gradients.{name}"] = tensor.grad.clone()
        elif mode != "eval":
            result[f"{mode}.buffers.{name}"] = tensor.clone()
    model.requires_grad_(True)
    model.load_state_dict(start)
    return result


def write_case(out, name, model, config, channels, size, seed):
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    images = IMAGES[:, :channels, :size, :size]
    targets = torch.arange(EXAMPLES) % CLASSES
    generator, single, exact = torch.Generator().manual_seed(seed), {}, None
    while exact is None or nearest[0] < EDGE or not accurate(single, exact):
        draw(model.float(), generator)
        weights = {k: v.clone() for k, v in model.state().items()}
        single = run_all(model, images, targets)
        nearest[0] = math.inf
        exact = run_all(model.double(), images.double(), targets)
    config = {**config, "num_channels": channels, "image_size": size, "image_mean": [0.5] * channels, "image_std": [0.25] * channels,
              "id2label": {str(i): f"class {i}" for i in range(CLASSES)}, "label2id": {f"class {i}": i for i in range(CLASSES)}}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    write_safetensors(folder / "model.safetensors", weights)
    write_safetensors(folder / "reference.safetensors", exact)


def resnet(stem, sizes, depths, bottleneck):
    config = {"model_type": "resnet", "embedding_size": stem, "hidden_sizes": sizes, "depths": depths, "hidden_act": "relu",
              "layer_type": "bottleneck" if bottleneck else "basic", "downsample_in_first_stage": False}
    return Resnet(stem, sizes, depths, bottleneck), config


def mobilenet(folded, tf_padding, eps):
    config = {"model_type": "mobilenet_v2", "depth_multiplier": 0.0625, "depth_divisible_by": 2, "min_depth": 2, "expand_ratio": 6,
              "finegrained_output": False, "hidden_act": "relu6", "tf_padding": tf_padding, "layer_norm_eps": eps, "folded_batch_norm": folded}
    return MobileNetV2({"folded": folded, "tf_padding": tf_padding, "eps": eps}), config


if __name__ == "__main__":
    OUT = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    OUT.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    IMAGES = torch.randn((EXAMPLES, 3, 50, 50), generator=torch.Generator().manual_seed(0))
    write_safetensors(OUT / "inputs.safetensors", {"images": IMAGES})
    write_case(OUT, "convnet", Convnet([4, 6, 8, 8]), {"model_type": "convnet", "hidden_sizes": [4, 6, 8, 8]}, 1, 28, 1)
    write_case(OUT, "resnet18", *resnet(4, [4, 6, 8, 10], [2, 2, 2, 2], False), 3, 48, 2)
    write_case(OUT, "resnet34", *resnet(2, [2, 4, 4, 6], [3, 4, 6, 3], False), 3, 49, 3)
    write_case(OUT, "resnet50", *resnet(4, [8, 12, 16, 20], [3, 4, 6, 3], True), 3, 48, 4)
    write_case(OUT, "mobilenet_v2", *mobilenet(False, False, 1e-5), 3, 48, 5)
    write_case(OUT, "mobilenet_v2-same", *mobilenet(False, True, 1e-3), 3, 50, 6)
    write_case(OUT, "mobilenet_v2-folded", *mobilenet(True, True, 1e-3), 3, 48, 7)
    print(f"{sum(f.stat().st_size for f in OUT.rglob('*.safetensors')):,} bytes by torch {torch.__version__}")
