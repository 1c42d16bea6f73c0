/* The maps that harena-gen writes name the field of whoever holds a pointer into an arena. */
#include <harena.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "conn.harena.h"
#include "connections.h"
#include "plain.harena.h"

const char *harena_default_options(void) { return "escape=immediate:halt_on_error=0"; }

static char found[512];

static bool keep_arena(const harena_holder *holder, void *context) {
  (void)context;
  if (strcmp(holder->kind, "arena") == 0) {
    snprintf(found, sizeof found, "%s", holder->name);
  }
  return true;
}

/* Who holds `target`, of which one place in the cache is told. */
static const char *holder_of(harena *arena, void **slot, char *target) {
  *slot = target;
  found[0] = 0;
  harena_find_holders(arena, keep_arena, NULL);
  *slot = NULL;
  return found;
}

static harena *arena, *cache;
static struct conn *conns;
static char *target;

static void expect(void *slot, const char *name) {
  const char *holder = holder_of(arena, slot, target);
  if (!harena_instrumented()) {
    assert_string_equal(holder, "");
  } else if (!strstr(holder, name)) {
    fail_msg("expected %s, found %s", name, holder);
  }
}

static int open_both(void **state) {
  (void)state;
  arena = harena_open(&(harena_options){.name = "request"});
  cache = harena_open(&(harena_options){.name = "cache"});
  target = harena_alloc(arena, 24, 8);
  conns = harena_new_array_zeroed(cache, struct conn, 3);
  return !arena || !cache || !target || !conns;
}

static int close_both(void **state) {
  (void)state;
  target = NULL; /* or they would be escapes */
  conns = NULL;
  harena_close(arena);
  harena_close(cache);
  return 0;
}

static void names_fields(void **state) {
  (void)state;
  struct conn *one = harena_new_zeroed(cache, struct conn);
  harena_set_pointer_map(one, &conn_pointer_map);
  expect(&one->peer, "arena \"cache\" struct conn field peer+0 ");
  expect(&one->address.host, "struct conn field address.host+0 ");
  expect(&one->any, "struct conn field any+0 ");
  expect(&one->entries[7].key, "struct conn field entries[7].key+0 ");
  expect(&one->handlers[2], "struct conn field handlers[2]+0 ");
  expect(&one->grid[3][4].cell[1].name, "struct conn field grid[3][4].cell[1].name+0 ");
  expect(&one->owner.address, "struct conn field owner.address+0 ");
}

static char reported[4096];

static void keep_report(const char *text, void *context) {
  (void)context;
  snprintf(reported, sizeof reported, "%s", text);
}

/* In the report of a reference that escapes. */
static void names_the_holder_of_an_escaped_reference(void **state) {
  (void)state;
  reported[0] = 0;
  harena_set_pointer_map(conns, &conn_pointer_map);
  harena_set_report_callback(keep_report, NULL);
  conns[1].entries[7].key = target;
  target = NULL;
  harena_clear(arena);
  conns[1].entries[7].key = NULL;
  harena_set_report_callback(NULL, NULL);
  if (harena_instrumented() &&
      !strstr(reported, "arena \"cache\" struct conn[1] field entries[7].key+0 ")) {
    fail_msg("reported: %s", reported);
  }
}

static void names_elements(void **state) {
  (void)state;
  harena_set_pointer_map(conns, &conn_pointer_map);
  expect(&conns[0].peer, "struct conn[0] field peer+0 ");
  expect(&conns[2].entries[1].key, "struct conn[2] field entries[1].key+0 ");
}

static void has_no_name_without_a_map(void **state) {
  (void)state;
  expect(&conns[0].peer, "arena \"cache\" block of ");
  harena_set_pointer_map(conns, &conn_pointer_map);
  harena_set_pointer_map(conns, NULL);
  expect(&conns[0].peer, "arena \"cache\" block of ");
}

static void ignores_what_is_no_such_block(void **state) {
  (void)state;
  harena_set_pointer_map(NULL, &conn_pointer_map);
  harena_set_pointer_map(&conns[1], &conn_pointer_map);
  expect(&conns[1].peer, "arena \"cache\" block of ");
  struct entry *small = harena_new_zeroed(cache, struct entry);
  harena_set_pointer_map(small, &conn_pointer_map);
  expect((void *)&small->key, "arena \"cache\" block of ");
}

static void says_where_no_pointer_is(void **state) {
  (void)state;
  Plain *plain = harena_new_array_zeroed(cache, Plain, 4);
  harena_set_pointer_map(plain, &plain_pointer_map);
  expect((void *)plain, "arena \"cache\" Plain[0]+0 ");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(names_fields, open_both, close_both),
      cmocka_unit_test_setup_teardown(names_elements, open_both, close_both),
      cmocka_unit_test_setup_teardown(names_the_holder_of_an_escaped_reference, open_both,
                                      close_both),
      cmocka_unit_test_setup_teardown(has_no_name_without_a_map, open_both, close_both),
      cmocka_unit_test_setup_teardown(ignores_what_is_no_such_block, open_both, close_both),
      cmocka_unit_test_setup_teardown(says_where_no_pointer_is, open_both, close_both),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
