#!/usr/bin/env python3
"""Input may include what the run is going to write, by whatever path, and whatever lies there; and
when one file cannot be written, no file is written or changed."""

import resource
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from generator import Failure, attempt, compile_c, finish, generate, run

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


@dataclass
class Hindrance:
    """Arguments for a run on PAIR, and what is said of the file that cannot be written."""

    what: str
    arguments: str
    said: str
    folder: str = "unrelated"
    most_bytes: int = resource.RLIM_INFINITY


PAIR = "struct a { int x; };\nstruct b { int y; };\nstruct wide { void %s; };\n" % ", ".join(
    f"*pointer_{number}" for number in range(200)
)
HINDRANCES = [
    Hindrance("a depfile in no folder", "--type a,b --depfile missing/d", "missing/d: No such file or directory"),
    Hindrance("a depfile that is a folder", "--type a,b --depfile d", "d: a regular file is expected", "d"),
    Hindrance("a folder in the first place", "--type a,b", "a.harena.h: a regular file is expected",
              "a.harena.h"),
    Hindrance("a folder in the second type's place", "--type a,b", "b.harena.h: a regular file is expected",
              "b.harena.h"),
    Hindrance("a folder in the last place", "--type a,b", "b.harena.c: a regular file is expected",
              "b.harena.c"),
    Hindrance("no room", "--pointer-map --type a,wide,b", "wide.harena.c: File too large", most_bytes=4096),
]


def tree(folder):
    return {path: path.is_file() and path.read_text() for path in folder.rglob("*")}


def limit(most_bytes):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))


def check_hindrance(program, hindrance):
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "in.h").write_text(PAIR)
        (work / hindrance.folder).mkdir()
        for name in {"a.harena.h", "b.harena.h", "b.harena.c"} - {hindrance.folder}:
            (work / name).write_text(STALE)
        before = tree(work)
        command = [program, *hindrance.arguments.split(), "in.h"]
        result = run(*command, cwd=work, environment={"TMPDIR": folder}, limit=lambda: limit(hindrance.most_bytes))
        if result.returncode != 1 or not result.stderr.endswith(hindrance.said + "\n"):
            raise Failure(f"exit status {result.returncode}\n{result.stderr}")
        if tree(work) != before:
            raise Failure(f"changed: {tree(work).keys() ^ before.keys()}")


def check_link(program):
    """A link in the place of a file stays, and what it leads to is written."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "in.h").write_text(PAIR)
        (work / "far").mkdir()
        (work / "far" / "a").write_text(STALE)
        (work / "a.harena.h").symlink_to("far/a")
        generate(program, "--type", "a", "in.h", cwd=work)
        if not (work / "a.harena.h").is_symlink() or (work / "far" / "a").read_text() == STALE:
            raise Failure("the link is gone, or leads to what was there")
        if sorted(path.name for path in tree(work)) != ["a", "a.harena.c", "a.harena.h", "far", "in.h"]:
            raise Failure(f"left behind: {tree(work).keys()}")


def check_foreign(program):
    """A name that leads out of the temporary folder touches nothing there."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "in.h").write_text(PAIR)
        (work / "foo.harena.h").write_text(STALE)
        result = run(program, "--type", "../foo", "in.h", cwd=work, environment={"TMPDIR": folder})
        if result.returncode != 1 or not (work / "foo.harena.h").exists():
            raise Failure(f"exit status {result.returncode}\n{result.stderr}")


def main():
    program = Path(sys.argv[1]).resolve()
    results = list(inclusions(program))
    results += [attempt(case.what, check_hindrance, program, case) for case in HINDRANCES]
    results.append(attempt("a link", check_link, program))
    finish(results + [attempt("a name that leads elsewhere", check_foreign, program)])


main()
