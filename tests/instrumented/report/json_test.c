/* JSON and SARIF to the letter, and JSON as text. That both are what they should be, whatever the
 * finding, is formats_test.py's to say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report/json.h"
#include "report/sarif.h"
#include "surroundings.h"

static char text[64 * 1024];

/* ---- JSON as text --------------------------------------------------------------------------- */

static void assert_text(const char *value, const char *expected) {
  harena__json json = harena__json_into(text, sizeof text);
  harena__json_text(&json, NULL, value);
  assert_string_equal(text, expected);
  assert_int_equal(json.length, strlen(expected));
}

static void texts_are_escaped(void **state) {
  (void)state;
  assert_text("", "\"\"");
  assert_text("parse_user", "\"parse_user\"");
  assert_text("say \"a\\b\"", "\"say \\\"a\\\\b\\\"\"");
  assert_text("a\tb\n\x1b\x7f", "\"a\\u0009b\\u000a\\u001b\\u007f\"");
  assert_text("Gr\xc3\xbc\xc3\x9f\x65", "\"Gr\xc3\xbc\xc3\x9f\x65\"");
}

static void what_is_no_utf_8_is_escaped(void **state) {
  (void)state;
  assert_text("\xff", "\"\\\\xff\"");
  assert_text("cut \xe2\x82", "\"cut \\\\xe2\\\\x82\"");               /* in mid-character */
  assert_text("\xc0\xaf", "\"\\\\xc0\\\\xaf\"");                       /* longer than need be */
  assert_text("\xed\xa0\x80", "\"\\\\xed\\\\xa0\\\\x80\"");            /* half of a pair */
  assert_text("\xf4\x90\x80\x80", "\"\\\\xf4\\\\x90\\\\x80\\\\x80\""); /* behind the last */
  assert_text("\xf0\x9f\x90\x9b", "\"\xf0\x9f\x90\x9b\"");
}

static void values_are_separated_by_commas(void **state) {
  (void)state;
  harena__json json = harena__json_into(text, sizeof text);
  harena__json_open(&json, NULL, '{');
  harena__json_number(&json, "a", UINT64_MAX);
  harena__json_open(&json, "b", '[');
  harena__json_signed(&json, NULL, -1);
  harena__json_open(&json, NULL, '{');
  harena__json_close(&json, '}');
  harena__json_flag(&json, NULL, true);
  harena__json_close(&json, ']');
  harena__json_address(&json, "c", 255);
  harena__json_close(&json, '}');
  assert_string_equal(text, "{\"a\":18446744073709551615,\"b\":[-1,{},true],\"c\":\"0xff\"}");
}

static void what_does_not_fit_is_left_out(void **state) {
  (void)state;
  char small[8];
  harena__json json = harena__json_into(small, sizeof small);
  assert_int_equal(harena__json_room(&json), 7);
  harena__json_verbatim(&json, "1234567");
  assert_string_equal(small, "1234567");
  harena__json_verbatim(&json, "8");
  assert_string_equal(small, "1234567");
}

/* ---- Reports -------------------------------------------------------------------------------- */

static harena__finding use_after_clear(const harena__entry *block) {
  return (harena__finding){.class = HARENA__USE_AFTER_CLEAR,
                           .what = "a block of a cleared arena was read",
                           .address = (const void *)(uintptr_t)(BLOCK_ADDRESS + 16),
                           .access_size = 4,
                           .block = block,
                           .arena = &request,
                           .found = bad_call};
}

static harena__entry cleared_block(void) {
  harena__entry block = live_block();
  block.align_shift = 3;
  block.born_event = 12;
  block.state = HARENA_CLEARED;
  block.retired = in_handle;
  return block;
}

#define FRAME(function, file, line, offset)                             \
  "{\"function\":\"" function "\",\"file\":\"" file "\",\"line\":" line \
  ",\"module\":\"build/server\",\"offset\":\"" offset "\"}"

static void a_finding_is_a_line_of_json(void **state) {
  (void)state;
  harena__entry block = cleared_block();
  harena__finding finding = use_after_clear(&block);
  harena__report report;
  harena__make_report(&report, &finding);
  harena__json json = harena__json_into(text, sizeof text);
  harena__write_json(&report, &json);
  char expected[4096];
  snprintf(expected, sizeof expected,
           "{\"tool\":\"harena\",\"version\":\"1.2.3\",\"type\":\"finding\",\"pid\":%d,"
           "\"class\":\"use-after-clear\",\"family\":\"access\","
           "\"message\":\"a block of a cleared arena was read\","
           "\"signature\":\"use-after-clear\\u0009parse_user\\u0009handle\\u0009request\","
           "\"address\":\"0x6e370110\",\"access\":{\"kind\":\"read\",\"size\":4},"
           "\"block\":{\"address\":\"0x6e370100\",\"size\":48,\"alignment\":8,"
           "\"state\":\"cleared\",\"arena\":\"request\",\"generation\":7,\"offset\":16},"
           "\"arena\":{\"name\":\"request\",\"generation\":7,\"open\":true},"
           "\"place\":" FRAME("parse_user", "users.c", "42", "0x1") ","
           "\"sites\":[{\"subject\":\"call\",\"event\":\"found\",\"frames\":["
           FRAME("handle", "server.c", "140", "0x5") "]},"
           "{\"subject\":\"block\",\"event\":\"allocated\",\"arena\":\"request\",\"number\":12,\"frames\":["
           FRAME("parse_user", "users.c", "42", "0x1") ","
           FRAME("handle", "server.c", "120", "0x2") "]},"
           "{\"subject\":\"arena\",\"event\":\"cleared\",\"arena\":\"request\",\"frames\":["
           FRAME("handle", "server.c", "131", "0x3") "]}]}\n",
           (int)getpid());
  assert_string_equal(text, expected);
}

/* ---- SARIF ---------------------------------------------------------------------------------- */

#define PHYSICAL(file, line)                                    \
  "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"" file \
  "\",\"uriBaseId\":\"%SRCROOT%\"},\"region\":{\"startLine\":" line "}}"
#define LOCATION(function, file, line) \
  PHYSICAL(file, line) ",\"logicalLocations\":[{\"name\":\"" function "\",\"kind\":\"function\"}]"
#define MESSAGE(text) "\"message\":{\"text\":\"" text "\"}"
#define SARIF_FRAME(function, file, line) \
  "{\"location\":{" LOCATION(function, file, line) "},\"module\":\"build/server\"}"
#define CLEARED "arena \\\"request\\\" (opened server.c:88) was cleared here"

static const char expected_result[] =
    "\n{\"ruleId\":\"use-after-clear\",\"level\":\"error\"," MESSAGE(
        "a block of a cleared arena was read: 16 bytes inside a 48-byte block of arena "
        "\\\"request\\\" (generation 7). See: [found here](1), [block allocated here](2), "
        "[" CLEARED "](3)")
    ",\"locations\":[{" LOCATION("parse_user", "users.c", "42") "}],"
    "\"relatedLocations\":[{\"id\":1," MESSAGE("found here") ","
    LOCATION("handle", "server.c", "140") "},{\"id\":2," MESSAGE("block allocated here") ","
    LOCATION("parse_user", "users.c", "42") "},{\"id\":3," MESSAGE(CLEARED) ","
    LOCATION("handle", "server.c", "131") "}],"
    "\"partialFingerprints\":{\"harenaSignature/v1\":"
    "\"use-after-clear\\u0009parse_user\\u0009handle\\u0009request\","
    "\"primaryLocationLineHash\":\"0x3963438a955e6016\"},"
    "\"stacks\":[{" MESSAGE("found here") ",\"frames\":["
    SARIF_FRAME("handle", "server.c", "140") "]},"
    "{" MESSAGE("block allocated here") ",\"frames\":["
    SARIF_FRAME("parse_user", "users.c", "42") "," SARIF_FRAME("handle", "server.c", "120") "]},"
    "{" MESSAGE(CLEARED) ",\"frames\":[" SARIF_FRAME("handle", "server.c", "131") "]}]}"
    "\n]}]}\n";

static void a_finding_is_a_result_of_sarif(void **state) {
  (void)state;
  harena__entry block = cleared_block();
  harena__finding finding = use_after_clear(&block);
  harena__report report;
  harena__make_report(&report, &finding);
  harena__json json = harena__json_into(text, sizeof text);
  size_t start = harena__write_sarif(&report, &json);
  assert_string_equal(text + start, expected_result);
}

/* ---- A variable ----------------------------------------------------------------------------- */

static harena__holder_record last_user(unsigned line) {
  return (harena__holder_record){.kind = HARENA__HOLDER_GLOBAL,
                                 .name = "global last_user+0 (users.c:14, in ./server)",
                                 .symbol = "last_user",
                                 .file = "users.c",
                                 .line = line,
                                 .slot = &text};
}

static void write_escape(const harena__holder_record *holder,
                         void (*write)(const harena__report *report, harena__json *out)) {
  harena__entry block = cleared_block();
  harena__finding finding = use_after_clear(&block);
  harena__report report;
  finding.holder = holder;
  harena__make_report(&report, &finding);
  harena__json json = harena__json_into(text, sizeof text);
  write(&report, &json);
}

static void write_log(const harena__report *report, harena__json *out) {
  harena__write_sarif(report, out);
}

static void a_variable_has_a_file_and_a_line(void **state) {
  (void)state;
  harena__holder_record holder = last_user(14);
  write_escape(&holder, harena__write_json);
  assert_non_null(strstr(text, "\"symbol\":\"last_user\",\"file\":\"users.c\",\"line\":14,"));
  write_escape(&holder, write_log);
  assert_non_null(strstr(text, "[holder declared here](4)"));
  assert_non_null(strstr(
      text, "{\"id\":4," MESSAGE("holder declared here") "," PHYSICAL("users.c", "14") "}]"));
}

static void a_line_that_is_not_known_is_left_out(void **state) {
  (void)state;
  harena__holder_record holder = last_user(0);
  write_escape(&holder, harena__write_json);
  assert_non_null(strstr(text, "\"file\":\"users.c\",\"slot\":"));
  write_escape(&holder, write_log);
  assert_null(strstr(text, "declared here"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_variable_has_a_file_and_a_line),
      cmocka_unit_test(a_line_that_is_not_known_is_left_out),
      cmocka_unit_test(texts_are_escaped),
      cmocka_unit_test(what_is_no_utf_8_is_escaped),
      cmocka_unit_test(values_are_separated_by_commas),
      cmocka_unit_test(what_does_not_fit_is_left_out),
      cmocka_unit_test(a_finding_is_a_line_of_json),
      cmocka_unit_test(a_finding_is_a_result_of_sarif),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
