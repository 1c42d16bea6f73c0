/* What is planted is found, and nothing else. An input makes an arena and blocks in it, then plants
 * one bug in them, or its near miss: the bug must be reported with its class, once; the near miss
 * must pass in silence. System allocations fail when the input says so. From then on a bug may be
 * overlooked, as the watcher may have had no memory to know the block; what is said must still be
 * right. */
#include <harena.h>
#include <setjmp.h>
#include <string.h>

#include "cage.h"
#include "engine/demand.h"
#include "engine/splice.h"
#include "engine/target.h"
#include "handles.h"
#include "model/faults.h"

enum { OPERATION = 8, MOST_BLOCKS = 64, MOST_OPERATIONS = 64, CAGE = 32 << 20 };

const row_shape splice_shape = {0, OPERATION};

typedef struct block {
  char *start;
  size_t size;
  int state; /* of harena_description */
  harena_ref ref;
} block;

static harena *arena;
static block blocks[MOST_BLOCKS];
static size_t count;
static size_t marked; /* blocks before the mark */
static harena_mark mark;

/* ---- Reports and panics ---- */

static const char *expected_class; /* NULL: none */
static size_t reports;
static jmp_buf panicked;

static void take_report(const char *text, void *context) {
  char title[64];
  (void)context;
  snprintf(title, sizeof title, "harena: %s:", expected_class ? expected_class : "nothing");
  if (!strstr(text, title)) {
    fputs(text, stderr);
  }
  demand(strstr(text, title) != NULL);
  reports++;
}

static void jump_back(const char *message) {
  (void)message;
  longjmp(panicked, 1);
}

static void expect(const char *class) {
  expected_class = class;
  reports = 0;
}

/* ---- Blocks ---- */

/* Large ones need memory of the system's. All together fit into half a cage, so no address is used
 * again. */
static size_t size_of(const uint8_t *op) {
  size_t size = 1 + (op[2] | (size_t)op[3] << 8) % 5000;
  return op[4] & 0x80 ? size * 30 : size;
}

static void add_block(const uint8_t *op) {
  size_t size = size_of(op);
  char *start = count < MOST_BLOCKS ? harena_alloc(arena, size, (size_t)1 << op[4] % 7) : NULL;
  if (start) {
    memset(start, 0x55, size);
    blocks[count++] = (block){start, size, HARENA_LIVE, harena_ref_to(arena, start)};
  }
}

static block *choose(const uint8_t *op, int state) {
  for (size_t i = 0; i < count; i++) {
    block *it = &blocks[(op[5] + i) % count];
    if (it->state == state) {
      return it;
    }
  }
  return NULL;
}

static void end_blocks(size_t from, int state) {
  for (size_t i = from; i < count; i++) {
    if (blocks[i].state == HARENA_LIVE) {
      blocks[i].state = state;
    }
  }
}

static void free_block(const uint8_t *op) {
  block *it = choose(op, HARENA_LIVE);
  if (it) {
    harena_free(arena, it->start, it->size);
    it->state = HARENA_FREED;
  }
}

static void rewind_blocks(void) {
  if (mark.arena) {
    harena_rewind(arena, mark);
    end_blocks(marked, HARENA_REWOUND);
  }
}

static void clear_blocks(void) {
  harena_clear(arena);
  end_blocks(0, HARENA_CLEARED);
  mark = (harena_mark){0};
}

/* One operation in four. */
static void plan_shortage(const uint8_t *op) {
  if (op[1] % 4 == 3) {
    plan_faults(op[1] / 4 % 8, 1 + op[1] / 32);
  }
}

static void make(const uint8_t *op) {
  plan_shortage(op);
  switch (op[0] % 16) {
    case 0:
    case 1:
      free_block(op);
      break;
    case 2:
      clear_blocks();
      break;
    case 3:
      mark = harena_save(arena);
      marked = count;
      break;
    case 4:
      rewind_blocks();
      break;
    default:
      add_block(op);
  }
}

/* ---- Bad accesses ---- */

/* What a watcher without memory may overlook. */
static void demand_found(bool found) { demand(found || faults_happened()); }

/* Under ASan the access itself would end the process: asking is as good. */
__attribute__((weak)) int __asan_address_is_poisoned(const volatile void *address);

static char exchange(char *place, char value) {
  char before = *(volatile char *)place;
  *(volatile char *)place = value;
  return before;
}

/* A wrong write that the canaries must show, and that is undone. */
static void write_wrongly(char *place) {
  char before = exchange(place, 0);
  exchange(place, (char)(before + 1));
  demand_found(harena_check(arena) >= 1);
  exchange(place, before);
  demand(harena_check(arena) == 0 || reports > 0);
}

/* Around what no ledger knows there may be no redzone, but the allocator's own record. */
static bool is_known(const block *it) {
  harena_description out;
  return harena_describe(it->start, &out);
}

static void access_wrongly(const block *it, char *place, const char *class) {
  if (!is_known(it)) {
    demand(faults_happened());
    return;
  }
  if (__asan_address_is_poisoned) {
    demand_found(__asan_address_is_poisoned(place));
    return;
  }
  expect(class);
  write_wrongly(place);
  demand_found(reports >= 1);
}

static void access_rightly(char *place) {
  expect(NULL);
  demand(!__asan_address_is_poisoned || !__asan_address_is_poisoned(place));
  exchange(place, 0x55);
  demand(harena_check(arena) == 0);
}

static void plant_overrun(const block *it, bool bug) {
  if (bug) {
    access_wrongly(it, it->start + it->size, "overrun");
  } else {
    access_rightly(it->start + it->size - 1);
  }
}

static void plant_underrun(const block *it, bool bug) {
  if (bug) {
    access_wrongly(it, it->start - 1, "underrun");
  } else {
    access_rightly(it->start);
  }
}

/* ---- Bad calls ---- */

static harena *open_other(void) {
  harena *other = harena_open(NULL);
  demand(other || faults_happened());
  return other;
}

static void give_back(const uint8_t *op, harena *to, char *start, size_t size) {
  if (op[4] & 1) {
    (void)!harena_realloc(to, start, size, size + 1, 8);
  } else {
    harena_free(to, start, size);
  }
}

static void plant_double_free(const uint8_t *op, block *it, bool bug) {
  expect(bug ? "double-free" : NULL);
  harena_free(arena, it->start, it->size);
  it->state = HARENA_FREED;
  if (bug) {
    give_back(op, arena, it->start, it->size);
  }
}

static void plant_wrong_size(const uint8_t *op, const block *it, bool bug) {
  expect(bug ? "wrong-size" : NULL);
  give_back(op, arena, it->start, bug ? it->size + 1 : it->size);
}

static void plant_inner_free(const uint8_t *op, const block *it, bool bug) {
  expect(bug ? "bad-free" : NULL);
  size_t inside = bug && it->size > 16 ? 16 : 0;
  if (bug && !inside) {
    expect(NULL);
  }
  give_back(op, arena, it->start + inside, it->size - inside);
}

static void plant_foreign_free(const uint8_t *op, const block *it, bool bug) {
  harena *other = open_other();
  if (!other) {
    return;
  }
  expect(bug ? "bad-free" : NULL);
  give_back(op, bug ? other : arena, it->start, it->size);
  harena_close(other);
}

static void deref(harena_ref ref) {
  if (setjmp(panicked) == 0) {
    (void)harena_deref(arena, ref);
  }
}

static void plant_stale_reference(const uint8_t *op, bool bug) {
  const block *it = choose(op, bug ? HARENA_CLEARED : HARENA_LIVE);
  expect(bug && it ? "stale-reference" : NULL);
  if (it) {
    deref(it->ref);
  }
}

static void plant_dead_mark(bool bug) {
  harena_mark dead = harena_save(arena);
  expect(bug ? "dead-mark" : NULL);
  if (bug) {
    harena_clear(arena);
    end_blocks(0, HARENA_CLEARED);
  }
  if (setjmp(panicked) == 0) {
    harena_rewind(arena, dead);
  }
}

/* The compiler must not see that this is the same. */
static harena *hidden(harena *handle) {
  harena *volatile copy = handle;
  return copy;
}

static void plant_double_close(bool bug) {
  harena *other = open_other();
  if (!other) {
    return;
  }
  harena *dead = hidden(other);
  expect(bug ? "double-close" : NULL);
  harena_close(other);
  if (bug) {
    harena_close(dead);
  }
}

static void do_nothing(void *context) { (void)context; }

/* Calls that hand the arena over to the library before they read it themselves: what was mapped
 * away cannot be read. */
enum { BLOCK_CALLS = 7, PLACE_CALLS = 7, BYTE_CALLS = 10, READING_CALLS = 3 };
enum { OTHER_CALLS = BLOCK_CALLS + PLACE_CALLS + BYTE_CALLS };

static void call_for_blocks(harena *it, unsigned which) {
  volatile size_t align = 8; /* not known to the compiler, so that nothing is inlined */
  size_t size = 0;
  switch (which) {
    case 0:
      (void)!harena_alloc_zeroed(it, 8, align);
      break;
    case 1:
      (void)!harena_alloc_between(it, 8, 16, align, &size);
      break;
    case 2:
      (void)!harena_realloc(it, NULL, 0, 8, align);
      break;
    case 3:
      (void)!harena_dup(it, "text", 4, align);
      break;
    case 4:
      (void)!harena_strndup(it, "text", 2);
      break;
    case 5:
      (void)!harena_printf(it, "%d", 1);
      break;
    default:
      (void)!harena_strdup(it, "text");
  }
}

static void call_for_places(harena *it, unsigned which) {
  switch (which) {
    case 0:
      harena_trim(it);
      break;
    case 1:
      harena_clear(it);
      break;
    case 2:
      (void)harena_save(it);
      break;
    case 3:
      (void)!harena_defer(it, do_nothing, NULL);
      break;
    case 4:
      (void)harena_set_limit(it, 0);
      break;
    case 5:
      HARENA_SCOPE(it) {}
      break;
    default:
      (void)harena_measure(it);
  }
}

static void call_for_bytes(harena *it, unsigned which) {
  harena_bytes bytes = {{NULL, 0}, 0, 0};
  harena_buffer buffer;
  harena_buffer_init(&buffer, it);
  switch (which) {
    case 0:
      (void)!harena_bytes_make(it, 1, 2, &bytes);
      break;
    case 1:
      (void)!harena_bytes_embed(it, "text", 4, &bytes);
      break;
    case 2:
      (void)!harena_bytes_string(it, bytes);
      break;
    case 3:
      (void)harena_buffer_write_byte(&buffer, 'x');
      break;
    case 4:
      (void)harena_buffer_write(&buffer, "text", 4);
      break;
    case 5:
      (void)harena_buffer_printf(&buffer, "%d", 1);
      break;
    case 6:
      (void)!harena_buffer_reserve(&buffer, 1);
      break;
    case 7:
      free(harena_bytes_to_heap(it, bytes));
      break;
    case 8:
      free(harena_bytes_string_to_heap(it, bytes));
      break;
    default:
      harena_buffer_commit(&buffer, 0);
  }
}

/* Those that do read it first are made on an arena in a buffer, which outlives it. */
static void call_reading(harena *it, harena_mark mark_of_it, unsigned which) {
  switch (which) {
    case 0:
      (void)!harena_alloc(it, 8, 8);
      break;
    case 1:
      (void)harena_bytes_view(it, (harena_bytes){{NULL, 0}, 0, 0});
      break;
    default:
      harena_rewind(it, mark_of_it);
  }
}

static void call_something(harena *it, harena_mark mark_of_it, unsigned which) {
  if (which < BLOCK_CALLS) {
    call_for_blocks(it, which);
  } else if (which < BLOCK_CALLS + PLACE_CALLS) {
    call_for_places(it, which - BLOCK_CALLS);
  } else if (which < OTHER_CALLS) {
    call_for_bytes(it, which - BLOCK_CALLS - PLACE_CALLS);
  } else {
    call_reading(it, mark_of_it, which - OTHER_CALLS);
  }
}

static void plant_use_after_close(const uint8_t *op, bool bug) {
  static _Alignas(16) char buffer[4096];
  unsigned which = op[0] % (OTHER_CALLS + READING_CALLS);
  harena *other = which < OTHER_CALLS ? open_other() : harena_open_in(buffer, sizeof buffer, NULL);
  if (!other) {
    return;
  }
  harena *dead = hidden(other);
  harena_mark mark_of_it = harena_save(other);
  expect(bug ? "use-after-close" : NULL);
  if (bug) {
    harena_close(other);
    call_something(dead, mark_of_it, which);
  } else {
    call_something(other, mark_of_it, which);
    harena_close(other);
  }
}

/* Bugs on a live block. */
static void plant_on(const uint8_t *op, block *it, unsigned kind, bool bug) {
  switch (kind) {
    case 0:
      plant_overrun(it, bug);
      break;
    case 1:
      plant_underrun(it, bug);
      break;
    case 2:
      plant_double_free(op, it, bug);
      break;
    case 3:
      plant_wrong_size(op, it, bug);
      break;
    case 4:
      plant_inner_free(op, it, bug);
      break;
    default:
      plant_foreign_free(op, it, bug);
  }
}

enum { ON_BLOCKS = 6, KINDS = 10 };

/* Wrong calls that are overlooked do what they do in release: anything. Accesses are undone, and
 * what references and marks lead to is checked in release too. */
static bool may_be_overlooked(unsigned kind) {
  return kind < 2 || kind == ON_BLOCKS || kind == ON_BLOCKS + 1;
}

static void plant(const uint8_t *op) {
  unsigned kind = op[6] % KINDS;
  bool safe = !faults_happened() || may_be_overlooked(kind);
  bool bug = (op[7] & 1) && safe;
  let_faults_happen(may_be_overlooked(kind) || !bug);
  plan_shortage(op);
  block *it = choose(op, HARENA_LIVE);
  if (kind < ON_BLOCKS && it) {
    plant_on(op, it, kind, bug);
  } else if (kind == ON_BLOCKS) {
    plant_stale_reference(op, bug);
  } else if (kind == ON_BLOCKS + 1) {
    plant_dead_mark(bug);
  } else if (kind == ON_BLOCKS + 2) {
    plant_double_close(bug);
  } else if (kind == ON_BLOCKS + 3) {
    plant_use_after_close(op, bug);
  }
  let_faults_happen(false);
  demand_found(!expected_class || reports >= 1 || __asan_address_is_poisoned);
  demand(kind < 2 || reports == (expected_class != NULL) || (reports == 0 && faults_happened()));
}

/* ---- What is known of each block ---- */

/* Where there was no room for a cage addresses are used again, and the youngest there is known. */
static bool was_replaced(const block *it) {
  for (const block *younger = it + 1; younger < blocks + count; younger++) {
    if ((size_t)(it->start - younger->start) < younger->size) {
      return true;
    }
  }
  return false;
}

static void check_described(const block *it) {
  harena_description out;
  if (was_replaced(it)) {
    demand(faults_happened());
    return;
  }
  bool known = harena_describe(it->start, &out);
  if (!known || out.offset > out.size) { /* at best, one before it is known */
    demand(faults_happened());
    return;
  }
  demand(out.block == it->start && out.size == it->size && out.offset == 0);
  demand((int)out.state == it->state);
}

static void begin(const uint8_t *op) {
  forget_faults();
  plan_shortage(op);
  harena__cage_limit(CAGE);
  count = 0;
  mark = (harena_mark){0};
  expect(NULL);
  harena_set_report_callback(take_report, NULL);
  harena_set_panic_handler(jump_back);
  let_faults_happen(true);
  arena = harena_open(&(harena_options){.name = "planted"});
  let_faults_happen(false);
  demand(arena || faults_happened());
}

static void end(void) {
  expect(NULL);
  if (arena) {
    harena_close(arena);
  }
  harena__forget_everything();
}

static void make_and_plant(const uint8_t *bytes, size_t operations) {
  let_faults_happen(true);
  for (size_t i = 0; i + 1 < operations; i++) {
    make(bytes + i * OPERATION);
  }
  let_faults_happen(false);
  for (size_t i = 0; i < count; i++) {
    check_described(&blocks[i]);
  }
  plant(bytes + (operations - 1) * OPERATION);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  size_t operations = size / OPERATION < MOST_OPERATIONS ? size / OPERATION : MOST_OPERATIONS;
  if (operations == 0) {
    return 0;
  }
  begin(bytes);
  if (arena) {
    make_and_plant(bytes, operations);
  }
  end();
  return 0;
}

/* The records that targets keep hold many pointers to what has ended. What is known of a dead block
 * lasts until its address is used again, which ThreadSanitizer would have at once. */
const char *harena_default_options(void) { return "halt_on_error=0:escape=off:reuse=0"; }
