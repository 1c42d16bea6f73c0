#!/usr/bin/env python3
"""What harena-gen takes, however odd it looks: it is written without a word, and compiles."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from generator import Failure, attempt, compile_c, finish, run


@dataclass
class Input:
    """Arguments, and the text of the input."""

    what: str
    arguments: str
    text: str
    name: str = "in.h"


POINT = "typedef struct { int x; } Point;\n"
GUARDED = "#ifndef IN_H\n#define IN_H\n%s#endif\n"
# Only clang's way of reading a header by itself, and without function bodies, finds something here.
UNUSED = GUARDED % (POINT + "static inline int area(const Point *p) { return p->x; }\n")
SOURCE = """\
struct point { int x; };
#include "point.harena.h"
static int one(void) { return 1; }
int two(void);
int two(void) { return 1 + one(); }
"""
# What it defines is in time only when no other header is before it.
FEATURE = "#define _GNU_SOURCE\n#include <sys/socket.h>\nstruct peer { struct ucred who; %s };\n"

INPUTS = [
    Input("#pragma once, with -Werror", "--type Point -Werror", "#pragma once\n" + POINT),
    Input("#pragma once, with its own -Werror=", "--type Point -Werror=pragma-once-outside-header",
          "#pragma once\n" + POINT),
    Input("an unused function, with -Werror", "--type Point -Wall -Werror", UNUSED),
    Input("an unused function, with its own -Werror=", "--type Point -Werror=unused-function", UNUSED),
    Input("a function that is used in a body, with -Werror", "--type point -Wall -Werror", SOURCE, "in.c"),
    Input("a flag that has no use here, with -Werror", "--type Point -Werror -Wl,-O1", GUARDED % POINT),
    Input("an extension, with -pedantic-errors", "--type a -std=c99 -- -pedantic-errors",
          GUARDED % "struct a { struct { int b; }; };\n"),
    Input("a warning that clang does not know, and shall not", "--type Point -Wbogus -Wno-unknown-warning-option",
          GUARDED % POINT),
    Input("macros with arguments where no parenthesis follows", "--type Point",
          GUARDED % (POINT + "#define point(x) x\n#define point_ref(x) x\n#define point_buffer(x) x\n")),
    Input("macros that stand for themselves", "--type Point",
          GUARDED % (POINT + "#define point point\n#define point_ref point_ref\n#define point_new point_new\n")),
    Input("macros that stand for themselves, of members", "--pointer-map --type a",
          GUARDED % "struct a { int *p; };\n#define p p\n"),
    Input("macros of no consequence for a map", "--pointer-map --type a,Bool",
          GUARDED % "struct a { int *p; };\ntypedef struct { int *p; } Bool;\n"
          "#define a_new(x) x\n#define a_pointer_map(x) x\n#define bool _Bool\n"),
    Input("a macro behind a private view", "--type point",
          "struct point { int x; };\n#include \"point.harena.h\"\n#define point_length(x) point_length(x)\n"
          "int main(void) { return (int)point_length((point_buffer){0}); }\n", "in.c"),
    Input("names that only look like the library's", "--type Harenas,harena2",
          GUARDED % "typedef struct { int x; } Harenas;\nstruct harena2 { int x; };\n"),
    *(Input(f"the language: {flags}", f"--type Point {flags}", GUARDED % POINT)
      for flags in ("-x c", "-xc", "-- -x c", "-- -xc", "-- --language=c", "-- --language c")),
    *(Input(f"a name with {what}", f"--type {name}", GUARDED % f"struct {name} {{ int x; }};\n")
      for what, name in (("letters of other alphabets", "größe"), ("all that ASCII has", "_aB2"))),
    Input("a header that must be the first", "--type peer", GUARDED % FEATURE % "int number;"),
    Input("a header that must be the first, of a map", "--pointer-map --type peer",
          GUARDED % FEATURE % "char *name;"),
    Input("atomic pointers and structs of none, in a map", "--pointer-map --type a",
          GUARDED % "struct in { int n; };\nstruct a { _Atomic(struct in) in; _Atomic(char *) p; };\n"),
    Input("a const in an anonymous member and behind it", "--type a",
          GUARDED % "struct a { struct { int b[sizeof(const int)]; }; int c[sizeof(const int)]; };\n"),
    Input("an anonymous member by macros that have a const behind them", "--type a,b",
          GUARDED % "#define PAIR struct { int x, y; }\nextern const int c;\nstruct a { PAIR; };\n"
          "#define WHOLE(name) struct name { PAIR; }\nextern const int d;\nWHOLE(b);\n"),
    Input("an alignment that is less than usual", "--type Loose",
          GUARDED % "typedef double Loose __attribute__((aligned(2)));\n"),
    Input("a size that is no multiple of the alignment, in a map", "--pointer-map --type Vec",
          GUARDED % "typedef struct { void *a, *b, *c; } Vec __attribute__((aligned(16)));\n"),
]


def compile_written(work, source):
    for path in [source] if source.suffix == ".c" else work.glob("*.harena.c"):
        compile_c(path, f"-I{work}")


def check(program, case):
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / case.name).write_text(case.text)
        result = run(program, case.name, *case.arguments.split(), cwd=work)
        if result.returncode or result.stdout or result.stderr:
            raise Failure(f"exit status {result.returncode}\n{result.stdout}{result.stderr}")
        compile_written(work, work / case.name)


def main():
    program = Path(sys.argv[1]).resolve()
    finish([attempt(case.what, check, program, case) for case in INPUTS])


main()
