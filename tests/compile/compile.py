#!/usr/bin/env python3
"""Wrong programs that the compiler must warn about, and right ones that it must not.

warned/*    the first line names for each compiler that sees the mistake a level and its warning
silent/*    near misses: every compiler and level compiles them without a word
refused/*   must not compile, as C or as C++; the first line is a pattern in what is said of it
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
INCLUDE = ROOT / "include"
STRICT = "-Wpedantic -Wconversion -Wshadow".split()
COMPILERS = {
    "gcc": ["gcc"],
    "g++": ["g++"],
    "clang": ["clang-14", "clang-19"],
    "clang++": ["clang++-14", "clang++-19"],
}
LANGUAGE = {".c": ("gcc", "clang"), ".cpp": ("g++", "clang++")}
STANDARD = {".c": "-std=c11", ".cpp": "-std=c++17"}


def installed(*families):
    names = [name for family in families for name in COMPILERS[family]]
    return filter(shutil.which, names)


def warnings_of(compiler, level, source, *more):
    command = [
        compiler, STANDARD[source.suffix], level, "-Wall", "-Wextra", *more, f"-I{INCLUDE}", "-c",
        source, "-o", "/dev/null",
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    return result.returncode, result.stderr


def expectations(source):
    one = r"(\S+) (-O\w): (-W[^\s,]+)"
    first, _ = source.read_text().split("\n", 1)
    if not re.fullmatch(rf"/\* {one}(, {one})* \*/", first):
        sys.exit(f"{source}: the first line must be: /* gcc -O2: -Wexpected, clang -O0: -Wother */")
    return re.findall(one, first)


def is_warned(compiler, level, warning, source):
    status, text = warnings_of(compiler, level, source)
    if status == 0 and f"[{warning}]" in text:
        return True
    print(f"{source.name}: {compiler} {level} does not warn with {warning}\n{text}")
    return False


def warned():
    for source in sorted((HERE / "warned").iterdir()):
        for family, level, warning in expectations(source):
            for compiler in installed(family):
                yield is_warned(compiler, level, warning, source)


def is_silent(compiler, level, source):
    status, text = warnings_of(compiler, level, source, *STRICT)
    if status == 0 and not text:
        return True
    print(f"{source.name}: {compiler} {level} is not silent\n{text}")
    return False


def silent():
    for source in sorted((HERE / "silent").iterdir()):
        for compiler in installed(*LANGUAGE[source.suffix]):
            for level in ("-O0", "-O2", "-O3"):
                yield is_silent(compiler, level, source)


def is_refused(command, source):
    pattern = re.match(r"/\* (.+) \*/", source.read_text()).group(1)
    command = [*command, f"-I{INCLUDE}", "-fsyntax-only", source]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0 and re.search(pattern, result.stderr):
        return True
    print(f"{source.name}: {' '.join(command[:3])} does not refuse it with {pattern}\n{result.stderr}")
    return False


def refused():
    for source in sorted((HERE / "refused").iterdir()):
        for compiler in installed("gcc", "clang"):
            yield is_refused([compiler, "-xc", "-std=c11"], source)
        for compiler in installed("g++", "clang++"):
            yield is_refused([compiler, "-xc++", "-std=c++17"], source)


def is_clean(command, text):
    command = [*command, "-Wall", "-Wextra", "-Werror", f"-I{INCLUDE}", "-fsyntax-only", "-"]
    result = subprocess.run(command, input=text, capture_output=True, text=True)
    if result.returncode == 0 and not result.stderr:
        return True
    print(f"README.md: {' '.join(command[:3])} does not take this:\n{text}\n{result.stderr}")
    return False


def readme_programs():
    programs = re.findall(r"^```c\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    yield any("HARENA_VIEW(" in program for program in programs)
    for program in programs:
        text = "#include <harena.h>\n#include <stdio.h>\n" + program
        for compiler in filter(shutil.which, ("gcc", "clang-14", "clang-19")):
            yield is_clean([compiler, "-xc", "-std=c11"], text)
        if "HARENA_VIEW(" in program:
            for compiler in filter(shutil.which, ("g++", "clang++-14", "clang++-19")):
                yield is_clean([compiler, "-xc++", "-std=c++17"], text)


def main():
    results = [*warned(), *silent(), *refused()]
    if not results:
        print("skipped: no compiler that is known here")
        sys.exit(77)
    print(f"{len(results)} compilations, {results.count(False)} not as expected")
    sys.exit(0 if all(results) else 1)


main()
