#!/usr/bin/env python3
"""What the options that change how much is watched do to a program with a bug: modes.py DETECT alone|sanitized

DETECT is the program of tests/detection, built with the instrumented variant.
"""

import os
import re
import signal
import subprocess
import sys
import unittest

DETECT = sys.argv.pop(1)
IS_ALONE = sys.argv.pop(1) == "alone"
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


@unittest.skipUnless(IS_ALONE, "under a sanitizer blocks stay spaced")
class Layout(unittest.TestCase):
    """A byte behind a block of 24, which nothing but redzones and guard pages can see."""

    OVERRUN, OVERREAD = "overrun-by-a-byte/24", "overread-by-a-byte/24"

    def assert_faults(self, trial, *words):
        found = run(trial, "layout=separate")
        self.assertEqual(found.returncode, -signal.SIGSEGV, found.stderr)
        for word in words:
            self.assertIn(word, found.stderr)

    def assert_silent(self, trial, options):
        silent = run(trial, options)
        self.assertEqual((silent.returncode, silent.stderr), (0, ""), trial)

    def test_separate_blocks_fault_at_once(self):
        behind = ("overrun: an access behind the end of a block", '0 bytes after a 24-byte block of arena "request"',
                  "block allocated here")
        self.assert_faults(f"{self.OVERRUN}:bug", *behind)
        self.assert_faults(f"{self.OVERREAD}:bug", *behind)
        self.assert_faults("overrun-of-large-block:bug", "overrun: an access behind the end of a block")

    def test_separate_blocks_fault_after_their_end(self):
        self.assert_faults("freed-older/read-interior:bug", "use-after-free: a freed block was read")
        self.assert_faults("cleared/read-interior:bug", "use-after-clear: a block of a cleared arena was read")

    def test_what_is_packed_has_no_redzones(self):
        self.assertIn("bytes behind a block were overwritten", run("overrun-by-a-byte/5:bug", "layout=packed").stderr)
        self.assert_silent(f"{self.OVERRUN}:bug", "layout=packed")
        self.assertIn("bytes behind a block were overwritten", run(f"{self.OVERRUN}:bug", "layout=spaced").stderr)

    def test_near_misses_and_correct_programs(self):
        for options in ("layout=packed", "layout=separate"):
            for trial in (self.OVERRUN, self.OVERREAD, "overrun-of-large-block", "freed-older/read-interior", "cleared/read-interior",
                          *(f"correct/{name}" for name in ("server", "fixed", "scopes", "threads", "strings"))):
                self.assert_silent(f"{trial}:near-miss", options)


unittest.main()
