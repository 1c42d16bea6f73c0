#!/usr/bin/env python3
"""Every symbol carries the prefix, the shared library exports what the headers promise and nothing
else, and both variants export the same.

The libraries are given as VARIANT=FILE; a .a is looked into for all its global symbols.
"""

import re
import subprocess

from check import Check, blank

PREFIX = "harena_"
# The toolchain's own, in every shared library that is built with coverage or a sanitizer.
TOOLCHAIN = re.compile(r"^(__(asan|odr_asan|ubsan|msan|tsan|gcov|llvm|sanitizer)|_init$|_fini$)")
# What the static library puts in the place of libbacktrace's own; weak, so that the two may meet.
REPLACED = re.compile(r"^backtrace_(alloc|free|vector_(grow|finish|release)) W ")


def symbols(path):
    """The defined global symbols: for a shared library those in its dynamic table."""
    table = [] if path.endswith(".a") else ["--dynamic"]
    result = subprocess.run(
        ["nm", *table, "--defined-only", "--extern-only", "--format=posix", path],
        capture_output=True, text=True, check=True,
    )
    lines = (line for line in result.stdout.splitlines() if " " in line)
    if not table:
        lines = (line for line in lines if not REPLACED.match(line))
    names = (line.split()[0].split("@")[0] for line in lines)
    return {name for name in names if not TOOLCHAIN.match(name)}


def promised(root):
    """The functions that the public headers declare with an export mark."""
    names = set()
    for path in sorted((root / "include").rglob("*.h")):
        text = blank(path.read_text())
        for match in re.finditer(r"^HARENA_(?:API|INLINE|OUT_OF_LINE)\b([^;{]*?)\b(\w+)\s*\(", text, re.MULTILINE):
            names.add(match.group(2))
    return names


def main():
    check = Check(__doc__)
    check.parser.add_argument("library", nargs="+", metavar="VARIANT=FILE")
    arguments = check.parse()
    declared = promised(check.root)
    exported = {}
    for argument in arguments.library:
        variant, path = argument.split("=", 1)
        names = symbols(path)
        for name in sorted(names):
            if not name.startswith(PREFIX):
                check.found(path, 0, f"{name} does not start with {PREFIX}")
        if not path.endswith(".a"):
            exported[variant] = names
            for name in sorted(declared - names):
                check.found(path, 0, f"{name} is declared in a public header and not exported")
            for name in sorted(names - declared):
                check.found(path, 0, f"{name} is exported and declared in no public header")
    for variant, names in exported.items():
        for other, others in exported.items():
            for name in sorted(names - others):
                check.found(other, 0, f"{name} is exported by {variant} and not by {other}")
    check.finish(len(arguments.library) if declared else 0)


main()
