/* The workloads of growing strings, once per contender, among those of workloads.h or alone: see
 * text_contender.h. */

/* The string is in memory, as when others hold it too. */
static ALWAYS_INLINE void fill_text(arena *into, const char *piece, size_t size, size_t count) {
  arena_text text = {0};
  for (size_t i = 0; i < count; i++) {
    arena_text_append(into, &text, piece, size);
  }
  __asm__ volatile("" : : "r"(&text) : "memory");
  arena_text_end(&text);
}

static const char sixteen_bytes[] = "sixteen letters!";

static void fill_append1(const struct run *run) { fill_text(run->arena, "x", 1, run->count); }

static void fill_append16(const struct run *run) {
  fill_text(run->arena, sixteen_bytes, 16, run->count);
}

static void hot_append1(const struct run *run) {
  for (size_t i = 0; i < run->count; i++) {
    fill_text(run->arena, "x", 1, TEXT_BYTES);
    arena_clear(run->arena);
  }
}

static void hot_append16(const struct run *run) {
  for (size_t i = 0; i < run->count; i++) {
    fill_text(run->arena, sixteen_bytes, 16, TEXT_BYTES / 16);
    arena_clear(run->arena);
  }
}

static void print_text(arena *into) {
  arena_printer text = {0};
  for (int i = 0; i < PRINTS; i++) {
    arena_print(into, &text, "key", i);
  }
  __asm__ volatile("" : : "r"(&text) : "memory");
  arena_printer_end(&text);
}

static void hot_print(const struct run *run) {
  for (size_t i = 0; i < run->count; i++) {
    print_text(run->arena);
    arena_clear(run->arena);
  }
}

static void *open_arena(const struct run *run) { return arena_open(run); }

static void close_arena(void *open) { arena_close(open); }
