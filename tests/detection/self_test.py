"""Proof that the judge can say no: right reports are accepted, each wrong one is not, and for its own reason."""

import unittest
from pathlib import Path

from cases import CASES, Facts
from judge import FALSE, FOUND, MISSED, SILENT, Judge, Outcome, marked_places

PLACES = {
    "read_word": {"sites.c:20"},
    "allocate_record": {"sites.c:10"},
    "finish_request": {"sites.c:30"},
    "conclude": {"sites.c:40", "sites.c:41"},
    "follow_reference": {"references.c:50"},
    "escaped_static": {"escapes.c:17"},
}
CLEARED = Facts(("use-after-clear",), 40, "inside", 0, 8, access="read_word", found="conclude",
                allocated="allocate_record", ended="finish_request")
STALE = Facts(("stale-reference",), 40, found="follow_reference", allocated="allocate_record",
              ended="finish_request", panic="stale reference")
UNDEFINED = Facts(("uninitialised",), access="read_word", allocated="allocate_record")

LIVES = """\
  block allocated here:
    #0 allocate_record ../tests/detection/sites.c:10
    #1 cleared ../tests/detection/ended.c:5
  arena "request" (opened ../tests/detection/sites.c:1) was cleared here:
    #0 finish_request ../tests/detection/sites.c:30
    #1 cleared ../tests/detection/ended.c:7
"""
ENDING = """\
SUMMARY: harena: use-after-clear ../tests/detection/sites.c:10 in allocate_record
HARENA-SIGNATURE\tuse-after-clear\tallocate_record\tfinish_request\trequest
"""
APPENDED = """\
harena: use-after-clear: a block of a cleared arena was read
0x7f0000000510 is 0 bytes inside a 40-byte block of arena "request" (generation 1)
""" + LIVES + ENDING
ASAN = """\
=================================================================
==42==ERROR: AddressSanitizer: use-after-poison on address 0x7f0000000510 at pc 0x1 bp 0x2 sp 0x3
READ of size 8 at 0x7f0000000510 thread T0
    #0 0x1234 in read_word ../tests/detection/sites.c:20:3
    #1 0x1235 in cleared ../tests/detection/ended.c:9

Address 0x7f0000000510 is a wild pointer inside of access range of size 0x000000000008.
SUMMARY: AddressSanitizer: use-after-poison ../tests/detection/sites.c:20:3 in read_word
Shadow bytes around the buggy address:
""" + APPENDED + "==42==ABORTING\n"
CHECKED = """\
=================================================================
==42==ERROR: harena: use-after-clear: a block was written to after its end
0x7f0000000510 is 0 bytes inside a 40-byte block of arena "request" (generation 1)
  found here:
    #0 conclude ../tests/detection/sites.c:40
""" + LIVES + ENDING
FOLLOWED = CHECKED.replace("use-after-clear", "stale-reference").replace(
    "conclude ../tests/detection/sites.c:40", "follow_reference ../tests/detection/references.c:50")
ESCAPED = Facts(("escaped-reference",), 40, allocated="allocate_record", ended="finish_request",
                holder=r"static (\w+\.)?escaped_static")
HELD = """\
==42==ERROR: harena: escaped-reference: a static variable still points into a cleared arena
static escaped_static.0+0 (../tests/detection/escapes.c:17, in ./detect) holds 0x7f0000000510, 0 bytes inside a 40-byte block
""" + LIVES.replace("block allocated here", 'block of arena "request" generation 1, allocated here') + \
    ENDING.replace("use-after-clear", "escaped-reference")
MEMCHECK = """\
==42== Invalid read of size 8
==42==    at 0x10C0: read_word (sites.c:20)
==42==    by 0x10D0: cleared (ended.c:9)
==42==  Address 0x800000510 is 0 bytes inside a block of size 40 free'd
==42==    at 0x4C0: harena__clear (arena.c:1)
==42==    by 0x10B0: finish_request (sites.c:30)
==42==  Block was alloc'd at
==42==    at 0x4B0: harena__alloc (block.c:1)
==42==    by 0x10A0: allocate_record (sites.c:10)
==42==\x20
"""
UNINITIALISED = """\
==42== Conditional jump or move depends on uninitialised value(s)
==42==    at 0x10C0: decide_on (sites.c:21)
==42==    by 0x10D0: read_word (sites.c:20)
==42==  Uninitialised value was created by a heap allocation
==42==    at 0x4B0: harena__alloc (block.c:1)
==42==    by 0x10A0: allocate_record (sites.c:10)
==42==\x20
"""
MSAN = """\
==42==WARNING: MemorySanitizer: use-of-uninitialized-value
    #0 0x1 in decide_on sites.c:21:7
    #1 0x2 in read_word sites.c:20:3

SUMMARY: MemorySanitizer: use-of-uninitialized-value sites.c:21:7 in decide_on
Exiting
"""
PANIC = 'harena: stale reference: 0x5584118087a0, arena "request"\n'
ABORTED, FAULTED = -6, -11


class JudgeTest(unittest.TestCase):
    def setUp(self):
        self.judge = Judge(PLACES)

    def verdict(self, text, column, way, facts, status):
        return self.judge.bug(Outcome(status, text), column, way, facts)

    def accept(self, text, column, way, facts, status):
        verdict = self.verdict(text, column, way, facts, status)
        self.assertEqual((verdict.result, verdict.reason), (FOUND, ""))

    def refuse(self, text, column, way, facts, status, result, reason):
        verdict = self.verdict(text, column, way, facts, status)
        self.assertEqual(verdict.result, result, verdict.reason)
        self.assertRegex(verdict.reason, reason)

    def refuse_each(self, text, column, way, facts, status, changes):
        """Each change of the right text, one at a time, is refused for the reason given."""
        self.accept(text, column, way, facts, status)
        for old, new, result, reason in changes:
            with self.subTest(old=old, new=new):
                self.assertIn(old, text)
                self.refuse(text.replace(old, new), column, way, facts, status, result, reason)
        self.refuse(text, column, way, facts, 0, FALSE, "status 0")
        self.refuse("", column, way, facts, status, MISSED, "silent")
        self.refuse(text + text, column, way, facts, status, FALSE, "also says|it is not")

    def test_asan(self):
        self.refuse_each(ASAN, "asan", "tool", CLEARED, 1, [
            ("use-after-poison", "heap-use-after-free", FALSE, "ASan calls it"),
            (APPENDED, "", MISSED, "nothing to add"),
            ("harena: use-after-clear", "harena: overrun", FALSE, "harena calls it overrun"),
            ("40-byte", "41-byte", FALSE, "41 bytes"),
            ("is 0 bytes inside", "is 8 bytes inside", FALSE, "8 bytes inside"),
            ("is 0 bytes inside", "is 0 bytes after", FALSE, "0 bytes after"),
            ('block of arena "request"', 'block of arena "other"', FALSE, "arena other"),
            ("sites.c:10\n    #1", "sites.c:11\n    #1", FALSE, "allocated at .*:11"),
            ("#0 allocate_record", "#0 allocate_neighbour", FALSE, "allocate_neighbour"),
            ("#0 finish_request", "#0 finish_later_request", FALSE, "finish_later_request"),
            ("in read_word ../tests", "in write_word ../tests", FALSE, "write_word"),
            ("was cleared here", "was rewound here", FALSE, "rewound"),
            ("  block allocated here:\n", "", MISSED, "allocated"),
            ("SUMMARY: harena: use-after-clear", "SUMMARY: harena: overrun", FALSE, "summary"),
            ("HARENA-SIGNATURE\t", "", FALSE, "summary"),
        ])

    def test_check(self):
        self.refuse_each(CHECKED, "alone", "check", CLEARED, 1, [
            ("#0 conclude", "#0 finish_request", FALSE, "found at finish_request"),
            ("sites.c:40", "sites.c:42", FALSE, "found at .*:42"),
            ("  found here:\n", "", MISSED, "found"),
            ("a 40-byte block of ", "no block of ", MISSED, "names no block"),
        ])

    def test_holder(self):
        self.refuse_each(HELD, "alone", "holder", ESCAPED, 1, [
            ("static escaped_static", "global escaped_static", FALSE, "the holder is said to be global"),
            ("escapes.c:17", "escapes.c:18", FALSE, "declared at .*:18"),
            ("../tests/detection/escapes.c:17, ", "", MISSED, "no line"),
            ("../tests/detection/escapes.c:17, ", "escapes.c, ", MISSED, "no line"),
        ])
        in_function = HELD.replace("escaped_static.0", "cleared.escaped_static")
        self.accept(in_function, "alone", "holder", ESCAPED, 1)

    def test_call(self):
        self.refuse_each(FOLLOWED, "alone", "call", STALE, 1, [
            ("stale-reference:", "foreign-reference:", FALSE, "foreign-reference"),
            ("#0 follow_reference", "#0 read_byte", FALSE, "read_byte"),
            ("==42==ERROR: harena", "==42==ERROR: AddressSanitizer", FALSE, "it is not harena"),
        ])

    def test_call_that_memcheck_sees_too(self):
        seen = MEMCHECK.replace("read_word (sites.c:20)", "follow_reference (references.c:50)")
        self.accept(seen + FOLLOWED, "memcheck", "call", STALE, 9)
        self.refuse(seen + FOLLOWED, "memcheck", "call", STALE, 1, FALSE, "status 1")
        self.refuse(FOLLOWED, "memcheck", "call", STALE, 9, FALSE, "status 9")
        self.refuse(MEMCHECK + FOLLOWED, "memcheck", "call", STALE, 9, FALSE, "access at read_word")
        self.refuse(ASAN + FOLLOWED, "asan", "call", STALE, 1, FALSE, "also says asan")

    def test_handle(self):
        self.accept(ASAN, "asan", "handle", CLEARED, 1)
        self.accept(FOLLOWED, "asan", "handle", STALE, 1)
        self.accept(MSAN.replace("decide_on", "read_word").replace("21:7", "20:7"), "msan", "handle", CLEARED, 1)
        self.refuse(MSAN, "msan", "handle", CLEARED, 1, FALSE, "decide_on")

    def test_memcheck_access(self):
        unnamed = MEMCHECK.replace("==42==  Address 0x800000510 is 0 bytes inside a block of size 40 free'd",
                                   "==42==  Address 0x800000510 is in a rw- anonymous segment")
        self.accept(unnamed, "memcheck", "access", CLEARED, 9)
        self.refuse(unnamed, "memcheck", "tool", CLEARED, 9, MISSED, "names no block")
        self.refuse(unnamed.replace("read_word", "decide_on"), "memcheck", "access", CLEARED, 9, FALSE, "decide_on")

    def test_fault(self):
        self.accept(APPENDED, "exact", "fault", CLEARED, FAULTED)
        self.refuse(APPENDED, "exact", "fault", CLEARED, 1, FALSE, "status 1")

    def test_tomb(self):
        text = "harena: use-after-clear: a pointer was followed\n" + ENDING
        self.accept(text, "alone", "tomb", CLEARED, FAULTED)
        self.refuse(APPENDED, "alone", "tomb", CLEARED, FAULTED, FALSE, "cannot know")

    def test_memcheck(self):
        self.accept(MEMCHECK + MEMCHECK, "memcheck", "tool", CLEARED, 9)
        for old, new, result, reason in [
            ("read of size 8", "write of size 8", FALSE, "invalid-write"),
            ("size 40 free'd", "size 40 client-defined", FALSE, "it was ended|allocated at"),
            ("size 40", "size 4,096", FALSE, "4096 bytes"),
            ("0 bytes inside", "0 bytes after", FALSE, "0 bytes after"),
            ("sites.c:30", "sites.c:31", FALSE, "ended at"),
            ("by 0x10A0: allocate_record", "by 0x10A0: allocate_filler", FALSE, "allocate_filler"),
            ("==42==  Block was alloc'd at\n", "==42==  Block was who knows where\n", MISSED, "allocated"),
        ]:
            with self.subTest(new=new):
                self.assertIn(old, MEMCHECK)
                self.refuse(MEMCHECK.replace(old, new), "memcheck", "tool", CLEARED, 9, result, reason)
        self.refuse(MEMCHECK + UNINITIALISED, "memcheck", "tool", CLEARED, 9, FALSE, "uninitialised")

    def test_memcheck_value(self):
        self.refuse_each(UNINITIALISED, "memcheck", "value", UNDEFINED, 9, [
            ("read_word", "write_word", FALSE, "names"),
            ("allocate_record", "allocate_filler", FALSE, "allocate_filler"),
        ])

    def test_msan_value(self):
        self.accept(MSAN, "msan", "value", UNDEFINED, 1)
        self.refuse(MSAN.replace("read_word", "copy_string"), "msan", "value", UNDEFINED, 1, FALSE, "names")
        self.refuse(MSAN, "msan", "value", UNDEFINED, 0, FALSE, "status 0")

    def test_panic(self):
        self.accept(PANIC, "release", "panic", STALE, ABORTED)
        text = PANIC.replace("stale reference", "dead mark")
        self.refuse(text, "release", "panic", STALE, ABORTED, FALSE, "dead mark")
        self.refuse(PANIC, "release", "panic", STALE, 0, FALSE, "status 0")

    def test_what_is_not_promised(self):
        verdict = self.verdict("", "alone", None, CLEARED, 0)
        self.assertEqual(verdict.result, SILENT)
        self.accept(CHECKED, "alone", None, CLEARED, 1)
        self.accept(ASAN, "asan", None, CLEARED, 1)
        self.refuse(CHECKED.replace("40-byte", "24-byte"), "alone", None, CLEARED, 1, FALSE, "24 bytes")
        self.refuse(FOLLOWED, "alone", None, CLEARED, 1, FALSE, "stale-reference")
        self.refuse(CHECKED, "alone", None, Facts(), 1, FALSE, "nothing to report")
        self.refuse(PANIC, "release", None, CLEARED, ABORTED, FALSE, "release build says")

    def test_near_miss(self):
        self.assertEqual(self.judge.near_miss(Outcome(0, "")).result, SILENT)
        for text in (ASAN, CHECKED, MEMCHECK, MSAN, PANIC, "harena: some text\n", "a.c:1:2: runtime error: x\n"):
            self.assertEqual(self.judge.near_miss(Outcome(0, text)).result, FALSE)
        self.assertEqual(self.judge.near_miss(Outcome(1, "")).result, FALSE)
        self.assertEqual(self.judge.near_miss(Outcome(FAULTED, "")).result, FALSE)
        self.assertEqual(self.judge.near_miss(Outcome(0, "", timed_out=True)).result, FALSE)

    def test_what_does_not_end(self):
        verdict = self.judge.bug(Outcome(0, CHECKED, timed_out=True), "alone", "check", CLEARED)
        self.assertEqual(verdict.result, FALSE)


class TableTest(unittest.TestCase):
    """A place that no line is marked with would let every report pass as wrong, or none."""

    def test_every_place_is_marked(self):
        marked = marked_places(Path(__file__).parent)
        for case in CASES.values():
            for variant in case.variants:
                facts = variant.facts
                for name in filter(None, (facts.access, facts.found, facts.allocated, facts.ended)):
                    self.assertTrue(name in marked, f"{case.name}: no line is marked `at {name}`")

    def test_every_promise_has_facts(self):
        for case in CASES.values():
            for variant in case.variants:
                for column, way in variant.promises.items():
                    self.assertTrue(hasattr(Judge, f"by_{way}"), way)
                    self.assertTrue(variant.facts_for(column).kinds, f"{case.name}/{variant.name}")
                    self.assertTrue(way != "panic" or variant.facts.panic, case.name)


def run_self_test():
    unittest.main(module=__name__, argv=["run"], verbosity=2)
