#!/usr/bin/env python3
"""Each public header compiles alone, twice in a row, in C11 and C++17, without a warning."""

import shutil
import subprocess

from check import Check

WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror".split()
COMPILERS = {
    "c11": ("gcc", "clang-14", "clang-19"),
    "c++17": ("g++", "clang++-14", "clang++-19"),
}


def compile_alone(compiler, standard, include, header):
    language = "c++" if "++" in standard else "c"
    command = [
        compiler, f"-x{language}", f"-std={standard}", *WARNINGS, "-fsyntax-only", f"-I{include}", "-"
    ]
    source = f"#include <{header}>\n#include <{header}>\nint nothing(void);\n"
    return subprocess.run(command, input=source, capture_output=True, text=True)


def main():
    check = Check(__doc__)
    check.parse()
    include = check.root / "include"
    looked_at = 0
    for standard, compilers in COMPILERS.items():
        for compiler in filter(shutil.which, compilers):
            for path in check.files(("include",), suffixes=(".h",)):
                looked_at += 1
                result = compile_alone(compiler, standard, include, path.relative_to(include))
                if result.returncode:
                    check.found(path, 1, f"does not compile alone ({compiler} -std={standard})")
                    print(result.stderr)
    check.finish(looked_at)


main()
