"""What the tools wrote, as facts: every report in a program's stderr, whoever made it."""

import re
import subprocess
from dataclasses import dataclass, field


@dataclass
class Frame:
    function: str
    place: str  # file:line, or (module+offset)

    def __str__(self):
        return f"{self.function} {self.place}"


@dataclass
class Block:
    size: int
    where: str  # inside, before, after
    offset: int
    arena: str = ""


@dataclass
class Report:
    """One report. What a tool does not say stays empty."""

    tool: str  # harena, asan, memcheck, msan, panic, or other
    kind: str
    block: Block | None = None
    stacks: dict = field(default_factory=dict)  # access, found, other, allocated, ended, opened, created
    end: str = ""  # freed, moved, cleared, rewound, closed
    holder: str = ""  # who points to the block
    arenas: list = field(default_factory=list)
    appended: "Report | None" = None  # harena's words behind ASan's
    lines: list = field(default_factory=list)

    def stack(self, name):
        return self.stacks.get(name, [])


FRAME = re.compile(r"^\s+#\d+ (?:0x[0-9a-f]+ )?(?:in )?(.*)$")
HARENA_BLOCK = re.compile(
    r'^0x[0-9a-f]+ is (\d+) bytes? (inside|before|after) an? (\d+)-byte block of arena "([^"]*)"')
HARENA_HOLDER = re.compile(
    r"^(\S.*) holds 0x[0-9a-f]+(?:, (\d+) bytes? (inside|before|after) an? (\d+)-byte block)?$")
HARENA_FIRST = re.compile(r"^(?:==\d+==ERROR: )?harena: ([a-z]+(?:-[a-z]+)+|overrun|underrun): ")
PANIC = re.compile(
    r"^harena: (stale reference|reference of another arena|null reference|dead mark"
    r'|not allowed while a cleanup runs|out of range): .*?(?:arena "([^"]*)")?$')
SECTION = re.compile(r"^  (.*) here:$")
ENDS = re.compile(r"\b(freed|moved|cleared|rewound|closed)\b")
SANITIZER = re.compile(r"^==\d+==(?:ERROR|WARNING): (\w+): (\S+)|^WARNING: (ThreadSanitizer): (.*?) \(pid")
BEFORE_REPORTS = re.compile(r"^Uninitialized bytes in \w+ at offset|^\w+:DEADLYSIGNAL$")
UNDEFINED_BEHAVIOUR = re.compile(r"^\S+:\d+:\d+: runtime error: ")
MEMCHECK_LINE = re.compile(r"^==\d+== ?(.*)$")
MEMCHECK_FRAME = re.compile(r"^\s+(?:at|by) 0x[0-9A-F]+: (\S+(?: const)?) \((?:in )?(.*)\)$")
MEMCHECK_BLOCK = re.compile(r"^ Address 0x[0-9a-f]+ is (\d+) bytes (inside|before|after) a block of size ([\d,]+) (.*)$")
MEMCHECK_KINDS = {
    "Invalid read of size": "invalid-read",
    "Invalid write of size": "invalid-write",
    "Conditional jump or move depends on uninitialised value": "uninitialised",
    "Use of uninitialised value of size": "uninitialised",
    "Syscall param": "syscall",
}


def parse(text):
    """All reports in what one process wrote to stderr; other lines are reports of kind `text`."""
    return Parser(text).reports


class Parser:
    def __init__(self, text):
        self.lines = text.splitlines()
        self.next = 0
        self.reports = []
        while self.next < len(self.lines):
            self.take()

    def line(self):
        return self.lines[self.next] if self.next < len(self.lines) else None

    def take(self):
        line = self.line()
        panic = PANIC.match(line)
        sanitizer = SANITIZER.match(line)
        if panic:
            self.add(Report("panic", panic[1], arenas=[panic[2]] if panic[2] else []), 1)
        elif HARENA_FIRST.match(line):
            self.take_harena()
        elif sanitizer:
            self.take_sanitizer(sanitizer[1] or sanitizer[3], (sanitizer[2] or sanitizer[4]).rstrip(":"))
        elif MEMCHECK_LINE.match(line):
            self.take_memcheck()
        elif line.strip("= ") == "" or BEFORE_REPORTS.match(line):
            self.next += 1
        else:
            kind = "undefined-behaviour" if UNDEFINED_BEHAVIOUR.match(line) else "text"
            self.add(Report("other", kind, lines=[line]), 1)

    def add(self, report, lines):
        self.reports.append(report)
        self.next += lines

    # ---- Stacks

    def take_frames(self):
        frames = []
        while self.line() is not None and FRAME.match(self.line()):
            frames.append(frame_of(FRAME.match(self.line())[1]))
            self.next += 1
        return frames

    # ---- harena

    def take_harena(self):
        """From the first line to the signature, or to where it breaks off."""
        start = self.next
        report = Report("harena", HARENA_FIRST.match(self.line())[1])
        self.next += 1
        while self.line() is not None and not self.line().startswith("HARENA-SIGNATURE\t"):
            if HARENA_FIRST.match(self.line()) or self.line().startswith("====="):
                break
            self.take_harena_line(report)
        else:
            self.next += 1
        report.lines = self.lines[start:self.next]
        previous = self.reports[-1] if self.reports else None
        if previous and previous.tool == "asan" and not previous.appended and \
                not report.lines[0].startswith("=="):
            previous.appended = report
        else:
            self.reports.append(report)

    def take_harena_line(self, report):
        line = self.line()
        self.next += 1
        block = HARENA_BLOCK.match(line)
        section = SECTION.match(line)
        report.arenas += re.findall(r'arena "([^"]*)"', line)
        holder = HARENA_HOLDER.match(line)
        if block:
            report.block = Block(int(block[3]), block[2], int(block[1]), block[4])
        elif holder:
            report.holder = holder[1]
            if holder[2]:
                report.block = Block(int(holder[4]), holder[3], int(holder[2]))
        elif section:
            self.take_section(report, section[1])

    def take_section(self, report, title):
        frames = self.take_frames()
        ends = ENDS.search(title)
        if title.startswith("found"):
            report.stacks["found"] = frames
        elif title.endswith("block allocated"):
            report.stacks["allocated"] = frames
        elif title.startswith("block of arena "):
            report.stacks["allocated"] = frames
            report.block.arena = re.match(r'block of arena "([^"]*)"', title)[1]
        elif title == "holder allocated":
            report.stacks["holder"] = frames
        elif title in ("the other call was made", "the thread that owns it took it"):
            report.stacks["other"] = frames
        elif title.endswith("was opened"):
            report.stacks["opened"] = frames
        elif ends and "ended" not in report.stacks:
            report.end = ends[1]
            report.stacks["ended"] = frames

    # ---- Sanitizers

    def take_sanitizer(self, name, kind):
        tools = {"AddressSanitizer": "asan", "MemorySanitizer": "msan"}
        report = Report(tools.get(name, "other"), kind)
        start = self.next
        self.next += 1
        while self.line() is not None:
            line = self.line()
            if FRAME.match(line) and "access" not in report.stacks:
                report.stacks["access"] = self.take_frames()
                continue
            if HARENA_FIRST.match(line) or line.startswith("=====") or SANITIZER.match(line):
                break
            self.next += 1
        report.lines = self.lines[start:self.next]
        self.reports.append(report)
        if report.tool == "asan" and self.line() is not None and HARENA_FIRST.match(self.line()):
            self.take_harena()
            self.skip_until_end_of_sanitizer()

    def skip_until_end_of_sanitizer(self):
        while self.line() is not None and re.match(r"^==\d+==(ABORTING|HINT)|^$", self.line()):
            self.next += 1

    # ---- memcheck

    def take_memcheck(self):
        start = self.next
        body = []
        while self.line() is not None and MEMCHECK_LINE.match(self.line()):
            text = MEMCHECK_LINE.match(self.line())[1]
            if text.strip() == "" and body:
                break
            body.append(text)
            self.next += 1
        if self.line() is not None and MEMCHECK_LINE.match(self.line()):
            self.next += 1
        body = [text for text in body if text.strip()]
        # What harena asked memcheck for, to go with its own report.
        if body and not body[0].startswith("Searching for pointers"):
            self.reports.append(memcheck_report(body, self.lines[start:self.next]))


def frame_of(text):
    """`name file:line:column`, `name (module+offset)` or the place alone."""
    match = re.match(r"^(?:(\S+) )?(\(\S*\)|\S.*?)(?: \(BuildId: .*\))?$", text)
    function, place = match[1] or "", match[2]
    if not place.startswith("("):
        place = re.sub(r"^(.*?:\d+):\d+$", r"\1", place)
    return Frame(function, place)


def memcheck_report(body, lines):
    kind = next((kind for text, kind in MEMCHECK_KINDS.items() if body[0].startswith(text)), body[0])
    report = Report("memcheck", kind, lines=lines)
    title = "access"
    for text in body[1:]:
        frame = MEMCHECK_FRAME.match(text)
        block = MEMCHECK_BLOCK.match(text)
        if frame:
            report.stacks.setdefault(title, []).append(Frame(frame[1], frame[2]))
        elif block:
            report.block = Block(int(block[3].replace(",", "")), block[2], int(block[1]))
            title = "ended" if block[4].startswith("free'd") else "allocated"
            report.end = "freed" if title == "ended" else ""
        elif text.startswith(" Block was alloc'd"):
            title = "allocated"
        elif text.startswith(" Uninitialised value was created"):
            title = "created"
        else:
            title = "elsewhere"
    return report


def resolve(frames):
    """Frames that have only module and offset, as code in a signal handler writes them, with their names."""
    resolved = []
    for frame in frames:
        match = re.match(r"^\((.+)\+0x([0-9a-f]+)\)$", frame.place)
        if frame.function or not match:
            resolved.append(frame)
            continue
        # The offset is of the return address: the call is before it.
        address = hex(int(match[2], 16) - 1)
        output = subprocess.run(
            ["addr2line", "-f", "-i", "-e", match[1], address], capture_output=True, text=True, check=False
        ).stdout.splitlines()
        for name, place in zip(output[::2], output[1::2]):
            resolved.append(Frame(name, re.sub(r" \(discriminator \d+\)$", "", place)))
    return resolved
