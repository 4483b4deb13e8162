# SPDX-License-Identifier: LGPL-2.1-or-later
"""The dialogue with a peer in a process of its own: it prints `ready NAME VERSION` (or `failed WHY`), answers `run`
with milliseconds, and `save FILE`, once it has written its last result as float planes, with `saved`."""

import subprocess


class PeerMissing(Exception):
    pass


class PeerProcess:
    def __init__(self, command, cwd=None):
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd)
        except OSError as error:
            raise PeerMissing(str(error)) from error
        answer = self.process.stdout.readline().strip()
        if not answer.startswith("ready "):
            messages = self.process.stderr.read().strip().splitlines()
            self.close()
            raise PeerMissing(answer.removeprefix("failed ") or (messages[-1] if messages else "it ended silently"))
        self.name = answer.removeprefix("ready ")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer or answer.startswith("failed"):
            raise PeerMissing(answer.removeprefix("failed ") or "it ended while running")
        return answer

    def run_ms(self):
        return float(self.ask("run"))

    def save(self, path):
        self.ask(f"save {path}")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
