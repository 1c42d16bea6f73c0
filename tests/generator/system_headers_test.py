#!/usr/bin/env python3
"""harena-gen on every struct, union, enum and typedef of twenty system headers: each is written or
refused at a place, never with a crash, and what is written compiles."""

import re
import sys
import tempfile
from pathlib import Path

from generator import Failure, attempt, compile_c, compile_cpp, finish, run

HEADERS = """
    arpa/inet.h dirent.h elf.h fcntl.h net/if.h netdb.h netinet/in.h netinet/tcp.h poll.h pthread.h
    pwd.h sched.h signal.h stdio.h sys/resource.h sys/stat.h sys/socket.h sys/utsname.h termios.h
    time.h ucontext.h utmpx.h
""".split()
FLAGS = ["-D_GNU_SOURCE"]
REFUSAL = re.compile(r"^(?:\S+:\d+:\d+: error: |harena-gen: error: \S+: no type has the name )")


def names_of(header):
    """Everything that may be a type's name, and some that are none, in the header and below it."""
    result = run("gcc", "-E", "-P", *FLAGS, header)
    if result.returncode:
        raise Failure(result.stderr)
    tags = re.findall(r"\b(struct|union|enum)\s+(\w+)\s*[{;]", result.stdout)
    typedefs = re.findall(r"\btypedef\b[^;]*?\b(\w+)\s*(?:\[[^\]]*\])*;", result.stdout)
    members = re.findall(r"}\s*(\w+);", result.stdout)
    return [f"{keyword} {name}" for keyword, name in tags] + typedefs + members


def one_for_each_file(names):
    """Names whose files differ: of struct stat and stat only the first."""
    chosen = {}
    for name in names:
        chosen.setdefault(name.split()[-1].lower().replace("_", ""), name)
    return list(chosen.values())


def refusals(program, header, names, folder, *options):
    """The lines that say why not all names are written, each with a place; none when all are."""
    command = [program, *options, "--dir", folder, *FLAGS, "--type", ",".join(names), header]
    result = run(*command)
    lines = result.stderr.splitlines()
    if result.returncode != bool(lines):
        raise Failure(f"exit status {result.returncode}\n{result.stderr}")
    for line in lines:
        if not REFUSAL.match(line):
            raise Failure(f"neither written nor refused at a place: {line}")
    return lines


def is_about(line, name):
    text = line.split("error: ", 1)[1]
    said = (f"the name {name}", f"gives {name} another name")
    return re.match(rf"{re.escape(name)}[ .:]", text) or text.endswith(said)


def compile_all(folder):
    """All in one file: the views of a header must not be in each other's way."""
    for suffix, end, compile_one in (("c", "", compile_c), ("h", "pp", compile_cpp)):
        everything = folder / f"everything.c{end}"
        paths = sorted(folder.glob(f"*.harena.{suffix}"))
        everything.write_text("".join(f'#include "{path.name}"\n' for path in paths))
        compile_one(everything, *FLAGS, compilers=["gcc"])


def check(program, name, work, *options):
    folder = Path(tempfile.mkdtemp(dir=work))
    header = folder / "input.h"
    header.write_text(f"#include <{name}>\n")
    names = one_for_each_file(names_of(header))
    lines = refusals(program, header, names, folder, *options)
    written = [name for name in names if not any(is_about(line, name) for line in lines)]
    print(f"{name}: {len(written)} of {len(names)} types")
    lines = refusals(program, header, written, folder, *options)
    if lines:
        raise Failure("refused when asked again: " + lines[0])
    compile_all(folder)


def main():
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as work:
        results = [attempt(name, check, program, name, work) for name in HEADERS]
        results += [
            attempt(f"map of {name}", check, program, name, work, "--pointer-map") for name in HEADERS
        ]
    finish(results)


main()
