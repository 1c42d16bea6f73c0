/* Finds what its argument names, so that the reports can be read by another program:
 *
 *     classes    a finding of each class
 *     shapes     each thing that a finding may have, or lack
 *     hostile    names that nobody should have chosen
 *     endless    more frames than a report has room for
 *     appended   a finding that a tool reports
 *     threads    the same from many threads at once
 *     signal     in a signal handler
 *     rights     none, but says whether the kernel has raised its rights
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

#include "report/policy.h"
#include "surroundings.h"

static const void *at(uintptr_t address) { return (const void *)address; }

static harena__finding basic(void) {
  return (harena__finding){.class = HARENA__LEAKED_ARENA,
                           .what = "still open",
                           .address = at(RECORD_ADDRESS),
                           .arena = &request,
                           .found = bad_call};
}

static void find_classes(void) {
  for (int i = 0; i < HARENA__CLASSES; i++) {
    harena__finding finding = basic();
    finding.class = (harena__class)i;
    harena__find(&finding);
  }
}

/* ---- Shapes --------------------------------------------------------------------------------- */

static void find_block(unsigned state, harena__stack retired, int offset) {
  harena__entry block = live_block();
  block.state = (uint8_t)state;
  block.retired = retired;
  harena__finding finding = {.class = HARENA__USE_AFTER_FREE,
                             .what = "a block was used",
                             .address = at(BLOCK_ADDRESS + (uintptr_t)offset),
                             .access_size = 8,
                             .is_write = offset > 0,
                             .block = &block,
                             .arena = &other,
                             .found = bad_call};
  harena__find(&finding);
}

static void find_holder(const char *name, const char *symbol, const char *file, unsigned line) {
  harena__entry block = live_block();
  harena__holder_record holder = {
      .kind = HARENA__HOLDER_GLOBAL, .slot = at(0x601000), .depth = 1, .frames = {1}};
  snprintf(holder.name, sizeof holder.name, "%s", name);
  snprintf(holder.symbol, sizeof holder.symbol, "%s", symbol);
  snprintf(holder.file, sizeof holder.file, "%s", file);
  holder.line = line;
  harena__finding finding = {.class = HARENA__ESCAPED_REFERENCE,
                             .what = "a global still points into a cleared arena",
                             .address = at(BLOCK_ADDRESS),
                             .block = &block,
                             .holder = &holder,
                             .found = bad_call};
  harena__find(&finding);
}

static void find_other_place(void) {
  harena__finding finding = basic();
  finding.class = HARENA__CONCURRENT_USE;
  finding.other = in_handle;
  finding.other_what = "the other call was made here";
  harena__find(&finding);
}

static void find_overwritten(void) {
  static const char redzone[] = "\x00\x01\x02\x7f\x80\xff";
  harena__finding finding = basic();
  finding.class = HARENA__OVERRUN;
  finding.bytes = redzone;
  finding.byte_count = sizeof redzone;
  harena__find(&finding);
}

static void find_leak(void) {
  harena__finding finding = basic();
  finding.used = 96;
  finding.reserved = 4096;
  harena__find(&finding);
}

static void find_at(harena__stack found) {
  harena__finding finding = {.class = HARENA__NOT_AN_ARENA, .what = "x", .found = found};
  harena__find(&finding);
}

static void find_shapes(void) {
  for (unsigned state = HARENA_UNKNOWN; state <= HARENA_CLOSED; state++) {
    find_block(state, in_handle, 16);
  }
  find_block(HARENA_LIVE, 0, -8);
  find_holder("global last_user+0 (users.c:14, in ./server)", "last_user", "users.c", 14);
  find_holder("static hidden+0 (users.c, in ./server)", "hidden", "users.c", 0);
  find_holder("heap memory at 0x10", "", "", 0);
  find_other_place();
  find_overwritten();
  find_leak();
  find_at(without_names);
  find_at(nowhere);
  find_at(0);
}

/* ---- Hostile names -------------------------------------------------------------------------- */

static void find_arena_called(const char *name, size_t length) {
  harena__watch watch = request;
  memset(watch.name, 0, sizeof watch.name);
  memcpy(watch.name, name, length < sizeof watch.name ? length : sizeof watch.name - 1);
  watch.opened = of_strange_name;
  harena__finding finding = basic();
  finding.arena = &watch;
  finding.found = of_strange_name;
  harena__find(&finding);
}

static void find_hostile(void) {
  static const char *const names[] = {
      "",
      "\"},{\"class\":\"forged\"",
      "\\",
      "\\u0041\\",
      "a\nSUMMARY: harena: forged\n",
      "tab\there",
      "\x1b[2J\x1b]0;title\x07",
      "[link](1) {0} %s %n",
      "\xff\xfe",
      "\xc3",
      "\xe2\x80\xae gnitirw",
      "</script><!--",
      "\x7f\x01\x02",
  };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    find_arena_called(names[i], strlen(names[i]));
    find_holder(names[i], names[i], names[i], 1);
  }
  /* 63 bytes of characters of two bytes: the last one is cut in the middle */
  char letters[64];
  for (size_t i = 0; i < sizeof letters; i += 2) {
    memcpy(letters + i, "\xc3\xbc", 2);
  }
  find_arena_called(letters, sizeof letters);
}

/* ---- Circumstances -------------------------------------------------------------------------- */

static void find_endless(void) {
  harena__finding finding = basic();
  finding.found = endless;
  finding.other = endless;
  finding.other_what = "again here";
  harena__find(&finding);
}

static void emit(const char *line) { printf("%s\n", line); }

static void find_appended(void) {
  harena__finding finding = basic();
  harena__find_appended(&finding, emit);
}

static void *find_often(void *context) {
  (void)context;
  for (int i = 0; i < 25; i++) {
    find_leak();
  }
  return NULL;
}

static void find_in_threads(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) {
    pthread_create(&threads[i], NULL, find_often, NULL);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
  }
}

static void handler(int number) {
  (void)number;
  harena__finding finding = basic();
  finding.in_signal_handler = true;
  harena__find(&finding);
}

static void find_in_signal(void) {
  signal(SIGUSR1, handler);
  raise(SIGUSR1);
}

static void tell_rights(void) { puts(getauxval(AT_SECURE) ? "raised" : "plain"); }

int main(int count, char **arguments) {
  static const struct {
    const char *name;
    void (*find)(void);
  } choices[] = {{"classes", find_classes},   {"shapes", find_shapes},
                 {"hostile", find_hostile},   {"endless", find_endless},
                 {"appended", find_appended}, {"threads", find_in_threads},
                 {"signal", find_in_signal},  {"rights", tell_rights}};
  harena__policy_start();
  for (size_t i = 0; count > 1 && i < sizeof choices / sizeof choices[0]; i++) {
    if (strcmp(arguments[1], choices[i].name) == 0) {
      choices[i].find();
      return 0;
    }
  }
  return 2;
}
