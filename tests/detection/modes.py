#!/usr/bin/env python3
"""What the options that change how much is watched do to a program with a bug: modes.py DETECT.

DETECT is the program of tests/detection, built with the instrumented variant.
"""

import os
import re
import signal
import subprocess
import sys
import unittest

DETECT = sys.argv.pop(1)
BUG = "freed-twice-older:bug"


def run(trial, options):
    environment = {**os.environ, "HARENA_OPTIONS": options}
    return subprocess.run([DETECT, trial], env=environment, capture_output=True, text=True, timeout=100,
                          errors="replace", check=False)


class StopAt(unittest.TestCase):
    def events(self):
        text = run(BUG, "").stderr
        line = re.search(r"^  events: (.*)$", text, re.MULTILINE)
        self.assertIsNotNone(line, text)
        return {name: int(number) for name, number in re.findall(r"(\w+) (\d+)", line[1])}

    def test_reports_number_the_events(self):
        events = self.events()
        self.assertEqual(list(events), ["allocated", "freed"])
        self.assertLess(events["allocated"], events["freed"])
        self.assertEqual(events, self.events())

    def test_the_program_stops_before_the_event(self):
        for number in self.events().values():
            stopped = run(BUG, f"stop_at={number}")
            self.assertEqual(stopped.returncode, -signal.SIGTRAP, stopped.stderr)
            self.assertNotIn("double-free", stopped.stderr)

    def test_an_event_that_never_happens(self):
        self.assertIn("double-free", run(BUG, "stop_at=60000").stderr)


class Sample(unittest.TestCase):
    def test_one_of_two_is_watched(self):
        """The second arena is `other`; the bug is in the first, or in the other one."""
        self.assertEqual(run(BUG, "sample=2").returncode, 0)
        self.assertIn("dead-mark", run("dead-mark-of-other-arena:bug", "sample=1").stderr)

    def test_what_is_watched_is_reported(self):
        found = run("closed-twice-after-others:bug", "sample=1")
        self.assertIn("double-close", found.stderr)

    def test_a_family_is_watched_as_a_whole(self):
        self.assertEqual(run("used-after-parents-clear/save:near-miss", "sample=2").returncode, 0)
        self.assertIn("use-after-close", run("used-after-parents-clear/save:bug", "sample=1").stderr)

    def test_correct_programs_stay_correct(self):
        for name in ("server", "fixed", "scopes", "threads"):
            silent = run(f"correct/{name}:near-miss", "sample=3")
            self.assertEqual((silent.returncode, silent.stderr), (0, ""))


unittest.main()
