#!/usr/bin/env python3
"""What is told at exit is told in static programs too, which have only what something refers to: at_exit_test.py
PROGRAM, with an arena that it never closes."""

import os
import subprocess
import sys
import unittest

PROGRAM = sys.argv.pop()


def lines_of(options):
    environment = {**os.environ, "HARENA_OPTIONS": options}
    result = subprocess.run([PROGRAM], env=environment, capture_output=True, text=True, timeout=100, check=True)
    return result.stderr.splitlines()


class AtExit(unittest.TestCase):
    def test_open_arenas_are_listed(self):
        lines = lines_of("leaks=all")
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith('harena: still open at exit: arena "left open" (opened '), lines)

    def test_statistics_are_listed(self):
        self.assertIn("harena: statistics: arenas_open 1", lines_of("statistics=1"))

    def test_nothing_is_told_unasked(self):
        self.assertEqual(lines_of(""), [])


unittest.main()
