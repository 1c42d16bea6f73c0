#include "options.h"

#include <harena/debug.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"

HARENA_ATTRIBUTE(weak) const char *harena_default_options(void) { return ""; }

/* ---- The list ------------------------------------------------------------------------------- */

typedef enum kind { FLAG, NUMBER, SIZE, CHOICE, TEXT } kind;

typedef struct description {
  const char *name;
  kind kind;
  size_t place;                       /* of the member */
  int64_t lowest, highest;            /* of a number */
  size_t smallest, largest, multiple; /* of a size */
  const char *choices;                /* "a|b|c" */
  const char *help;
} description;

#define PLACE(name) #name, .place = offsetof(harena__options, name)
#define HARENA__FLAG(name, initial, text) {PLACE(name), .kind = FLAG, .help = (text)},
#define HARENA__NUMBER(name, initial, low, high, text) \
  {PLACE(name), .kind = NUMBER, .lowest = (low), .highest = (high), .help = (text)},
#define HARENA__SIZE(name, initial, low, high, step, text)   \
  {PLACE(name),       .kind = SIZE,       .smallest = (low), \
   .largest = (high), .multiple = (step), .help = (text)},
#define HARENA__CHOICE(name, initial, list, text) \
  {PLACE(name), .kind = CHOICE, .choices = (list), .help = (text)},
#define HARENA__TEXT(name, initial, text) {PLACE(name), .kind = TEXT, .help = (text)},
static const description list[] = {
#include "options.inc"
};
#undef HARENA__FLAG
#undef HARENA__NUMBER
#undef HARENA__SIZE
#undef HARENA__CHOICE
#undef HARENA__TEXT

enum { OPTIONS = sizeof list / sizeof list[0] };

#define HARENA__FLAG(name, initial, help) .name = (initial),
#define HARENA__NUMBER(name, initial, lowest, highest, help) .name = (initial),
#define HARENA__SIZE(name, initial, lowest, highest, multiple, help) .name = (initial),
#define HARENA__CHOICE(name, initial, choices, help) .name = (initial),
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a string in parentheses initializes no array */
#define HARENA__TEXT(name, initial, help) .name = initial,
harena__options harena__default_values(void) {
  return (harena__options){
#include "options.inc"
  };
}

/* ---- Pieces of text ------------------------------------------------------------------------- */

/* Part of the text that is parsed; it does not end with a NUL. */
typedef struct piece {
  const char *start;
  size_t length;
} piece;

static bool is_word(piece text, const char *word) {
  return strlen(word) == text.length && memcmp(text.start, word, text.length) == 0;
}

/* Quoted by a stranger, so escaped; long ones are cut. */
static void add_piece(harena__line *line, piece text) {
  char copy[64 + sizeof "..."];
  bool fits = text.length <= 64;
  size_t length = fits ? text.length : 64;
  memcpy(copy, text.start, length);
  strcpy(copy + length, fits ? "" : "...");
  harena__add_name(line, copy);
}

/* Takes decimal digits off the front. False when there are none or too many. */
static bool take_digits(piece *text, uint64_t *number) {
  size_t taken = 0;
  *number = 0;
  for (; taken < text->length; taken++) {
    unsigned digit = (unsigned)(text->start[taken] - '0');
    if (digit > 9) {
      break;
    }
    if (__builtin_mul_overflow(*number, 10, number) ||
        __builtin_add_overflow(*number, digit, number)) {
      return false;
    }
  }
  text->start += taken;
  text->length -= taken;
  return taken > 0;
}

/* Takes k, m or g; a power of 1024. */
static unsigned take_shift(piece *text) {
  static const char suffixes[] = "kKmMgG";
  const char *found =
      text->length == 1 ? memchr(suffixes, text->start[0], sizeof suffixes - 1) : NULL;
  if (!found) {
    return 0;
  }
  text->length = 0;
  return ((unsigned)(found - suffixes) / 2 + 1) * 10;
}

/* ---- Values --------------------------------------------------------------------------------- */

static bool set_flag(void *member, piece value) {
  static const char *const words[] = {"0", "1", "false", "true", "no", "yes", "off", "on"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (is_word(value, words[i])) {
      *(bool *)member = i % 2 == 1;
      return true;
    }
  }
  return false;
}

static bool set_number(const description *option, void *member, piece value) {
  bool negative = value.length > 0 && value.start[0] == '-';
  value.start += negative;
  value.length -= negative;
  uint64_t digits;
  if (!take_digits(&value, &digits) || value.length > 0 || digits > INT64_MAX) {
    return false;
  }
  int64_t number = negative ? -(int64_t)digits : (int64_t)digits;
  if (number < option->lowest || number > option->highest) {
    return false;
  }
  *(int64_t *)member = number;
  return true;
}

static bool set_size(const description *option, void *member, piece value) {
  uint64_t digits;
  if (!take_digits(&value, &digits)) {
    return false;
  }
  unsigned shift = take_shift(&value);
  if (value.length > 0 || digits > (uint64_t)SIZE_MAX >> shift) {
    return false;
  }
  size_t size = (size_t)digits << shift;
  if (size < option->smallest || size > option->largest || size % option->multiple != 0) {
    return false;
  }
  *(size_t *)member = size;
  return true;
}

/* The choice of a number, or an empty piece behind the last. */
static piece choice_at(const char *choices, unsigned index) {
  while (index > 0 && *choices) {
    choices += strcspn(choices, "|");
    choices += *choices == '|';
    index--;
  }
  return (piece){choices, strcspn(choices, "|")};
}

static bool set_choice(const description *option, void *member, piece value) {
  piece choice;
  for (unsigned i = 0; (choice = choice_at(option->choices, i)).length > 0; i++) {
    if (choice.length == value.length && memcmp(choice.start, value.start, value.length) == 0) {
      *(unsigned *)member = i;
      return true;
    }
  }
  return false;
}

static bool set_text(char *member, piece value) {
  if (value.length >= HARENA__OPTION_TEXT_SIZE) {
    return false;
  }
  memcpy(member, value.start, value.length);
  member[value.length] = '\0';
  return true;
}

static bool set(const description *option, harena__options *options, piece value) {
  void *member = (char *)options + option->place;
  switch (option->kind) {
    case FLAG:
      return set_flag(member, value);
    case NUMBER:
      return set_number(option, member, value);
    case SIZE:
      return set_size(option, member, value);
    case CHOICE:
      return set_choice(option, member, value);
    case TEXT:
      return set_text(member, value);
  }
  return false;
}

/* ---- Values and what is legal, as text ------------------------------------------------------ */

static void add_size(harena__line *line, size_t size) {
  static const char *const suffixes[] = {"", "k", "m", "g"};
  size_t suffix = 0;
  while (size != 0 && size % 1024 == 0 && suffix < 3) {
    size /= 1024;
    suffix++;
  }
  harena__add_number(line, size);
  harena__add(line, suffixes[suffix]);
}

static void add_size_range(harena__line *line, const description *option) {
  harena__add(line, "bytes, from ");
  add_size(line, option->smallest);
  if (option->largest != SIZE_MAX) {
    harena__add(line, " to ");
    add_size(line, option->largest);
  }
  if (option->multiple > 1) {
    harena__add(line, ", multiple of ");
    harena__add_number(line, option->multiple);
  }
}

static void add_number_range(harena__line *line, const description *option) {
  harena__add_signed(line, option->lowest);
  harena__add(line, " to ");
  harena__add_signed(line, option->highest);
}

static void add_legal(harena__line *line, const description *option) {
  switch (option->kind) {
    case FLAG:
      harena__add(line, "0, 1, false, true, no, yes, off or on");
      break;
    case NUMBER:
      add_number_range(line, option);
      break;
    case SIZE:
      add_size_range(line, option);
      break;
    case CHOICE:
      harena__add(line, option->choices);
      break;
    case TEXT:
      harena__add(line, "at most ");
      harena__add_number(line, HARENA__OPTION_TEXT_SIZE - 1);
      harena__add(line, " bytes");
      break;
  }
}

static void add_value(harena__line *line, const description *option,
                      const harena__options *options) {
  const void *member = (const char *)options + option->place;
  switch (option->kind) {
    case FLAG:
      harena__add_number(line, *(const bool *)member);
      break;
    case NUMBER:
      harena__add_signed(line, *(const int64_t *)member);
      break;
    case SIZE:
      add_size(line, *(const size_t *)member);
      break;
    case CHOICE:
      add_piece(line, choice_at(option->choices, *(const unsigned *)member));
      break;
    case TEXT:
      harena__add(line, "\"");
      harena__add_name(line, member);
      harena__add(line, "\"");
      break;
  }
}

/* ---- The parser ----------------------------------------------------------------------------- */

struct parser {
  const char *next;
  harena__options *options;
  void (*complain)(const char *line);
  size_t complaints;
};

static void complain(struct parser *parser, const harena__line *line) {
  parser->complaints++;
  parser->complain(line->text);
}

/* Complains about what no parser can get past, and ends. */
static bool give_up(struct parser *parser, const char *where, piece text, const char *what) {
  harena__line line = {0};
  harena__add(&line, "harena: options: ");
  harena__add(&line, where);
  harena__add(&line, " '");
  add_piece(&line, text);
  harena__add(&line, "': ");
  harena__add(&line, what);
  harena__add(&line, "; ignored from there");
  complain(parser, &line);
  return false;
}

static const char separators[] = " ,:\t\n\r";

static bool take_name(struct parser *parser, piece *name) {
  name->start = parser->next;
  name->length = strcspn(parser->next, "= ,:\t\n\r");
  parser->next += name->length;
  if (*parser->next != '=') {
    return give_up(parser, "after", *name, "expected '=' and a value");
  }
  parser->next++;
  return true;
}

static bool take_quoted(struct parser *parser, piece *value) {
  const char *quote = parser->next;
  const char *end = strchr(quote + 1, *quote);
  if (!end) {
    return give_up(parser, "at", (piece){quote, strlen(quote)}, "expected a second quote");
  }
  *value = (piece){quote + 1, (size_t)(end - quote) - 1};
  parser->next = end + 1;
  return true;
}

static bool take_value(struct parser *parser, piece *value) {
  if (*parser->next == '\'' || *parser->next == '"') {
    return take_quoted(parser, value);
  }
  *value = (piece){parser->next, strcspn(parser->next, separators)};
  parser->next += value->length;
  return true;
}

static void refuse_name(struct parser *parser, piece name) {
  harena__line line = {0};
  harena__add(&line, "harena: options: no option is called '");
  add_piece(&line, name);
  harena__add(&line, "'; ignored (help=1 lists them)");
  complain(parser, &line);
}

static void refuse_value(struct parser *parser, const description *option, piece value) {
  harena__line line = {0};
  harena__add(&line, "harena: options: ");
  harena__add(&line, option->name);
  harena__add(&line, "='");
  add_piece(&line, value);
  harena__add(&line, "': expected ");
  add_legal(&line, option);
  harena__add(&line, "; ignored");
  complain(parser, &line);
}

static void take_pair(struct parser *parser, piece name, piece value) {
  for (size_t i = 0; i < OPTIONS; i++) {
    if (is_word(name, list[i].name)) {
      if (!set(&list[i], parser->options, value)) {
        refuse_value(parser, &list[i], value);
      }
      return;
    }
  }
  refuse_name(parser, name);
}

size_t harena__parse_options(harena__options *options, const char *text,
                             void (*complain_to)(const char *line)) {
  struct parser parser = {.next = text, .options = options, .complain = complain_to};
  piece name = {0};
  piece value = {0};
  while (*(parser.next += strspn(parser.next, separators)) != '\0') {
    if (!take_name(&parser, &name) || !take_value(&parser, &value)) {
      break;
    }
    take_pair(&parser, name, value);
  }
  return parser.complaints;
}

/* ---- help=1 --------------------------------------------------------------------------------- */

enum { VALUE_COLUMN = 22, DEFAULT_COLUMN = 34, LEGAL_COLUMN = 46 };

static void list_option(const description *option, const harena__options *now,
                        const harena__options *initial, void (*emit)(const char *line)) {
  harena__line line = {0};
  harena__add(&line, "  ");
  harena__add(&line, option->name);
  harena__add_column(&line, VALUE_COLUMN);
  add_value(&line, option, now);
  harena__add_column(&line, DEFAULT_COLUMN);
  add_value(&line, option, initial);
  harena__add_column(&line, LEGAL_COLUMN);
  add_legal(&line, option);
  emit(line.text);

  line = (harena__line){0};
  harena__add(&line, "      ");
  harena__add(&line, option->help);
  emit(line.text);
}

void harena__list_options(const harena__options *options, void (*emit)(const char *line)) {
  harena__options initial = harena__default_values();
  emit("harena: HARENA_OPTIONS=\"name=value:name=value\"");
  harena__line line = {0};
  harena__add(&line, "  name");
  harena__add_column(&line, VALUE_COLUMN);
  harena__add(&line, "value");
  harena__add_column(&line, DEFAULT_COLUMN);
  harena__add(&line, "default");
  harena__add_column(&line, LEGAL_COLUMN);
  harena__add(&line, "legal");
  emit(line.text);
  for (size_t i = 0; i < OPTIONS; i++) {
    list_option(&list[i], options, &initial, emit);
  }
}

/* ---- The process's options ------------------------------------------------------------------ */

static harena__options options;
const harena__options *_Atomic harena__known_options;

static void read_once(void) {
  options = harena__default_values();
  const char *compiled_in = harena_default_options();
  const char *environment = secure_getenv("HARENA_OPTIONS");
  harena__parse_options(&options, compiled_in ? compiled_in : "", harena__write_line_to_stderr);
  harena__parse_options(&options, environment ? environment : "", harena__write_line_to_stderr);
  if (options.help) {
    harena__list_options(&options, harena__write_line_to_stderr);
  }
  atomic_store_explicit(&harena__known_options, &options, memory_order_release);
}

const harena__options *harena__read_options(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, read_once);
  return &options;
}
