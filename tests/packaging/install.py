#!/usr/bin/env python3
"""Installs harena as users do, builds outside programs against it, and runs them.

With DESTDIR and with a plain prefix; release, instrumented, and instrumented beside release; shared
and static, from C and C++; from CMake where there is one; and as a Meson subproject.
"""

import itertools
import json
import shutil
import tempfile
from pathlib import Path

from packaging import CC, CXX, MESON, OUTSIDE, SOURCE, Failure, attempt, expect_variant, finish, run

LIBRARY_ONLY = ["-Dtests=disabled", "-Dbench=disabled", "-Dexamples=disabled", "-Ddocs=disabled"]


class Installed:
    """Where one variant is installed, as pkg-config sees it."""

    def __init__(self, prefix, work, destdir=None, beside=False):
        self.work = work
        self.libdir = (destdir or Path("/")) / prefix.relative_to("/") / "lib"
        folder = self.libdir / "harena" / "instrumented" if beside else self.libdir
        self.folder = folder
        self.environment = {
            "PKG_CONFIG_LIBDIR": str(folder / "pkgconfig"),
            "PKG_CONFIG_SYSROOT_DIR": str(destdir or ""),
        }

    def flags(self, *options):
        return run("pkg-config", *options, "harena", environment=self.environment).split()

    def build(self, compiler, source, *flags):
        program = self.work / "program"
        run(*compiler, OUTSIDE / source, "-o", program, *flags)
        return program

    def run_shared(self, compiler, source, variant):
        program = self.build(compiler, source, *self.flags("--cflags", "--libs"))
        output = run(program, environment={"LD_LIBRARY_PATH": str(self.folder)})
        expect_variant(output, variant)
        run(program, environment={"LD_LIBRARY_PATH": ""}, expected=127)  # it was the shared one

    def run_debugged(self):
        """Linked to release, run with the instrumented library that lies beside it."""
        program = self.build(CC, "app.c", *self.flags("--cflags", "--libs"))
        output = run(self.libdir.parent / "bin" / "harena-debug", program)
        expect_variant(output, "instrumented")

    def run_static(self, variant):
        program = self.build(CC, "app.c", "-static", *self.flags("--static", "--cflags", "--libs"))
        expect_variant(run(program), variant)

    def run_from_cmake(self, variant):
        build = self.work / "cmake"
        run("cmake", "-S", OUTSIDE, "-B", build, environment=self.environment)
        run("cmake", "--build", build)
        expect_variant(run(build / "app", environment={"LD_LIBRARY_PATH": str(self.folder)}), variant)


def expect_files(root, names):
    for name in names:
        if not (root / name).exists():
            raise Failure(f"{name} was not installed under {root}")


def configure(build, prefix):
    run(*MESON, "setup", build, SOURCE, "--buildtype=release", "--libdir=lib", f"--prefix={prefix}",
        "-Ddefault_library=both", "-Dinstall_instrumented=true", *LIBRARY_ONLY)
    run(*MESON, "compile", "-C", build)


def stage(build, destdir, prefix):
    run(*MESON, "install", "-C", build, "--destdir", destdir)
    # The folder is a sysroot to pkg-config, and clang finds libbacktrace by its path alone.
    (destdir / "usr").symlink_to("/usr")
    root = destdir / prefix.relative_to("/")
    expect_files(root, [
        "include/harena.h", "include/harena/arena.h", "lib/libharena.so", "lib/libharena.so.0",
        "lib/libharena.a", "lib/pkgconfig/harena.pc", "lib/harena/instrumented/libharena.so.0",
        "lib/harena/instrumented/libharena.a", "lib/harena/instrumented/pkgconfig/harena.pc",
        "lib/pkgconfig/harena-instrumented.pc", "bin/harena-debug",
    ])


def install_instrumented(build, prefix):
    """Into a plain prefix, and by `meson configure` on a folder that was set up for release."""
    run(*MESON, "configure", build, "-Dinstrumented=true", f"-Dprefix={prefix}")
    run(*MESON, "install", "-C", build)
    expect_files(prefix, ["include/harena.h", "lib/libharena.a", "lib/pkgconfig/harena.pc"])
    if (prefix / "lib" / "harena").exists():
        raise Failure("the instrumented variant was installed twice")


def use(installed, variant, description):
    return [
        attempt(f"{description}, shared", installed.run_shared, CC, "app.c", variant),
        attempt(f"{description}, C++", installed.run_shared, CXX, "app.cpp", variant),
        attempt(f"{description}, static", installed.run_static, variant),
    ]


def use_as_subproject(work, link, variant):
    project = work / f"user-{link}-{variant}"
    (project / "subprojects").mkdir(parents=True)
    (project / "subprojects" / "harena").symlink_to(SOURCE)
    for name in ("meson.build", "app.c"):
        (project / name).write_text((OUTSIDE / name).read_text())
    build = project / "build"
    run(*MESON, "setup", build, project, "--wrap-mode=forcefallback", f"-Ddefault_library={link}",
        f"-Dharena:instrumented={str(variant == 'instrumented').lower()}")
    run(*MESON, "compile", "-C", build)
    expect_variant(run(build / "app"), variant)
    expect_the_library_alone(build)


def introspect(build, what):
    return json.loads(run(*MESON, "introspect", f"--{what}", build))


def expect_the_library_alone(build):
    """Of what harena can build and install; programs and documents stay at home."""
    brought = [test["name"] for test in introspect(build, "tests")]
    for target in introspect(build, "targets"):
        if target["type"] == "executable" and target["name"] != "app":
            brought.append(target["name"])
    brought += [path for path in introspect(build, "installed").values() if "/share/" in path]
    if brought:
        raise Failure(f"a subproject brought along: {', '.join(brought)}")


def main():
    results = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        build, destdir, prefix = work / "build", work / "destdir", work / "prefix"
        staged = Path("/opt/harena")
        results.append(attempt("configure and compile", configure, build, staged))
        results.append(attempt("install with DESTDIR", stage, build, destdir, staged))
        release = Installed(staged, work, destdir)
        results += use(release, "release", "release under DESTDIR")
        results.append(attempt("harena-debug under DESTDIR", release.run_debugged))
        if shutil.which("cmake"):
            results.append(attempt("release from CMake", release.run_from_cmake, "release"))
        beside = Installed(staged, work, destdir, beside=True)
        results += use(beside, "instrumented", "instrumented beside release")
        results.append(attempt("install into a prefix", install_instrumented, build, prefix))
        results += use(Installed(prefix, work), "instrumented", "instrumented in a prefix")
        for link, variant in itertools.product(("shared", "static"), ("release", "instrumented")):
            description = f"{variant} as a subproject, {link}"
            results.append(attempt(description, use_as_subproject, work, link, variant))
    finish(results)


main()
