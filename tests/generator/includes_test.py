#!/usr/bin/env python3
"""The header that a view includes is the one that defines the type, whatever namesakes there are."""

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from generator import Failure, attempt, compile_c, finish, generate

POINT = "typedef struct { int x; } Point;\n"
WRONG = "#error the wrong header\n"


@dataclass
class Case:
    """Flags, the header with the type, its namesakes, and how gen/point.harena.h includes it."""

    what: str
    flags: str
    header: str
    said: str
    namesakes: list = field(default_factory=list)


CASES = [
    Case("below a folder", "-I inc", "inc/sub/shape.h", '"sub/shape.h"'),
    Case("the shortest name", "-I inc -I inc/sub", "inc/sub/shape.h", '"shape.h"'),
    Case("a namesake in an earlier folder", "-I inc -I inc/sub", "inc/sub/shape.h", '"sub/shape.h"',
         ["inc/shape.h"]),
    Case("a namesake in a later folder", "-I inc/sub -I inc", "inc/sub/shape.h", '"shape.h"',
         ["inc/shape.h"]),
    Case("a namesake for quotes", "-I inc -iquote quoted", "inc/shape.h", '"../inc/shape.h"',
         ["quoted/shape.h"]),
    Case("a namesake of the system", "-isystem system -I inc", "inc/shape.h", '"shape.h"',
         ["system/shape.h"]),
    Case("a namesake beside the view", "-I inc", "inc/shape.h", '"../inc/shape.h"', ["gen/shape.h"]),
    Case("a folder as namesake", "-I inc -I inc/sub", "inc/sub/shape.h", '"shape.h"',
         ["inc/shape.h/empty.h"]),
    Case("no folder", "", "inc/shape.h", '"../inc/shape.h"'),
]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def compile_view(work, flags):
    """As a program does, but for the folders, which are below the working directory here."""
    absolute = [word if word.startswith("-") else work / word for word in flags]
    compile_c(work / "gen" / "point.harena.c", *absolute)


def check(program, case):
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "gen").mkdir()
        write(work / case.header, POINT)
        for namesake in case.namesakes:
            write(work / namesake, WRONG)
        flags = case.flags.split()
        generate(program, "--type", "Point", "--dir", "gen", *flags, case.header, cwd=work)
        text = (work / "gen" / "point.harena.h").read_text()
        if f"#include {case.said}\n" not in text:
            raise Failure(text)
        compile_view(work, flags)


def main():
    program = Path(sys.argv[1]).resolve()
    finish([attempt(case.what, check, program, case) for case in CASES])


main()
