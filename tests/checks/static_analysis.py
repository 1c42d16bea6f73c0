#!/usr/bin/env python3
"""clang-tidy 14 has nothing to say about the library with the root's .clang-tidy."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from check import Check

FLAGS = ["-std=c11", "-D_GNU_SOURCE", '-DHARENA_VERSION="0"']


def analyse(program, root, hooks, paths):
    """What clang-tidy prints, given the search path of the variant with these hooks."""
    search = ("include", "src", f"instrument/{hooks}", "instrument")
    flags = FLAGS + [f"-I{root / place}" for place in search]
    with tempfile.TemporaryDirectory() as folder:
        # Of gcc's own folder only this header: its others are not for clang.
        gcc = subprocess.run(["gcc", "-print-file-name=include"], capture_output=True, text=True)
        Path(folder, "backtrace.h").symlink_to(Path(gcc.stdout.strip(), "backtrace.h"))
        command = [program, f"--config-file={root / '.clang-tidy'}", "--quiet", *paths]
        result = subprocess.run(
            [*command, "--", *flags, f"-I{folder}"], capture_output=True, text=True
        )
    return result


def main():
    check = Check(__doc__)
    check.parse()
    program = shutil.which("clang-tidy-14")
    if not program:
        print("skipped: no clang-tidy-14")
        sys.exit(77)
    looked_at = 0
    for folder, hooks in (("src", "hooks_off"), ("instrument", "hooks_on")):
        paths = [path for path in check.files((folder,), (".c",)) if path.parent.name != "hooks_off"]
        if not paths:
            continue
        looked_at += len(paths)
        result = analyse(program, check.root, hooks, paths)
        for line in sorted(set(re.findall(r"^/.*: (?:error|warning): .*", result.stdout, re.MULTILINE))):
            path, number, _, text = line.split(":", 3)
            check.found(path.removeprefix(f"{check.root}/"), number, text.strip())
        if result.returncode and not check.findings:
            check.found(folder, 0, result.stdout + result.stderr)
    check.finish(looked_at)


main()
