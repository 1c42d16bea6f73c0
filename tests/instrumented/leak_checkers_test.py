#!/usr/bin/env python3
"""LeakSanitizer and memcheck take live arenas for roots, and dead ones for none: leak_checkers_test.py lsan|memcheck PROGRAM

PROGRAM is heap_in_arena, built for the tool.
"""

import os
import re
import subprocess
import sys
import unittest

TOOL, PROGRAM = sys.argv[1:3]
del sys.argv[1:]

BLOCKS, SIZE = 16, 1000
MEMCHECK = ["valgrind", "--quiet", "--leak-check=full", "--show-leak-kinds=definite", "--error-exitcode=9"]
LEAKED = {"lsan": r"SUMMARY: AddressSanitizer: (\d+) byte\(s\) leaked in (\d+) allocation",
          "memcheck": r"([\d,]+) bytes in (\d+) blocks are definitely lost"}


def leaked(how):
    """Bytes and blocks that the tool says are leaked."""
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1", "HARENA_OPTIONS": "escape=off:leaks=0"}
    command = [*(MEMCHECK if TOOL == "memcheck" else []), PROGRAM, how]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    if "LeakSanitizer has encountered a fatal error" in result.stderr:
        sys.exit(77)
    found = re.findall(LEAKED[TOOL], result.stderr)
    assert found or (result.returncode, result.stderr) == (0, ""), result.stderr
    # An unrolled loop has several places, which memcheck lists apart.
    counts = [[int(number.replace(",", "")) for number in record] for record in found]
    return tuple(map(sum, zip((0, 0), *counts)))


class LeakCheckers(unittest.TestCase):
    def test_heap_of_a_live_arena_is_held(self):
        self.assertEqual(leaked("live"), (0, 0))

    def test_heap_of_what_has_ended_is_leaked(self):
        for how in ("rewound", "cleared", "closed", "reopened"):
            self.assertEqual(leaked(how), (BLOCKS * SIZE, BLOCKS), how)


unittest.main()
