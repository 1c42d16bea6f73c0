#!/usr/bin/env python3
"""Input may include what the run is going to write, by whatever path, and whatever lies there."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from generator import Failure, attempt, compile_c, finish, generate

STALE = "#error of an earlier run\n"
SOURCE = """\
struct Layer { int depth; };
#if !__has_include("%s")
#error it is not there
#endif
#include "%s"
struct Stack { layer_ref top; };
"""


@dataclass
class Inclusion:
    """Flags, and how the input includes gen/layer.harena.h; {work} is the folder of both."""

    what: str
    included: str
    flags: str = "--dir gen"
    input: str = "src/layer.c"


INCLUSIONS = [
    Inclusion("by a path from the input", "../gen/layer.harena.h"),
    Inclusion("by a path with detours", "../src/.././gen//layer.harena.h"),
    Inclusion("by a path from a folder", "gen/layer.harena.h", "--dir gen -I ."),
    Inclusion("by a name in a folder", "layer.harena.h", "--dir gen -I gen"),
    Inclusion("by its name", "layer.harena.h"),
    Inclusion("by an absolute path", "{work}/gen/layer.harena.h"),
    Inclusion("from a folder with an absolute path", "gen/layer.harena.h", "--dir gen -I {work}"),
    Inclusion("through a link", "link/layer.harena.h", "--dir link -I ."),
    Inclusion("beside a link", "gen/layer.harena.h", "--dir link -I ."),
    Inclusion("beside an input behind a link", "layer.harena.h", input="link/layer.c"),
    Inclusion("through a link to a folder", "../link/layer.harena.h", "--dir gen -I src/../link"),
]


def make_input(work, inclusion):
    (work / "gen").mkdir()
    (work / "link").symlink_to("gen")
    (work / "src").mkdir()
    included = inclusion.included.format(work=work)
    (work / inclusion.input).write_text(SOURCE % (included, included))


def check_inclusion(program, inclusion, is_stale, linked):
    with tempfile.TemporaryDirectory() as folder:
        real = Path(folder, "real")
        real.mkdir()
        work = Path(folder, "linked") if linked else real
        if linked:
            work.symlink_to(real)
        make_input(work, inclusion)
        if is_stale:
            (work / "gen" / "layer.harena.h").write_text(STALE)
        flags = inclusion.flags.format(work=work).split()
        command = [program, "--type", "Layer,Stack", *flags, inclusion.input]
        generate(*command, cwd=work, environment={"PWD": str(work)})  # as a shell names it
        if STALE in (work / "gen" / "layer.harena.h").read_text():
            raise Failure("it was not written")
        compile_c(work / inclusion.input, f"-I{work}", f"-I{work / 'gen'}", compilers=["gcc"])


def inclusions(program):
    for inclusion in INCLUSIONS:
        for is_stale, linked in ((False, False), (True, False), (False, True)):
            what = f"{inclusion.what}{', stale' * is_stale}{', below a link' * linked}"
            yield attempt(what, check_inclusion, program, inclusion, is_stale, linked)


def main():
    program = Path(sys.argv[1]).resolve()
    finish(list(inclusions(program)))


main()
