"""Writes bert/ and distilbert/ beside this script: small weights, and what PyTorch makes of them.

Each folder has config.json and model.safetensors as on the Hugging Face hub, reference.json (inputs, logits in
evaluation and in training mode with dropout 0, logits with other activations, loss) and gradients.safetensors (of one
step, the loss being the mean cross-entropy). The nets are written here in plain torch.nn, from the papers: Vaswani et
al. 2017 (attention, residual connections), Devlin et al. 2019 (embeddings, layer norm behind each part, GELU, pooler) and
Sanh et al. 2019 (no token types, no pooler). Weights are far from their usual small values, so that no mistake hides; they are float32, computed is in float64, so
that a difference is the tested side's.

Needs Debian's python3-torch (1.13). Run: python3 make-bert-reference.py
"""

import json
import math
import struct
from pathlib import Path

import torch
from torch import nn

VOCABULARY, HIDDEN, LAYERS, HEADS, INNER, POSITIONS, TYPES, CLASSES = 100, 32, 2, 4, 64, 40, 2, 3
EPSILON = 1e-12


def tanh_gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


ACTIVATIONS = {"gelu": nn.functional.gelu, "relu": torch.relu, "gelu_new": tanh_gelu}


class Named(nn.Module):
    """A module whose parts have the given names, dots included."""

    def __init__(self, parts):
        super().__init__()
        self.parts = nn.ModuleDict({name.replace(".", "/"): part for name, part in parts.items()})

    def __getitem__(self, name):
        return self.parts[name.replace(".", "/")]

    def named(self):
        for name, parameter in self.named_parameters():
            yield name.removeprefix("parts.").replace("/", "."), parameter


def encoder_parts(prefix, embeddings, layers, names):
    parts = {
        f"{prefix}.embeddings.word_embeddings": nn.Embedding(VOCABULARY, HIDDEN),
        f"{prefix}.embeddings.position_embeddings": nn.Embedding(POSITIONS, HIDDEN),
        f"{prefix}.embeddings.LayerNorm": nn.LayerNorm(HIDDEN, eps=EPSILON),
    }
    if embeddings == 3:
        parts[f"{prefix}.embeddings.token_type_embeddings"] = nn.Embedding(TYPES, HIDDEN)
    for i in range(LAYERS):
        at = f"{prefix}.{layers}.{i}."
        for role in ("query", "key", "value", "mix"):
            parts[at + names[role]] = nn.Linear(HIDDEN, HIDDEN)
        parts[at + names["widen"]] = nn.Linear(HIDDEN, INNER)
        parts[at + names["narrow"]] = nn.Linear(INNER, HIDDEN)
        for role in ("first_norm", "second_norm"):
            parts[at + names[role]] = nn.LayerNorm(HIDDEN, eps=EPSILON)
    return parts


class Classifier(Named):
    def __init__(self, prefix, embeddings, layers, names, head):
        parts = encoder_parts(prefix, embeddings, layers, names)
        parts[head] = nn.Linear(HIDDEN, HIDDEN)
        parts["classifier"] = nn.Linear(HIDDEN, CLASSES)
        super().__init__(parts)
        self.prefix, self.layers, self.names, self.head, self.embeddings = prefix, layers, names, head, embeddings
        self.activation = "gelu"

    def forward(self, ids, types):
        at = f"{self.prefix}.embeddings."
        x = self[at + "word_embeddings"](ids) + self[at + "position_embeddings"](torch.arange(ids.shape[1]))
        if self.embeddings == 3:
            x = x + self[at + "token_type_embeddings"](types)
        x = self[at + "LayerNorm"](x)
        hidden_from = (ids == 0).view(ids.shape[0], 1, 1, -1)
        for i in range(LAYERS):
            x = self.layer(f"{self.prefix}.{self.layers}.{i}.", x, hidden_from)
        first = self[self.head](x[:, 0])
        first = torch.tanh(first) if self.embeddings == 3 else torch.relu(first)
        return self["classifier"](first)

    def layer(self, at, x, hidden_from):
        def heads(role):
            return self[at + self.names[role]](x).view(*x.shape[:2], HEADS, HIDDEN // HEADS).transpose(1, 2)

        scores = heads("query") @ heads("key").transpose(2, 3) / math.sqrt(HIDDEN // HEADS)
        shares = torch.softmax(scores.masked_fill(hidden_from, -math.inf), dim=-1)
        mixed = (shares @ heads("value")).transpose(1, 2).reshape(x.shape)
        x = self[at + self.names["first_norm"]](x + self[at + self.names["mix"]](mixed))
        inner = ACTIVATIONS[self.activation](self[at + self.names["widen"]](x))
        return self[at + self.names["second_norm"]](x + self[at + self.names["narrow"]](inner))


BERT = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value", "mix": "attention.output.dense",
    "first_norm": "attention.output.LayerNorm", "widen": "intermediate.dense", "narrow": "output.dense", "second_norm": "output.LayerNorm",
}
DISTILBERT = {
    "query": "attention.q_lin", "key": "attention.k_lin", "value": "attention.v_lin", "mix": "attention.out_lin",
    "first_norm": "sa_layer_norm", "widen": "ffn.lin1", "narrow": "ffn.lin2", "second_norm": "output_layer_norm",
}


def write_safetensors(path, tensors):
    header, offset, data = {}, 0, b""
    for name, tensor in sorted(tensors):
        values = tensor.detach().to(torch.float32).contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(values)]}
        offset, data = offset + len(values), data + values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def batch():
    """Six examples of 24 tokens: pairs and single texts, none to many padding tokens (id 0)."""
    generator = torch.Generator().manual_seed(11)
    ids = torch.randint(5, VOCABULARY, (6, 24), generator=generator)
    types = torch.zeros_like(ids)
    for row, (first, second) in enumerate([(24, 24), (10, 20), (7, 7), (2, 3), (12, 24), (1, 15)]):
        types[row, first:second] = 1
        ids[row, second:] = 0
    return ids, types, torch.tensor([0, 1, 2, 1, 0, 2])


def make(folder, config, model):
    torch.manual_seed(5)
    for name, parameter in model.named():
        centre = 1 if name.endswith("weight") and "norm" in name.lower() else 0
        nn.init.normal_(parameter, centre, 0.2)
    model.double()
    ids, types, labels = batch()
    reference = {"ids": ids.tolist(), "types": types.tolist(), "labels": labels.tolist(), "logits": {}}
    with torch.no_grad():
        for activation in ACTIVATIONS:
            model.activation = activation
            reference["logits"][activation] = model.eval()(ids, types).tolist()
    model.activation = "gelu"
    logits = model.train()(ids, types)
    loss = nn.functional.cross_entropy(logits, labels)
    loss.backward()
    reference["training_logits"], reference["loss"] = logits.tolist(), loss.item()
    folder.mkdir(exist_ok=True)
    write_safetensors(folder / "model.safetensors", list(model.named()))
    write_safetensors(folder / "gradients.safetensors", [(name, p.grad) for name, p in model.named()])
    (folder / "reference.json").write_text(json.dumps(reference, separators=(",", ":")) + "\n")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


here = Path(__file__).parent
labels = {str(i): name for i, name in enumerate(["red", "green", "blue"])}
make(here / "bert", {
    "model_type": "bert", "vocab_size": VOCABULARY, "hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
    "intermediate_size": INNER, "max_position_embeddings": POSITIONS, "type_vocab_size": TYPES, "hidden_act": "gelu",
    "layer_norm_eps": EPSILON, "pad_token_id": 0, "hidden_dropout_prob": 0.1, "id2label": labels,
}, Classifier("bert", 3, "encoder.layer", BERT, "bert.pooler.dense"))
make(here / "distilbert", {
    "model_type": "distilbert", "vocab_size": VOCABULARY, "dim": HIDDEN, "n_layers": LAYERS, "n_heads": HEADS, "hidden_dim": INNER,
    "max_position_embeddings": POSITIONS, "activation": "gelu", "pad_token_id": 0, "id2label": labels,
}, Classifier("distilbert", 2, "transformer.layer", DISTILBERT, "pre_classifier"))
