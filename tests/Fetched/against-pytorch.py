"""The fine-tuning that a plain PyTorch script does, with the settings and the starting weights of `studies.mjs seeds`.

  python3 against-pytorch.py initial MODELS          writes MODELS/resnet18-scratch, a ResNet-18 as it is drawn
  python3 against-pytorch.py seeds MODELS [NAME...]  accuracy after the last epoch: seeds 1 to $SEEDS (3) of settings.json
  python3 against-pytorch.py epoch [NAME...]         examples per second of an epoch on the whole Fashion-MNIST

Eager PyTorch on one thread: torch.optim.AdamW, LambdaLR, cross_entropy. Needs Debian's python3-torch and python3-numpy.
Nets are functions over the tensors of a weights folder; images are scaled and texts are cut into pieces here, again, so
that nothing of the compared side is used but its files. Seeds draw head, order and dropout; they are not its draws.
"""

import gzip
import json
import math
import os
import statistics
import struct
import sys
import time
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "HyperSearch.Benchmarks/AgainstPyTorch"))
import fast_blas  # noqa: E402, F401  before torch
import torch
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
FETCHED = Path(os.environ.get("HYPERSEARCH_FETCHED", Path.home() / ".cache/hypersearch"))
SAMPLES = HERE.parent.parent / "src/HyperSearch.Training/Samples"
WHOLE = Path("/usr/share/datasets/fashion-mnist")
TYPES = {"F32": torch.float32, "F16": torch.float16}
LENGTH = 128


# Weights folders.

def load(folder):
    data = bytearray((folder / "model.safetensors").read_bytes())
    start = 8 + struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            flat = torch.frombuffer(data[start + first:start + last], dtype=TYPES[entry["dtype"]])
            tensors[name] = flat.reshape(entry["shape"]).to(torch.float32).clone()
    return tensors, json.loads((folder / "config.json").read_text())


def save(folder, tensors, config):
    folder.mkdir(parents=True, exist_ok=True)
    header, data = {}, b""
    for name, tensor in tensors.items():
        content = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


# Nets. t: tensors by name; drop: dropout; training: batch statistics and dropout.

def norm(t, name, x, training):
    return F.batch_norm(x, t[f"{name}.running_mean"], t[f"{name}.running_var"], t[f"{name}.weight"], t[f"{name}.bias"], training)


def convnet(t, x, config, drop, training):
    for block in range(len(config["hidden_sizes"])):
        x = F.conv2d(x, t[f"blocks.{block}.conv.weight"], padding=1)
        x = F.relu(norm(t, f"blocks.{block}.norm", x, training))
        x = F.max_pool2d(x, 2) if block < 3 else x
    return F.linear(F.dropout(x.mean((2, 3)), drop, training), t["head.weight"], t["head.bias"])


def resnet18(t, x, config, drop, training):
    x = F.conv2d(x, t["conv1.weight"], stride=2, padding=3)
    x = F.max_pool2d(F.relu(norm(t, "bn1", x, training)), 3, 2, 1)
    for unit in (f"layer{stage}.{i}" for stage in range(1, 5) for i in range(2)):
        down = f"{unit}.downsample.0.weight" in t
        y = F.conv2d(x, t[f"{unit}.conv1.weight"], stride=2 if down else 1, padding=1)
        y = F.relu(norm(t, f"{unit}.bn1", y, training))
        y = norm(t, f"{unit}.bn2", F.conv2d(y, t[f"{unit}.conv2.weight"], padding=1), training)
        if down:
            x = norm(t, f"{unit}.downsample.1", F.conv2d(x, t[f"{unit}.downsample.0.weight"], stride=2), training)
        x = F.relu(x + y)
    return F.linear(F.dropout(x.mean((2, 3)), drop, training), t["fc.weight"], t["fc.bias"])


def mobilenet_v2(t, x, config, drop, training):
    """Norms folded, padding as in TensorFlow."""
    def convolution(x, name, stride=1, groups=1):
        kernels = t[f"{name}.weight"]
        zeros = max((math.ceil(x.shape[2] / stride) - 1) * stride + kernels.shape[2] - x.shape[2], 0)
        x = F.pad(x, (zeros // 2, zeros - zeros // 2) * 2) if zeros else x
        return F.conv2d(x, kernels, t[f"{name}.bias"], stride, groups=groups)

    x = F.relu6(convolution(x, "features.0.0", 2))
    for block in range(1, 18):
        y, part = x, 0
        if block > 1:
            y, part = F.relu6(convolution(y, f"features.{block}.conv.0.0")), 1
        y = F.relu6(convolution(y, f"features.{block}.conv.{part}.0", 2 if block in (2, 4, 7, 14) else 1, y.shape[1]))
        y = convolution(y, f"features.{block}.conv.{part + 1}")
        x = x + y if x.shape == y.shape else y
    x = F.relu6(convolution(x, "features.18.0")).mean((2, 3))
    return F.linear(F.dropout(x, drop, training), t["classifier.1.weight"], t["classifier.1.bias"])


def bert(t, ids, config, drop, training):
    heads, epsilon = config["num_attention_heads"], config["layer_norm_eps"]
    ids = ids[:, :int((ids != 0).sum(1).max())]

    def linear(name, x):
        return F.linear(x, t[f"{name}.weight"], t[f"{name}.bias"])

    def layer_norm(name, x):
        return F.layer_norm(x, x.shape[-1:], t[f"{name}.weight"], t[f"{name}.bias"], epsilon)

    def dropped(x):
        return F.dropout(x, drop, training)

    at = "bert.embeddings."
    x = t[at + "word_embeddings.weight"][ids] + t[at + "position_embeddings.weight"][:ids.shape[1]] + t[at + "token_type_embeddings.weight"][0]
    x = dropped(layer_norm(at + "LayerNorm", x))
    hidden = (ids == 0)[:, None, None]
    for layer in range(config["num_hidden_layers"]):
        at = f"bert.encoder.layer.{layer}."
        query, key, value = (linear(f"{at}attention.self.{role}", x).view(*x.shape[:2], heads, -1).transpose(1, 2) for role in ("query", "key", "value"))
        shares = dropped((query @ key.transpose(2, 3) / math.sqrt(query.shape[-1])).masked_fill(hidden, -math.inf).softmax(-1))
        mixed = dropped(linear(at + "attention.output.dense", (shares @ value).transpose(1, 2).reshape(x.shape)))
        x = layer_norm(at + "attention.output.LayerNorm", x + mixed)
        inner = F.gelu(linear(at + "intermediate.dense", x))
        x = layer_norm(at + "output.LayerNorm", x + dropped(linear(at + "output.dense", inner)))
    return linear("classifier", dropped(torch.tanh(linear("bert.pooler.dense", x[:, 0]))))


def head(family, t, classes):
    """A new head, drawn as the published code of each net does."""
    def drawn(name, outputs, inputs, deviation=None):
        weight, bias = torch.empty(outputs, inputs), torch.zeros(outputs)
        if deviation:
            weight.normal_(0, deviation)
        else:
            bound = 1 / math.sqrt(inputs)
            weight.uniform_(-bound, bound), bias.uniform_(-bound, bound)
        t[f"{name}.weight"], t[f"{name}.bias"] = weight, bias

    if family == "convnet":
        drawn("head", classes, t["blocks.3.conv.weight"].shape[0])
    elif family == "resnet18":
        drawn("fc", classes, 512)
    elif family == "mobilenet_v2":
        drawn("classifier.1", classes, 1280, 0.01)
    else:
        drawn("bert.pooler.dense", 128, 128, 0.02)
        drawn("classifier", classes, 128, 0.02)


# Data.

def idx(path, header):
    return torch.frombuffer(bytearray(gzip.decompress(path.read_bytes())[header:]), dtype=torch.uint8)


def images(folder, split, size, config):
    labels = idx(folder / f"{split}-labels-idx1-ubyte.gz", 8).long()
    pixels = idx(folder / f"{split}-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28).float()
    if size != 28:
        pixels = F.interpolate(pixels, (size, size), mode="bilinear", antialias=True).round()
    mean, std = (torch.tensor(config[k]).view(1, -1, 1, 1) for k in ("image_mean", "image_std"))
    return (lambda rows: (pixels[rows].expand(-1, mean.shape[1], -1, -1) / 255 - mean) / std), labels


def pieces(text, vocabulary):
    """[CLS], BERT's basic tokenization and WordPiece (Devlin et al. 2019), [SEP], padding."""
    spaced = ""
    for c in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(c)
        if c in "\t\n\r" or kind == "Zs":
            spaced += " "
        elif kind == "Mn" or kind[0] == "C" or c == "\ufffd":
            continue
        else:
            mark = kind[0] == "P" or (ord(c) < 128 and not c.isalnum())
            spaced += f" {c} " if mark or "\u3400" <= c <= "\u9fff" else c
    ids = []
    for word in spaced.split():
        found, start = [], 0
        while start < len(word):
            end = next((e for e in range(len(word), start, -1) if ("##" if start else "") + word[start:e] in vocabulary), None)
            if end is None or len(word) > 100:
                found = [vocabulary["[UNK]"]]
                break
            found.append(vocabulary[("##" if start else "") + word[start:end]])
            start = end
        ids += found
        if len(ids) >= LENGTH:
            break
    ids = [vocabulary["[CLS]"], *ids[:LENGTH - 2], vocabulary["[SEP]"]]
    return ids + [0] * (LENGTH - len(ids))


def texts(folder, split, weights):
    vocabulary = {piece: i for i, piece in enumerate((weights / "vocab.txt").read_text().rstrip("\n").split("\n"))}
    rows = [json.loads(line) for line in (folder / f"{split}.jsonl").open()]
    names = sorted({row["label"] for row in rows})
    ids = torch.tensor([pieces(row["text"], vocabulary) for row in rows])
    return (lambda rows: ids[rows]), torch.tensor([names.index(row["label"]) for row in rows])


# Training.

def prepare(t, net, config, p, steps):
    learnt = {n: v.requires_grad_() for n, v in t.items() if "running_" not in n and "cls." not in n}
    optimizer = torch.optim.AdamW([
        {"params": [v for v in learnt.values() if v.dim() > 1], "weight_decay": p["weight_decay"]},
        {"params": [v for v in learnt.values() if v.dim() == 1], "weight_decay": 0},
    ], lr=p["learning_rate"])
    total = p["epochs"] * steps
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: (1 + math.cos(math.pi * s / total)) / 2)

    def step(inputs, labels):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(t, inputs, config, p["dropout"], True), labels)
        loss.backward()
        optimizer.step()
        schedule.step()
        return loss.item()

    return step


def train(name, setting, models, seed):
    place = lambda text: Path(text.replace("SAMPLES", str(SAMPLES)).replace("FETCHED", str(FETCHED)).replace("MODELS", str(models)))
    weights, folder, p = place(setting["weights"]), place(setting["dataset"]), setting["parameters"]
    torch.manual_seed(seed)
    t, config = load(weights)
    read = (lambda split: texts(folder, split, weights)) if name == "bert" else (lambda split: images(folder, split, setting["image_size"], config))
    (inputs, labels), (held_out, wanted) = read("train"), read("validation")
    head(name, t, int(labels.max()) + 1)
    net = globals()[name]
    step = prepare(t, net, config, p, math.ceil(len(labels) / p["batch_size"]))
    for _ in range(p["epochs"]):
        for rows in torch.randperm(len(labels)).split(p["batch_size"]):
            step(inputs(rows), labels[rows])
    with torch.no_grad():
        right = sum((net(t, held_out(r), config, 0, False).argmax(1) == wanted[r]).sum().item() for r in torch.arange(len(wanted)).split(50))
    return right / len(wanted)


def seeds(models, names):
    settings = json.loads((HERE / "settings.json").read_text())
    count = int(os.environ.get("SEEDS", 3))
    print(f"| family | accuracy, seeds 1 to {count} | mean | sd | seconds a seed | peak |\n| --- | --- | --- | --- | --- | --- |")
    for name in names or settings:
        Path("/proc/self/clear_refs").write_text("5")  # Resets VmHWM: proc(5).
        start = time.perf_counter()
        scores = [train(name, settings[name], models, seed) for seed in range(1, count + 1)]
        print(f"| {name} | {' '.join(f'{s:.3f}' for s in scores)} | {statistics.mean(scores):.3f} | {statistics.stdev(scores):.3f} | "
              f"{(time.perf_counter() - start) / count:.0f} | {peak()} MB |", flush=True)


def peak():
    return next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))


def initial(models):
    torch.manual_seed(1)
    t = {}

    def convolution(name, bn, outputs, inputs, side):
        t[f"{name}.weight"] = torch.empty(outputs, inputs, side, side).normal_(0, math.sqrt(2 / (outputs * side * side)))
        t[f"{bn}.weight"], t[f"{bn}.running_var"] = torch.ones(outputs), torch.ones(outputs)
        t[f"{bn}.bias"], t[f"{bn}.running_mean"] = torch.zeros(outputs), torch.zeros(outputs)

    convolution("conv1", "bn1", 64, 3, 7)
    inputs = 64
    for stage, outputs in enumerate((64, 128, 256, 512), 1):
        for unit in range(2):
            at = f"layer{stage}.{unit}."
            convolution(at + "conv1", at + "bn1", outputs, inputs, 3)
            convolution(at + "conv2", at + "bn2", outputs, outputs, 3)
            if inputs != outputs:
                convolution(at + "downsample.0", at + "downsample.1", outputs, inputs, 1)
            inputs = outputs
    save(models / "resnet18-scratch", t, {"model_type": "resnet18", "image_mean": [0.2860] * 3, "image_std": [0.3530] * 3, "num_channels": 3})


def epoch(names):
    """The whole training split but the tenth that the search keeps for validation; a warm-up of 20 steps, then at most a minute."""
    p = {"learning_rate": 1e-3, "epochs": 1, "batch_size": 32, "dropout": 0, "weight_decay": 0.01}
    for name in names or ["convnet", "resnet18"]:
        t, config = load(SAMPLES / "convnet") if name == "convnet" else (None, {"image_mean": [0.5], "image_std": [0.25]})
        if name == "resnet18":
            initial(Path("/tmp/against-pytorch"))
            t, config = load(Path("/tmp/against-pytorch/resnet18-scratch"))
        inputs, labels = images(WHOLE, "train", 28, config)
        head(name, t, 10)
        step = prepare(t, globals()[name], config, p, 54_000 // 32)
        batches = torch.randperm(54_000).split(32)
        for rows in batches[:20]:
            step(inputs(rows), labels[rows])
        start, done = time.perf_counter(), 0
        for rows in batches:
            step(inputs(rows), labels[rows])
            done += len(rows)
            if time.perf_counter() - start > 60:
                break
        seconds = time.perf_counter() - start
        print(f"{name}, 28x28, batch 32: {done / seconds:.0f} examples/s over {done} examples, PyTorch {torch.__version__}", flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["initial"]:
        initial(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["seeds"]:
        seeds(Path(sys.argv[2]), sys.argv[3:])
    elif sys.argv[1:2] == ["epoch"]:
        epoch(sys.argv[2:])
    else:
        sys.exit(__doc__)
