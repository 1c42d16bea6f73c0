"""The table of juliet/juliet.c: the heap patterns of the Juliet test suite, each by several routes."""

from itertools import cycle, islice

from cases import CALL, TOOLS, Facts, Variant, case

ROUTES = ("copy", "pointer-to-pointer", "union", "argument", "four-calls", "callback", "void-pointer", "array",
          "structure", "global", "static", "heap")
# Each pattern comes by some of the routes, each route in every case with four patterns or more.
ROUTES_EACH = 3

FEW, MANY = 56, 100
CHECK = dict.fromkeys(("alone", "exact", "msan"), "check")
SIZES = {"char": 1, "int": 4, "int64": 8, "long": 8, "struct": 8, "wide": 4}
COPIES = ("loop", "memcpy", "memmove", "strcpy", "strncpy", "strcat", "strncat", "snprintf")


def by_routes(*patterns):
    """(pattern, route) for each pattern and the routes that are its turn."""
    turn = cycle(ROUTES)
    return [(pattern, route) for pattern in patterns for route in islice(turn, ROUTES_EACH)]


def copies(name, row, size, offset, length, promises, where="after", writes=True, patterns=COPIES):
    """Copies by a function of the C library, or a loop. snprintf writes its last bytes first, beyond the redzone,
    where memcheck knows of no block."""
    def promised(pattern):
        far = pattern == "snprintf" and length > 1
        return {**promises, "memcheck": "access"} if far else promises

    kind = "underrun" if where == "before" else "overrun"
    case(name, row, *(
        Variant(f"{pattern}+{route}",
                Facts((kind,), size, where, offset, length, writes, access=f"copy_by_{pattern}",
                      allocated="allocate_block", found="conclude"),
                promised(pattern))
        for pattern, route in by_routes(*patterns)))


def define_bounds():
    row = "Juliet CWE-122: heap-based buffer overflow"
    written = {**TOOLS, **CHECK}
    copies("juliet-122-large", row, FEW, 0, MANY + 1 - FEW, written)
    copies("juliet-122-terminator", row, 10, 0, 1, written)
    # Of wmemcpy() AddressSanitizer knows nothing.
    case("juliet-122-wide", row, *(
        Variant(f"{pattern}+{route}",
                Facts(("overrun",), 40, "after", 0, 4, True, allocated="allocate_block", found="conclude",
                      # Of wmemcpy() AddressSanitizer knows nothing.
                      access="copy_wide" if pattern == "loop" else "copy_wide_at_once"),
                written if pattern == "loop" else {**CHECK, "memcheck": "tool"})
        for pattern, route in by_routes("loop", "wmemcpy")))
    case("juliet-122-sizeof", row, *(
        Variant(f"{pattern}+{route}",
                Facts(("overrun",), 8, "after", 0, 8 * SIZES[pattern] - 8, True, access="copy_by_memcpy",
                      allocated="allocate_block", found="conclude"),
                written)
        for pattern, route in by_routes("int", "int64", "struct")))
    case("juliet-122-index", row, *(
        Variant(f"{pattern}+{route}",
                Facts(("overrun",), 40, "after", 0, 4, pattern == "write", access=f"{pattern}_at",
                      allocated="allocate_block", found="conclude"),
                written if pattern == "write" else TOOLS)
        for pattern, route in by_routes("write", "read")))
    copies("juliet-124", "Juliet CWE-124: buffer underwrite", FEW + 1, 8, 8, written, "before",
           patterns=("loop", "memcpy", "memmove", "strcpy", "strncpy"))
    reading = ("loop", "memcpy", "memmove")
    copies("juliet-126", "Juliet CWE-126: buffer over-read", FEW, 0, MANY + 1 - FEW, TOOLS, writes=False,
           patterns=reading)
    copies("juliet-127", "Juliet CWE-127: buffer underread", FEW + 1, 8, 8, TOOLS, "before", False, reading)


def define_ended():
    types = tuple(SIZES)
    case("juliet-415", "Juliet CWE-415: double free", *(
        Variant(f"{pattern}+{route}",
                Facts(("double-free",), 100 * SIZES[pattern], found="free_again", allocated="allocate_block",
                      ended="free_block"),
                CALL)
        for pattern, route in by_routes(*types)))
    row = "Juliet CWE-416: use after free"
    promises = {**TOOLS, "msan": "value"}
    for name, kind, ended in (("free", "use-after-free", "free_block"),
                              ("clear", "use-after-clear", "finish_request")):
        case(f"juliet-416-{name}", row, *(
            Variant(f"{pattern}+{route}",
                    Facts((kind,), 100 * SIZES[pattern], access="read_byte", allocated="allocate_block",
                          ended=ended),
                    promises)
            for pattern, route in by_routes(*types)))
    case("juliet-416-returned", row, *(
        Variant(f"{pattern}+{route}",
                Facts(("use-after-free",), 9, access="read_byte", allocated="allocate_block",
                      ended="free_block"),
                promises)
        for pattern, route in by_routes("returned")))


def define_undefined():
    for name in ("none", "half"):
        case(f"juliet-457-{name}", "Juliet CWE-457: use of an uninitialised variable", *(
            Variant(f"{pattern}+{route}",
                    Facts(("uninitialised",), access="read_byte", allocated="allocate_unset"),
                    {"memcheck": "value", "msan": "value"})
            for pattern, route in by_routes(*SIZES)))


define_bounds()
define_ended()
define_undefined()
