#include "escape/glibc_heap.h"

#include "escape/memory.h"
#include "pages.h"

/* A chunk: the size before it, its own size with three bits in it, and what is the program's. */
enum {
  WORD = sizeof(uintptr_t),
  HEADER = 2 * WORD,
  ALIGN = 2 * WORD,
  SMALLEST = 4 * WORD,
  BEFORE_IN_USE = 1,
  MAPPED = 2,
  BITS = 7
};

/* Words of the heap, read a piece at a time: another thread may shrink it. In pages of our own,
 * where the next sweep does not find the pointers among them. */
enum { WINDOW_WORDS = 8192 };
typedef struct window {
  uintptr_t start;
  size_t size;
  uintptr_t *words;
} window;
static window view;

static void move_window(uintptr_t address) {
  if (!view.words) {
    view.words = harena__map_pages((size_t)WINDOW_WORDS * sizeof view.words[0]);
  }
  view.start = address;
  view.size =
      view.words ? harena__copy_memory(view.words, address, (size_t)WINDOW_WORDS * WORD) : 0;
}

static bool read_word(uintptr_t address, uintptr_t *out) {
  if (address - view.start >= view.size || view.size - (address - view.start) < WORD) {
    move_window(address);
  }
  bool there = view.size >= WORD && (address - view.start) % WORD == 0;
  *out = there ? view.words[(address - view.start) / WORD] : 0;
  return there;
}

static void forget_words(void) { view.size = 0; }

/* ---- Walking ---- */

typedef struct walk {
  uintptr_t address; /* looked for */
  uintptr_t end;     /* where the last chunk must end */
  uintptr_t chunk;   /* that holds the address; 0: none so far */
  uintptr_t size;    /* of it */
  bool in_use;
} walk;

static bool read_size(uintptr_t chunk, uintptr_t end, uintptr_t *size) {
  uintptr_t word;
  if (end - chunk < SMALLEST || !read_word(chunk + WORD, &word)) {
    return false;
  }
  *size = word & ~(uintptr_t)BITS;
  return *size >= SMALLEST && *size % ALIGN == 0 && *size <= end - chunk;
}

/* Whether a chunk is used stands in the one behind it. The last one is what is not given out
 * yet. */
static bool take(walk *it, uintptr_t chunk, uintptr_t size) {
  uintptr_t next = 0;
  bool last = chunk + size == it->end;
  if (!last && !read_word(chunk + size + WORD, &next)) {
    return false;
  }
  it->chunk = chunk;
  it->size = size;
  it->in_use = (next & BEFORE_IN_USE) != 0;
  return true;
}

/* True when the chunks from `chunk` on end where they must. */
static bool walk_chunks(walk *it, uintptr_t chunk) {
  uintptr_t size;
  it->chunk = 0;
  while (chunk != it->end) {
    if (!read_size(chunk, it->end, &size)) {
      return false;
    }
    bool holds = it->address - chunk - HEADER < size - WORD;
    if (holds && !take(it, chunk, size)) {
      return false;
    }
    chunk += size;
  }
  return true;
}

/* ---- Cached blocks ---- */

/* A freed block that waits in a thread's cache counts as used, and has a random word behind its
 * link, the same in the whole process. The first block of the heap is the first thread's cache:
 * 64 counts of two bytes, then 64 lists. */
enum { CACHE_CHUNK = 0x290, LISTS = 64, LISTS_AT = HEADER + 2 * LISTS };

static uintptr_t cache_key(harena__range heap) {
  uintptr_t size;
  uintptr_t first = 0;
  uintptr_t key = 0;
  if (!read_size(heap.start, heap.end, &size) || size != CACHE_CHUNK) {
    return 0;
  }
  for (uintptr_t i = 0; i < LISTS && !first; i++) {
    read_word(heap.start + LISTS_AT + i * WORD, &first);
  }
  bool known = first && harena__copy_word(first + WORD, &key);
  return known ? key : 0;
}

static bool is_cached(uintptr_t chunk, harena__range heap) {
  uintptr_t key = cache_key(heap);
  uintptr_t word;
  return key && read_word(chunk + HEADER + WORD, &word) && word == key;
}

static harena__heap_verdict verdict_of(const walk *it, harena__range heap,
                                       harena__heap_block *out) {
  if (!it->chunk || !it->in_use || is_cached(it->chunk, heap)) {
    return HARENA__HEAP_DEAD;
  }
  *out = (harena__heap_block){it->chunk + HEADER, it->size - WORD};
  return HARENA__HEAP_LIVE;
}

/* ---- Each kind of heap ---- */

harena__heap_verdict harena__find_in_brk_heap(uintptr_t address, harena__range heap,
                                              harena__heap_block *out) {
  walk it = {.address = address, .end = heap.end};
  forget_words();
  return walk_chunks(&it, heap.start) ? verdict_of(&it, heap, out) : HARENA__HEAP_UNSURE;
}

/* At its start: the arena's address, the heap before, the size. In an arena's first heap the
 * arena's own record comes next, whose size differs between versions: the first chunk is where a
 * walk from ends well. */
enum { HEAP_BITS = 26, SIZE_AT = 2 * WORD, FIRST_CHUNK = 32, LAST_FIRST_CHUNK = 3072 };

harena__heap_verdict harena__find_in_arena_heap(uintptr_t address, harena__range heap,
                                                harena__range mapping, harena__heap_block *out) {
  uintptr_t start = address >> HEAP_BITS << HEAP_BITS;
  uintptr_t size = 0;
  forget_words();
  if (start != mapping.start || !read_word(start + SIZE_AT, &size) || size > mapping.end - start) {
    return HARENA__NOT_HEAP;
  }
  walk it = {.address = address, .end = start + size};
  for (uintptr_t first = FIRST_CHUNK; first < LAST_FIRST_CHUNK; first += ALIGN) {
    if (walk_chunks(&it, start + first)) {
      return verdict_of(&it, heap, out);
    }
  }
  return HARENA__NOT_HEAP;
}

harena__heap_verdict harena__find_mapped_block(uintptr_t address, harena__range mapping,
                                               harena__heap_block *out) {
  forget_words();
  for (uintptr_t chunk = mapping.start; chunk < mapping.end;) {
    uintptr_t size;
    uintptr_t bits = 0;
    if (!read_size(chunk, mapping.end, &size) || !read_word(chunk + WORD, &bits) ||
        !(bits & MAPPED)) {
      return HARENA__NOT_HEAP;
    }
    if (address - chunk < size) {
      *out = (harena__heap_block){chunk + HEADER, size - HEADER};
      return HARENA__HEAP_LIVE;
    }
    chunk += size;
  }
  return HARENA__NOT_HEAP;
}
