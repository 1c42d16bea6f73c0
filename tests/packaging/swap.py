#!/usr/bin/env python3
"""One program, linked once against the release shared library: it runs there, and unchanged against
the instrumented one, where its bug is found.

Arguments: the folders of the release and the instrumented shared library.
"""

import argparse
import re
import tempfile
from pathlib import Path

from packaging import CC, HERE, SOURCE, Failure, attempt, finish, run


def line_of(text):
    """A pattern for the place of the only line of the program that has the text."""
    lines = (HERE / "swap.c").read_text().splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return rf"\S*swap\.c:{number}"


# What is between these lines depends on the tool.
REPORT = [
    r"harena: use-after-clear: a block .* written to.*",
    r"0x[0-9a-f]+ is 0 bytes inside a 262144-byte block of arena \"request\" \(generation 1\)",
    r"  block allocated here:",
    rf"    #0 make_block {line_of('harena_alloc(')}",
    rf"  arena \"request\" \(opened {line_of('harena_open(')}\) was cleared here:",
    rf"    #0 end_request {line_of('harena_clear(')}",
    r"HARENA-SIGNATURE\tuse-after-clear\tmake_block\tend_request\trequest",
]


def link(program, library, *flags):
    run(*CC, "-O1", "-g", *flags, HERE / "swap.c", f"-I{SOURCE}/include", f"-L{library}", "-lharena",
        "-o", program)


def passes(program, library):
    output = run(program, environment={"LD_LIBRARY_PATH": str(library)})
    if output:
        raise Failure(f"the release library printed: {output}")


def is_caught(program, library):
    """With the class, the block and both sites, in this order."""
    output = run(program, environment={"LD_LIBRARY_PATH": str(library)}, expected=None)
    lines = iter(output.splitlines())
    for pattern in REPORT:
        if not any(re.search(rf"{pattern}$", line) for line in lines):
            raise Failure(f"the report has no line {pattern!r}, or not there:\n{output}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("instrumented", type=Path)
    folders = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, flags in (("plain", []), ("under ASan", ["-fsanitize=address"])):
            program = Path(folder) / "swap"
            results += [
                attempt(f"{name}: links", link, program, folders.release, *flags),
                attempt(f"{name}: runs in release", passes, program, folders.release),
                attempt(f"{name}: the same program is caught", is_caught, program,
                        folders.instrumented),
            ]
    finish(results)


main()
