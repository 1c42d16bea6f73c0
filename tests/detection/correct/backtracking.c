/* A parser that tries one rule after the other and rewinds when one fails; what succeeded stays.
 *
 *     sum     = product '+' sum | product
 *     product = atom '*' product | atom
 *     atom    = '(' sum ')' | number
 */
#include <ctype.h>

#include "correct.h"

typedef struct node {
  char operation; /* '+', '*', or 'n' for a number */
  int number;
  struct node *left;
  struct node *right;
} node;

typedef struct input {
  harena *arena;
  const char *next;
  unsigned rewinds;
} input;

static node *parse_sum(input *it);

static node *new_node(input *it, char operation, int number, node *left, node *right) {
  node *made = harena_new(it->arena, node);
  REQUIRE(made);
  *made = (node){.operation = operation, .number = number, .left = left, .right = right};
  return made;
}

static bool accept(input *it, char wanted) {
  bool is_next = *it->next == wanted;
  it->next += is_next;
  return is_next;
}

static node *parse_number(input *it) {
  int number = 0;
  if (!isdigit((unsigned char)*it->next)) {
    return NULL;
  }
  while (isdigit((unsigned char)*it->next)) {
    number = number * 10 + (*it->next++ - '0');
  }
  return new_node(it, 'n', number, NULL, NULL);
}

static node *parse_atom(input *it) {
  if (!accept(it, '(')) {
    return parse_number(it);
  }
  node *inside = parse_sum(it);
  return inside && accept(it, ')') ? inside : NULL;
}

/* left OPERATION right, or else left alone, parsed anew. */
static node *parse_binary(input *it, char operation, node *(*left_rule)(input *),
                          node *(*right_rule)(input *)) {
  harena_mark mark = harena_save(it->arena);
  const char *start = it->next;
  node *left = left_rule(it);
  if (left && accept(it, operation)) {
    node *right = right_rule(it);
    if (right) {
      return new_node(it, operation, 0, left, right);
    }
  }
  harena_rewind(it->arena, mark);
  it->next = start;
  it->rewinds++;
  return left_rule(it);
}

static node *parse_product(input *it) { return parse_binary(it, '*', parse_atom, parse_product); }

static node *parse_sum(input *it) { return parse_binary(it, '+', parse_product, parse_sum); }

static int evaluate(const node *it) {
  switch (it->operation) {
    case '+':
      return evaluate(it->left) + evaluate(it->right);
    case '*':
      return evaluate(it->left) * evaluate(it->right);
    default:
      return it->number;
  }
}

static void expect_value(harena *arena, const char *text, int value) {
  input it = {.arena = arena, .next = text};
  const node *parsed = parse_sum(&it);
  REQUIRE(parsed && *it.next == '\0');
  REQUIRE(evaluate(parsed) == value);
  REQUIRE(it.rewinds > 0);
}

static void expect_error(harena *arena, const char *text) {
  input it = {.arena = arena, .next = text};
  const node *parsed = parse_sum(&it);
  REQUIRE(!parsed || *it.next != '\0');
}

void correct_backtracking(void) {
  harena *arena = harena_open(&(harena_options){.name = "tree"});
  for (int i = 0; i < 5; i++) {
    expect_value(arena, "1+2*3", 7);
    expect_value(arena, "(1+2)*(3+4)", 21);
    expect_value(arena, "((10))*2+(3)", 23);
    expect_error(arena, "1+");
    expect_error(arena, "(1+2");
    harena_clear(arena);
  }
  harena_close(arena);
}
