#!/usr/bin/env python3
"""What is told at exit is told in static programs too, which have only what something refers to: at_exit_test.py
LEFT_OPEN LEFT_IN_FRAME, programs with an arena that they never close."""

import os
import subprocess
import sys
import unittest

LEFT_OPEN, LEFT_IN_FRAME = sys.argv[1:]
del sys.argv[1:]


def run(program, options):
    environment = {**os.environ, "HARENA_OPTIONS": options}
    return subprocess.run([program], env=environment, capture_output=True, text=True, timeout=100, check=False)


def lines_of(options):
    result = run(LEFT_OPEN, options)
    assert result.returncode == 0, result
    return result.stderr.splitlines()


class AtExit(unittest.TestCase):
    def test_open_arenas_are_listed(self):
        lines = lines_of("leaks=all")
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith('harena: still open at exit: arena "left open" (opened '), lines)

    def test_statistics_are_listed(self):
        self.assertIn("harena: statistics: arenas_open 1", lines_of("statistics=1"))

    def test_a_frame_that_has_ended_holds_nothing(self):
        result = run(LEFT_IN_FRAME, "")
        self.assertEqual(result.returncode, 1, result)
        self.assertIn('arena "left in a frame" was opened here:', result.stderr)

    def test_nothing_is_told_unasked(self):
        self.assertEqual(lines_of(""), [])


unittest.main()
