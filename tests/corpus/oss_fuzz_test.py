#!/usr/bin/env python3
"""fuzz/oss-fuzz/build.sh, in the environment that OSS-Fuzz gives it, leaves for each target a program that plays
its seeds, the seeds, and the options and dictionary that it has."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SKIPPED = 77
# What the builder's image sets for libFuzzer with AddressSanitizer.
CFLAGS = "-O1 -fno-omit-frame-pointer -gline-tables-only -fsanitize=address -fsanitize-address-use-after-scope " \
         "-fsanitize=fuzzer-no-link"


def environment_of(folder):
    return {
        **os.environ, "CC": "clang-19", "CXX": "clang++-19", "CFLAGS": CFLAGS, "CXXFLAGS": CFLAGS,
        "LIB_FUZZING_ENGINE": "-fsanitize=fuzzer", "SRC": str(folder / "src"), "OUT": str(folder / "out"),
        "WORK": str(folder / "work"), "SANITIZER": "address", "FUZZING_ENGINE": "libfuzzer",
    }


def check_target(out, target):
    program = out / target
    assert os.access(program, os.X_OK), f"no program {target}"
    with zipfile.ZipFile(out / f"{target}_seed_corpus.zip") as archive:
        seeds = {name for name in archive.namelist() if not name.endswith("/")}
    kept = {path.name for path in (REPOSITORY / "fuzz/corpus" / target).iterdir()}
    assert seeds == kept, f"{target}: seeds {sorted(seeds ^ kept)} are not in both"
    for extra in ("dict", "options"):
        assert (out / f"{target}.{extra}").exists() == (REPOSITORY / f"fuzz/{target}.{extra}").exists(), extra
    corpus = REPOSITORY / "fuzz/corpus" / target
    result = subprocess.run([program, "-runs=0", corpus], capture_output=True, text=True,
                            env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
    assert result.returncode == 0, f"{target} fails on its seeds:\n{result.stderr[-3000:]}"


def check_libraries(out):
    """libclang and what it needs go along: where targets run there are only libc's own libraries."""
    loaded = subprocess.run(["ldd", out / "generator"], capture_output=True, text=True, check=True).stdout
    paths = [os.path.normpath(line.split(" => ")[1].split()[0]) for line in loaded.splitlines() if " => " in line]
    brought = {Path(path).name for path in paths if Path(path).parent == out / "lib"}
    assert any(name.startswith("libclang") for name in brought), f"no libclang in {sorted(brought)}"
    assert any(name.startswith("libLLVM") for name in brought), f"no libLLVM in {sorted(brought)}"
    left = {Path(path).name.split(".so")[0] for path in paths} - {name.split(".so")[0] for name in brought}
    assert left <= {"libc", "libm", "libdl", "librt", "libpthread", "libresolv", "libgcc_s"}, f"not brought: {left}"


def main():
    missing = [program for program in ("clang-19", "clang++-19", "zip", "meson") if not shutil.which(program)]
    if missing:
        print(f"skipped: no {', '.join(missing)}")
        sys.exit(SKIPPED)
    targets = sorted({path.stem for path in (REPOSITORY / "fuzz").glob("*.c")})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for place in ("src", "out", "work"):
            (folder / place).mkdir()
        (folder / "src/harena").symlink_to(REPOSITORY)
        script = REPOSITORY / "fuzz/oss-fuzz/build.sh"
        result = subprocess.run([script], env=environment_of(folder), capture_output=True, text=True)
        assert result.returncode == 0, f"build.sh fails:\n{result.stdout[-4000:]}{result.stderr[-2000:]}"
        for target in targets:
            check_target(folder / "out", target)
        check_libraries(folder / "out")
    print(f"{len(targets)} targets")


main()
