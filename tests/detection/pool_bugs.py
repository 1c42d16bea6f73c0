"""The table of pool_bugs.c: bugs of real programs that use pools and arenas."""

from cases import CALL, RECORD, TOOLS, Facts, Variant, case

READ = {**TOOLS, "msan": "value"}


def pool_bug(name, program, kind, access, ended, *, offset=0, length=1, writes=False, promises=None, **facts):
    facts = {"size": RECORD, "allocated": "allocate_record", "found": "conclude", **facts}
    given = promises if promises is not None else (TOOLS if writes else READ)
    case(name, f"pool bug: {program}",
         Variant("", Facts((kind,), offset=offset, length=length, writes=writes, access=access, ended=ended, **facts),
                 given))


def define():
    clear, close = "use-after-clear", "use-after-close"
    rewind, free = "use-after-rewind", "use-after-free"
    pool_bug("methods-of-request", "httpd CVE-2017-9798", clear, "list_methods", "finish_request", size=9,
             allocated="register_method")
    pool_bug("purged-twice", "httpd CVE-2026-23918", "double-close", "", "close_request", size=None, allocated="",
             found="close_again", promises=CALL)
    pool_bug("push-outlives-request", "httpd CVE-2019-10081", close, "write_push", "close_request", writes=True)
    pool_bug("shutdown-order", "httpd CVE-2019-10082", close, "shut_down", "close_session", offset=8,
             arena="session")
    pool_bug("cached-over-configuration", "Subversion CVE-2022-24070", clear, "read_byte", "finish_request")
    pool_bug("shallow-copy-grows", "Samba CVE-2022-32746", free, "read_byte", "resize_block")
    pool_bug("continuation-of-shorter-parent", "Samba CVE-2020-10700", close, "read_byte", "close_request")
    pool_bug("static-survives-reset", "Exim CVE-2020-28018", rewind, "write_byte", "undo", writes=True,
             promises={**TOOLS, "alone": "check", "exact": "check"})
    pool_bug("pointer-over-growth", "Exim CVE-2017-16943", free, "write_byte", "resize_block", offset=8, writes=True,
             promises={**TOOLS, "alone": "check", "exact": "check"})
    pool_bug("reader-below-keeps-buffer", "Exim CVE-2026-45185", free, "read_byte", "free_block")
    pool_bug("variable-of-last-message", "Exim expansion variables", clear, "measure_string", "finish_request",
             offset=8, length=RECORD - 8)
    pool_bug("path-in-two-lists", "PostgreSQL add_path", free, "read_byte", "free_block")
    pool_bug("cached-over-abort", "PostgreSQL postgres_fdw", rewind, "read_byte", "undo")
    pool_bug("wrapper-drops-arena", "protobuf for PHP", close, "read_byte", "close_request")


define()
