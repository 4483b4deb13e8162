# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clips as raw 4:2:0 files: made from pictures and videos, cut, and compared by ffmpeg."""

import pathlib
import re
import subprocess


def run(command, env=None):
    result = subprocess.run([str(word) for word in command], env=env, capture_output=True, text=True)
    if result.returncode != 0:
        lines = result.stderr.strip().splitlines() or ["(no message)"]
        raise SystemExit(f"{command[0]} failed: {lines[-1]}\n  {' '.join(str(word) for word in command)}")
    return result.stderr


class RawClip:
    """8-bit I420 without header."""

    def __init__(self, path, width, height):
        self.path = pathlib.Path(path)
        self.width = width
        self.height = height

    @property
    def frame_bytes(self):
        return self.width * self.height + 2 * ((self.width + 1) // 2) * ((self.height + 1) // 2)

    def input(self):
        return ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{self.width}x{self.height}", "-r", "30", "-i",
                str(self.path)]


def write_raw(inputs, graph, frames, path):
    run(["ffmpeg", "-v", "error", "-y", *inputs, "-vf", graph, "-pix_fmt", "yuv420p", "-frames:v", str(frames), "-f",
         "rawvideo", str(path)])


def make_clip(name, data, frames, work):
    """kodak-still, kodak-pan, or a file of data/video without its ending."""
    path = work / f"{name}.yuv"
    if name.startswith("kodak"):
        width, height = 1920, 1080
        pictures = ["-pattern_type", "glob", "-i", str(data / "test-color" / "kodak24" / "*.png")]
        mosaic = work / "mosaic.png"
        run(["ffmpeg", "-v", "error", "-y", *pictures, "-vf", "tile=6x4", "-frames:v", "1", str(mosaic)])
        motion = "6*n" if name == "kodak-pan" else "0"
        write_raw(["-loop", "1", "-i", str(mosaic)],
                  f"scale=out_range=full,format=yuv420p,crop={width}:{height}:{motion}:400", frames, path)
        return RawClip(path, width, height)
    source = data / "video" / f"{name}.mp4"
    if not source.exists():
        raise SystemExit(f"{source}: not found")
    probe = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height",
                            "-of", "csv=p=0", str(source)], capture_output=True, text=True, check=True).stdout
    width, height = map(int, probe.strip().split(",")[:2])
    write_raw(["-i", str(source)], "null", frames, path)
    return RawClip(path, width, height)


def crop(clip, path):
    """The middle, at most 640x360."""
    width, height = min(clip.width, 640), min(clip.height, 360)
    write_raw(clip.input(), f"crop={width}:{height}", 8, path)
    return RawClip(path, width, height)


def luma_psnr(clip, reference, graph="null"):
    """dB, from the mean square error over all frames."""
    compare = f"[0:v]{graph}[filtered];[filtered][1:v]psnr"
    messages = run(["ffmpeg", *clip.input(), *reference.input(), "-lavfi", compare, "-f", "null", "-"])
    return float(re.findall(r"PSNR y:([0-9.]+|inf)", messages)[-1])
