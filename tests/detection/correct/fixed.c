/* An arena in a buffer on the stack, in a function that is called again and again: the frame's
 * memory serves others in between, and the buffer serves its owner after the arena is closed. */
#include <string.h>

#include "correct.h"

enum { ROOM = 2000, SIZE = HARENA_OVERHEAD + ROOM };

typedef struct word {
  const char *text;
  struct word *next;
} word;

static word *split(harena *arena, const char *text) {
  word *newest = NULL;
  while (*text) {
    size_t length = strcspn(text, " ");
    word *added = harena_new(arena, word);
    REQUIRE(added);
    *added = (word){.text = harena_strndup(arena, text, length), .next = newest};
    newest = added;
    text += length + (text[length] == ' ');
  }
  return newest;
}

static size_t longest_word(const char *text) {
  char buffer[SIZE];
  harena *arena = harena_open_in(buffer, sizeof buffer, &(harena_options){.name = "words"});
  REQUIRE(arena);
  size_t longest = 0;
  for (const word *each = split(arena, text); each; each = each->next) {
    longest = strlen(each->text) > longest ? strlen(each->text) : longest;
  }
  harena_close(arena);
  memset(buffer, 0, sizeof buffer);
  return longest;
}

static size_t other_use_of_the_stack(size_t depth) {
  volatile char frame[700];
  for (size_t i = 0; i < sizeof frame; i++) {
    frame[i] = (char)depth;
  }
  return depth == 0 ? 0 : 1 + other_use_of_the_stack(depth - 1) + (size_t)(frame[0] - frame[1]);
}

/* All of the room can be used: the same number of blocks in both builds. */
static size_t fill(harena *arena) {
  size_t blocks = 0;
  char *block;
  while ((block = harena_alloc(arena, 24, 8)) != NULL) {
    memset(block, 'x', 24);
    blocks++;
  }
  REQUIRE(harena_last_status(arena) == HARENA_NO_MEMORY);
  return blocks;
}

static void fill_again_and_again(void) {
  _Alignas(16) char buffer[SIZE];
  harena *arena = harena_open_in(buffer, sizeof buffer, NULL);
  for (int i = 0; i < 20; i++) {
    REQUIRE(fill(arena) == ROOM / 24);
    harena_clear(arena);
  }
  harena_close(arena);
  memset(buffer, 'y', sizeof buffer);
  REQUIRE(buffer[SIZE - 1] == 'y');
}

void correct_fixed(void) {
  for (int i = 0; i < 50; i++) {
    REQUIRE(longest_word("an arena in a buffer on the stack") == 6);
    REQUIRE(other_use_of_the_stack(8) == 8);
  }
  fill_again_and_again();
}
