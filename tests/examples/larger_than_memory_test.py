#!/usr/bin/env python3
"""debpkg in little memory: larger_than_memory_test.py PROGRAM INDEX

An index that is larger than the memory is summed up; what has more names than fit is refused.
"""

import itertools
import re
import resource
import subprocess
import sys
import unittest
from pathlib import Path

PROGRAM, INDEX = sys.argv[1:3]
MEMORY = 16 << 20  # all of the process: libraries, stack, arenas
TIMES_MEMORY = 8


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def run(pieces):
    """Pipes the pieces to the program until it has had enough."""
    process = subprocess.Popen(
        [PROGRAM, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=limit_memory,
    )
    try:
        for piece in pieces:
            process.stdin.write(piece)
    except BrokenPipeError:
        pass
    output, errors = process.communicate()
    return process.returncode, output.decode(), errors.decode()


class LargerThanMemory(unittest.TestCase):
    def test_is_summed_up(self):
        index = Path(INDEX).read_bytes()
        times = MEMORY * TIMES_MEMORY // len(index) + 1
        status, output, errors = run(itertools.repeat(index, times))
        self.assertEqual((errors, status), ("", 0))
        count = len(re.findall(rb"(?m)^Package: ", index)) * times
        self.assertEqual(output.splitlines()[0].split(",")[0], f"{count} packages")

    def test_names_that_do_not_fit_are_refused(self):
        stanzas = (b"Package: name-%d\n\n" % number for number in itertools.count())
        status, output, errors = run(itertools.islice(stanzas, MEMORY // 8))
        self.assertEqual((output, status), ("", 1))
        self.assertRegex(
            errors, r"(?m)^debpkg: standard input:\d+: no memory for what is to be kept$")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
