#!/usr/bin/env python3
"""Who may include whom.

include/     the C standard library and itself
src/         include/, its own headers, and hooks.h; never instrument/
instrument/  include/, the private headers of src/, hooks.h, and its own
examples/    include/ and what is beside them: what users have
bench/       the same
tools/       the same: harena-gen is a program as users write them
"""

import re

from check import Check, directives

STANDARD = set(
    "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign "
    "stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time "
    "uchar wchar wctype".split()
)
# Folder -> where its quoted includes may lead.
QUOTED = {
    "include": (),
    "src": ("src",),
    "instrument": ("instrument", "src"),
    "examples": ("examples",),
    "bench": ("bench",),
    "tools": ("tools",),
}


def includes(text):
    for line, keyword, rest in directives(text):
        if keyword in ("include", "include_next"):
            match = re.match(r'([<"])([^>"]+)[>"]', rest)
            yield (line, *match.groups()) if match else (line, "", rest)


def leads_to(root, path, name, folders):
    """Whether the quoted name is a file beside the including one, or in one of the folders."""
    places = [path.parent] + [root / folder for folder in folders]
    for place in places:
        target = (place / name).resolve()
        if target.is_file():
            return any(target.is_relative_to(root / folder) for folder in folders)
    return False


def complaint(root, folder, path, bracket, name):
    if bracket == "":
        return f"an include that is not a name: {name}"
    if bracket == "<":
        if name.startswith("harena"):
            return None if (root / "include" / name).is_file() else f"no such public header: <{name}>"
        if folder == "include" and name.removesuffix(".h") not in STANDARD:
            return f"a public header may include only the C standard library, not <{name}>"
        return None
    if folder in ("src", "instrument") and name == "hooks.h":
        return None
    if folder == "examples" and name.endswith(".harena.h"):
        return None  # made by harena-gen, during the build
    if leads_to(root, path, name, QUOTED[folder]):
        return None
    allowed = " and ".join(f"{place}/" for place in QUOTED[folder]) or "nothing"
    return f'"{name}" is not in {allowed}, which is all that {folder}/ may include in quotes'


def main():
    check = Check(__doc__)
    check.parse()
    looked_at = 0
    for folder in QUOTED:
        for path in check.files((folder,)):
            looked_at += 1
            for line, bracket, name in includes(path.read_text()):
                text = complaint(check.root, folder, path, bracket, name)
                if text:
                    check.found(path, line, text)
    check.finish(looked_at)


main()
