#!/usr/bin/env python3
"""Structs, public and private, and the public constants have the same size in both variants."""

import os
import re
import shlex
import subprocess
import tempfile
from pathlib import Path

from check import Check, blank

HOOKS = {"release": "hooks_off", "instrumented": "hooks_on"}
CONSTANTS = ("HARENA_OVERHEAD",)


def struct_names(paths):
    names = set()
    for path in paths:
        text = blank(path.read_text())
        names.update(re.findall(r"^(?:typedef )?struct\s+(\w+)\s*\{", text, re.MULTILINE))
    return sorted(names)


def probe(root, headers, structs):
    include = "".join(f'#include "{path}"\n' for path in headers)
    rows = [f'  printf("sizeof(struct {name}) %zu\\n", sizeof(struct {name}));' for name in structs]
    rows += [
        f'  printf("{name} %zu\\n", (size_t)({name}));'
        for name in CONSTANTS
        if any(name in path.read_text() for path in headers)
    ]
    return f"{include}#include <stdio.h>\nint main(void) {{\n" + "\n".join(rows) + "\n  return 0;\n}\n"


def sizes(root, hooks, source):
    """Compiles the probe as the variant's own sources are compiled, and runs it."""
    compiler = shlex.split(os.environ.get("CC", "cc"))
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "probe"
        command = [
            *compiler, "-xc", "-std=c11", "-D_GNU_SOURCE", f"-I{root}/include", f"-I{root}/src",
            f"-I{root}/instrument/{hooks}", f"-I{root}/instrument", "-", "-o", program,
        ]
        subprocess.run(command, input=source, text=True, check=True)
        output = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    return dict(line.rsplit(" ", 1) for line in output.splitlines())


def main():
    check = Check(__doc__)
    check.parse()
    headers = list(check.files(("include", "src"), suffixes=(".h",)))
    source = probe(check.root, headers, struct_names(headers))
    release, instrumented = (sizes(check.root, hooks, source) for hooks in HOOKS.values())
    for name, size in release.items():
        if instrumented[name] != size:
            text = f"{name} is {size} bytes in release and {instrumented[name]} in the instrumented build"
            check.found("include", 0, text)
    check.finish(len(release))


main()
