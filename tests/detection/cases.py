"""The table: what each case is, and who has to find it.

A case without an entry for a column is not promised there: it may be found, and then the report has to be right.
The columns:

    release   the release build: misuse that costs nothing to see is a panic
    alone     the instrumented build without a tool
    exact     the same with HARENA_OPTIONS=guard=exact
    asan, memcheck, msan    the instrumented build under a tool
    tsan      under ThreadSanitizer, which looks for other bugs; harena uses addresses again there

The ways to be found:

    tool      the tool reports the access at once, byte-exact; under ASan harena's words follow
    call      harena reports the call that is wrong
    access    the tool reports the access at once, and knows nothing of the block
    holder    harena reports who still points to a block that has ended
    handle    the tool reports that a call looks into a dead arena's record, or harena reports the call
    check     harena reports at the next check what was overwritten
    fault     the processor faults, harena explains
    tomb      a pointer read from dead memory leads into the tomb, and that faults
    value     the tool reports a decision that depends on the undefined value
    panic     the panic handler gets a message
"""

from dataclasses import dataclass, field, replace

COLUMNS = ("release", "alone", "exact", "asan", "memcheck", "msan", "tsan")
INSTRUMENTED = COLUMNS[1:]


@dataclass(frozen=True)
class Facts:
    """What is true of a bug, so what a report has to say."""

    kinds: tuple = ()  # any of these classes
    size: int | None = None  # of the block
    where: str = "inside"
    offset: int = 0  # of the first bad byte
    length: int = 1  # of the bad bytes; a tool may name any of them
    writes: bool = False
    access: str = ""  # the place of the bad access
    found: str = ""  # the place of the bad call, or of the check that finds it
    other: str = ""  # a second place that belongs to it
    allocated: str = ""
    ended: str = ""
    opened: str = ""
    holder: str = ""  # a pattern
    arena: str = "request"
    panic: str = ""


@dataclass(frozen=True)
class Variant:
    name: str
    facts: Facts
    promises: dict = field(default_factory=dict)  # column -> way
    facts_in: dict = field(default_factory=dict)  # column -> Facts, where a tool sees it differently

    def facts_for(self, column):
        return self.facts_in.get(column, self.facts)


@dataclass(frozen=True)
class Case:
    name: str
    row: str  # of the matrix
    variants: tuple
    options: str = ""  # HARENA_OPTIONS

    def trial(self, variant, mode):
        name = f"{self.name}/{variant.name}" if variant.name else self.name
        return f"{name}:{mode}"


CASES = {}


def case(name, row, *variants, options=""):
    CASES[name] = Case(name, row, variants, options)


RECORD = 40
TOOLS = {"asan": "tool", "memcheck": "tool"}
CALL = {column: "call" for column in INSTRUMENTED}

# ---- Blocks that are touched after their end --------------------------------------------------------

# name -> place, offset, length, writes
ACCESSES = {
    "read-word": ("read_word", 0, 8, False),
    "write-word": ("write_word", 0, 8, True),
    "read-last-byte": ("read_byte", RECORD - 1, 1, False),
    "write-last-byte": ("write_byte", RECORD - 1, 1, True),
    "read-interior": ("read_byte", RECORD // 2, 1, False),
    "write-interior": ("write_byte", RECORD // 2, 1, True),
    "string": ("measure_string", 8, RECORD - 8, False),
    "copy-from": ("copy_from_record", 0, RECORD, False),
    "copy-to": ("copy_to_record", 0, RECORD, True),
    "follow-pointer": ("follow_pointer", 0, 8, False),
}


def promises_of_ended(access, writes, checked, given_back, whole_pages, tomb):
    promises = dict(TOOLS)
    if given_back:
        promises.update(alone="fault", exact="fault")
    elif whole_pages:
        promises["exact"] = "fault"
    elif writes and checked:
        promises["exact"] = "check"
    if not given_back:
        if writes and checked:
            promises["alone"] = "check"
        if access == "follow-pointer" and tomb:
            promises["alone"] = "tomb"
    if not writes:
        promises["msan"] = "value"
    return promises


def ended(name, kind, ended_at, *, arena="request", options="", checked=True, given_back=False,
          whole_pages=False, tomb=True, found="conclude", on_memcheck="tool", columns=COLUMNS, size=RECORD,
          allocated="allocate_record", row=""):
    """A case of ended.c or slices.c. `checked`: its dead memory is still the arena's, which checks it. `given_back`: it is
    no one's, not even mapped. `whole_pages`: guard=exact takes it away."""
    variants = []
    for access, (place, offset, length, writes) in ACCESSES.items():
        facts = Facts((kind,), size, "inside", offset, length, writes, access=place, found=found,
                      allocated=allocated, ended=ended_at, arena=arena)
        promises = promises_of_ended(access, writes, checked, given_back, whole_pages, tomb)
        promises["memcheck"] = on_memcheck
        promises = {column: way for column, way in promises.items() if column in columns}
        variants.append(Variant(access, facts, promises))
    row = row or f"use of a block after {kind.removeprefix('use-after-')}"
    case(name, row, *variants, options=options)


def define_ended():
    clear, close = "use-after-clear", "use-after-close"
    rewind, free = "use-after-rewind", "use-after-free"
    ended("cleared", clear, "finish_request", whole_pages=True)
    ended("cleared-then-used", clear, "finish_request", whole_pages=True)
    ended("cleared-many-times", clear, "finish_request", whole_pages=True)
    ended("cleared-zeroing", clear, "finish_request", whole_pages=True)
    ended("cleared-counting", clear, "finish_request", whole_pages=True)
    ended("cleared-recycling", clear, "finish_request", whole_pages=True)
    ended("cleared-by-own-delegate", clear, "finish_request", whole_pages=True, found="check")
    ended("cleared-by-childs-delegate", clear, "finish_request", arena="session", whole_pages=True)
    # The chunk is given back, at once or because it is worn out: nobody checks it any more.
    ended("cleared-and-trimmed", clear, "finish_request", checked=False)
    ended("rewound-over-chunks", rewind, "undo", checked=False)
    ended("cleared-retaining-little", clear, "finish_request", checked=False)
    # Memory that is not ours stays as it is: no fill, no protection.
    for name in ("cleared-in-buffer", "cleared-on-stack"):
        ended(name, clear, "finish_request", checked=False, tomb=False)
    # memcheck describes memory that malloc gave by what malloc knows of it.
    ended("cleared-from-source", clear, "finish_request", checked=False, tomb=False, on_memcheck="access")
    # A closed arena checks no more.
    ended("closed", close, "close_request", checked=False, whole_pages=True)
    ended("closed-then-others-opened", close, "close_request", checked=False, whole_pages=True)
    ended("closed-large", close, "close_request", given_back=True)
    ended("closed-child", close, "close_request", checked=False, whole_pages=True)
    ended("closed-by-parents-close", close, "close_session", checked=False, whole_pages=True)
    ended("closed-by-parents-clear", close, "finish_session", checked=False, whole_pages=True)
    ended("closed-by-parents-rewind", close, "undo", checked=False, whole_pages=True)
    ended("rewound", rewind, "undo")
    ended("rewound-to-outer", rewind, "undo")
    ended("rewound-again", rewind, "undo")
    ended("rewound-in-buffer", rewind, "undo", checked=False, tomb=False)
    ended("left-scope", rewind, "touch_around_scope")
    ended("returned-from-scope", rewind, "return_from_scope")
    ended("freed-youngest", free, "free_block")
    ended("freed-older", free, "free_block")
    ended("freed-to-recycle", free, "free_block")
    ended("freed-in-buffer", free, "free_block", checked=False, tomb=False)
    ended("moved", free, "resize_block")
    ended("moved-at-whim", free, "resize_block", options="realloc=move", columns=INSTRUMENTED)


# ---- Bounds -------------------------------------------------------------------------------------------


def bounds(name, *variants):
    case(name, "overrun" if "over" in name else "underrun", *variants)


def bad_byte(name, size, where, offset, access, *, writes=True, allocated="allocate_block", found="conclude",
             alone="check", length=1, facts_in=None):
    kind = "underrun" if where == "before" else "overrun"
    facts = Facts((kind,), size, where, offset, length, writes, access=access, found=found,
                  allocated=allocated)
    promises = dict(TOOLS)
    if writes and alone:
        promises.update(alone=alone, exact=alone, msan=alone)
    return Variant(name, facts, promises, facts_in or {})


def define_bounds():
    sizes = range(1, 25)
    bounds("overrun-by-a-byte", *(bad_byte(str(n), n, "after", 0, "write_byte") for n in sizes))
    bounds("overread-by-a-byte",
           *(bad_byte(str(n), n, "after", 0, "read_byte", writes=False) for n in (1, 7, 8, 13, 16, 24)))
    bounds("overrun-by-a-word",
           *(bad_byte(str(n), n, "after", 0, "write_word", length=8) for n in (8, 16, 24, 40)))
    half = bad_byte("", 20, "after", 0, "write_word", length=8)
    inside = replace(half.facts, where="inside", offset=16)
    bounds("overrun-by-half-a-word", replace(half, facts_in={"asan": inside, "memcheck": inside}))
    bounds("overrun-towards-neighbour",
           bad_byte("write", 24, "after", 0, "write_byte"),
           bad_byte("read", 24, "after", 0, "read_byte", writes=False))
    bounds("overrun-of-array",
           bad_byte("", 40, "after", 0, "write_numbers", allocated="allocate_numbers", length=4))
    bounds("overrun-by-call",
           bad_byte("strcpy", 12, "after", 0, "copy_string"),
           bad_byte("memset", 12, "after", 0, "set_bytes"))
    bounds("overread-by-call", bad_byte("", 24, "after", 0, "move_bytes", writes=False))
    # memcheck knows the redzone, but not whose it is: to it, all of a pool's are as small as the smallest.
    large = bad_byte("", 64 << 10, "after", 40, "write_byte")
    bounds("overrun-of-large-block", replace(large, promises={**large.promises, "memcheck": "access"}))
    bounds("overrun-of-aligned-block",
           *(bad_byte(str(n), 100, "after", 0, "write_byte", allocated="allocate_aligned")
             for n in (16, 64, 4096)))
    bounds("overrun-of-chunks-last-block",
           bad_byte("", None, "after", 0, "write_byte", allocated="allocate_rest"))
    bounds("overrun-of-resized-block",
           *(bad_byte(str(n), n, "after", 0, "write_byte") for n in (13, 40, 64, 100)))
    # Without redzones memcheck does not know whose neighbourhood it is.
    bounds("overrun-in-buffer",
           *(replace(variant, promises={**variant.promises, "memcheck": "access"}) for variant in (
               bad_byte("13", 13, "after", 0, "write_byte"),
               bad_byte("24", 24, "after", 0, "write_byte", alone=None))))
    checks = {"free": "free_block", "rewind": "undo", "clear": "finish_request", "close": "close_request"}
    bounds("overrun-then-checked",
           *(bad_byte(name, 24, "after", 0, "write_byte", found=place) for name, place in checks.items()))
    sizes = (1, 8, 24, 100)
    bounds("underrun-by-a-byte", *(bad_byte(str(n), n, "before", 1, "write_byte") for n in sizes))
    bounds("underread-by-a-byte",
           *(bad_byte(str(n), n, "before", 1, "read_byte", writes=False) for n in sizes))
    bounds("underrun-by-a-word", bad_byte("", 24, "before", 8, "write_word", length=8))
    bounds("underrun-of-first-block", bad_byte("", 24, "before", 1, "write_byte"))
    bounds("underrun-of-aligned-block",
           *(bad_byte(str(n), 100, "before", 1, "write_byte", allocated="allocate_aligned")
             for n in (64, 4096)))
    # Beyond the redzone lies somebody else's block: there is nothing that could be found.
    case("far-into-neighbour", "overrun beyond the redzone", Variant("", Facts()))


# ---- Undefined values ---------------------------------------------------------------------------------


def undefined(name, access="read_byte", allocated="allocate_undefined"):
    facts = Facts(("uninitialised",), access=access, allocated=allocated)
    case(f"undefined-{name}", "use of bytes never written",
         Variant("", facts, {"memcheck": "value", "msan": "value"}))


def define_undefined():
    for name in ("fresh", "after-clear", "after-rewind", "after-free", "after-free-at-start", "in-buffer", "from-source", "copied"):
        undefined(name)
    undefined("grown-in-place", allocated="resize_block")
    undefined("grown-by-moving", allocated="resize_block")
    undefined("forgotten-member", access="compare_depth", allocated="new_node")


# ---- References, marks ----------------------------------------------------------------------------------

STALE = Facts(("stale-reference",), RECORD, found="follow_reference", allocated="allocate_record",
              panic="stale reference")
FOREIGN = Facts(("foreign-reference",), RECORD, found="follow_reference", allocated="allocate_record",
                panic="reference of another arena")
NULL = Facts(("null-reference",), found="follow_reference", panic="null reference")
DEAD = Facts(("dead-mark",), found="undo", panic="dead mark")
PANIC = {"release": "panic", **CALL}


def misuse(name, row, facts, promises=PANIC, facts_in=None):
    case(name, row, Variant("", facts, promises, facts_in or {}))


def define_references():
    row = "stale reference"
    cleared = replace(STALE, ended="finish_request")
    # Where addresses are used again, who was there before is not known.
    forgotten = replace(STALE, size=None, allocated="")
    misuse("stale-after-clear", row, cleared)
    misuse("stale-after-many-clears", row, cleared, facts_in={"tsan": forgotten})
    misuse("stale-after-rewind", row, replace(STALE, ended="undo"), facts_in={"tsan": forgotten})
    misuse("stale-after-scope", row, replace(STALE, ended="refer_in_scope"))
    misuse("stale-after-delegated-clear", row, cleared)
    misuse("stale-in-buffer", row, forgotten)
    misuse("stale-after-free", row, replace(STALE, ended="free_block"), CALL)
    misuse("stale-after-move", row, replace(STALE, ended="resize_block"), CALL)
    row = "foreign reference"
    misuse("foreign", row, replace(FOREIGN, arena="other"))
    misuse("foreign-of-child", row, FOREIGN)
    misuse("forged-epoch", row, FOREIGN)
    for name in ("null-reference", "null-block", "null-epoch"):
        misuse(name, "null reference", NULL)


def define_marks():
    row = "dead mark"
    again = replace(DEAD, found="undo_again", ended="undo")
    misuse("dead-mark-zeroed", row, DEAD)
    misuse("dead-mark-after-clear", row, replace(DEAD, ended="finish_request"))
    misuse("dead-mark-of-other-arena", row, DEAD)
    misuse("dead-mark-after-outer-rewind", row, again)
    misuse("dead-mark-among-many", row, again)
    misuse("dead-mark-in-scope", row, replace(DEAD, found="clear_inside_scope", ended="finish_request"))


# ---- Handles --------------------------------------------------------------------------------------------

USES = ("alloc", "alloc-zeroed", "alloc-aligned", "strdup", "printf", "clear", "save", "defer", "trim",
        "set-limit", "parent")


def uses(name, ended_at):
    variants = []
    for use in USES:
        place = f"use_{use.replace('-', '_')}".replace("use_parent", "use_as_parent")
        facts = Facts(("use-after-close",), access=place, found=place, ended=ended_at)
        variants.append(Variant(use, facts, {**CALL, "asan": "handle", "msan": "handle"}))
    case(name, "use of a closed arena", *variants)


def define_handles():
    twice = Facts(("double-close",), found="close_again", ended="close_request")
    for name in ("closed-twice", "closed-twice-in-buffer", "closed-twice-from-source",
                 "closed-twice-after-others"):
        misuse(name, "double close", twice, CALL)
    misuse("closed-after-parent", "double close", replace(twice, ended="close_session"), CALL)
    uses("used-after-close", "close_request")
    uses("used-after-parents-clear", "finish_session")
    misuse("not-an-arena", "a handle that is none", Facts(("not-an-arena",), found="use_clear", arena=""), CALL)
    misuse("cleared-in-cleanup", "a call that a cleanup may not make",
           Facts(("call-refused",), found="use_clear", ended="finish_request",
                 panic="not allowed while a cleanup runs"))
    misuse("allocated-in-cleanup", "a call that a cleanup may not make",
           Facts(("call-refused",), found="use_alloc", ended="finish_request"), CALL)


# ---- Threads --------------------------------------------------------------------------------------------


def define_threads():
    row = "two threads in one arena"
    overlap = Facts(("concurrent-use",), found="use_elsewhere")
    # ThreadSanitizer sees that the calls race before they are over.
    without_tsan = {column: way for column, way in CALL.items() if column != "tsan"}
    case("overlapping-calls", row,
         Variant("cleanup-that-waits", replace(overlap, other="finish_request"), CALL),
         Variant("slow-source", replace(overlap, other="allocate_block"), without_tsan),
         Variant("child", replace(overlap, other="finish_session"), CALL))
    stranger = Facts(("wrong-thread",), found="use_elsewhere", other="open_request")
    case("wrong-thread", row,
         Variant("alloc", stranger, CALL),
         Variant("child", replace(stranger, other="open_session"), CALL),
         Variant("after-hand-over", replace(stranger, found="use_here", other="use_elsewhere"), CALL),
         options="threads=owner")
    # What the cleanup's own visitor asks for is refused, whoever he is.
    case("never-asked", row, Variant("", Facts(("call-refused",), found="use_elsewhere", ended="finish_request")),
         options="threads=off")


# ---- Leaks ----------------------------------------------------------------------------------------------


def define_leaks():
    row = "arena never closed"
    lost = Facts(("leaked-arena",), opened="open_request")
    case("lost-handle", row,
         *(Variant(name, lost, CALL) for name in ("local", "global", "heap", "dead-block", "on-demand")),
         Variant("parent", replace(lost, opened="open_session", arena="session"), CALL))
    case("open-at-exit", row, Variant("", Facts()), options="leaks=1")
    case("leaks-off", row, Variant("", Facts()), options="leaks=0")


# ---- Free and realloc -----------------------------------------------------------------------------------


def define_frees():
    twice = Facts(("double-free",), RECORD, found="free_again", allocated="allocate_record", ended="free_block")
    row = "double free"
    for name in ("freed-twice-youngest", "freed-twice-older", "freed-twice-recycling", "freed-twice-in-buffer"):
        misuse(name, row, twice, CALL)
    misuse("freed-after-move", row, replace(twice, ended="resize_block"), CALL)
    misuse("resized-after-free", row,
           replace(twice, kinds=("double-free", "use-after-free"), found="resize_block"), CALL)
    misuse("freed-after-clear", row,
           replace(twice, kinds=("use-after-clear", "double-free"), ended="finish_request"), CALL)
    row = "bad free"
    bad = Facts(("bad-free",), RECORD, found="free_block", allocated="allocate_record")
    misuse("freed-of-other-arena", row, replace(bad, arena="other"), CALL)
    misuse("freed-of-child", row, bad, CALL)
    misuse("freed-variable", row, Facts(("bad-free",), found="free_block"), CALL)
    misuse("freed-interior", row, replace(bad, offset=8), CALL)
    row = "free or realloc with a wrong size"
    wrong = replace(bad, kinds=("wrong-size",))
    sizes = ("1", "32", "39", "41", "48", "100")
    case("freed-with-other-size", row, *(Variant(size, wrong, CALL) for size in sizes))
    case("resized-with-other-size", row,
         *(Variant(size, replace(wrong, found="resize_block"), CALL) for size in sizes))


# ---- Slices and buffers -------------------------------------------------------------------------------------

# In slices.c.
ROOM = 64


def behind_length(name, *variants):
    case(name, "access behind the length of a slice or buffer", *variants)


def bad_room(name, offset, *, writes=True, access="", size=ROOM, allocated="make_room", found="conclude"):
    access = access or ("write_byte" if writes else "read_byte")
    facts = Facts(("overrun",), size, "inside", offset, 1, writes, access=access, found=found, allocated=allocated)
    promises = {**TOOLS, **({column: "check" for column in ("alone", "exact", "msan")} if writes else {})}
    return Variant(name, facts, promises)


def define_slices():
    row = "memory kept over the growth of a slice or buffer"
    free = "use-after-free"
    homes = ("-limited", "-counted", "-in-child")
    for home in ("", *homes):
        ended(f"slice-moved{home}", free, "append_to_slice", allocated="make_slice", row=row)
    ended("sub-slice-moved", free, "append_to_slice", allocated="make_slice", row=row)
    ended("buffer-moved", free, "write_to_buffer", allocated="make_buffer", row=row)
    lengths = range(1, 18)
    behind_length("write-behind-length", *(bad_room(str(n), n) for n in lengths))
    behind_length("read-behind-length", *(bad_room(str(n), n, writes=False) for n in lengths))
    for home in homes:
        behind_length(f"write-behind-length{home}", bad_room("", 5))
    behind_length("write-behind-append", bad_room("", 13))
    behind_length("append-over-overrun", bad_room("", 5, found="append_to_slice"))
    behind_length("write-behind-slice", bad_room("", 9))
    behind_length("write-behind-growth", bad_room("", ROOM + 8, size=2 * ROOM))
    behind_length("write-behind-buffer", bad_room("", RECORD + 8, size=2 * RECORD, allocated="make_buffer"))
    behind_length("write-behind-reserve", bad_room("", RECORD + 13, size=2 * RECORD, allocated="make_buffer"))
    row = "stale slice or buffer"
    stale = replace(STALE, found="view_slice", allocated="make_slice", ended="finish_request")
    misuse("stale-slice", row, stale)
    moved = replace(stale, ended="append_to_slice")
    misuse("stale-slice-after-move", row, moved, CALL)
    misuse("stale-sub-slice-after-move", row, replace(moved, offset=9), CALL)
    misuse("stale-buffer", row, replace(stale, found="write_to_buffer", allocated="make_buffer"))
    row = "index or slice out of range"
    beyond = Facts(("out-of-range",), RECORD, allocated="make_slice", panic="out of range")
    misuse("index-out-of-range", row, replace(beyond, found="word_get"))
    misuse("slice-out-of-range", row, replace(beyond, found="take_part"))


# ---- Every allocating function ------------------------------------------------------------------------------

ALLOCATORS = (
    "with_alloc_16", "with_alloc_64", "with_alloc_runtime", "with_alloc_byte", "with_zeroed", "with_array",
    "with_array_zeroed", "with_between", "with_realloc", "with_dup", "with_strdup", "with_strndup",
    "with_printf", "print_arguments", "with_new", "with_new_zeroed", "with_new_array",
    "with_new_array_zeroed",
)


def define_allocators():
    after_clear = Facts(("use-after-clear",), RECORD, length=8, writes=True, access="write_word",
                        found="conclude", ended="finish_request")
    overrun = Facts(("overrun",), RECORD, "after", writes=True, access="write_byte", found="conclude")
    case("allocator-then-clear", "use of a block after clear",
         *(Variant(name, replace(after_clear, allocated=name), {**TOOLS, "alone": "check"})
           for name in ALLOCATORS))
    case("allocator-then-overrun", "overrun",
         *(Variant(name, replace(overrun, allocated=name),
                   {**TOOLS, "alone": "check", "exact": "check", "msan": "check"})
           for name in ALLOCATORS))


CORRECT = ("backtracking", "cleanups", "fixed", "handles", "lru", "parser", "scopes", "server", "strings",
           "threads")

# ---- Escaped references -----------------------------------------------------------------------------------

# ThreadSanitizer's column uses addresses again, so that a pointer may mean what took the place.
HOLDER = {column: "holder" for column in ("alone", "exact", "asan", "memcheck", "msan")}
ESCAPED = Facts(("escaped-reference",), RECORD, allocated="allocate_record", ended="finish_request")
# name -> holder, offset of the pointer in the block
PLACES = {
    "global": (r"global escaped_global\+0 \(", 0),
    "static": (r"static escaped_static\+0 \(", 0),
    "thread-local": (r"thread-local escaped_local\+0 \(", 0),
    "heap": (r"heap ", 0),
    "mapping": (r"heap ", 0),
    "other-arena": (r'arena "session" block of 64 bytes allocated at \S*escapes\.c:\d+ \+16$', 0),
    "interior": (r"global escaped_global\+0 \(", RECORD // 2),
    "tagged": (r"static escaped_number\+0 \(", 1),
}


def escape(name, *variants, options=""):
    case(name, "escaped reference", *variants, options=options)


def held(name, holder, promises=HOLDER, **differences):
    return Variant(name, replace(ESCAPED, holder=holder, **differences), promises)


def define_escapes():
    variants = [held(name, holder, offset=offset) for name, (holder, offset) in PLACES.items()]
    variants.append(held("end", r"global escaped_global\+0 \(", where="after"))
    escape("escaped", *variants)
    some = [variant for variant in variants if variant.name in ("global", "heap", "other-arena")]
    escape("escaped-at-once", *some, options="escape=immediate")
    escape("escaped-packed", held("packed", r"static escaped_packed\+1 \("), options="scan_step=1")
    escape("escaped-encoded", held("mixed", "", {}), held("half", "", {}))
    escape("escaped-registered", held("", r"registered static (\w+\.)?plain_copy"))
    escape("escaped-allowed", held("", r"global escaped_global\+0 \("))
    # ASan moves local variables, and knows their names, but not whose they are.
    held_there = held("", r"thread \d+, frame of ")
    named = replace(held_there.facts, holder=r"(another thread, local variable kept|thread \d+, frame of )")
    escape("escaped-to-thread", replace(held_there, facts_in={"asan": named}))
    escape("escaped-behind-mark", held("", r"global escaped_global\+0 \(", ended="undo"))
    escape("escaped-from-closed", held("", r"global escaped_global\+0 \(", ended="close_request"))
    # Counted only: a frame or a register may hold what nobody will ever use.
    escape("escaped-to-frame", held("", "", {}))
    inverted = Facts(("lifetime-inversion",), RECORD, found="defer_context", allocated="allocate_record")
    case("inverted", "cross-arena lifetime inversion", Variant("", inverted, CALL))


define_ended()
define_escapes()
define_bounds()
define_undefined()
define_references()
define_marks()
define_handles()
define_threads()
define_leaks()
define_frees()
define_slices()
define_allocators()
# Only near misses: there is no bug in them.
case("correct", "correct programs", *(Variant(name, Facts()) for name in CORRECT))
