# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a model folder's network in PyTorch: TorchScript, frozen, channels last. See peer_process.py for the dialogue.

    python3 torch_runner.py WEIGHTS IMAGE.f32 WIDTH HEIGHT CHANNELS SIGMA THREADS PRECISION

Freezing alone and freezing with optimize_for_inference are both tried, and the faster one is kept."""

import array
import sys
import time
import warnings

import torch
import torch.nn.functional as functional

from weights_file import SequentialNetwork


class Denoiser(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.shuffled = network.is_told_noise
        self.residual = network.residual
        self.layers = torch.nn.ModuleList()
        for c in network.convolutions:
            layer = torch.nn.Conv2d(c.in_channels, c.out_channels, c.size, padding=c.size // 2)
            layer.weight.data = torch.tensor(c.kernel).reshape(layer.weight.shape)
            layer.bias.data = torch.tensor(c.bias)
            self.layers.append(layer)

    def forward(self, image, noise_map):
        x = image
        if self.shuffled:
            x = torch.cat([functional.pixel_unshuffle(image, 2), noise_map], 1)
            x = x.contiguous(memory_format=torch.channels_last)
        for layer in self.layers[:-1]:
            x = functional.relu(layer(x))
        x = self.layers[-1](x)
        if self.shuffled:
            x = functional.pixel_shuffle(x, 2)
        return image - x if self.residual else x


def milliseconds(module, inputs):
    start = time.perf_counter()
    result = module(*inputs)
    return (time.perf_counter() - start) * 1e3, result


def cropped(inputs):
    """The upper left sixteenth, of even size."""
    image, noise_map = inputs
    height, width = image.shape[-2] // 8, image.shape[-1] // 8
    return (image[..., : 2 * height, : 2 * width].contiguous(memory_format=torch.channels_last),
            noise_map[..., :height, :width].contiguous())


def fastest_form(model, inputs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frozen = torch.jit.freeze(torch.jit.trace(model, inputs).eval())
        forms = [frozen]
        try:
            forms.append(torch.jit.optimize_for_inference(torch.jit.trace(model, inputs).eval()))
        except RuntimeError:
            pass
    small = cropped(inputs)
    times = []
    for form in forms:
        for _ in range(3):  # TorchScript compiles in its first two calls
            elapsed, _ = milliseconds(form, small)
        times.append(elapsed)
    return forms[times.index(min(times))]


def main():
    weights, image_file = sys.argv[1:3]
    width, height, channels = map(int, sys.argv[3:6])
    sigma, threads, precision = float(sys.argv[6]), int(sys.argv[7]), sys.argv[8]
    torch.set_num_threads(threads)
    with open(image_file, "rb") as file:
        values = bytearray(file.read())
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    image = torch.frombuffer(values, dtype=torch.float32).reshape(1, channels, height, width)
    noise_map = torch.full((1, 1, height // 2, width // 2), sigma)
    network = SequentialNetwork(weights)
    with torch.inference_mode():
        model = Denoiser(network).eval().to(kind).to(memory_format=torch.channels_last)
        inputs = (image.to(kind).contiguous(memory_format=torch.channels_last), noise_map.to(kind))
        form = fastest_form(model, inputs)
        print("ready PyTorch " + torch.__version__, flush=True)
        clean = None
        for line in sys.stdin:
            word, _, name = line.strip().partition(" ")
            if word == "run":
                elapsed, clean = milliseconds(form, inputs)
                print(elapsed, flush=True)
            elif word == "save":
                with open(name, "wb") as file:
                    file.write(array.array("f", clean.float().contiguous().flatten().tolist()).tobytes())
                print("saved", flush=True)


try:
    main()
except (RuntimeError, ValueError, OSError) as error:
    print("failed " + str(error).splitlines()[0], flush=True)
    sys.exit(1)
