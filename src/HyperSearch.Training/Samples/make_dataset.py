#!/usr/bin/env python3
"""Makes fashion-mnist-sample/ from Fashion-MNIST, byte for byte the same on every system (standard library only).

    python3 make_dataset.py [--source DIR] [--out DIR] [--pretraining DIR]

--source       the four official files; default: Debian's package dataset-fashion-mnist
--out          where fashion-mnist-sample/ is made; default: beside this script
--pretraining  also writes there the images that make-weights.cs pretrains on: T-shirt, trouser, pullover, dress and
               sneaker of the official training split, without those of the sample
"""
import argparse
import gzip
import pathlib
import struct
import zlib

SEED = 20170825
NAMES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
SAMPLE = {"train": 50, "validation": 100, "t10k": 100}  # images per class
PRETRAINING = [0, 1, 2, 3, 7]
PRETRAINING_VALIDATION = 200  # images per class, only watched
SIDE = 28


def mix(bits):
    """SplitMix64: written out, because the standard generators may change between versions."""
    bits = (bits + 0x9E3779B97F4A7C15) & (2**64 - 1)
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & (2**64 - 1)
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & (2**64 - 1)
    return bits ^ (bits >> 31)


def shuffled(rows, purpose):
    return sorted(rows, key=lambda row: mix(mix(SEED + purpose) ^ row))


def read(source, split):
    images = gzip.open(source / f"{split}-images-idx3-ubyte.gz").read()[16:]
    labels = gzip.open(source / f"{split}-labels-idx1-ubyte.gz").read()[8:]
    return images, labels


def rows_by_class(labels, purpose):
    rows = {c: [] for c in range(10)}
    for row, label in enumerate(labels):
        rows[label].append(row)
    return {c: shuffled(r, purpose) for c, r in rows.items()}


def stored_gzip(data):
    """A gzip file of stored blocks: compressors differ between systems, copies do not."""
    out = bytearray(b"\x1f\x8b\x08\0\0\0\0\0\0\xff")
    for start in range(0, len(data), 65535):
        block = data[start:start + 65535]
        out += struct.pack("<BHH", start + 65535 >= len(data), len(block), len(block) ^ 0xFFFF) + block
    return bytes(out + struct.pack("<II", zlib.crc32(data), len(data)))


def write(folder, split, images, labels, rows, classes):
    pixels = b"".join(images[row * SIDE * SIDE:(row + 1) * SIDE * SIDE] for row in rows)
    header = struct.pack(">IIII", 0x803, len(rows), SIDE, SIDE)
    (folder / f"{split}-images-idx3-ubyte.gz").write_bytes(stored_gzip(header + pixels))
    numbers = bytes(classes.index(labels[row]) for row in rows)
    header = struct.pack(">II", 0x801, len(rows))
    (folder / f"{split}-labels-idx1-ubyte.gz").write_bytes(stored_gzip(header + numbers))


def write_names(folder, classes):
    (folder / "labels.txt").write_bytes("".join(NAMES[c] + "\n" for c in classes).encode())


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--source", type=pathlib.Path, default=pathlib.Path("/usr/share/datasets/fashion-mnist"))
    arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent)
    arguments.add_argument("--pretraining", type=pathlib.Path)
    options = arguments.parse_args()

    classes = list(range(10))
    images, labels = read(options.source, "train")
    rows = rows_by_class(labels, purpose=1)
    first, second = SAMPLE["train"], SAMPLE["train"] + SAMPLE["validation"]
    folder = options.out / "fashion-mnist-sample"
    folder.mkdir(parents=True, exist_ok=True)
    # The order of the classes in the files is mixed, so that a head of a file is a fair sample too.
    write(folder, "train", images, labels, shuffled([r for c in classes for r in rows[c][:first]], 2), classes)
    write(folder, "validation", images, labels, shuffled([r for c in classes for r in rows[c][first:second]], 3), classes)
    test_images, test_labels = read(options.source, "t10k")
    test_rows = rows_by_class(test_labels, purpose=4)
    write(folder, "t10k", test_images, test_labels, shuffled([r for c in classes for r in test_rows[c][:SAMPLE["t10k"]]], 5), classes)
    write_names(folder, classes)

    if options.pretraining:
        options.pretraining.mkdir(parents=True, exist_ok=True)
        third = second + PRETRAINING_VALIDATION
        write(options.pretraining, "validation", images, labels, shuffled([r for c in PRETRAINING for r in rows[c][second:third]], 6), PRETRAINING)
        write(options.pretraining, "train", images, labels, shuffled([r for c in PRETRAINING for r in rows[c][third:]], 7), PRETRAINING)
        write_names(options.pretraining, PRETRAINING)


if __name__ == "__main__":
    main()
