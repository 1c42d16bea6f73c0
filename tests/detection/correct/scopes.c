/* Recursion with a scope on every level: the queens of a chess board, each level with a board of
 * its own that ends with it, left by its end, by return, break and continue. */
#include <string.h>

#include "correct.h"

enum { SIZE = 6, SOLUTIONS = 4 };

static bool is_attacked(const int *columns, int row, int column) {
  for (int i = 0; i < row; i++) {
    int distance = row - i;
    if (columns[i] == column || columns[i] == column - distance ||
        columns[i] == column + distance) {
      return true;
    }
  }
  return false;
}

static int count_solutions(harena *arena, const int *columns, int row) {
  if (row == SIZE) {
    return 1;
  }
  int solutions = 0;
  for (int column = 0; column < SIZE; column++) {
    HARENA_SCOPE(arena) {
      int *board = harena_new_array(arena, int, SIZE);
      REQUIRE(board);
      memcpy(board, columns, (size_t)row * sizeof *board);
      board[row] = column;
      if (is_attacked(board, row, column)) {
        continue;
      }
      solutions += count_solutions(arena, board, row + 1);
    }
  }
  return solutions;
}

static size_t length_in_scope(harena *arena, int number) {
  HARENA_SCOPE(arena) {
    const char *text = harena_printf(arena, "%d", number);
    return strlen(text);
  }
  return 0;
}

static int sum_until(harena *arena, int last) {
  int sum = 0;
  for (int i = 1; i < 100; i++) {
    int *copy = NULL;
    HARENA_SCOPE(arena) {
      copy = harena_new(arena, int);
      *copy = i;
      sum += *copy;
      if (i == last) {
        break;
      }
    }
    if (i == last) {
      return sum;
    }
  }
  return sum;
}

void correct_scopes(void) {
  harena *arena = harena_open(&(harena_options){.name = "board"});
  char *kept = harena_strdup(arena, "older than every scope");
  REQUIRE(count_solutions(arena, (const int[SIZE]){0}, 0) == SOLUTIONS);
  REQUIRE(length_in_scope(arena, 12345) == 5);
  REQUIRE(sum_until(arena, 10) == 55);
  REQUIRE(strcmp(kept, "older than every scope") == 0);
  harena_clear(arena);
  REQUIRE(count_solutions(arena, (const int[SIZE]){0}, 0) == SOLUTIONS);
  harena_close(arena);
}
