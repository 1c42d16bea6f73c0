#!/usr/bin/env python3
"""Writes a header that puts `release_` before every global symbol that the archives define, so that the
release variant can be compiled a second time and live in one process with the instrumented one.

    rename.py OUTPUT NM ARCHIVE...
"""

import re
import subprocess
import sys
from pathlib import Path

# Not the sanitizers' own.
NAME = re.compile(r"^[a-z]\w*$")


def symbols(nm, archive):
    """The names in the archive that other files can see."""
    result = subprocess.run(
        [nm, "--defined-only", "--extern-only", "--format=posix", archive], capture_output=True, text=True,
        check=True,
    )
    names = (line.split()[0] for line in result.stdout.splitlines() if " " in line)
    return {name for name in names if NAME.match(name)}


def main():
    output, nm, *archives = sys.argv[1:]
    names = set().union(*(symbols(nm, archive) for archive in archives))
    if not names:
        sys.exit("no symbols to rename")
    text = "".join(f"#define {name} release_{name}\n" for name in sorted(names))
    header = Path(output)
    # What is the same keeps its time, so that nothing is compiled again.
    if not header.exists() or header.read_text() != text:
        header.write_text(text)


main()
