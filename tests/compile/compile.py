#!/usr/bin/env python3
"""Wrong programs that the compiler must warn about, and right ones that it must not.

warned/*.c    the first line names the optimization level and gcc's warning; clang has none of these
silent/*.c    near misses: every compiler and level compiles them without a word
refused/*.c   must not compile, as C or as C++; the first line is a pattern in what is said of it
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
INCLUDE = HERE.parents[1] / "include"
STRICT = "-Wpedantic -Wconversion -Wshadow".split()


def warnings_of(compiler, level, source, *more):
    command = [
        compiler, "-std=c11", level, "-Wall", "-Wextra", *more, f"-I{INCLUDE}", "-c", source, "-o",
        "/dev/null",
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    return result.returncode, result.stderr


def expectation(source):
    match = re.match(r"/\* gcc (-O\w): (-W\S+) \*/", source.read_text())
    if not match:
        sys.exit(f"{source}: the first line must be: /* gcc -O2: -Wexpected */")
    return match.groups()


def is_warned(source):
    level, warning = expectation(source)
    status, text = warnings_of("gcc", level, source)
    if status == 0 and f"[{warning}]" in text:
        return True
    print(f"{source.name}: gcc {level} does not warn with {warning}\n{text}")
    return False


def is_silent(compiler, level, source):
    status, text = warnings_of(compiler, level, source, *STRICT)
    if status == 0 and not text:
        return True
    print(f"{source.name}: {compiler} {level} is not silent\n{text}")
    return False


def is_refused(command, source):
    pattern = re.match(r"/\* (.+) \*/", source.read_text()).group(1)
    command = [*command, f"-I{INCLUDE}", "-fsyntax-only", source]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0 and re.search(pattern, result.stderr):
        return True
    print(f"{source.name}: {' '.join(command[:3])} does not refuse it with {pattern}\n{result.stderr}")
    return False


def refusals():
    for source in sorted((HERE / "refused").glob("*.c")):
        for compiler in filter(shutil.which, ("gcc", "clang-14", "clang-19")):
            yield is_refused([compiler, "-xc", "-std=c11"], source)
        for compiler in filter(shutil.which, ("g++", "clang++-14", "clang++-19")):
            yield is_refused([compiler, "-xc++", "-std=c++17"], source)


def main():
    if not shutil.which("gcc"):
        print("skipped: no gcc")
        sys.exit(77)
    results = [is_warned(source) for source in sorted((HERE / "warned").glob("*.c"))]
    for source in sorted((HERE / "silent").glob("*.c")):
        for compiler in filter(shutil.which, ("gcc", "clang-14", "clang-19")):
            results += [is_silent(compiler, level, source) for level in ("-O0", "-O2", "-O3")]
    results += refusals()
    print(f"{len(results)} compilations, {results.count(False)} not as expected")
    sys.exit(0 if results and all(results) else 1)


main()
