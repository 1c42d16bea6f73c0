#!/usr/bin/env python3
"""docs/options.md lists the options of instrument/report/options.inc, each once, with its default."""

import re

from check import Check


def defaults_in_code(text):
    """name -> default, as help=1 shows it."""
    calls = re.findall(r'HARENA__(FLAG|NUMBER|SIZE|CHOICE|TEXT)\((\w+), ("[^"]*"|[^,]+), ?\s*("[^"]*"|[^,)]*)', text)
    defaults = {}
    for kind, name, initial, next_argument in calls:
        if kind == "FLAG":
            initial = "1" if initial == "true" else "0"
        elif kind == "CHOICE":
            initial = next_argument.strip('"').split("|")[int(initial)]
        elif kind == "SIZE":
            initial = shorten(int(initial))
        defaults[name] = initial
    return defaults


def shorten(size):
    for suffix in ("", "k", "m", "g"):
        if size == 0 or size % 1024:
            return f"{size}{suffix}"
        size //= 1024
    return f"{size}g"


def main():
    check = Check(__doc__)
    check.parse()
    page = check.root / "docs" / "options.md"
    in_code = defaults_in_code((check.root / "instrument/report/options.inc").read_text())
    listed = {}
    for number, line in enumerate(page.read_text().splitlines(), 1):
        row = re.match(r"^\| `(\w+)` \| (\S+) \|", line)
        if not row:
            continue
        name, initial = row.groups()
        if name not in in_code:
            check.found(page, number, f"there is no option {name}")
        elif name in listed:
            check.found(page, number, f"{name} is listed twice")
        elif initial != in_code[name]:
            check.found(page, number, f"the default of {name} is {in_code[name]}, not {initial}")
        listed[name] = number
    for name in in_code.keys() - listed.keys():
        check.found(page, 0, f"does not list {name}")
    check.finish(len(in_code))


main()
