# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes a SequentialNetwork as an ONNX file: protocol buffers by hand, so that no package is needed.

Field numbers are those of onnx.proto (ONNX, operator set 13)."""

import array

FLOAT = 1
STRING_ATTRIBUTE = 3
INT_ATTRIBUTE = 2
INTS_ATTRIBUTE = 7


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def chunk(field, payload):
    if isinstance(payload, str):
        payload = payload.encode()
    return varint(field << 3 | 2) + varint(len(payload)) + payload


def attribute(name, value):
    if isinstance(value, int):
        return chunk(5, chunk(1, name) + number(3, value) + number(20, INT_ATTRIBUTE))
    if isinstance(value, str):
        return chunk(5, chunk(1, name) + chunk(4, value) + number(20, STRING_ATTRIBUTE))
    return chunk(5, chunk(1, name) + b"".join(number(8, v) for v in value) + number(20, INTS_ATTRIBUTE))


def node(operator, inputs, output, **attributes):
    body = b"".join(chunk(1, name) for name in inputs) + chunk(2, output) + chunk(4, operator)
    return chunk(1, body + b"".join(attribute(n, v) for n, v in attributes.items()))


def initializer(name, shape, values):
    dims = b"".join(number(1, d) for d in shape)
    return chunk(5, dims + number(2, FLOAT) + chunk(8, name) + chunk(9, array.array("f", values).tobytes()))


def value_info(field, name, shape):
    dims = b"".join(chunk(1, number(1, d)) for d in shape)
    return chunk(field, chunk(1, name) + chunk(2, chunk(1, number(1, FLOAT) + chunk(2, dims))))


def with_planes_reordered(convolution, channels, factor=2):
    """SpaceToDepth puts sub-images first and colours second; PixelUnshuffle, and the weights, the other way round."""
    cells = factor * factor
    order = [color * cells + cell for cell in range(cells) for color in range(channels)]
    order += range(channels * cells, convolution.in_channels)
    taps = convolution.size * convolution.size
    kernel = []
    for out in range(convolution.out_channels):
        base = out * convolution.in_channels
        for plane in order:
            kernel += convolution.kernel[(base + plane) * taps : (base + plane + 1) * taps]
    return kernel


def write_onnx(path, network, width, height):
    """One picture of fixed size, input `image` and for FFDNet `noise_map`, output `clean`."""
    graph = b""
    inputs = value_info(11, "image", (1, network.channels, height, width))
    last = "image"
    if network.is_told_noise:
        graph += node("SpaceToDepth", ["image"], "planes", blocksize=2)
        graph += node("Concat", ["planes", "noise_map"], "joined", axis=1)
        inputs += value_info(11, "noise_map", (1, 1, height // 2, width // 2))
        last = "joined"
    weights = b""
    for i, convolution in enumerate(network.convolutions):
        kernel = convolution.kernel
        if i == 0 and network.is_told_noise:
            kernel = with_planes_reordered(convolution, network.channels)
        size = convolution.size
        weights += initializer(f"w{i}", (convolution.out_channels, convolution.in_channels, size, size), kernel)
        weights += initializer(f"b{i}", (convolution.out_channels,), convolution.bias)
        graph += node("Conv", [last, f"w{i}", f"b{i}"], f"c{i}", kernel_shape=[size, size], pads=[size // 2] * 4)
        last = f"c{i}"
        if i + 1 < len(network.convolutions):
            graph += node("Relu", [last], f"r{i}")
            last = f"r{i}"
    if network.is_told_noise:
        graph += node("DepthToSpace", [last], "full", blocksize=2, mode="CRD")
        last = "full"
    graph += node("Sub", ["image", last], "clean") if network.residual else node("Identity", [last], "clean")
    graph += chunk(2, "denoiser") + weights + inputs + value_info(12, "clean", (1, network.channels, height, width))
    with open(path, "wb") as file:
        file.write(number(1, 8) + chunk(7, graph) + chunk(8, number(2, 13)))
