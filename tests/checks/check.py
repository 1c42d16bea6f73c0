"""What the checks share: reading C without its comments and strings, and saying what was found."""

import argparse
import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CODE_FOLDERS = ("include", "src", "instrument", "fuzz", "tests", "bench", "examples", "tools")
# Not ours to judge: what the self-test feeds to the checks, and the vendored headers.
LEFT_OUT = (Path("tests/checks/samples"), Path("instrument/shadow/valgrind"))


class Check:
    """One check's findings. Each is printed as PATH:LINE: TEXT, as compilers do."""

    def __init__(self, description):
        self.parser = argparse.ArgumentParser(
            description=description, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        self.parser.add_argument("--root", type=Path, default=REPOSITORY, help="the tree to look at")
        self.findings = 0

    def parse(self):
        arguments = self.parser.parse_args()
        self.root = arguments.root.resolve()
        return arguments

    def found(self, path, line, text):
        if isinstance(path, Path) and path.is_relative_to(self.root):
            path = path.relative_to(self.root)
        print(f"{path}:{line}: {text}")
        self.findings += 1

    def files(self, folders, suffixes=(".c", ".h")):
        """The files under the folders."""
        for folder in folders:
            for path in sorted((self.root / folder).rglob("*")):
                name = path.relative_to(self.root)
                left_out = any(name.is_relative_to(place) for place in LEFT_OUT)
                if path.is_file() and path.suffix in suffixes and not left_out:
                    yield path

    def finish(self, looked_at):
        """Ends the script. A check that looked at nothing has proved nothing, so it fails."""
        if looked_at == 0:
            print("nothing to look at", file=sys.stderr)
            sys.exit(2)
        print(f"{looked_at} looked at, {self.findings} found")
        sys.exit(1 if self.findings else 0)


TOKENS = re.compile(
    r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.DOTALL | re.VERBOSE
)


def blank(text, strings=True):
    """The text with comments (and strings) made blanks, so that lines and columns stay."""

    def replace(match):
        token = match.group()
        if token[0] in "\"'" and not strings:
            return token
        return re.sub(r"[^\n]", " ", token)

    return TOKENS.sub(replace, text)


def directives(text):
    """(line, keyword, rest) of each preprocessor directive; continued lines are joined."""
    joined = re.sub(r"\\\n", lambda match: " \v", blank(text, strings=False))
    line = 1
    for content in joined.split("\n"):
        match = re.match(r"\s*#\s*(\w+)\s*(.*)", content.replace("\v", ""))
        if match:
            yield line, match.group(1), match.group(2).strip()
        line += 1 + content.count("\v")


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def functions(text):
    """(name, first line, number of lines) of each function defined in the text."""
    code = re.sub(
        r"^[ \t]*#(?:\\\n|[^\n])*", lambda match: re.sub(r"[^\n]", " ", match.group()), blank(text),
        flags=re.MULTILINE,
    )
    depth, start, opened = 0, 0, None
    for match in re.finditer(r"[{};]", code):
        position, token = match.start(), match.group()
        if token == "{":
            head = code[start:position].strip()
            if depth == 0 and head == "extern":
                start = position + 1
                continue
            if depth == 0 and head.endswith(")") and "=" not in head:
                first = start + len(code[start:position]) - len(code[start:position].lstrip())
                opened = (function_name(head), line_of(code, first))
            depth += 1
        elif token == "}":
            depth = max(depth - 1, 0)
            if depth == 0 and opened:
                yield opened[0], opened[1], line_of(code, position) - opened[1] + 1
                opened = None
        if depth == 0:
            start = position + 1


def function_name(head):
    """The declarator's name: the first one before a parenthesis that is no attribute or macro."""
    names = re.findall(r"([A-Za-z_]\w*)\s*\(", head)
    return next((name for name in names if name != "__attribute__" and not name.isupper()), names[0])
