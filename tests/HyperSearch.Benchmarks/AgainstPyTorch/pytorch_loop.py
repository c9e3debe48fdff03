"""The PyTorch side of the comparison: a child that trains on what it is given, and says how long it took.

A command is a line of JSON on standard input, an answer a line of JSON on standard output; the first line tells versions.
  {"load": {"model": "mlp", "sizes": {...}, "folder": "...", "rate": 1e-3, "decay": 0.01, "warm": 5}}  ->  {"optimizers": [...]}
  {"run": {"steps": 50, "optimizer": "plain"}}                                                         ->  {"seconds": ..., "processor": ..., "loss": ...}
The folder holds weights.safetensors (tensors by the names of the nets below) and batches.safetensors (inputs.N, labels.N).
Every run starts from those weights; the first "warm" steps are not timed. The nets and the loop are what a PyTorch user
would write: modules, in-place ReLU, decay for matrices and kernels alone. Needs PyTorch alone (Debian's python3-torch).
"""

import ctypes
import inspect
import json
import math
import platform
import struct
import sys
import time
from pathlib import Path

import fast_blas  # noqa: F401  before torch
import torch
import torch.nn.functional as F
from torch import nn


def read_safetensors(path):
    data = Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            flat = torch.frombuffer(bytearray(data[8 + length + start : 8 + length + end]), dtype=torch.float32)
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


class Mlp(nn.Module):
    def __init__(self, widths):
        super().__init__()
        layers = []
        for inputs, outputs in zip(widths, widths[1:]):
            layers += [nn.Linear(inputs, outputs), nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, x):
        return self.layers(x.flatten(1))


class Convnet(nn.Module):
    def __init__(self, channels, widths, classes):
        super().__init__()
        self.blocks = nn.Sequential()
        for i, width in enumerate(widths):
            block = nn.Sequential()
            block.add_module("conv", nn.Conv2d(channels, width, 3, padding=1, bias=False))
            block.add_module("norm", nn.BatchNorm2d(width))
            block.add_module("relu", nn.ReLU(inplace=True))
            if i < 3:
                block.add_module("pool", nn.MaxPool2d(2))
            self.blocks.append(block)
            channels = width
        self.head = nn.Linear(channels, classes)

    def forward(self, x):
        return self.head(self.blocks(x).mean((2, 3)))


class Unit(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += shortcut
        return self.relu(y)


class Resnet18(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = nn.Sequential(Unit(64, 64, 1), Unit(64, 64, 1))
        self.layer2 = nn.Sequential(Unit(64, 128, 2), Unit(128, 128, 1))
        self.layer3 = nn.Sequential(Unit(128, 256, 2), Unit(256, 256, 1))
        self.layer4 = nn.Sequential(Unit(256, 512, 2), Unit(512, 512, 1))
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


class EncoderLayer(nn.Module):
    def __init__(self, hidden, heads, inner):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.mix = (nn.Linear(hidden, hidden) for _ in range(4))
        self.mix_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.widen = nn.Linear(hidden, inner)
        self.narrow = nn.Linear(inner, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x, mask):
        shape = (x.shape[0], x.shape[1], self.heads, -1)
        query = self.query(x).view(shape).transpose(1, 2)
        key = self.key(x).view(shape).transpose(1, 2)
        value = self.value(x).view(shape).transpose(1, 2)
        scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[-1]) + mask
        mixed = (torch.softmax(scores, dim=-1) @ value).transpose(1, 2).reshape(x.shape)
        x = self.mix_norm(x + self.mix(mixed))
        return self.norm(x + self.narrow(F.gelu(self.widen(x))))


class Encoder(nn.Module):
    def __init__(self, vocabulary, positions, types, hidden, layers, heads, inner, classes):
        super().__init__()
        self.word = nn.Embedding(vocabulary, hidden)
        self.position = nn.Embedding(positions, hidden)
        self.kind = nn.Embedding(types, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(EncoderLayer(hidden, heads, inner) for _ in range(layers))
        self.pooler = nn.Linear(hidden, hidden)
        self.classifier = nn.Linear(hidden, classes)
        self.register_buffer("places", torch.arange(positions), persistent=False)

    def forward(self, inputs):
        ids, types = inputs[:, 0], inputs[:, 1]
        x = self.word(ids) + self.kind(types) + self.position(self.places[: ids.shape[1]])
        x = self.norm(x)
        mask = (ids == 0)[:, None, None, :].to(x.dtype) * torch.finfo(x.dtype).min
        for layer in self.layers:
            x = layer(x, mask)
        return self.classifier(torch.tanh(self.pooler(x[:, 0])))


MODELS = {"mlp": Mlp, "convnet": Convnet, "resnet18": Resnet18, "encoder": Encoder}

# From the names of the weights file to those above; the longer ones first.
ENCODER_NAMES = {
    "bert.embeddings.word_embeddings": "word", "bert.embeddings.position_embeddings": "position",
    "bert.embeddings.token_type_embeddings": "kind", "bert.embeddings.LayerNorm": "norm", "bert.encoder.layer": "layers",
    "bert.pooler.dense": "pooler", "attention.self.": "", "attention.output.dense": "mix", "attention.output.LayerNorm": "mix_norm",
    "intermediate.dense": "widen", "output.dense": "narrow", "output.LayerNorm": "norm",
}


def renamed(name):
    for old, new in ENCODER_NAMES.items():
        name = name.replace(old, new)
    return name


class Training:
    def __init__(self, model, sizes, folder, rate, decay, warm):
        self.model, self.rate, self.decay, self.warm = MODELS[model](**sizes).train(), rate, decay, warm
        weights = {renamed(name): tensor for name, tensor in read_safetensors(f"{folder}/weights.safetensors").items()}
        counters = {name: torch.tensor(0) for name in self.model.state_dict() if name.endswith("num_batches_tracked")}
        self.start = {**weights, **counters}
        stored = read_safetensors(f"{folder}/batches.safetensors")
        kind = torch.int64 if model == "encoder" else torch.float32
        self.batches = [(stored[f"inputs.{i}"].to(kind), stored[f"labels.{i}"].long()) for i in range(len(stored) // 2)]

    def optimizers(self):
        """What may be the fastest: every form of AdamW that this PyTorch has for a processor."""
        names = ["single"]
        for name in ("foreach", "fused"):
            if name in inspect.signature(torch.optim.AdamW).parameters:
                try:
                    self.run(1, name)
                    names.append(name)
                except RuntimeError as error:
                    print(f"AdamW({name}=True): {error}", file=sys.stderr)
        return names

    def run(self, steps, name):
        self.model.load_state_dict(self.start)
        matrices = [p for p in self.model.parameters() if p.ndim > 1]
        vectors = [p for p in self.model.parameters() if p.ndim <= 1]
        groups = [{"params": matrices, "weight_decay": self.decay}, {"params": vectors, "weight_decay": 0.0}]
        options = {"plain": {"foreach": False}, "single": {"foreach": False}}.get(name, {name: True})
        optimizer = torch.optim.AdamW(groups, lr=self.rate, **options)
        optimizer.zero_grad(set_to_none=True)
        total = 0.0
        for step in range(self.warm + steps):
            if step == self.warm:
                start, processor = time.perf_counter(), time.process_time()
            inputs, labels = self.batches[step % len(self.batches)]
            if name == "plain":
                optimizer.zero_grad(set_to_none=False)
            else:
                optimizer.zero_grad(set_to_none=True)
            output = F.cross_entropy(self.model(inputs), labels)
            output.backward()
            optimizer.step()
            total += (loss := output.item())
        return {"seconds": time.perf_counter() - start, "processor": time.process_time() - processor, "loss": loss}


def blas():
    """The library behind libblas.so.3, its own description, and whether it is more than the reference implementation."""
    torch.mm(torch.ones(2, 2), torch.ones(2, 2))
    mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if line.endswith((".so", ".so.0", ".so.3"))}
    fast = sorted(path for path in mapped if any(name in path.lower() for name in ("openblas", "mkl_", "libblis", "libflexiblas")))
    plain = sorted(path for path in mapped if "libblas" in path)
    path, description = (fast or plain or ["built in"])[0], ""
    if "openblas" in path:
        library = ctypes.CDLL(path)
        for name in ("openblas_get_config", "openblas_get_corename"):
            if hasattr(library, name):
                getattr(library, name).restype = ctypes.c_char_p
                description += getattr(library, name)().decode() + " "
    return {"path": path, "description": description.strip(), "optimized": bool(fast) or not plain}


def main():
    answer({"pytorch": torch.__version__, "python": platform.python_version(), "threads": torch.get_num_threads(), "blas": blas()})
    training = None
    for line in sys.stdin:
        command = json.loads(line)
        if "load" in command:
            training = Training(**command["load"])
            answer({"optimizers": training.optimizers()})
        else:
            answer(training.run(command["run"]["steps"], command["run"]["optimizer"]))


def answer(message):
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
