#!/usr/bin/env python3
"""Functions have one idea each: none over 70 lines, and in the library the median is under 10.

Lines count from the first of the signature to the closing brace.
"""

from statistics import median

from check import CODE_FOLDERS, Check, functions

LONGEST = 70
MEDIAN = 10
LIBRARY = ("include", "src", "instrument")


def main():
    check = Check(__doc__)
    check.parse()
    looked_at = 0
    for folder in CODE_FOLDERS:
        lengths = []
        for path in check.files((folder,)):
            for name, line, length in functions(path.read_text()):
                lengths.append(length)
                if length > LONGEST:
                    check.found(path, line, f"{name} has {length} lines, the most is {LONGEST}")
        looked_at += len(lengths)
        if not lengths:
            continue
        middle = median(lengths)
        print(f"{folder}/: {len(lengths)} functions, median {middle:g}, longest {max(lengths)} lines")
        if folder in LIBRARY and middle >= MEDIAN:
            check.found(folder, 0, f"the median function has {middle:g} lines, not under {MEDIAN}")
    check.finish(looked_at)


main()
