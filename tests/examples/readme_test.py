#!/usr/bin/env python3
"""The report that README shows is what debpkg prints: readme_test.py README PROGRAM

PROGRAM is debpkg, instrumented, under AddressSanitizer. The marker before the report has its
arguments, as they are given in the root folder. Addresses differ from run to run.
"""

import difflib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"<!-- report: debpkg (.*) -->\n```\n(.*?\n)```\n", re.DOTALL)
PRINTED = re.compile(r"^harena: .*^HARENA-SIGNATURE[^\n]*\n", re.DOTALL | re.MULTILINE)


def printed(program, arguments, root):
    """The text report, without what AddressSanitizer says before and after."""
    result = subprocess.run(
        [program, *shlex.split(arguments)], cwd=root, env={**os.environ, "HARENA_OPTIONS": ""},
        capture_output=True, text=True,
    )
    match = PRINTED.search(result.stderr)
    if not match:
        sys.exit(f"debpkg {arguments} reports nothing:\n{result.stderr}")
    return match.group()


def normal(report):
    """Without addresses, and without the way from a build folder that lies elsewhere to the sources."""
    report = re.sub(r"0x[0-9a-f]+", "0x...", report)
    return re.sub(r"[^ ]*(?=examples/)", "", report).splitlines()


def main():
    readme, program = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    blocks = BLOCK.findall(readme.read_text())
    if not blocks:
        sys.exit(f"{readme} shows no report of debpkg")
    changes = []
    for arguments, shown in blocks:
        now = printed(program, arguments, readme.parent)
        changes += difflib.unified_diff(
            normal(shown), normal(now), "README.md", f"debpkg {arguments}", lineterm="")
    print("\n".join(changes))
    sys.exit(1 if changes else 0)


main()
