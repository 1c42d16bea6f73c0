#!/usr/bin/env python3
"""The core has no conditional compilation: what differs is another file or another folder.

Allowed: include guards, `#ifdef __cplusplus`, and the header of compiler attributes.
"""

from check import Check, directives

ALLOWED_FILES = {"compiler.h"}
CONDITIONALS = {"if", "ifdef", "ifndef", "elif", "elifdef", "elifndef", "else"}


def is_guard(path, index, found):
    """The first directive of a header, when the next defines what it asks for."""
    line, keyword, name = found[index]
    return (
        path.suffix == ".h"
        and index == 0
        and keyword == "ifndef"
        and len(found) > 1
        and found[1][1:] == ("define", name)
    )


def main():
    check = Check(__doc__)
    check.parse()
    looked_at = 0
    for path in check.files(("src", "include")):
        if path.name in ALLOWED_FILES:
            continue
        looked_at += 1
        found = list(directives(path.read_text()))
        for index, (line, keyword, rest) in enumerate(found):
            if keyword not in CONDITIONALS or is_guard(path, index, found):
                continue
            if keyword == "ifdef" and rest == "__cplusplus":
                continue
            check.found(path, line, f"#{keyword} {rest}".rstrip())
    check.finish(looked_at)


main()
