#!/usr/bin/env python3
"""Every class of finding is documented: the table in docs/report-formats.md says what classes.inc
says, and docs/reports.md names each class.
"""

import re

from check import Check, line_of

CLASS = re.compile(r'^HARENA__CLASS\(\w+,\s*"([^"]*)",\s*"([^"]*)",\s*((?:"[^"]*"\s*)+),', re.MULTILINE)
ROW = re.compile(r"^\| `([^`]*)` \| `([^`]*)` \| (.*) \|$", re.MULTILINE)


def classes_in(text):
    """(name, family, summary) of each class, and its line."""
    for match in CLASS.finditer(text):
        summary = "".join(re.findall(r'"([^"]*)"', match.group(3)))
        yield (match.group(1), match.group(2), summary), line_of(text, match.start())


def main():
    check = Check(__doc__)
    check.parse()
    source = check.root / "instrument" / "report" / "classes.inc"
    table = check.root / "docs" / "report-formats.md"
    guide = check.root / "docs" / "reports.md"
    rows = ROW.findall(table.read_text())
    classes = list(classes_in(source.read_text()))
    for description, line in classes:
        if description not in rows:
            check.found(source, line, f"{table.name} has no row {' | '.join(description)}")
        if guide.exists() and f"`{description[0]}`" not in guide.read_text():
            check.found(source, line, f"{guide.name} does not name `{description[0]}`")
    for row in rows:
        if row not in [description for description, _ in classes]:
            check.found(table, 0, f"there is no such class: {' | '.join(row)}")
    check.finish(len(classes))


main()
