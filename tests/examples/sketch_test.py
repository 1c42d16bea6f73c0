#!/usr/bin/env python3
"""The example with generated views: what it draws, and that a reference to a cleared arena is found."""

import subprocess
import sys

DRAWN = """\
sky: 1 circles
  at 80,120 radius 9, filled
car: 2 circles
  at 10,3 radius 3
  at 22,3 radius 3
"""
SAID = {"release": "harena: stale reference: ", "instrumented": "ERROR: harena: stale-reference: "}


def run(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True)


def main():
    variant, program = sys.argv[1:]
    drawn = run(program)
    if drawn.returncode or drawn.stdout != DRAWN or drawn.stderr:
        sys.exit(f"exit status {drawn.returncode}\n{drawn.stdout}{drawn.stderr}")
    planted = run(program, "--plant", "stale")
    if not planted.returncode or SAID[variant] not in planted.stderr:
        sys.exit(f"exit status {planted.returncode}\n{planted.stderr}")


main()
