#!/usr/bin/env python3
"""What harena-gen writes is what expected/CASE/ holds, byte by byte, and compiles without a warning in
C11 and C++17.

    golden_test.py HARENA_GEN             compares
    golden_test.py HARENA_GEN --accept    writes the folders instead; look at the difference
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from generator import HERE, INCLUDE, INPUT, Failure, attempt, compile_c, compile_cpp, finish, generate, run

EXPECTED = HERE / "expected"
# Case: what is asked for, and of which input.
CASES = {
    "public": (["--type", "Point,Circle,enum Fill", "--type=wire_header,Number,Celsius"], "shapes.h"),
    "private": (["--type", "Layer,HTTPServer2Go,Point"], "private.c"),
    "through_source": (["--type", "div_t,Colour,Circle,Local"], "division.c"),
    "long_names": (["--type", "a_name_that_is_so_long_that_the_macro_must_be_broken"], "long_names.h"),
    "references": (["--type", "tree"], "references.h"),
    "long_names_map": (
        ["--pointer-map", "--type", "a_holder_whose_name_takes_forty_four_letters"], "long_names.h"),
    "map": (["--pointer-map", "--type", "conn,Plain,EntryPointer"], "connections.h"),
    "private_map": (["--pointer-map", "--type", "cache"], "cache.c"),
    "c_only": (["--type", "outer,inner,level"], "c_only.h"),
    "c_only_map": (["--pointer-map", "--type", "holder"], "c_only.h"),
}


def write(program, case, folder):
    arguments, name = CASES[case]
    flags = ["-std=c11", "--dir", folder, f"-I{INCLUDE}", "-I", INPUT]
    generate(program, *arguments, *flags, INPUT / name)


def texts(folder):
    return {path.name: path.read_text() for path in folder.iterdir()} if folder.is_dir() else {}


def compare(case, folder):
    expected, written = texts(EXPECTED / case), texts(folder)
    for name in sorted(expected | written):
        if expected.get(name) != written.get(name):
            raise Failure(f"{case}/{name} differs:\n{written.get(name, 'it is not written')}")


def compile_all(case, folder):
    flags = [f"-I{folder}", f"-I{INPUT}"]
    for source in sorted(folder.glob("*.c")):
        compile_c(source, *flags)
    name = CASES[case][1]
    if name.endswith(".c"):
        compile_c(INPUT / name, *flags)
    elif name != "c_only.h":
        everything = folder / "everything.cpp"
        everything.write_text("".join(f'#include "{path.name}"\n' for path in folder.glob("*.h")))
        compile_cpp(everything, *flags)


def check(program, case):
    with tempfile.TemporaryDirectory() as folder:
        write(program, case, Path(folder))
        compare(case, Path(folder))
        compile_all(case, Path(folder))


def strings_of(source, table):
    return set(re.findall(r'"(\w+)"', source.split(f"{table}[] = {{")[1].split("}")[0]))


def names_agree():
    """harena-gen refuses names that a view would define twice, so it must know what a view defines."""
    defined = set(re.findall(r"\bname##_(\w+)", (INCLUDE / "harena" / "view.h").read_text()))
    source = (HERE.parents[1] / "tools" / "harena-gen" / "clash.c").read_text()
    known = strings_of(source, "view_types") | strings_of(source, "view_functions")
    if defined != known:
        raise Failure(f"only in view.h or only in clash.c: {defined ^ known}")


def macros_agree():
    """A view cannot have a name that its own headers make a macro of, so harena-gen must know those."""
    result = run("gcc", "-std=c11", "-dM", "-E", f"-I{INCLUDE}", INCLUDE / "harena" / "view.h")
    defined = set(re.findall(r"^#define ([a-z]\w*)(?: |$)", result.stdout, re.MULTILINE))
    source = (HERE.parents[1] / "tools" / "harena-gen" / "clash.c").read_text()
    if defined != strings_of(source, "library_macros"):
        raise Failure(f"other macros in view.h than in clash.c: {defined}")


def accept(program):
    shutil.rmtree(EXPECTED, ignore_errors=True)
    for case in CASES:
        (EXPECTED / case).mkdir(parents=True)
        write(program, case, EXPECTED / case)


def main():
    program, *rest = sys.argv[1:]
    if rest == ["--accept"]:
        accept(program)
    else:
        results = [attempt(case, check, program, case) for case in CASES]
        results.append(attempt("the names of a view", names_agree))
        finish(results + [attempt("the macros of its headers", macros_agree)])


main()
