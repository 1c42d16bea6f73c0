"""What the tests of harena-gen share: running it and compilers, and saying what failed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
from cases import Failure, attempt, finish  # noqa: E402, F401

INPUT = HERE / "input"
INCLUDE = HERE.parents[1] / "include"
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror".split()
C_WARNINGS = "-Wstrict-prototypes -Wmissing-prototypes".split()
COMPILERS = {"gcc": "g++", "clang-14": "clang++-14", "clang-19": "clang++-19"}


def run(*command, cwd=None, environment=None, limit=None):
    """The result; `limit` is called in the new process, before the command."""
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, cwd=cwd, errors="replace",
        env={**os.environ, **(environment or {})}, preexec_fn=limit, restore_signals=not limit,
    )


def generate(program, *arguments, cwd=None, environment=None):
    result = run(program, *arguments, cwd=cwd, environment=environment)
    if result.returncode:
        raise Failure(f"exit status {result.returncode}\n{result.stdout}{result.stderr}")


def compile_c(source, *flags, compilers=COMPILERS):
    for compiler in filter(shutil.which, compilers):
        expect_silence(compiler, "-std=c11", *WARNINGS, *C_WARNINGS, *flags, source)


def compile_cpp(source, *flags, compilers=COMPILERS):
    for compiler in filter(shutil.which, (COMPILERS[name] for name in compilers)):
        expect_silence(compiler, "-std=c++17", "-xc++", *WARNINGS, *flags, source)


def expect_silence(*command):
    result = run(*command, f"-I{INCLUDE}", "-fsyntax-only")
    if result.returncode or result.stderr:
        raise Failure(" ".join(map(str, command)) + "\n" + result.stderr[:2000])
