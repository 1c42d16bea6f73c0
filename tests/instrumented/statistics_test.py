#!/usr/bin/env python3
"""statistics=1 lists the figures that docs/options.md explains, and they are right: statistics_test.py DETECT OPTIONS.MD

DETECT is the program of tests/detection, built with the instrumented variant.
"""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

DETECT, PAGE = sys.argv[1:3]
del sys.argv[1:]


def run(trial, options):
    environment = {**os.environ, "HARENA_OPTIONS": options}
    return subprocess.run([DETECT, trial], env=environment, capture_output=True, text=True, timeout=100, check=False)


def figures_of(trial, options=""):
    lines = run(trial, f"statistics=1:{options}").stderr.splitlines()
    matches = [re.fullmatch(r"harena: statistics: (\w+) (\d+)", line) for line in lines]
    assert all(matches), lines
    return {match[1]: int(match[2]) for match in matches}


class Statistics(unittest.TestCase):
    def test_the_page_lists_what_is_printed(self):
        page = Path(PAGE).read_text(encoding="utf-8").split("## Statistics")[1]
        self.assertEqual(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE), list(figures_of("correct/server:near-miss")))

    def test_nothing_is_printed_unasked(self):
        self.assertEqual(run("correct/server:near-miss", "").stderr, "")

    def test_what_happened_is_counted(self):
        # Where addresses are used again at once, as under ThreadSanitizer, nothing is swept for.
        figures = figures_of("correct/server:near-miss", "reuse=0")
        self.assertGreater(figures["arenas_opened"], 0)
        self.assertEqual(figures["arenas_open"], 0)
        self.assertGreater(figures["blocks_recorded"], 0)
        self.assertGreater(figures["stacks_kept"], 0)
        self.assertGreater(figures["sweeps"], 0)
        self.assertGreater(figures["sweep_bytes"], 0)
        for lost in ("arenas_lost", "blocks_lost", "stacks_lost", "protections_refused", "evicted_by_quota"):
            self.assertEqual(figures[lost], 0, lost)

    def test_what_did_not_happen_is_not(self):
        figures = figures_of("correct/server:near-miss", "escape=off")
        self.assertEqual((figures["sweeps"], figures["sweep_bytes"]), (0, 0))


unittest.main()
