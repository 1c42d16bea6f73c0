#!/usr/bin/env python3
"""The release library needs libc and nothing else, and leaves no symbol to chance."""

import re
import subprocess

from check import Check

ALLOWED = re.compile(r"^(libc\.so\.\d+|ld-linux.*\.so\.\d+)$")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main():
    check = Check(__doc__)
    check.parser.add_argument("library", help="the shared library")
    library = check.parse().library
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "--dynamic", "--wide", library))
    for name in needed:
        if not ALLOWED.match(name):
            check.found(library, 0, f"needs {name}")
    undefined = output("nm", "--dynamic", "--undefined-only", library).splitlines()
    for line in undefined:
        kind, name = line.split()[-2:]
        if kind == "U" and "@GLIBC" not in name:
            check.found(library, 0, f"{name} is undefined, and libc does not have it")
    check.finish(len(needed) + len(undefined))


main()
