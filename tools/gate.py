#!/usr/bin/env python3
"""Builds and tests every configuration, each in its own folder under build/, and adds up the results.

A line for each configuration as it ends; its log only when something failed, which does not stop
the others. One that does not build, or that ran no test, counts as one failure. The last line is
`N passed, N failed`, and the exit status is 0 only when nothing failed.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
BUILD = REPOSITORY / "build"
PASSED = {"OK", "EXPECTEDFAIL"}
LOG_LINES = 2000  # of a failed configuration; the whole log stays in its folder

GCC = {"CC": "gcc", "CXX": "g++"}
CLANG_14 = {"CC": "clang-14", "CXX": "clang++-14", "AR": "llvm-ar-14"}
CLANG_19 = {"CC": "clang-19", "CXX": "clang++-19", "AR": "llvm-ar-19"}
COMPILERS = {"gcc": GCC, "clang-14": CLANG_14, "clang-19": CLANG_19}

# Options of the caller's own would make the same tests mean something else.
UNWANTED = re.compile(r"^(HARENA_OPTIONS|[ALMTU]\w*SAN_OPTIONS|(C|CPP|CXX|LD)FLAGS|DESTDIR|MAKEFLAGS)$")


@dataclass
class Configuration:
    """One way to build and test. `folder` is another one's when only the test setup differs."""

    name: str
    compiler: dict
    options: list = field(default_factory=list)
    setup: str = "quick"
    suites: list = field(default_factory=list)
    folder: str = ""

    def __post_init__(self):
        self.folder = BUILD / (self.folder or self.name)
        self.log = self.folder / f"gate-{self.name}.log"


@dataclass
class Outcome:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    remark: str = ""

    def __str__(self):
        text = f"{self.passed} passed, {self.failed} failed"
        text += f", {self.skipped} skipped" if self.skipped else ""
        return f"{text}  {self.remark}" if self.remark else text


# Checks and packaging do not depend on how this build was optimized or sanitized: once is enough.
PROGRAMS_ONLY = ["--no-suite=checks", "--no-suite=packaging"]
# The tests of the core and of the watcher's parts, in both variants: no planted bugs.
CORE_ONLY = [*PROGRAMS_ONLY, "--no-suite=detection", "--no-suite=scripts"]
NO_EXTRAS = ["-Dbench=disabled"]


def sanitized(name, compiler, sanitizer, *options):
    return Configuration(
        name, compiler, [f"-Db_sanitize={sanitizer}", *NO_EXTRAS, *options], "sanitizer",
        PROGRAMS_ONLY,
    )


# Under an emulator, which has not all that sweeps ask of the system: the allocator in both variants, not what the
# watcher finds.
I386_FOLDERS = BUILD / "i386-folders.ini"
EMULATED_32_BITS = Configuration(
    "gcc-m32", {**GCC, "HARENA_OPTIONS": "escape=off"},
    ["--cross-file", str(REPOSITORY / "tools" / "i386.ini"), "--cross-file", str(I386_FOLDERS), *NO_EXTRAS],
    suites=["--suite=core", "--suite=bytes", "--no-suite=corpus", "--no-suite=no-valgrind"],
)


# Targets under libFuzzer, for a fixed number of inputs.
FUZZED = Configuration(
    "clang-19-fuzz", CLANG_19,
    ["-Dfuzzing=libfuzzer", "-Db_sanitize=address,undefined", "-Dtests=disabled", "-Dexamples=disabled",
     *NO_EXTRAS],
    suites=["--suite=fuzz"],
)


def again(name, configuration, setup):
    """The same build, tested with another setup."""
    return Configuration(
        name, configuration.compiler, configuration.options, setup, configuration.suites,
        configuration.folder.name,
    )


def release_lto(name, compiler):
    """Without detection: debuggers and tools name inlined frames differently there."""
    return Configuration(
        name, compiler, ["--buildtype=release", "-Db_lto=true", *NO_EXTRAS], suites=CORE_ONLY
    )


# The one build with everything in it: benchmarks, checks, packaging.
WHOLE = Configuration("gcc", GCC, ["-Dbench=enabled"])


SANITIZED = [
    sanitized("gcc-asan-ubsan", GCC, "address,undefined"),
    sanitized("clang-19-msan", CLANG_19, "memory"),
    sanitized("clang-19-tsan", CLANG_19, "thread"),
]
WHOLE_CLANG = Configuration("clang-19", CLANG_19, ["-Dbench=enabled"], suites=["--no-suite=checks"])
CLANG_ASAN = sanitized("clang-19-asan-ubsan", CLANG_19, "address,undefined")


def quick_cut():
    """Every suite once, the programs under each sanitizer, and the fuzz targets."""
    return [WHOLE, *SANITIZED, FUZZED]


def more_tools():
    return [
        again("gcc-valgrind", WHOLE, "valgrind"),
        Configuration("clang-14-core", CLANG_14, NO_EXTRAS, suites=CORE_ONLY),
        release_lto("gcc-release-lto", GCC),
        Configuration("clang-14", CLANG_14, suites=PROGRAMS_ONLY),
        WHOLE_CLANG,
        CLANG_ASAN,
        EMULATED_32_BITS,
    ]


def all_levels():
    """What the quick cut leaves out: slow tests, every compiler at every level, and every tool with each."""
    configurations = [again("gcc-full", WHOLE, "full"), again("clang-19-full", WHOLE_CLANG, "full")]
    configurations += [again(f"{one.name}-full", one, "fullsanitizer") for one in [*SANITIZED, CLANG_ASAN]]
    for name, compiler in COMPILERS.items():
        for level in "0123s":
            options = [f"-Doptimization={level}", *NO_EXTRAS]
            configurations.append(
                Configuration(f"{name}-O{level}", compiler, options, suites=PROGRAMS_ONLY)
            )
        options = ["--buildtype=release", *NO_EXTRAS]
        for link in ("static", "shared"):
            release = Configuration(f"{name}-release-{link}", compiler,
                                    [*options, f"-Ddefault_library={link}"], suites=PROGRAMS_ONLY)
            configurations.append(release)
        configurations.append(again(f"{name}-release-valgrind", release, "valgrind"))
        for level in "02":
            for sanitizer in ("address", "undefined", "thread", "memory"):
                if sanitizer == "memory" and compiler is GCC:
                    continue
                configurations.append(
                    sanitized(f"{name}-{sanitizer}-O{level}", compiler, sanitizer,
                              f"-Doptimization={level}")
                )
    configurations += [
        release_lto("clang-14-release-lto", CLANG_14),
        release_lto("clang-19-release-lto", CLANG_19),
    ]
    return configurations


def environment_of(configuration):
    environment = {name: value for name, value in os.environ.items() if not UNWANTED.match(name)}
    environment.update(configuration.compiler)
    return environment


class Failed(Exception):
    pass


def run(configuration, *command):
    """Runs a step of a configuration; what it prints goes to the configuration's log."""
    with configuration.log.open("a") as log:
        log.write(f"$ {' '.join(map(str, command))}\n")
        log.flush()
        return subprocess.run(
            command, cwd=REPOSITORY, env=environment_of(configuration), stdin=subprocess.DEVNULL,
            stdout=log, stderr=subprocess.STDOUT,
        ).returncode


def set_up(configuration):
    """Configures the folder, unless it was configured in the same way before."""
    stamp = configuration.folder / "gate-configured"
    wanted = json.dumps([configuration.compiler, configuration.options])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(configuration.folder, ignore_errors=True)
    configuration.folder.mkdir(parents=True)
    if run(configuration, "meson", "setup", configuration.folder, *configuration.options):
        raise Failed("does not configure")
    stamp.write_text(wanted)


def test_log(configuration):
    return configuration.folder / "meson-logs" / f"testlog-{configuration.setup}.json"


def results_of(configuration):
    """Counts what `meson test` wrote about each test."""
    outcome = Outcome()
    for line in test_log(configuration).read_text().splitlines():
        result = json.loads(line)["result"]
        if result in PASSED:
            outcome.passed += 1
        elif result == "SKIP":
            outcome.skipped += 1
        else:
            outcome.failed += 1
    return outcome


def build_and_test(configuration):
    set_up(configuration)
    if run(configuration, "ninja", "-C", configuration.folder):
        raise Failed("does not build")
    test_log(configuration).unlink(missing_ok=True)
    status = run(
        configuration, "meson", "test", "-C", configuration.folder, "--no-rebuild",
        "--print-errorlogs", f"--setup={configuration.setup}", *configuration.suites,
    )
    if not test_log(configuration).exists():
        raise Failed(f"meson test ended with {status} and no results")
    outcome = results_of(configuration)
    if outcome.passed + outcome.failed == 0:
        raise Failed("ran no test")
    if status and not outcome.failed:
        raise Failed(f"meson test ended with {status}")
    return outcome


def count_instructions():
    """The gate of the fast path: a script that stands alone."""
    log = BUILD / "instructions.log"
    with log.open("w") as output:
        status = subprocess.run(
            [REPOSITORY / "bench" / "instructions"], cwd=REPOSITORY, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT,
        ).returncode
    return Outcome(passed=int(status == 0), failed=int(status != 0)), log


def try_configuration(configuration):
    configuration.folder.mkdir(parents=True, exist_ok=True)
    configuration.log.unlink(missing_ok=True)
    try:
        return build_and_test(configuration), configuration.log
    except Failed as failure:
        return Outcome(failed=1, remark=str(failure)), configuration.log


def missing_program(configuration):
    needed = [configuration.compiler["CC"].split()[0]]
    needed += ["valgrind"] if configuration.setup == "valgrind" else []
    needed += ["qemu-i386"] if configuration is EMULATED_32_BITS else []
    return next((program for program in needed if not shutil.which(program)), None)


def reason_against_m32():
    """What gcc lacks here."""
    linked = subprocess.run(
        ["gcc", "-m32", "-xc", "-", "-o", "/dev/null"], input="int main(void) { return 0; }",
        text=True, capture_output=True,
    )
    return linked.returncode and "left out: gcc links no 32-bit programs here (Debian: g++-multilib)"


def prepare_m32():
    folder = BUILD / "cmocka-i386"
    result = subprocess.run(
        [REPOSITORY / "tools" / "cmocka-i386", folder], stdin=subprocess.DEVNULL,
        capture_output=True, text=True,
    )
    root = folder / "usr/lib/i386-linux-gnu/pkgconfig"
    I386_FOLDERS.write_text(f"[properties]\nsys_root = '{folder}'\npkg_config_libdir = '{root}'\n")
    if result.returncode:
        print("gcc-m32: no 32-bit cmocka could be had, so it runs what does without", flush=True)


def reason_to_skip(configuration):
    program = missing_program(configuration)
    if program:
        return f"left out: no {program} here"
    if configuration is EMULATED_32_BITS:
        reason = reason_against_m32()
        if reason:
            return reason
        prepare_m32()
    return None


def show_log(log):
    lines = log.read_text(errors="replace").splitlines()
    if len(lines) > LOG_LINES:
        print(f"... {len(lines) - LOG_LINES} lines more in {log}")
    print("\n".join(lines[-LOG_LINES:]), flush=True)


def announce(name, seconds, outcome, log):
    print(f"{name:26} {seconds:5.0f} s  {outcome}", flush=True)
    if outcome.failed:
        show_log(log)


def choose(arguments, parser):
    configurations = quick_cut()
    if arguments.all or arguments.name or arguments.list:
        configurations += more_tools() + all_levels()
    names = [configuration.name for configuration in configurations] + ["instructions"]
    unknown = set(arguments.name) - set(names)
    if unknown:
        parser.error(f"no such configuration: {', '.join(sorted(unknown))}; --list names them")
    if arguments.list:
        print("\n".join(names))
        sys.exit(0)
    chosen = set(arguments.name or names)
    return [one for one in configurations if one.name in chosen], "instructions" in chosen


def parse():
    parser = argparse.ArgumentParser(
        prog="tools/test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="every compiler, level and tool")
    parser.add_argument("--list", action="store_true", help="name the configurations and stop")
    parser.add_argument("name", nargs="*", help="only these configurations")
    return choose(parser.parse_args(), parser)


def main():
    configurations, instructions = parse()
    BUILD.mkdir(exist_ok=True)
    total = Outcome()

    def add(name, step, *arguments):
        start = time.monotonic()
        outcome, log = step(*arguments)
        announce(name, time.monotonic() - start, outcome, log)
        total.passed += outcome.passed
        total.failed += outcome.failed

    names = ", ".join(configuration.name for configuration in configurations)
    print(f"Building and testing in build/, a line for each as it ends: {names}", flush=True)
    for configuration in configurations:
        reason = reason_to_skip(configuration)
        if reason:
            print(f"{configuration.name:26}         {reason}", flush=True)
        else:
            add(configuration.name, try_configuration, configuration)
    if instructions:
        add("instructions", count_instructions)
    print(f"{total.passed} passed, {total.failed} failed")
    sys.exit(0 if total.failed == 0 and total.passed else 1)


main()
