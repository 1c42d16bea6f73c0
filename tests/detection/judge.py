"""Whether what a trial said is what the table promises.

A verdict is FOUND, SILENT (nothing was said), MISSED (silent, or too little said, against a promise) or FALSE
(something was said that is not so). The reason says what and why.
"""

import re
import signal
from dataclasses import dataclass
from pathlib import Path

from reports import parse, resolve

FOUND, SILENT, MISSED, FALSE = "found", "silent", "missed", "FALSE"

ENDS = {
    "use-after-clear": ("cleared",),
    "use-after-rewind": ("rewound",),
    "use-after-close": ("closed",),
    "use-after-free": ("freed",),
    "double-free": ("freed",),
    "double-close": ("closed",),
}
VARIABLE = re.compile(r"(?:registered )?(?:global|static|thread-local) (\S+)\+\d+ \((?:(\S+:\d+), )?")


@dataclass
class Outcome:
    """How a process ended, and what it wrote to stderr."""

    status: int
    text: str
    timed_out: bool = False


@dataclass
class Verdict:
    result: str
    reason: str = ""


class Wrong(Exception):
    """A report says what is not so."""


class TooLittle(Exception):
    """A report does not say all that it has to."""


def marked_places(folder):
    """name -> {"file:line"} of the lines marked `at name`."""
    places = {}
    for path in sorted(Path(folder).rglob("*.c")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for name in re.findall(r"/\* at (\w+) ", line):
                places.setdefault(name, set()).add(f"{path.name}:{number}")
    return places


class Judge:
    def __init__(self, places):
        self.places = places
        self.files = {place.split(":")[0] for lines in places.values() for place in lines}

    # ---- Verdicts

    def near_miss(self, outcome):
        reports = parse(outcome.text)
        if outcome.timed_out:
            return Verdict(FALSE, "does not end")
        if reports:
            return Verdict(FALSE, f"has nothing to report: {name_of(reports[0])}")
        if outcome.status != 0:
            return Verdict(FALSE, f"ends with status {outcome.status}")
        return Verdict(SILENT)

    def bug(self, outcome, column, way, facts):
        """`way` is None when nothing is promised."""
        if outcome.timed_out:
            return Verdict(FALSE, "does not end")
        reports = parse(outcome.text)
        try:
            if way is None:
                return self.not_promised(reports, column, facts)
            if not reports:
                return Verdict(MISSED, f"silent, status {outcome.status}")
            getattr(self, f"by_{way}")(reports, column, facts, outcome)
        except Wrong as wrong:
            return Verdict(FALSE, str(wrong))
        except TooLittle as little:
            return Verdict(MISSED, str(little))
        return Verdict(FOUND)

    def not_promised(self, reports, column, facts):
        """What harena says of its own accord has to be right; a tool may say what it likes."""
        own = [report.appended or report for report in reports if report.tool == "harena" or report.appended]
        panics = [report for report in reports if report.tool == "panic"]
        if column == "release" and (own or panics):
            raise Wrong(f"the release build says {name_of((own + panics)[0])}")
        for report in own:
            self.check_harena(report, facts, loose=True)
        return Verdict(FOUND) if own else Verdict(SILENT)

    def anchor(self, outcome, mode):
        """For comparison: whether any tool says anything at all."""
        said = [report for report in parse(outcome.text) if report.tool not in ("other", "panic")]
        if mode == "near-miss":
            return Verdict(FALSE, f"has nothing to report: {name_of(said[0])}") if said else Verdict(SILENT)
        return Verdict(FOUND) if said else Verdict(SILENT)

    # ---- Ways to be found

    def by_tool(self, reports, column, facts, outcome):
        if column == "memcheck":
            self.by_memcheck(reports, facts, outcome)
        else:
            self.by_asan(reports, facts, outcome)

    def by_asan(self, reports, facts, outcome):
        report = only(reports, "asan")
        if report.kind != "use-after-poison":
            raise Wrong(f"ASan calls it {report.kind}")
        self.check_place(report, "access", facts.access)
        if not report.appended:
            raise TooLittle("harena has nothing to add to ASan's report")
        self.check_harena(report.appended, facts)
        expect_status(outcome, 1)

    def by_memcheck(self, reports, facts, outcome):
        self.by_access(reports, "memcheck", facts, outcome)
        # What goes on beyond the redzone is told of no block.
        for report in [report for report in reports if report.block] or reports[:1]:
            self.check_block(report, facts, arena=False)
            self.check_place(report, "allocated", facts.allocated)
            if facts.ended:
                self.check_place(report, "ended", facts.ended)
            elif report.end:
                raise Wrong("memcheck says that the block was freed")

    def by_access(self, reports, column, facts, outcome):
        """A call of the C library may touch more than once."""
        wanted = "invalid-write" if facts.writes else "invalid-read"
        for report in reports:
            if report.tool != "memcheck":
                raise Wrong(f"also says {name_of(report)}")
            if report.kind != wanted:
                raise Wrong(f"memcheck calls it: {report.kind}")
            self.check_place(report, "access", facts.access)
        expect_status(outcome, 9)

    def by_call(self, reports, column, facts, outcome):
        """memcheck may have seen that the call looks into dead memory, before harena reports the call; then
        the exit status is the one that memcheck was asked for."""
        *earlier, own = reports
        for report in earlier:
            if report.tool != "memcheck" or report.kind != "invalid-read":
                raise Wrong(f"also says {name_of(report)}")
            self.check_place(report, "access", facts.found)
        if own.tool != "harena":
            raise Wrong(f"it is not harena that reports but {name_of(own)}")
        self.check_harena(own, facts)
        self.check_place(own, "found", facts.found)
        expect_status(outcome, 9 if earlier else 1)

    def by_holder(self, reports, column, facts, outcome):
        """Nobody has touched the block: harena has found who could."""
        report = only(reports, "harena")
        self.check_harena(report, facts)
        if not re.match(facts.holder, report.holder):
            raise Wrong(f"the holder is said to be {report.holder}, not {facts.holder}")
        self.check_declaration(report.holder)
        expect_status(outcome, 1)

    def by_handle(self, reports, column, facts, outcome):
        """Either, as inline functions look into the dead record before the library is asked. MSan does not
        call back, so harena has no words there."""
        if reports[0].tool == "asan":
            self.by_asan(reports, facts, outcome)
        elif reports[0].tool == "msan":
            self.check_place(only(reports, "msan"), "access", facts.access)
        else:
            self.by_call(reports, column, facts, outcome)

    def by_check(self, reports, column, facts, outcome):
        """At the next check, or before it."""
        if outcome.status == -signal.SIGSEGV:
            self.by_fault(reports, column, facts, outcome)
            return
        report = only(reports, "harena")
        self.check_harena(report, facts)
        self.check_place(report, "found", facts.found)
        expect_status(outcome, 1)

    def by_fault(self, reports, column, facts, outcome):
        report = only(reports, "harena")
        self.check_harena(report, facts)
        expect_status(outcome, -signal.SIGSEGV)

    def by_tomb(self, reports, column, facts, outcome):
        """Only the generation is known, not the block."""
        report = only(reports, "harena")
        if not report.kind.startswith("use-after-"):
            raise Wrong(f"harena calls it {report.kind}")
        if report.block:
            raise Wrong("harena names a block that it cannot know")
        expect_status(outcome, -signal.SIGSEGV)

    def by_value(self, reports, column, facts, outcome):
        """A decision, by the place of the access or by what it calls. MSan also sees pages that are gone."""
        if column == "msan" and reports[0].tool == "harena":
            self.check_harena(reports[0], facts)
            return
        report = only(reports, column)
        if report.kind not in ("uninitialised", "use-of-uninitialized-value"):
            raise Wrong(f"{column} calls it {report.kind}")
        names = [frame.function for frame in report.stack("access")[:5]]
        if facts.access not in names:
            raise Wrong(f"{column} names {names}, not {facts.access}")
        if column == "memcheck":
            self.check_place(report, "created", facts.allocated)
        expect_status(outcome, 9 if column == "memcheck" else 1, column)

    def by_panic(self, reports, column, facts, outcome):
        report = only(reports, "panic")
        if report.kind != facts.panic:
            raise Wrong(f"the message says {report.kind}, not {facts.panic}")
        expect_status(outcome, -signal.SIGABRT)

    # ---- Parts of reports

    def check_harena(self, report, facts, loose=False):
        if not facts.kinds:
            raise Wrong(f"there is nothing to report: {name_of(report)}")
        if report.kind not in facts.kinds and not (loose and is_tomb(report)):
            raise Wrong(f"harena calls it {report.kind}, not {' or '.join(facts.kinds)}")
        if report.block or (facts.size is not None and not loose):
            self.check_block(report, facts, arena=True)
        elif facts.arena and report.arenas and facts.arena not in report.arenas:
            raise Wrong(f"harena names the arenas {report.arenas}, not {facts.arena}")
        for name in ("allocated", "ended", "other", "opened"):
            wanted = getattr(facts, name)
            if wanted and (not loose or report.stack(name)):
                self.check_place(report, name, wanted)
            elif name == "allocated" and report.stack(name) and facts.size is not None:
                raise Wrong(f"harena says it was allocated at {report.stack(name)[0]}")
        ends = ENDS.get(report.kind, ())
        if ends and report.end and report.end not in ends:
            raise Wrong(f"harena says that it was {report.end}")
        self.check_summary(report)

    def check_summary(self, report):
        kinds = [re.match(r"SUMMARY: harena: (\S+)|HARENA-SIGNATURE\t(\S+)", line) for line in report.lines]
        kinds = [match[1] or match[2] for match in kinds if match]
        if kinds != [report.kind, report.kind]:
            raise Wrong(f"summary and signature say {kinds}")

    def check_block(self, report, facts, arena):
        block = report.block
        if not block:
            raise TooLittle(f"{report.tool} names no block")
        if arena and facts.arena and block.arena != facts.arena:
            raise Wrong(f"the block is said to be of arena {block.arena}")
        if facts.size is None:
            if not facts.allocated:
                raise Wrong(f"a block of {block.size} bytes is named, though none is known")
        elif block.size != facts.size:
            raise Wrong(f"the block is said to have {block.size} bytes, not {facts.size}")
        where, offset = signed(block.where, block.offset, facts.size)
        _, first = signed(facts.where, facts.offset, facts.size)
        if not first <= offset < first + facts.length:
            raise Wrong(f"the address is said to be {block.offset} bytes {where} the block, "
                        f"not {facts.offset} bytes {facts.where}")

    def check_place(self, report, stack, name):
        """The innermost frame of the program's own is the place, with its file and line. A tool also shows the
        frames within the library, and its replacements of the C library's functions; harena does not."""
        if not name:
            return
        frames = resolve(report.stack(stack))
        if report.tool != "harena" or has_raw_frames(report.stack(stack)):
            frames = [frame for frame in frames if file_of(frame) in self.files]
        if not frames:
            raise TooLittle(f"{report.tool} does not say where it was {stack}")
        # Compilers move what is rarely run into a part of its own.
        function = re.sub(r"\.(cold|part|isra|constprop)\b.*$", "", frames[0].function)
        if function != name:
            raise Wrong(f"{stack} at {frames[0]}, not in {name}")
        self.check_line(name, frames[0].place, f"{stack} at {frames[0]}")

    def check_declaration(self, holder):
        """A variable is named with the line that declares it. What is static in a function has a number behind
        its name by gcc, and the function before it by clang."""
        variable = VARIABLE.match(holder)
        if not variable:
            return
        if not variable[2]:
            raise TooLittle(f"no line of {holder}")
        name = re.sub(r"\.\d+$", "", variable[1]).rsplit(".", 1)[-1]
        self.check_line(name, variable[2], f"{name} declared at {variable[2]}")

    def check_line(self, name, place, what):
        known = self.places.get(name, set())
        if not known:
            raise Wrong(f"no line is marked `at {name}`")
        if place.rsplit("/", 1)[-1] not in known:
            raise Wrong(f"{what}, not at {' or '.join(sorted(known))}")


def file_of(frame):
    return frame.place.rsplit("/", 1)[-1].split(":")[0]


def has_raw_frames(frames):
    """Whether a signal handler wrote them, which cannot tell the library's frames."""
    return bool(frames) and not frames[0].function


def is_tomb(report):
    return report.kind == "use-after-clear" and not report.block


def signed(where, offset, size):
    """The offset from the block's start; from its end when the size is not known."""
    if where == "before":
        return where, -offset
    return where, offset + (size or 0) if where == "after" else offset


def only(reports, tool):
    first = reports[0]
    if first.tool != tool:
        raise Wrong(f"it is not {tool} that reports but {name_of(first)}")
    if len(reports) > 1:
        raise Wrong(f"also says {name_of(reports[1])}")
    return first


def name_of(report):
    return f"{report.tool} {report.kind} {' | '.join(report.lines[:3])}".strip()


def expect_status(outcome, wanted, tool=None):
    if tool == "msan" and outcome.status != 0:
        return
    if outcome.status != wanted:
        raise Wrong(f"ends with status {outcome.status}, not {wanted}")
