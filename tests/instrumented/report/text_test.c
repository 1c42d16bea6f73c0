/* Reports to the letter, on findings made up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report/text.h"
#include "surroundings.h"

static char text[64 * 1024];

static void collect(const char *line) {
  assert_null(strchr(line, '\n'));
  size_t length = strlen(text);
  snprintf(text + length, sizeof text - length, "%s\n", line);
}

static void render_as(const harena__finding *finding, bool appended) {
  harena__report report;
  text[0] = '\0';
  harena__make_report(&report, finding);
  harena__write_text(&report, appended, collect);
}

/* Without the banner, which has a process id. */
static void render(const harena__finding *finding) { render_as(finding, true); }

static void assert_report(const harena__finding *finding, const char *expected) {
  render(finding);
  assert_string_equal(text, expected);
}

static const void *at(uintptr_t address) { return (const void *)address; }

/* A finding at an offset in, before or behind a block. */
static harena__finding finding_at(harena__class class, const harena__entry *block, int offset) {
  return (harena__finding){.class = class,
                           .what = "something was done",
                           .address = at(BLOCK_ADDRESS + (uintptr_t)offset),
                           .block = block,
                           .arena = &request,
                           .found = bad_call};
}

static harena__entry ended_block(unsigned how, harena__stack stack) {
  harena__entry block = live_block();
  block.state = (uint8_t)how;
  block.retired = stack;
  return block;
}

/* ---- Blocks --------------------------------------------------------------------------------- */

#define CLEARED_REPORT                                                                  \
  "harena: use-after-clear: a block of a cleared arena was read\n"                      \
  "0x6e370110 is 16 bytes inside a 48-byte block of arena \"request\" (generation 7)\n" \
  "  found here:\n"                                                                     \
  "    #0 handle server.c:140\n"                                                        \
  "  block allocated here:\n"                                                           \
  "    #0 parse_user users.c:42\n"                                                      \
  "    #1 handle server.c:120\n"                                                        \
  "  arena \"request\" (opened server.c:88) was cleared here:\n"                        \
  "    #0 handle server.c:131\n"                                                        \
  "SUMMARY: harena: use-after-clear users.c:42 in parse_user\n"                         \
  "HARENA-SIGNATURE\tuse-after-clear\tparse_user\thandle\trequest\n"

static void use_after_clear(void **state) {
  (void)state;
  harena__entry block = ended_block(HARENA_CLEARED, in_handle);
  harena__finding finding = finding_at(HARENA__USE_AFTER_CLEAR, &block, 16);
  finding.what = "a block of a cleared arena was read";
  assert_report(&finding, CLEARED_REPORT);
}

static void a_report_of_our_own_has_the_banner(void **state) {
  (void)state;
  harena__entry block = ended_block(HARENA_CLEARED, in_handle);
  harena__finding finding = finding_at(HARENA__USE_AFTER_CLEAR, &block, 16);
  finding.what = "a block of a cleared arena was read";
  render_as(&finding, false);
  char expected[4096];
  snprintf(expected, sizeof expected, "%s\n==%d==ERROR: %s",
           "=================================================================", (int)getpid(),
           CLEARED_REPORT);
  assert_string_equal(text, expected);
}

static void assert_end(unsigned how, const char *line) {
  harena__entry block = ended_block(how, in_handle);
  harena__finding finding = finding_at(HARENA__USE_AFTER_FREE, &block, 0);
  render(&finding);
  char expected[256];
  snprintf(expected, sizeof expected,
           "    #1 handle server.c:120\n  %s:\n    #0 handle server.c:131\nSUMMARY", line);
  assert_non_null(strstr(text, expected));
}

static void each_way_to_end(void **state) {
  (void)state;
  assert_end(HARENA_FREED, "block freed here");
  assert_end(HARENA_REWOUND, "arena \"request\" (opened server.c:88) was rewound here");
  assert_end(HARENA_CLEARED, "arena \"request\" (opened server.c:88) was cleared here");
  assert_end(HARENA_CLOSED, "arena \"request\" (opened server.c:88) was closed here");
}

static void a_live_block_has_no_end(void **state) {
  (void)state;
  harena__entry block = live_block();
  harena__finding finding = finding_at(HARENA__OVERRUN, &block, 51);
  assert_report(&finding,
                "harena: overrun: something was done\n"
                "0x6e370133 is 3 bytes after a 48-byte block of arena \"request\" (generation 7)\n"
                "  found here:\n"
                "    #0 handle server.c:140\n"
                "  block allocated here:\n"
                "    #0 parse_user users.c:42\n"
                "    #1 handle server.c:120\n"
                "SUMMARY: harena: overrun users.c:42 in parse_user\n"
                "HARENA-SIGNATURE\toverrun\tparse_user\t-\trequest\n");
}

static void assert_position(size_t size, int offset, const char *expected) {
  harena__entry block = live_block();
  block.size = size;
  harena__finding finding = finding_at(HARENA__OVERRUN, &block, offset);
  render(&finding);
  char part[256];
  snprintf(part, sizeof part, " is %s of arena \"request\" (generation 7)\n", expected);
  assert_non_null(strstr(text, part));
}

static void positions(void **state) {
  (void)state;
  assert_position(24, 24, "0 bytes after a 24-byte block");
  assert_position(24, 25, "1 byte after a 24-byte block");
  assert_position(24, 23, "23 bytes inside a 24-byte block");
  assert_position(24, 1, "1 byte inside a 24-byte block");
  assert_position(24, 0, "0 bytes inside a 24-byte block");
  assert_position(24, -1, "1 byte before a 24-byte block");
  assert_position(24, -8, "8 bytes before a 24-byte block");
  assert_position(0, 0, "0 bytes inside a 0-byte block");
  assert_position(8, 0, "0 bytes inside an 8-byte block");
  assert_position(11, 0, "0 bytes inside an 11-byte block");
  assert_position(110, 0, "0 bytes inside a 110-byte block");
  assert_position(18000, 0, "0 bytes inside an 18000-byte block");
  assert_position(86, 0, "0 bytes inside an 86-byte block");
  assert_position(800, 0, "0 bytes inside an 800-byte block");
  assert_position(1800, 0, "0 bytes inside a 1800-byte block");
}

static void an_access_that_leaves_the_block(void **state) {
  (void)state;
  harena__entry block = live_block();
  harena__finding finding = finding_at(HARENA__OVERRUN, &block, 44);
  finding.access_size = 8;
  render(&finding);
  assert_non_null(strstr(text,
                         "0x6e37012c is 44 bytes inside a 48-byte block of arena \"request\" "
                         "(generation 7); the access of 8 bytes goes past its end\n"));
  finding.access_size = 4;
  render(&finding);
  assert_non_null(strstr(text, "(generation 7)\n"));
  assert_null(strstr(text, "goes past"));
}

static void a_finding_without_an_address_is_at_the_block(void **state) {
  (void)state;
  harena__entry block = live_block();
  harena__finding finding = finding_at(HARENA__WRONG_SIZE, &block, 0);
  finding.address = NULL;
  render(&finding);
  assert_non_null(strstr(text, "\n0x6e370100 is 0 bytes inside a 48-byte block of arena"));
}

static void a_block_of_another_arena(void **state) {
  (void)state;
  harena__entry block = live_block();
  harena__finding finding = finding_at(HARENA__REFERENCE_FOREIGN, &block, 0);
  finding.arena = &other;
  assert_report(&finding,
                "harena: foreign-reference: something was done\n"
                "0x6e370100 is 0 bytes inside a 48-byte block of arena \"request\" (generation 7)\n"
                "  found here:\n"
                "    #0 handle server.c:140\n"
                "  block allocated here:\n"
                "    #0 parse_user users.c:42\n"
                "    #1 handle server.c:120\n"
                "  arena \"other\" was opened here:\n"
                "    #0 handle server.c:131\n"
                "SUMMARY: harena: foreign-reference users.c:42 in parse_user\n"
                "HARENA-SIGNATURE\tforeign-reference\tparse_user\t-\trequest\n");
}

static void what_is_not_known_has_no_line(void **state) {
  (void)state;
  harena__entry block = {.hidden_block = ~(uintptr_t)BLOCK_ADDRESS,
                         .size = 1,
                         .arena = 99,
                         .generation = 1,
                         .state = HARENA_CLEARED};
  harena__finding finding = {.class = HARENA__USE_AFTER_CLEAR, .what = "read", .block = &block};
  assert_report(&finding,
                "harena: use-after-clear: read\n"
                "0x6e370100 is 0 bytes inside a 1-byte block of arena \"unknown\" (generation 1)\n"
                "SUMMARY: harena: use-after-clear\n"
                "HARENA-SIGNATURE\tuse-after-clear\t-\t-\tunknown\n");
}

/* ---- Arenas --------------------------------------------------------------------------------- */

static void double_close(void **state) {
  (void)state;
  harena__watch closed = request;
  closed.open = false;
  closed.closed = in_handle;
  harena__finding finding = {.class = HARENA__DOUBLE_CLOSE,
                             .what = "an arena was closed twice",
                             .address = at(RECORD_ADDRESS),
                             .arena = &closed,
                             .found = bad_call};
  assert_report(&finding,
                "harena: double-close: an arena was closed twice\n"
                "0x6e360000 is the handle of arena \"request\" (generation 7)\n"
                "  found here:\n"
                "    #0 handle server.c:140\n"
                "  arena \"request\" (opened server.c:88) was closed here:\n"
                "    #0 handle server.c:131\n"
                "SUMMARY: harena: double-close server.c:140 in handle\n"
                "HARENA-SIGNATURE\tdouble-close\thandle\thandle\trequest\n");
}

static void assert_dead_mark(harena__end why, const char *expected) {
  harena__watch watch = request;
  watch.ending = in_handle;
  watch.ending_why = why;
  harena__finding finding = {
      .class = HARENA__MARK_DEAD, .what = "rewound to", .arena = &watch, .found = bad_call};
  render(&finding);
  char whole[512];
  snprintf(whole, sizeof whole,
           "harena: dead-mark: rewound to\n"
           "arena \"request\" (generation 7)\n"
           "  found here:\n"
           "    #0 handle server.c:140\n"
           "  arena \"request\" (opened server.c:88) was %s here:\n"
           "    #0 handle server.c:131\n"
           "SUMMARY: harena: dead-mark server.c:140 in handle\n"
           "HARENA-SIGNATURE\tdead-mark\thandle\thandle\trequest\n",
           expected);
  assert_string_equal(text, whole);
}

static void a_dead_mark_shows_what_ended_it(void **state) {
  (void)state;
  assert_dead_mark(HARENA__REWOUND, "rewound");
  assert_dead_mark(HARENA__CLEARED, "cleared");
  assert_dead_mark(HARENA__CLOSED, "closed");
}

static void a_leaked_arena_shows_where_it_was_opened(void **state) {
  (void)state;
  harena__watch watch = request;
  watch.ending = in_handle;
  harena__finding finding = {.class = HARENA__LEAKED_ARENA,
                             .what = "still open",
                             .address = at(RECORD_ADDRESS),
                             .arena = &watch};
  assert_report(&finding,
                "harena: leaked-arena: still open\n"
                "0x6e360000 is the handle of arena \"request\" (generation 7)\n"
                "  arena \"request\" was opened here:\n"
                "    #0 main server.c:88\n"
                "SUMMARY: harena: leaked-arena server.c:88 in main\n"
                "HARENA-SIGNATURE\tleaked-arena\tmain\t-\trequest\n");
}

static void a_leaked_arena_shows_what_it_holds(void **state) {
  (void)state;
  harena__finding finding = {.class = HARENA__LEAKED_ARENA,
                             .what = "still open",
                             .address = at(RECORD_ADDRESS),
                             .arena = &request,
                             .used = 96,
                             .reserved = 4096};
  render(&finding);
  assert_non_null(strstr(text,
                         " is the handle of arena \"request\" (generation 7), "
                         "which holds 96 bytes, 4096 reserved\n"));
}

static void another_place_is_shown(void **state) {
  (void)state;
  harena__finding finding = {.class = HARENA__CONCURRENT_USE,
                             .what = "two calls at once",
                             .arena = &request,
                             .found = bad_call,
                             .other = in_handle,
                             .other_what = "the other call was made here"};
  assert_report(&finding,
                "harena: concurrent-use: two calls at once\n"
                "arena \"request\" (generation 7)\n"
                "  found here:\n"
                "    #0 handle server.c:140\n"
                "  the other call was made here:\n"
                "    #0 handle server.c:131\n"
                "  arena \"request\" was opened here:\n"
                "    #0 main server.c:88\n"
                "SUMMARY: harena: concurrent-use server.c:140 in handle\n"
                "HARENA-SIGNATURE\tconcurrent-use\thandle\thandle\trequest\n");
}

static void assert_arena_place(const void *address, const char *expected) {
  harena__finding finding = {
      .class = HARENA__BAD_FREE, .what = "x", .address = address, .arena = &request};
  render(&finding);
  assert_non_null(strstr(text, expected));
}

static void places_in_an_arena(void **state) {
  (void)state;
  const char *inside =
      "0x6e360008 is 8 bytes inside the record of arena \"request\" (generation 7)\n";
  assert_arena_place(at(RECORD_ADDRESS + 8), inside);
  const char *outside = "0x6e370000 is in no block of arena \"request\" (generation 7)\n";
  assert_arena_place(at(RECORD_ADDRESS + 0x10000), outside);
  assert_arena_place(NULL, "x\narena \"request\" (generation 7)\n");
}

static void an_arena_that_is_not_watched(void **state) {
  (void)state;
  harena__finding finding = {
      .class = HARENA__REFERENCE_STALE, .what = "x", .arena_name = "small", .found = bad_call};
  assert_report(&finding,
                "harena: stale-reference: x\n"
                "arena \"small\"\n"
                "  found here:\n"
                "    #0 handle server.c:140\n"
                "SUMMARY: harena: stale-reference server.c:140 in handle\n"
                "HARENA-SIGNATURE\tstale-reference\thandle\t-\tsmall\n");
}

static void no_arena_at_all(void **state) {
  (void)state;
  harena__finding finding = {
      .class = HARENA__NOT_AN_ARENA, .what = "x", .address = at(16), .found = bad_call};
  assert_report(&finding,
                "harena: not-an-arena: x\n"
                "  found here:\n"
                "    #0 handle server.c:140\n"
                "SUMMARY: harena: not-an-arena server.c:140 in handle\n"
                "HARENA-SIGNATURE\tnot-an-arena\thandle\t-\t-\n");
}

/* ---- Stacks --------------------------------------------------------------------------------- */

static void the_librarys_own_frames_are_left_out(void **state) {
  (void)state;
  harena__entry block = live_block();
  block.allocated = through_library;
  harena__finding finding = finding_at(HARENA__OVERRUN, &block, 48);
  render(&finding);
  assert_non_null(strstr(text,
                         "  block allocated here:\n"
                         "    #0 read_line lines.c:3\n"
                         "    #1 fill lines.c:7\n"
                         "SUMMARY: harena: overrun lines.c:3 in read_line\n"
                         "HARENA-SIGNATURE\toverrun\tread_line\t"));
}

static void a_stack_of_nothing_else_is_shown(void **state) {
  (void)state;
  harena__entry block = live_block();
  block.allocated = only_library;
  harena__finding finding = finding_at(HARENA__OVERRUN, &block, 48);
  render(&finding);
  assert_non_null(strstr(text,
                         "  block allocated here:\n"
                         "    #0 harena_alloc arena.h:400\n"
                         "SUMMARY: harena: overrun server.c:140 in handle\n"));
}

static void without_names_there_is_module_and_offset(void **state) {
  (void)state;
  harena__entry block = live_block();
  block.allocated = without_names;
  harena__finding finding = finding_at(HARENA__OVERRUN, &block, 48);
  render(&finding);
  assert_non_null(strstr(text,
                         "    #0 (build/server+0x1010)\n"
                         "    #1 (build/server+0x1020)\n"
                         "SUMMARY: harena: overrun (build/server+0x1010)\n"
                         "HARENA-SIGNATURE\toverrun\tserver+0x1010\t-\trequest\n"));
}

static void an_address_that_differs_from_run_to_run_is_in_no_signature(void **state) {
  (void)state;
  harena__entry block = live_block();
  block.allocated = nowhere;
  harena__finding finding = finding_at(HARENA__OVERRUN, &block, 48);
  render(&finding);
  assert_non_null(strstr(text,
                         "    #0 (0x9000)\nSUMMARY: harena: overrun (0x9000)\n"
                         "HARENA-SIGNATURE\toverrun\t-\t-\trequest\n"));
}

static void a_signal_handler_asks_for_no_names(void **state) {
  (void)state;
  harena__entry block = ended_block(HARENA_CLEARED, in_handle);
  harena__finding finding = finding_at(HARENA__USE_AFTER_CLEAR, &block, 16);
  finding.in_signal_handler = true;
  render(&finding);
  assert_non_null(strstr(text, "    #0 (build/server+0x5)\n  block allocated here:\n"));
  assert_non_null(
      strstr(text, "arena \"request\" (opened (build/server+0x4)) was cleared here:\n"));
  assert_null(strstr(text, "parse_user"));
}

static void names_cannot_break_lines(void **state) {
  (void)state;
  harena__watch watch = request;
  strcpy(watch.name, "a\"b\n\t\x1b[2J\xc3");
  watch.opened = of_strange_name;
  harena__finding finding = {.class = HARENA__LEAKED_ARENA, .what = "x", .arena = &watch};
  assert_report(&finding,
                "harena: leaked-arena: x\n"
                "arena \"a\"b\\x0a\\x09\\x1b[2J\\xc3\" (generation 7)\n"
                "  arena \"a\"b\\x0a\\x09\\x1b[2J\\xc3\" was opened here:\n"
                "    #0 odd\\x09name\\x0a\\x1b[31m\\xff a\\x0db.c:1\n"
                "SUMMARY: harena: leaked-arena a\\x0db.c:1 in odd\\x09name\\x0a\\x1b[31m\\xff\n"
                "HARENA-SIGNATURE\tleaked-arena\todd\\x09name\\x0a\\x1b[31m\\xff\t-\t"
                "a\"b\\x0a\\x09\\x1b[2J\\xc3\n");
}

/* ---- Overwritten bytes ---------------------------------------------------------------------- */

/* The picture of `count` bytes of which number `bad` is the first bad one. */
static void assert_picture(size_t count, size_t bad, size_t first_shown, const char *bytes,
                           size_t caret) {
  char redzone[64];
  for (size_t i = 0; i < sizeof redzone; i++) {
    redzone[i] = (char)i;
  }
  harena__entry block = live_block();
  harena__finding finding = finding_at(HARENA__OVERRUN, &block, 0);
  finding.address = redzone + bad;
  finding.bytes = redzone;
  finding.byte_count = count;
  render(&finding);
  char place[64], expected[512];
  snprintf(place, sizeof place,
           "    0x%llx:", (unsigned long long)(uintptr_t)(redzone + first_shown));
  snprintf(expected, sizeof expected,
           "  overwritten there:\n%s%s\n%*s^^\n  block allocated here:\n", place, bytes,
           (int)(strlen(place) + 1 + 3 * caret), "");
  assert_non_null(strstr(text, expected));
}

static void the_picture_shows_a_line_around_the_first_bad_byte(void **state) {
  (void)state;
  assert_picture(64, 20, 16, " 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f", 4);
  assert_picture(64, 2, 0, " 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f", 2);
  assert_picture(64, 63, 48, " 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f", 15);
  assert_picture(16, 15, 0, " 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f", 15);
  assert_picture(5, 4, 0, " 00 01 02 03 04", 4);
  assert_picture(1, 0, 0, " 00", 0);
  assert_picture(64, 64, 0, " 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f", 0);
}

/* ---- Names of classes ----------------------------------------------------------------------- */

static void every_class_has_a_name_of_its_own(void **state) {
  (void)state;
  for (int i = 0; i < HARENA__CLASSES; i++) {
    const char *name = harena__describe_class((harena__class)i)->name;
    assert_non_null(name);
    assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
    for (int j = 0; j < i; j++) {
      assert_string_not_equal(name, harena__describe_class((harena__class)j)->name);
    }
  }
}

/* ---- Holders -------------------------------------------------------------------------------- */

#define ESCAPED_REPORT                                                                        \
  "harena: escaped-reference: a global still points into a cleared arena\n"                   \
  "global last_user+0 (users.c:14, in ./server) holds 0x6e370110, 16 bytes inside a 48-byte " \
  "block\n"                                                                                   \
  "%s"                                                                                        \
  "  block of arena \"request\" generation 7, allocated here:\n"                              \
  "    #0 parse_user users.c:42\n"                                                            \
  "    #1 handle server.c:120\n"                                                              \
  "  arena \"request\" (opened server.c:88) was cleared here:\n"                              \
  "    #0 handle server.c:131\n"                                                              \
  "SUMMARY: harena: escaped-reference users.c:42 in parse_user\n"                             \
  "HARENA-SIGNATURE\tescaped-reference\tparse_user\thandle\tglobal:last_user\n"

static void assert_escape(const harena__holder_record *holder, const char *holders_birth) {
  harena__entry block = ended_block(HARENA_CLEARED, in_handle);
  harena__escape_text what;
  harena__write_escape(&what, holder->kind, block.state);
  harena__finding finding = {.class = HARENA__ESCAPED_REFERENCE,
                             .what = what.text,
                             .address = at(BLOCK_ADDRESS + 16),
                             .block = &block,
                             .holder = holder};
  char expected[2048];
  snprintf(expected, sizeof expected, ESCAPED_REPORT, holders_birth);
  assert_report(&finding, expected);
}

static harena__holder_record last_user(void) {
  return (harena__holder_record){.kind = HARENA__HOLDER_GLOBAL,
                                 .name = "global last_user+0 (users.c:14, in ./server)",
                                 .symbol = "last_user"};
}

static void a_holder_is_named(void **state) {
  (void)state;
  harena__holder_record holder = last_user();
  assert_escape(&holder, "");
}

static void a_holder_that_was_allocated_says_where(void **state) {
  (void)state;
  harena__entry block = live_block();
  harena__holder_record holder = last_user();
  holder.block = &block;
  assert_escape(&holder,
                "  holder allocated here:\n"
                "    #0 parse_user users.c:42\n"
                "    #1 handle server.c:120\n");
  holder.block = NULL;
  holder.frames[0] = 1;
  holder.depth = 1;
  assert_escape(&holder,
                "  holder allocated here:\n"
                "    #0 parse_user users.c:42\n");
}

static void a_holder_without_a_name_is_told_by_its_kind(void **state) {
  (void)state;
  harena__holder_record holder = {.kind = HARENA__HOLDER_HEAP, .name = "heap memory at 0x10"};
  harena__escape_text what;
  harena__write_escape(&what, holder.kind, HARENA_CLOSED);
  harena__finding finding = {.class = HARENA__ESCAPED_REFERENCE,
                             .what = what.text,
                             .address = at(0x20),
                             .holder = &holder};
  assert_report(&finding,
                "harena: escaped-reference: the heap still points into a closed arena\n"
                "heap memory at 0x10 holds 0x20\n"
                "SUMMARY: harena: escaped-reference\n"
                "HARENA-SIGNATURE\tescaped-reference\t-\t-\theap:-\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(use_after_clear),
      cmocka_unit_test(a_report_of_our_own_has_the_banner),
      cmocka_unit_test(each_way_to_end),
      cmocka_unit_test(a_live_block_has_no_end),
      cmocka_unit_test(positions),
      cmocka_unit_test(an_access_that_leaves_the_block),
      cmocka_unit_test(a_finding_without_an_address_is_at_the_block),
      cmocka_unit_test(a_block_of_another_arena),
      cmocka_unit_test(what_is_not_known_has_no_line),
      cmocka_unit_test(double_close),
      cmocka_unit_test(a_dead_mark_shows_what_ended_it),
      cmocka_unit_test(a_leaked_arena_shows_where_it_was_opened),
      cmocka_unit_test(a_leaked_arena_shows_what_it_holds),
      cmocka_unit_test(another_place_is_shown),
      cmocka_unit_test(places_in_an_arena),
      cmocka_unit_test(an_arena_that_is_not_watched),
      cmocka_unit_test(no_arena_at_all),
      cmocka_unit_test(the_librarys_own_frames_are_left_out),
      cmocka_unit_test(a_stack_of_nothing_else_is_shown),
      cmocka_unit_test(without_names_there_is_module_and_offset),
      cmocka_unit_test(an_address_that_differs_from_run_to_run_is_in_no_signature),
      cmocka_unit_test(a_signal_handler_asks_for_no_names),
      cmocka_unit_test(names_cannot_break_lines),
      cmocka_unit_test(the_picture_shows_a_line_around_the_first_bad_byte),
      cmocka_unit_test(every_class_has_a_name_of_its_own),
      cmocka_unit_test(a_holder_is_named),
      cmocka_unit_test(a_holder_that_was_allocated_says_where),
      cmocka_unit_test(a_holder_without_a_name_is_told_by_its_kind),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
