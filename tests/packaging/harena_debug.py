#!/usr/bin/env python3
"""harena-debug: programs that were linked to release run with the instrumented library, or it says
why not, and the exit status is the program's.

Arguments: harena-debug, the folders of the release and the instrumented shared library.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from packaging import CC, CXX, HERE, OUTSIDE, SOURCE, Failure, attempt, expect_variant, finish, run

CAUGHT = "use-after-clear"


class Debugger:
    """The command, and programs to run with it."""

    def __init__(self, folders, work):
        self.command = [folders.command.resolve(), "--library", folders.instrumented.resolve()]
        self.release = folders.release.resolve()
        self.work = work
        self.app = self.link(OUTSIDE / "app.c", "app")
        self.swap = self.link(HERE / "swap.c", "swap")

    def link(self, source, name, *flags, compiler=CC, library=("-lharena",)):
        program = self.work / name
        run(*compiler, "-O1", "-g", source, f"-I{SOURCE}/include", f"-L{self.release}", *flags, *library,
            "-o", program)
        return program

    def debug(self, *arguments, expected=0, **keywords):
        return run(*self.command, *arguments, expected=expected, **keywords)


def expect(text, output):
    if text not in output:
        raise Failure(f"expected {text!r} in:\n{output}")


def runs_with_the_instrumented_library(debugger):
    expect_variant(debugger.debug(debugger.app), "instrumented")


def catches_a_bug(debugger):
    expect(CAUGHT, debugger.debug(debugger.swap, expected=None))


def passes_options_on(debugger):
    options = "halt_on_error=1:exitcode=9"
    expect(CAUGHT, debugger.debug("--options", "guard=slab", debugger.swap, expected=None))
    expect("halt_on_error", debugger.debug("--options=help=1", debugger.app))
    environment = {"HARENA_OPTIONS": "help=0"}
    expect("halt_on_error",
           debugger.debug("--options", f"help=1:{options}", debugger.app, environment=environment))


def passes_arguments_and_the_exit_status_on(debugger):
    script = debugger.work / "script"
    script.write_text('#!/bin/sh\necho "<$1> <$2>"\nexit 7\n')
    script.chmod(0o755)
    expect("<two words> <--help>", debugger.debug(script, "two words", "--help", expected=7))


def runs_the_programs_of_a_script(debugger):
    script = debugger.work / "script"
    script.write_text(f"#!/bin/sh\nexec '{debugger.app}'\n")
    script.chmod(0o755)
    expect_variant(debugger.debug(script), "instrumented")


def finds_programs_by_path(debugger):
    environment = {"PATH": f"{debugger.work}:/usr/bin:/bin"}
    expect_variant(debugger.debug("app", environment=environment), "instrumented")


def overrules_the_programs_own_path(debugger):
    for tags in ("--enable-new-dtags", "--disable-new-dtags"):
        flags = [f"-Wl,{tags},-rpath,{debugger.release}"]
        expect_variant(run(debugger.link(OUTSIDE / "app.c", "pathed", *flags)), "release")
        expect_variant(debugger.debug(debugger.work / "pathed"), "instrumented")


def runs_a_program_under_asan(debugger):
    program = debugger.link(OUTSIDE / "app.c", "asan", "-fsanitize=address")
    expect_variant(debugger.debug(program), "instrumented")


def names_functions_of_cpp(debugger):
    program = debugger.link(HERE / "shop.cpp", "shop", compiler=CXX)
    output = debugger.debug(program, expected=1)
    expect("harena: wrong-size", output)
    expect(" shop::Basket<...>::put_back", output)


def refuses_what_does_not_load_it(debugger):
    archive = [debugger.release / "libharena.a"]
    for name, flags in (("archived", []), ("static", ["-static"])):
        program = debugger.link(OUTSIDE / "app.c", name, *flags, library=archive)
        expect(f"'{program}' does not load libharena.so.0", debugger.debug(program, expected=2))
        expect_variant(debugger.debug("--unchecked", program), "release")
    expect("does not load libharena.so.0", debugger.debug("true", expected=2))


def says_what_is_wrong_with_its_arguments(debugger):
    expect("usage:", debugger.debug(expected=2))
    expect("usage:", debugger.debug("--help"))
    expect("no option '--valgrnd'", debugger.debug("--valgrnd", debugger.app, expected=2))
    expect("--options needs a value", debugger.debug("--options", expected=2))
    expect("no program 'no such'", debugger.debug("no such", expected=127))
    expect("no program 'app'", debugger.debug("app", cwd=debugger.work, expected=127))
    expect("is not a program", debugger.debug(HERE / "swap.c", expected=126))
    expect("is not a program", debugger.debug(HERE, expected=126))
    expect("no libharena.so.0 in '/nowhere'",
           debugger.debug("--library=/nowhere", debugger.app, expected=2))


def runs_under_valgrind(debugger):
    output = debugger.debug("--valgrind", debugger.app)
    expect("Memcheck", output)
    expect("instrumented\n", output)
    expect("Invalid write", debugger.debug("--valgrind", debugger.swap, expected=0))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", type=Path)
    parser.add_argument("release", type=Path)
    parser.add_argument("instrumented", type=Path)
    folders = parser.parse_args()
    cases = [
        runs_with_the_instrumented_library, catches_a_bug, passes_options_on,
        passes_arguments_and_the_exit_status_on, runs_the_programs_of_a_script,
        finds_programs_by_path, overrules_the_programs_own_path, runs_a_program_under_asan,
        names_functions_of_cpp, refuses_what_does_not_load_it, says_what_is_wrong_with_its_arguments,
    ]
    if shutil.which("valgrind"):
        cases.append(runs_under_valgrind)
    with tempfile.TemporaryDirectory() as folder:
        debugger = Debugger(folders, Path(folder))
        finish([attempt(case.__name__.replace("_", " "), case, debugger) for case in cases])


main()
