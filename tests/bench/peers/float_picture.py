# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pictures for the peers: a test picture as PNM, and rdn's 32-bit float TIFF as planes."""

import array
import math
import struct


def write_test_picture(path, width, height, channels):
    """Waves along rows, lighter and darker from row to row; 8 bit."""
    row = bytes(int(127.5 + 60 * math.sin(0.021 * x + c) + 25 * math.sin(0.17 * x)) for x in range(width)
                for c in range(channels))
    with open(path, "wb") as file:
        file.write(f"{'P6' if channels == 3 else 'P5'}\n{width} {height}\n255\n".encode())
        for y in range(height):
            shift = int(40 * math.sin(0.033 * y))
            file.write(row.translate(bytes(min(max(v + shift, 0), 255) for v in range(256))))


def read_float_tiff(path):
    """(width, height, channels, samples plane by plane) of an uncompressed little-endian float TIFF."""
    with open(path, "rb") as file:
        data = file.read()
    offset = struct.unpack_from("<I", data, 4)[0]
    tags = {}
    for i in range(struct.unpack_from("<H", data, offset)[0]):
        tag, kind, count = struct.unpack_from("<HHI", data, offset + 2 + 12 * i)
        letter = {3: "H", 4: "I"}.get(kind)
        if letter is None:
            continue
        place = offset + 10 + 12 * i
        if count * struct.calcsize(letter) > 4:
            place = struct.unpack_from("<I", data, place)[0]
        tags[tag] = struct.unpack_from(f"<{count}{letter}", data, place)
    width, height, channels = tags[256][0], tags[257][0], tags.get(277, (1,))[0]
    samples = array.array("f")
    for start, size in zip(tags[273], tags[279]):
        samples.frombytes(data[start : start + size])
    planes = array.array("f")
    for c in range(channels):
        planes += samples[c::channels]
    return width, height, channels, planes
