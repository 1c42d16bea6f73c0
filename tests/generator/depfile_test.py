#!/usr/bin/env python3
"""The depfile names what is written, in order, and everything that was read, but nothing that this run
writes; and paths survive make's quoting."""

import sys
import tempfile
from pathlib import Path

from generator import Failure, attempt, finish, generate

SHAPE = "typedef struct { int x; } Point;\n"
SOURCE = """\
#include "a shape.h"
#include "#odd$.h"
#include "point.harena.h"
#include "local.harena.h"
struct Local { point_ref first; };
"""
EXPECTED = """\
out/local.harena.h out/point.harena.h out/point.harena.c: \\
  source.c \\
  ./a\\ shape.h \\
  ./\\#odd$$.h
"""


def check(program):
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "out").mkdir()
        (work / "out" / "point.harena.h").write_text("#error of an earlier run\n")
        (work / "a shape.h").write_text(SHAPE)
        (work / "#odd$.h").write_text("")
        (work / "source.c").write_text(SOURCE)
        generate(program, "--type", "Local,Point", "--dir", "out", "--depfile", "d", "source.c", cwd=folder)
        written = (work / "d").read_text()
        if written != EXPECTED:
            raise Failure(written)


def main():
    finish([attempt("depfile", check, Path(sys.argv[1]).resolve())])


main()
