#!/usr/bin/env python3
"""Every C file is as clang-format 14 writes it with the root's .clang-format."""

import re
import shutil
import subprocess
import sys

from check import CODE_FOLDERS, Check

VERSION = 14


def clang_format():
    """Other versions format the same settings differently, so only this one decides."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        program = shutil.which(name)
        if not program:
            continue
        version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        if re.search(rf"version {VERSION}\.", version):
            return program
    print(f"skipped: no clang-format {VERSION} (Debian: clang-format-{VERSION})")
    sys.exit(77)


def main():
    check = Check(__doc__)
    check.parse()
    program = clang_format()
    paths = list(check.files(CODE_FOLDERS))
    if paths:
        style = f"--style=file:{check.root / '.clang-format'}"
        result = subprocess.run(
            [program, style, "--dry-run", "--Werror", *paths], capture_output=True, text=True
        )
        lines = {}
        for match in re.finditer(r"^(/.*?):(\d+):\d+: error: ", result.stderr, re.MULTILINE):
            lines.setdefault(match.group(1), set()).add(int(match.group(2)))
        for path, numbers in lines.items():
            name = path.removeprefix(f"{check.root}/")
            text = f"clang-format would change {len(numbers)} places, this is the first"
            check.found(name, min(numbers), text)
        if result.returncode and not check.findings:
            check.found(".clang-format", 0, result.stderr.strip())
    check.finish(len(paths))


main()
