#!/usr/bin/env python3
"""What harena-gen refuses: the words, the place, exit status 1, and no file written."""

import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from generator import Failure, attempt, finish, run


@dataclass
class Refusal:
    """Arguments, the text of in.h, and what is said; {in} there and in arguments is its path."""

    what: str
    arguments: str
    text: str
    said: str
    input: str = "in.h"


CIRCLES = """\
struct point { int x; struct point *next; };
typedef struct Circle {
  struct { struct point next; } centre;
  const char *name, *const colour;
  struct point ring[4][2];
  void (*draw)(void);
  union { int number; void *any; };
  _Atomic(char *) atomic;
  __builtin_va_list arguments;
} Circle;
"""
CIRCLES_SAID = """\
{in}:1:37: error: Circle.centre.next.next: pointer (struct point *)
{in}:4:15: error: Circle.name: pointer (const char *)
{in}:4:28: error: Circle.colour: pointer (const char *const)
{in}:1:37: error: Circle.ring[][].next: pointer (struct point *)
{in}:6:10: error: Circle.draw: pointer (void (*)(void))
{in}:7:29: error: Circle.any: pointer (void *)
{in}:8:19: error: Circle.atomic: pointer (char *)
"""
VA_LIST_SAID = """\
{in}:9:21: error: Circle.arguments[].overflow_arg_area: pointer (void *)
{in}:9:21: error: Circle.arguments[].reg_save_area: pointer (void *)
"""

VEC = "typedef struct { double a, b, c; } Vec __attribute__((aligned(16)));\n"

REFUSALS = [
    Refusal("pointers", "--type Circle {in}", CIRCLES, CIRCLES_SAID + VA_LIST_SAID),
    Refusal("a pointer in anonymous members", "--type Deep {in}",
            "typedef struct { union { struct { long q; void (*cb)(void); }; }; } Deep;\n",
            "{in}:1:50: error: Deep.cb: pointer (void (*)(void))\n"),
    Refusal("a pointer behind typedefs", "--type Handle {in}", "typedef void *Raw;\ntypedef Raw Handle;\n",
            "{in}:2:13: error: Handle: pointer (void *)\n"),
    Refusal("what only has the name of a reference", "--type a {in}",
            "typedef struct harena_ref { void *p; } harena_ref;\nstruct a { harena_ref b; };\n",
            "{in}:1:35: error: a.b.p: pointer (void *)\n"),
    Refusal("_BitInt", "--type a {in}", "struct a { _BitInt(7) b; };\n",
            "{in}:1:23: error: a.b: _BitInt(7) is a kind of type that harena-gen does not know\n"),
    Refusal("every type of a run", "--type good,bad,none,worse {in}",
            "struct good { int a; };\nstruct bad { int *b; };\nstruct worse { int n; char c[]; };\n",
            "{in}:2:19: error: bad.b: pointer (int *)\n"
            "harena-gen: error: {in}: no type has the name none\n"
            "{in}:3:28: error: worse.c: flexible array\n"),
    Refusal("a flexible array inside", "--type outer {in}",
            "struct list { int n, items[]; };\nstruct outer { struct list list; };\n",
            "{in}:1:22: error: outer.list.items: flexible array\n"),
    Refusal("an array of no elements", "--type a {in}", "struct a { int n; char b[0]; };\n",
            "{in}:1:24: error: a.b: array of no elements\n"),
    Refusal("types of no size", "--type a,b,c,d,e {in}",
            "struct a {};\nstruct b { struct {} e; };\nstruct c { unsigned : 0; };\n"
            "union d {};\ntypedef struct { char none[0]; } e;\n",
            "{in}:1:8: error: a has no size\n{in}:2:8: error: b has no size\n"
            "{in}:3:8: error: c has no size\n{in}:4:7: error: d has no size\n"
            "{in}:5:9: error: e has no size\n"),
    Refusal("no size in a map", "--pointer-map --type a {in}", "struct a {};\n",
            "{in}:1:8: error: a has no size\n"),
    Refusal("a member whose name is a macro too, in a map", "--pointer-map --type a,b,c {in}",
            "struct a { union { int *one, *two; } both; int three; };\n#define one both.one\n"
            "#define three(x) x\nstruct b { int three, *four; };\n"
            "struct c { struct a three[2]; };\n",
            "{in}:1:25: error: a.both.one: one is a macro too, so offsetof() cannot name the member\n"
            "{in}:1:25: error: c.three[].both.one: one is a macro too, so offsetof() cannot name the member\n"),
    Refusal("a pointer in an atomic struct, in a map", "--pointer-map --type a,b {in}",
            "struct in { char *p; };\nstruct a { _Atomic(struct in) held; };\n"
            "typedef _Atomic(union { void *one[2], *two; }) b;\n",
            "{in}:1:19: error: a.held.p: in an _Atomic struct, of which clang's offsetof() names no member\n"
            "{in}:3:31: error: b.one[]: in an _Atomic struct, of which clang's offsetof() names no member\n"
            "{in}:3:40: error: b.two: in an _Atomic struct, of which clang's offsetof() names no member\n"),
    Refusal("a flexible array in a map", "--pointer-map --type a {in}",
            "struct a { char *p; int n[]; };\n", "{in}:1:25: error: a.n: flexible array\n"),
    Refusal("an incomplete struct", "--type opaque {in}", "struct opaque;\n",
            "{in}:1:8: error: opaque is incomplete: it is only declared here\n"),
    Refusal("a typedef of an incomplete struct", "--type Opaque {in}",
            "\ntypedef struct opaque Opaque;\n",
            "{in}:2:16: error: Opaque is incomplete: it is only declared here\n"),
    Refusal("void", "--type Nothing {in}", "typedef void Nothing;\n",
            "{in}:1:14: error: Nothing is incomplete: it is only declared here\n"),
    Refusal("an array", "--type Row {in}", "typedef int Row[4];\n",
            "{in}:1:13: error: Row is an array; put it into a struct\n"),
    Refusal("a function", "--type Draw {in}", "typedef int Draw(int);\n",
            "{in}:1:13: error: Draw is a function\n"),
    Refusal("a constant", "--type Fixed {in}", "typedef const struct { int n; } Fixed;\n",
            "{in}:1:15: error: Fixed is const or volatile; the type without that is expected\n"),
    Refusal("a constant member", "--type a {in}", "struct a { const int b[2]; };\n",
            "{in}:1:22: error: a.b: const, so a view could not assign the value\n"),
    Refusal("constant anonymous members", "--type a,b,c {in}",
            "struct a { const struct { int x; }; };\nstruct b { union { int x; } const; };\n"
            "struct c { struct { int y; struct { int x; } const volatile; }; };\n",
            "{in}:1:18: error: a: an anonymous member is const, so a view could not assign the value\n"
            "{in}:2:12: error: b: an anonymous member is const, so a view could not assign the value\n"
            "{in}:3:28: error: c: an anonymous member is const, so a view could not assign the value\n"),
    Refusal("a size that is no multiple of the alignment", "--type Vec,aligned_int {in}",
            VEC + "typedef int aligned_int __attribute__((aligned(8)));\n",
            "{in}:1:9: error: Vec: size 24 is no multiple of alignment 16; put it into a struct\n"
            "{in}:2:13: error: aligned_int: size 4 is no multiple of alignment 8; put it into a struct\n"),
    Refusal("an unknown name", "--type Pont {in}", "struct Point { int x; };\n",
            "harena-gen: error: {in}: no type has the name Pont\n"),
    Refusal("a variable's name", "--type origin {in}", "extern int origin;\n",
            "harena-gen: error: {in}: no type has the name origin\n"),
    Refusal("the wrong keyword", "--type 'union a' {in}", "struct a { int x; };\n",
            "harena-gen: error: {in}: no type has the name union a\n"),
    *(Refusal(f"no name of a type: {name}", f"--type '{name}' {{in}}", "struct a { int x; };\n",
              f'harena-gen: error: --type {name}: a name such as Point or "struct point" is expected\n')
      for name in ("../foo", "a/b", "a b", "struct a b", "struct ", "enum  a", "2d", "a*", ".", "union=a")),
    Refusal("a name that the view defines", "--type Point {in}",
            "typedef struct { int x; } Point;\nvoid point_get(void);\nextern int point_at;\n",
            "{in}:2:6: error: point_get is here already; a typedef gives Point another name\n"),
    Refusal("a constant that the view defines", "--type Point {in}",
            "typedef struct { enum { point_new } x; } Point;\n",
            "{in}:1:25: error: point_new is here already; a typedef gives Point another name\n"),
    Refusal("a name that the map defines", "--pointer-map --type a {in}",
            "struct a { int a_new, a_pointer_map; };\nint a_new, a_pointer_map;\n",
            "{in}:2:12: error: a_pointer_map is here already; a typedef gives a another name\n"),
    Refusal("a macro that a view would call", "--type Point {in}",
            "typedef struct { int x; } Point;\n#define point_new(x) ((x) + 1)\n",
            "{in}:2:9: error: point_new is a macro here; a typedef gives Point another name\n"),
    Refusal("macros with the names of types that a view defines", "--type Point,Spot {in}",
            "typedef struct { int x; } Point, Spot;\n#define point_ref int\n#define spot_buffer\n",
            "{in}:2:9: error: point_ref is a macro here; a typedef gives Point another name\n"
            "{in}:3:9: error: spot_buffer is a macro here; a typedef gives Spot another name\n"),
    Refusal("a macro with the view's name", "--type Errno {in}",
            "typedef struct { int code; } Errno;\n#define errno (*place_of_errno())\n",
            "{in}:2:9: error: errno is a macro here; a typedef gives Errno another name\n"),
    Refusal("a macro of the command line", "--type Point -Dpoint=3 {in}", "typedef struct { int x; } Point;\n",
            "harena-gen: error: point is a macro here; a typedef gives Point another name\n"),
    Refusal("a macro of the compiler", "--type Linux -std=gnu11 {in}", "typedef struct { int x; } Linux;\n",
            "harena-gen: error: linux is a macro here; a typedef gives Linux another name\n"),
    Refusal("a macro with the map's name", "--pointer-map --type a {in}",
            "struct a { int *p; };\n#define a_pointer_map p\n",
            "{in}:2:9: error: a_pointer_map is a macro here; a typedef gives a another name\n"),
    Refusal("a macro before a private view", "--type point {in}",
            "struct point { int x; };\n#define point_new(x) x\n#include \"point.harena.h\"\n",
            "{in}:2:9: error: point_new is a macro here; a typedef gives point another name\n", "in.c"),
    Refusal("names of the library and what it includes", "--type Harena,HarenaSpot,Bool,False,Errno {in}",
            "typedef struct { int x; } Harena, HarenaSpot, Bool, False, Errno;\n#define errno 0\n",
            "harena-gen: error: Harena: names that begin with harena_ are the library's; a typedef gives another\n"
            "harena-gen: error: HarenaSpot: names that begin with harena_ are the library's; a typedef gives "
            "another\n"
            "harena-gen: error: Bool: bool is a macro of stdbool.h; a typedef gives another name\n"
            "harena-gen: error: False: false is a macro of stdbool.h; a typedef gives another name\n"
            "{in}:2:9: error: errno is a macro here; a typedef gives Errno another name\n"),
    Refusal("names of the library in a map", "--pointer-map --type Harena {in}",
            "typedef struct { int *p; } Harena;\n",
            "harena-gen: error: Harena: names that begin with harena_ are the library's; a typedef gives another\n"),
    Refusal("an empty name", "--type a,,b {in}", "",
            "harena-gen: error: --type a,,b: a name between commas is empty\n"),
    Refusal("one file for two types", "--type Point,point {in}", "",
            "harena-gen: error: Point and point would both be written to point.harena.h; a typedef gives "
            "another name\n"),
    Refusal("an error in the input", "--type a {in}", "struct a { unknown x; };\n",
            "{in}:1:12: error: unknown type name 'unknown'\n"),
    Refusal("a missing header", "--type a {in}", '#include "missing.h"\n',
            "{in}:1:10: fatal error: 'missing.h' file not found\n"),
    Refusal("an unknown flag", "--type a -q {in}", "",
            "harena-gen: error: unknown flag -q; --help lists them, and those behind -- all go to clang\n"),
    Refusal("a flag that clang does not know", "--type a -fbogus {in}", "struct a { int x; };\n",
            "harena-gen: error: unknown argument: '-fbogus'\n"),
    Refusal("a warning that clang does not know", "--type a -Wbogus {in}", "struct a { int x; };\n",
            "harena-gen: error: unknown warning option '-Wbogus'\n"),
    Refusal("another language", "--type a {in} -x c++", "",
            "harena-gen: error: language c++: harena-gen reads C, and no other\n"),
    Refusal("another language behind --", "--type a {in} -- -xc++", "",
            "harena-gen: error: language c++: harena-gen reads C, and no other\n"),
    Refusal("another language in full", "--type a {in} -- --language=c++", "",
            "harena-gen: error: language c++: harena-gen reads C, and no other\n"),
    Refusal("no language", "--type a {in} -x", "", "harena-gen: error: -x: a value is expected\n"),
    Refusal("a standard of C++", "--type a -std=c++17 {in}", "struct a { int x; };\n",
            "harena-gen: error: -std=c++17: harena-gen reads C, and no other language\n"),
    *(Refusal(f"a file of another language: {name}", "--type a {in}", "struct a { int x; };\n",
              "harena-gen: error: {in}: harena-gen reads C, and no other language\n", name)
      for name in ("in.cpp", "in.cc", "in.cxx", "in.c++", "in.C", "in.hpp", "in.hh", "in.hxx", "in.h++",
                   "in.H", "in.m", "in.mm")),
    *(Refusal(f"a name that no include can have: {name!a}", "--type a {in}", "struct a { int x; };\n",
              "harena-gen: error: {in}: no include can have this name, with a quote, backslash or end of "
              "line\n", name)
      for name in ('i"n.h', "i\\n.h", "i\nn.h")),
    Refusal("a standard that clang does not know", "--type a -std=c99x {in}", "struct a { int x; };\n",
            "harena-gen: error: clang refuses -std=c99x {in}\n"),
    Refusal("a flag without its value", "--type a {in} -I", "",
            "harena-gen: error: -I: a value is expected\n"),
    Refusal("an option without its value", "{in} --type", "",
            "harena-gen: error: --type: a value is expected\n"),
    Refusal("an option with an empty value", "--depfile= --type a {in}", "",
            "harena-gen: error: --depfile: a value is expected\n"),
    Refusal("no type", "{in}", "", "harena-gen: error: --type NAME is expected; --help says more\n"),
    Refusal("no input", "--type a", "",
            "harena-gen: error: an input file is expected; --help says more\n"),
    Refusal("two inputs", "--type a {in} other.h", "",
            "harena-gen: error: other.h: one input file is expected, and {in} is it already\n"),
    Refusal("an input that is not there", "--type a missing.h", "",
            "harena-gen: error: missing.h: No such file or directory\n"),
    Refusal("a folder as input", "--type a /", "", "harena-gen: error: /: Is a directory\n"),
    Refusal("no folder to write to", "--type a {in} --dir missing", "",
            "harena-gen: error: --dir missing: the name of a folder is expected\n"),
    Refusal("a folder that takes no files", "--type a {in} --dir /proc/self",
            "struct a { int x; };\n", "harena-gen: error: /proc/self/a.harena.h: No such file or directory\n"),
]


def check(program, refusal):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, refusal.input)
        source.write_text(refusal.text)
        words = [word.replace("{in}", str(source)) for word in shlex.split(refusal.arguments)]
        result = run(program, *words, cwd=folder, environment={"TMPDIR": folder})
        left = [path.name for path in Path(folder).iterdir() if path != source]
        said = refusal.said.replace("{in}", str(source))
        if result.returncode != 1 or result.stderr != said or result.stdout or left:
            raise Failure(f"exit status {result.returncode}, wrote {left}, said:\n{result.stderr}")


def main():
    program = Path(sys.argv[1]).resolve()
    results = [attempt(refusal.what, check, program, refusal) for refusal in REFUSALS]
    finish(results)


main()
