#!/usr/bin/env python3
"""One program, linked once against the release shared library: it runs there, and unchanged against
the instrumented one, where its bug is found.

Arguments: the folders of the release and the instrumented shared library.
"""

import argparse
import tempfile
from pathlib import Path

from packaging import CC, HERE, SOURCE, Failure, attempt, finish, run


def link(program, library, *flags):
    run(*CC, "-O1", "-g", *flags, HERE / "swap.c", f"-I{SOURCE}/include", f"-L{library}", "-lharena",
        "-o", program)


def passes(program, library):
    output = run(program, environment={"LD_LIBRARY_PATH": str(library)})
    if output:
        raise Failure(f"the release library printed: {output}")


def is_caught(program, library, text):
    output = run(program, environment={"LD_LIBRARY_PATH": str(library)}, expected=None)
    if text not in output:
        raise Failure(f"the report does not say {text!r}:\n{output}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("instrumented", type=Path)
    folders = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, flags in (("plain", []), ("under ASan", ["-fsanitize=address"])):
            program = Path(folder) / "swap"
            results += [
                attempt(f"{name}: links", link, program, folders.release, *flags),
                attempt(f"{name}: runs in release", passes, program, folders.release),
                attempt(f"{name}: the same program is caught", is_caught, program,
                        folders.instrumented, "use-after-clear"),
            ]
    finish(results)


main()
