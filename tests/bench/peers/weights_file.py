# SPDX-License-Identifier: LGPL-2.1-or-later
"""A model folder's weights.safetensors, as far as sequences of convolutions and ReLUs need it."""

import json
import re
import struct


class Convolution:
    """kernel: floats of [out_channels, in_channels, size, size], row-major."""

    def __init__(self, shape, kernel, bias):
        self.out_channels, self.in_channels, self.size, _ = shape
        self.kernel = kernel
        self.bias = bias


class SequentialNetwork:
    """FFDNet or DnCNN: the picture (FFDNet: its four sub-images and a noise map) through convolutions with a ReLU
    between them; with `residual`, the picture less the result."""

    def __init__(self, path):
        with open(path, "rb") as file:
            header_bytes = struct.unpack("<Q", file.read(8))[0]
            header = json.loads(file.read(header_bytes))
            data = file.read()
        metadata = header.pop("__metadata__")
        self.kind = metadata["rdenoise.network"]
        self.residual = metadata.get("residual") == "true"
        if self.kind not in ("ffdnet", "dncnn") or metadata.get("input") not in ("gray", "rgb"):
            raise ValueError(f"{path}: expected FFDNet or DnCNN for gray or rgb, found {self.kind}")
        if metadata.get("batch_norm") == "true":
            raise ValueError(f"{path}: expected batch norm folded into the convolutions, found a layer of it")
        self.channels = int(metadata["channels"])
        names = sorted((n for n in header if n.endswith(".weight")), key=lambda n: int(re.findall(r"\d+", n)[0]))
        self.convolutions = [
            Convolution(header[n]["shape"], floats_of(header[n], data), floats_of(header[n[:-6] + "bias"], data))
            for n in names
        ]

    @property
    def is_told_noise(self):
        return self.kind == "ffdnet"

    def macs_per_px(self):
        macs = sum(c.out_channels * c.in_channels * c.size * c.size for c in self.convolutions)
        return macs / 4 if self.kind == "ffdnet" else macs


def floats_of(entry, data):
    begin, end = entry["data_offsets"]
    letter, size = {"F16": ("e", 2), "F32": ("f", 4)}[entry["dtype"]]
    return struct.unpack(f"<{(end - begin) // size}{letter}", data[begin:end])
