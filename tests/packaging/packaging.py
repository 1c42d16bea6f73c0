"""What the packaging tests share: running commands and outside programs, and saying what failed."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
from cases import Failure, attempt, finish  # noqa: E402, F401

SOURCE = HERE.parents[1]
OUTSIDE = HERE / "outside"
CC = shlex.split(os.environ.get("CC", "cc"))
CXX = shlex.split(os.environ.get("CXX", "c++"))
MESON = shlex.split(os.environ.get("MESON", "meson"))
# Meson names the folders of both variants there, in any order. Each case says itself what is loaded.
os.environ.pop("LD_LIBRARY_PATH", None)


def run(*command, environment=None, cwd=None, expected=0):
    """The command's output. Its exit status must be the expected one; None is any but 0."""
    command = [str(word) for word in command]
    result = subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env={**os.environ, **(environment or {})}
    )
    as_expected = result.returncode != 0 if expected is None else result.returncode == expected
    if not as_expected:
        text = f"{shlex.join(command)}\nexit status {result.returncode}"
        raise Failure(f"{text}\n{result.stdout}{result.stderr}")
    return result.stdout + result.stderr


def expect_variant(output, variant):
    if output.split() != [variant]:
        raise Failure(f"expected the {variant} variant, and the program said: {output!r}")
