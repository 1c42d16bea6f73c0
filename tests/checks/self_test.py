#!/usr/bin/env python3
"""Each check finds what is wrong in its bad samples and nothing in its good ones.

samples/CHECK/CASE is a small tree; the case's name starts with `bad` or `good`. A case with a
library.c has it built first, as both variants.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SKIPPED = 77


def build_library(case, folder):
    library = Path(folder) / "libharena.so"
    link = ["-lm"] if "math.h" in (case / "library.c").read_text() else []
    subprocess.run(
        ["cc", "-shared", "-fPIC", case / "library.c", "-o", library, *link], check=True
    )
    return library


def arguments(check, case, folder):
    if not (case / "library.c").exists():
        return []
    library = build_library(case, folder)
    return [f"release={library}"] if check == "exported_symbols" else [library]


def run(check, case):
    """The check's exit status: 0 nothing found, 1 something found."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable, HERE / f"{check}.py", "--root", case, *arguments(check, case, folder)
        ]
        result = subprocess.run(command, capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def main():
    failed = 0
    for case in sorted((HERE / "samples").glob("*/*")):
        check = case.parent.name
        expected = 1 if case.name.startswith("bad") else 0
        status, output = run(check, case)
        if status in (expected, SKIPPED):
            continue
        failed += 1
        print(f"{check} on {case.name}: exit status {status}, not {expected}\n{output}")
    checks = {path.stem for path in HERE.glob("*.py")} - {"check", "self_test"}
    for check in sorted(checks):
        cases = [case.name[:4] for case in (HERE / "samples" / check).glob("*")]
        if not ("good" in cases and any(case.startswith("bad") for case in cases)):
            failed += 1
            print(f"{check} lacks a good or a bad sample")
    print(f"{len(checks)} checks tried on their samples, {failed} failed")
    sys.exit(1 if failed else 0)


main()
