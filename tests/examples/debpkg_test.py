"""Black-box tests of debpkg: debpkg_test.py VARIANT PROGRAM INDEX EXPECTED"""

import gzip
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

VARIANT, PROGRAM, INDEX, EXPECTED = sys.argv[1:5]
INSTALLED = "/var/lib/dpkg/status"
LINE_LIMIT = 1 << 20
STANZA = b"Package: one\nSection: misc\nInstalled-Size: 1024\nDescription: a\n b\n .\n c\n\n"
AFTER = STANZA.count(b"\n") + 1  # the number of the line after it


def run(*arguments, data=b"", stdout=subprocess.PIPE):
    """Runs the program; a minute without an end is a failure."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        input=data, stdout=stdout, stderr=subprocess.PIPE, timeout=60, check=False,
    )


def without_cost(output):
    """The summary without what differs from run to run."""
    return re.sub(r"(?m)^(time|allocations|memory) .*\n", "", output.decode())


def figures(output):
    """The numbers on the memory line that come from the arenas."""
    return re.search(r"(?m)^memory +at most (\S+) KiB .*, (\S+) KiB kept", output.decode()).groups()


class DebpkgTest(unittest.TestCase):
    maxDiff = None

    def assert_refused(self, result, message, status=1):
        self.assertEqual(result.stderr.decode().splitlines()[0], "debpkg: " + message)
        self.assertEqual(result.returncode, status)

    def assert_summary(self, data, *expected_lines):
        result = run("-", data=data)
        self.assertEqual((result.stderr, result.returncode), (b"", 0))
        lines = result.stdout.decode().splitlines()
        for line in expected_lines:
            self.assertIn(line, lines)
        return lines

    def assert_data_refused(self, data, number, message):
        result = run("-", data=data)
        self.assert_refused(result, f"standard input:{number}: {message}")
        self.assertEqual(result.stdout, b"")


class Summary(DebpkgTest):
    def test_of_a_file(self):
        result = run(INDEX)
        self.assertEqual((result.stderr, result.returncode), (b"", 0))
        self.assertEqual(without_cost(result.stdout), pathlib.Path(EXPECTED).read_text())

    @unittest.skipUnless(os.path.exists(INSTALLED), "no dpkg on this machine")
    def test_of_what_is_installed(self):
        result = run()
        self.assertEqual((result.stderr, result.returncode), (b"", 0))
        self.assertEqual(without_cost(result.stdout), without_cost(run(INSTALLED).stdout))

    def test_of_a_pipe(self):
        result = run("-", data=pathlib.Path(INDEX).read_bytes())
        self.assertEqual(without_cost(result.stdout), pathlib.Path(EXPECTED).read_text())

    def test_cost(self):
        output = run(INDEX).stdout.decode()
        self.assertRegex(output, r"(?m)^time +\d+\.\d+ s to read the index$")
        self.assertRegex(output, r"(?m)^allocations  [1-9]\d{3} by both arenas, \d+\.\d million per second$")
        self.assertRegex(output, r"(?m)^memory .* [1-9]\d+ KiB in the process$")

    def test_without_counting(self):
        result = run("--no-count", INDEX)
        self.assertEqual(without_cost(result.stdout), pathlib.Path(EXPECTED).read_text())
        # The instrumented build counts in any case.
        self.assertEqual(b"allocations" in result.stdout, VARIANT == "instrumented")

    def test_memory_does_not_grow_with_the_index(self):
        stanzas = pathlib.Path(INDEX).read_bytes()
        self.assertGreater(len(stanzas) * 60, 2 * LINE_LIMIT)
        once, often = run(INDEX), run("-", data=stanzas * 60)
        self.assertEqual(often.stderr, b"")
        self.assertEqual(figures(once.stdout), figures(often.stdout))

    def test_kinds_of_dependencies(self):
        self.assert_summary(
            b"Package: a\nPre-Depends: x (>= 1:2.0~) | y:any (<< 3), z\nDepends: x, x (<< 9),\n w:native|v\n\n"
            b"Package: b\nDepends: x\n\n",
            *("        2  x", "        1  y", "        1  z", "        1  w", "        1  v"),
        )

    def test_names_are_in_order_where_numbers_are_equal(self):
        lines = self.assert_summary(b"Package: a\nDepends: n, k, m, l\n\n")
        start = lines.index("packages that most others depend on") + 1
        self.assertEqual([line.split()[1] for line in lines[start : start + 4]], list("klmn"))

    def test_ten_names_at_most(self):
        names = ", ".join(f"name{i}" for i in range(11))
        lines = self.assert_summary(f"Package: a\nDepends: {names}\n\n".encode())
        self.assertEqual(sum("name" in line for line in lines), 10)

    def test_many_names(self):
        stanzas = "".join(f"Package: p{i}\nDepends: p{i + 1}\n\n" for i in range(5000))
        self.assert_summary(stanzas.encode(), "5000 packages, 0.0 MiB installed")

    def test_fields_that_are_absent(self):
        self.assert_summary(b"Package: a\n\n", "1 packages, 0.0 MiB installed", "      0.0 MiB  (none) (1)")

    def test_essential_packages(self):
        self.assert_summary(
            b"Package: a\nEssential: yes\nInstalled-Size: 1024\n\n"
            b"Package: b\nEssential: no\n\nPackage: c\n\n",
            "1 of them essential, 1.0 MiB",
        )

    def test_field_names_ignore_case_and_lines_may_end_as_on_dos(self):
        self.assert_summary(
            b"PACKAGE: a\r\ninstalled-size: 1024\r\nSection: misc\r\n\r\n\r\n",
            "1 packages, 1.0 MiB installed", "      1.0 MiB  misc (1)",
        )

    def test_removed_packages_are_left_out(self):
        self.assert_summary(
            STANZA
            + b"Package: gone\nStatus: deinstall ok config-files\nInstalled-Size: 7\nDepends: nobody\n\n"
            + b"Package: never\nStatus: unknown ok not-installed\n\n",
            "1 packages, 1.0 MiB installed",
        )

    def test_longest_line(self):
        long = b"Comment: ".ljust(LINE_LIMIT, b"x")
        self.assert_summary(STANZA + b"Package: b\n" + long + b"\n\n", "2 packages, 1.0 MiB installed")

    def test_long_continuation(self):
        lines = b" more\n" * 20000
        self.assert_summary(STANZA.replace(b" b\n", lines), "1 packages, 1.0 MiB installed")


class BadIndex(DebpkgTest):
    def test_missing(self):
        self.assert_refused(run("/missing/index"), "/missing/index: cannot open: No such file or directory")

    def test_directory(self):
        self.assert_refused(run("/"), "/: cannot read: Is a directory")

    def test_empty(self):
        for data in b"", b"\n\n":
            with self.subTest(data=data):
                number = data.count(b"\n") + 1
                self.assert_data_refused(data, number, "the end of the index, and no package before it")

    def test_empty_file(self):
        with tempfile.NamedTemporaryFile() as file:
            self.assert_refused(
                run(file.name), f"{file.name}:1: the end of the index, and no package before it")

    def test_cut_within_a_line(self):
        self.assert_data_refused(
            STANZA + b"Package: tw", AFTER, "the file ends within this line: it is truncated")

    def test_cut_within_a_stanza(self):
        self.assert_data_refused(
            STANZA + b"Package: two\nVersion: 1\n", AFTER + 1,
            "the index ends within a stanza, without an empty line: it is truncated")

    def test_cut_at_every_byte_of_a_stanza(self):
        for length in range(1, len(STANZA) - 1):
            with self.subTest(length=length):
                result = run("-", data=STANZA[:length])
                self.assertIn(b"it is truncated", result.stderr)
                self.assertEqual(result.returncode, 1)

    def test_nul_byte(self):
        message = "a NUL byte at column 4: not a text file (is it compressed?)"
        self.assert_data_refused(STANZA + b"Pac\0age: x\n\n", AFTER, message)
        self.assert_data_refused(STANZA + b"Pac\0age: x", AFTER, message)

    def test_binary_files(self):
        for data in gzip.compress(STANZA, mtime=0), pathlib.Path("/bin/sh").read_bytes(), bytes(4096):
            with self.subTest(start=data[:8]):
                result = run("-", data=data)
                self.assertRegex(result.stderr.decode(), r"^debpkg: standard input:\d+: ")
                self.assertEqual(result.returncode, 1)

    def test_long_line(self):
        message = f"the line is longer than {LINE_LIMIT} bytes"
        for more in 1, 2, LINE_LIMIT:
            line = b"Comment: ".ljust(LINE_LIMIT + more, b"x")
            self.assert_data_refused(STANZA + line + b"\n\n", AFTER, message)

    def test_not_a_field(self):
        for line in b"no colon here", b": nothing", b"<html>":
            self.assert_data_refused(STANZA + line + b"\n\n", AFTER, "expected 'Field: value'")

    def test_stanza_that_starts_with_a_continuation(self):
        self.assert_data_refused(
            STANZA + b" more\n\n", AFTER, "a stanza starts with a blank: expected 'Field: value'")

    def test_stanza_without_a_name(self):
        for stanza in b"Version: 1\nSection: misc\n\n", b"Package:\nVersion: 1\n\n":
            self.assert_data_refused(STANZA + stanza, AFTER, "a stanza without a Package field")

    def test_bad_installed_size(self):
        for size in "12x", "-5", "+5", "0x10", "1 024", "", "1099511627777", "99999999999999999999999":
            with self.subTest(size=size):
                self.assert_data_refused(
                    f"Package: a\nInstalled-Size: {size}\nSection: misc\n\n".encode(), 2,
                    f"Installed-Size: '{size}' is not a number of KiB from 0 to 1099511627776")

    def test_bad_dependency(self):
        self.assert_data_refused(
            b"Package: a\nDepends: b, (>= 1)\n\n", 2, "Depends: expected a package name at '(>= 1)'")


class WrongCall(DebpkgTest):
    def test_limit_that_is_too_small(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(STANZA)
            file.flush()
            self.assertEqual(run("--limit", 4096, file.name).returncode, 0)
            result = run("--limit", 128, file.name)
        self.assertRegex(
            result.stderr.decode(),
            rf"^debpkg: {file.name}:[1-8]: the stanza needs more memory than the 128 bytes that "
            r"--limit allows\n$")
        self.assertEqual(result.returncode, 1)

    def test_every_small_limit_is_met_or_named(self):
        for limit in range(8, 700, 8):
            with self.subTest(limit=limit):
                result = run("--limit", limit, "-", data=STANZA + b"Package: b\nDepends: c, d\n\n")
                if result.returncode != 0:
                    self.assertIn(f"the {limit} bytes that --limit allows", result.stderr.decode())
                    self.assertEqual(result.returncode, 1)

    def test_limit_that_is_no_number(self):
        for limit in "many", "0", "-1", "1k", "", "18446744073709551616":
            self.assert_refused(
                run("--limit", limit),
                f"--limit: '{limit}' is not a number of bytes, 1 or more", status=2)

    def test_unknown_plant(self):
        self.assert_refused(
            run("--plant", "tree"), "--plant: there is no bug 'tree'; --plant help lists them", status=2)

    def test_two_files(self):
        self.assert_refused(run("a", "b"), "one index at a time: what is 'b'?", status=2)

    def test_unknown_option(self):
        result = run("--color")
        self.assertIn(b"unrecognized option '--color'", result.stderr)
        self.assertEqual(result.returncode, 2)

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            result = run(INDEX, stdout=full)
        self.assert_refused(result, "standard output: No space left on device")

    def test_help(self):
        result = run("--help")
        self.assertEqual((result.stderr, result.returncode), (b"", 0))
        for option in b"--limit", b"--no-count", b"--plant", b"--help":
            self.assertIn(option, result.stdout)


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C"
    unittest.main(argv=sys.argv[:1], verbosity=2)
