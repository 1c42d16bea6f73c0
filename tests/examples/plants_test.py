"""What each build says about the bugs of debpkg: plants_test.py VARIANT TOOL PROGRAM INDEX

TOOL is what the program runs under: none, asan, msan (as it was compiled) or memcheck.
"""

import functools
import subprocess
import sys
import unittest
from typing import NamedTuple

VARIANT, TOOL, PROGRAM, INDEX = sys.argv[1:5]
# The first error is to be the planted one; what the program does afterwards is of no interest.
VALGRIND = [
    "valgrind", "--quiet", "--error-exitcode=9", "--exit-on-first-error=yes", "--num-callers=20"]


class Bug(NamedTuple):
    arena: str
    access: str  # a function in the stack of the bad access or call
    allocated: str = ""  # one in the stack of the block's allocation
    ended: str = ""  # one in the stack of what ended the block, the mark or the arena
    found_by: tuple = ("asan", "memcheck")  # none: without a tool


EVERYWHERE = ("none", "asan", "msan", "memcheck")
BUGS = {
    "use-after-clear": Bug("scratch", "find_slot", "add_field", "forget_stanza"),
    "use-after-close": Bug("kept", "largest_package", "read_index", "summarize"),
    "use-after-rewind": Bug(
        "scratch", "count_dependent", "package_list_dependencies", "add_dependencies"),
    "use-after-free": Bug("kept", "take_tallies", "tally_table_open", "free_slots"),
    # Without a tool it is found when the arena is cleared, where the access is not known.
    "overrun": Bug(
        "scratch", "add_field", "copy_without_room_for_nul", found_by=("none", "asan", "memcheck")),
    "underrun": Bug("scratch", "has_name", "package_list_dependencies"),
    "uninitialised": Bug("scratch", "add_package", "new_package", found_by=("memcheck", "msan")),
    "stale-reference": Bug(
        "scratch", "largest_package", "new_package", "forget_stanza", found_by=EVERYWHERE),
    "foreign-reference": Bug("scratch", "largest_package", found_by=EVERYWHERE),
    "dead-mark": Bug("scratch", "forget_stanza", ended="forget_stanza", found_by=EVERYWHERE),
    "double-close": Bug("scratch", "run", ended="summarize", found_by=EVERYWHERE),
    # Nobody follows it: found by a search, which names the variable.
    "escaped-reference": Bug("scratch", "current_package", ended="forget_stanza", found_by=EVERYWHERE),
}
PANICS = {  # what release says, too
    "stale-reference": 'harena: stale reference: 0x[0-9a-f]+, arena "scratch"',
    "foreign-reference": 'harena: reference of another arena: 0x[0-9a-f]+, arena "scratch"',
    "dead-mark": 'harena: dead mark: 0x[0-9a-f]+, arena "scratch"',
}


@functools.cache
def run(*arguments):
    """Runs the program to its end, whatever that is; two minutes without one are a failure."""
    command = [PROGRAM, *arguments]
    if TOOL == "memcheck":
        # Origins are expensive, and only one bug has one.
        origins = "yes" if "uninitialised" in arguments else "no"
        command = [*VALGRIND, f"--track-origins={origins}", *command]
    return subprocess.run(command, capture_output=True, timeout=120, check=False, errors="replace")


class Plants(unittest.TestCase):
    def test_list(self):
        lines = run("--plant", "help").stdout.splitlines()
        for line in lines:
            self.assertRegex(line, r"^[a-z-]+  [a-z].{10,70}$")
        self.assertEqual([line.split("  ")[0] for line in lines], list(BUGS))

    def test_nothing_is_found_without_a_bug(self):
        result = run(INDEX)
        self.assertEqual((result.stderr, result.returncode), ("", 0))

    def test_each_ends(self):
        for name in BUGS:
            with self.subTest(name=name):
                run("--plant", name, INDEX)

    @unittest.skipUnless(VARIANT == "release" and TOOL == "none", "release without a tool")
    def test_release_panics_at_what_it_sees_for_free(self):
        for name, message in PANICS.items():
            with self.subTest(name=name):
                result = run("--plant", name, INDEX)
                self.assertRegex(result.stderr, message)
                self.assertLess(result.returncode, 0)

    @unittest.skipUnless(VARIANT == "instrumented", "the instrumented build finds them")
    def test_each_is_found_and_located(self):
        for name, bug in BUGS.items():
            if TOOL in bug.found_by:
                with self.subTest(name=name):
                    self.assert_found(name, bug, run("--plant", name, INDEX))

    @staticmethod
    def class_of(name, bug):
        """What a report says the bug is: the tools have their own words for what they see."""
        if TOOL == "memcheck" and bug.found_by != EVERYWHERE:
            return "uninitialised value" if name == "uninitialised" else r"Invalid (read|write) of size"
        if name == "uninitialised":
            return "MemorySanitizer: use-of-uninitialized-value"
        return rf"harena: {name}\b"

    @staticmethod
    def functions_of(name, bug):
        if TOOL == "msan" and name == "uninitialised":
            return [bug.access]  # it knows allocations only in a slower mode
        return [function for function in (bug.access, bug.allocated, bug.ended) if function]

    def assert_found(self, name, bug, result):
        self.assertNotEqual(result.returncode, 0)
        self.assertRegex(result.stderr, self.class_of(name, bug))
        for function in self.functions_of(name, bug):
            self.assertRegex(result.stderr, rf"\b{function}\b")
        if TOOL in ("none", "asan"):
            self.assertRegex(result.stderr, rf'arena "{bug.arena}"')


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
