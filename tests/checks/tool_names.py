#!/usr/bin/env python3
"""The core states facts and knows no tool: their names do not occur in src/, not even in comments."""

import re

from check import Check

NAMES = re.compile(r"asan|valgrind|msan|memcheck|sanitizer|callgrind", re.IGNORECASE)


def main():
    check = Check(__doc__)
    check.parse()
    looked_at = 0
    for path in check.files(("src",), suffixes=(".c", ".h", ".build", ".map")):
        looked_at += 1
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = NAMES.search(line)
            if match:
                check.found(path, number, f"names a tool: {match.group()}")
    check.finish(looked_at)


main()
