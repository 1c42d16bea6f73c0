#include "demangle.h"

#include <string.h>

/* The grammar is that of the Itanium C++ ABI, section 5.1; its letters are used here without more
 * words. Each step returns where it got to, or NULL when it met what it does not know. */

static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/* <source-name>: its length and the name, which begins at `*name`. */
static const char *take_name(const char *next, const char **name) {
  size_t length = 0;
  while (is_digit(*next) && length < HARENA__LINE_SIZE) {
    length = length * 10 + (size_t)(*next++ - '0');
  }
  *name = next;
  return length > 0 && strnlen(next, length) == length ? next + length : NULL;
}

/* ---- Template arguments --------------------------------------------------------------------- */

/* S_ or S0_, T_ or T0_, behind the first letter. */
static const char *skip_number(const char *next) {
  next += strspn(next, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  return *next == '_' ? next + 1 : NULL;
}

static const char *skip_substitution(const char *next) {
  return *next && strchr("tabsiod", *next) ? next + 1 : skip_number(next);
}

/* Of a builtin type, behind the L. */
static const char *skip_literal(const char *next) {
  const char *end = *next >= 'a' && *next <= 'z' ? strchr(next, 'E') : NULL;
  return end ? end + 1 : NULL;
}

/* What is neither a name nor a bracket. */
static const char *skip_letter(const char *next) {
  switch (*next) {
    case 'S':
      return skip_substitution(next + 1);
    case 'T':
      return skip_number(next + 1);
    case 'L':
      return skip_literal(next + 1);
    case 'D':
      return next[1] && strchr("nacuiefdhsp", next[1]) ? next + 2 : NULL;
    case 'A':
      return skip_number(next + 1);
    default:
      return *next && strchr("PROKVCGMabcdefghijlmnostvwxyz", *next) ? next + 1 : NULL;
  }
}

/* From behind the I to behind its E. */
static const char *skip_arguments(const char *next) {
  const char *name;
  for (size_t depth = 1; next && depth > 0;) {
    if (is_digit(*next)) {
      next = take_name(next, &name);
    } else if (*next && strchr("INFJ", *next)) {
      depth++;
      next++;
    } else if (*next == 'E') {
      depth--;
      next++;
    } else {
      next = skip_letter(next);
    }
  }
  return next;
}

/* ---- Names ---------------------------------------------------------------------------------- */

struct name {
  harena__line *out;
  const char *last; /* component, which constructors repeat */
  size_t last_length;
};

static void add_component(struct name *name, const char *text, size_t length) {
  static const char unnamed[] = "_GLOBAL__N_";
  harena__add(name->out, name->out->length > 0 ? "::" : "");
  if (length >= sizeof unnamed - 1 && memcmp(text, unnamed, sizeof unnamed - 1) == 0) {
    harena__add(name->out, "(anonymous namespace)");
  } else {
    harena__add_bytes(name->out, text, length);
  }
  name->last = text;
  name->last_length = length;
}

static const char *take_source_name(struct name *name, const char *next) {
  const char *text;
  next = take_name(next, &text);
  if (next) {
    add_component(name, text, (size_t)(next - text));
  }
  return next;
}

/* C1 and D0 and so on. */
static const char *take_constructor(struct name *name, const char *next) {
  if (!is_digit(next[1]) || !name->last) {
    return NULL;
  }
  harena__add(name->out, *next == 'D' ? "::~" : "::");
  harena__add_bytes(name->out, name->last, name->last_length);
  return next + 2;
}

static const char *take_std(struct name *name, const char *next) {
  if (next[1] != 't') {
    return NULL;
  }
  add_component(name, "std", strlen("std"));
  return next + 2;
}

static const char *take_component(struct name *name, const char *next) {
  switch (*next) {
    case 'L': /* not visible outside its file */
      return take_source_name(name, next + 1);
    case 'C':
    case 'D':
      return take_constructor(name, next);
    case 'S':
      return take_std(name, next);
    case 'I':
      harena__add(name->out, "<...>");
      return skip_arguments(next + 1);
    default:
      return take_source_name(name, next);
  }
}

static const char *take_nested_name(struct name *name, const char *next) {
  next += strspn(next, "rVKRO"); /* qualifiers of a member function */
  while (next && *next != 'E') {
    next = take_component(name, next);
  }
  return next;
}

/* Parameters follow, and overloads are told apart by their lines. */
static const char *take_plain_name(struct name *name, const char *next) {
  if (*next == 'S') {
    next = take_std(name, next);
  }
  return next ? take_component(name, next) : NULL;
}

bool harena__demangle(const char *mangled, harena__line *out) {
  harena__line text = {0};
  struct name name = {.out = &text};
  if (strncmp(mangled, "_Z", 2) != 0) {
    return false;
  }
  const char *next = mangled + 2;
  bool is_nested = *next == 'N';
  next = is_nested ? take_nested_name(&name, next + 1) : take_plain_name(&name, next);
  if (next) {
    harena__add(out, text.text);
  }
  return next != NULL;
}
