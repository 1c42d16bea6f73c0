/* HARENA_OPTIONS: read once, at the first use.
 *
 *     HARENA_OPTIONS='halt_on_error=0:log_path="/var/log/app %p"' ./app
 *
 * Pairs of name=value, with the separators of ASAN_OPTIONS between them: space , : tab CR LF. A
 * value that holds a separator stands in '...' or "...". Flags are 0, false, no, off or 1, true,
 * yes, on; sizes are bytes, or a number with k, m or g (powers of 1024). */
#ifndef HARENA_INSTRUMENT_OPTIONS_H
#define HARENA_INSTRUMENT_OPTIONS_H

#include <harena/compiler.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HARENA__OPTION_TEXT_SIZE = 256 };

/* The struct, the parser and help=1 are made from one list, options.inc. */
typedef struct harena__options {
#define HARENA__FLAG(name, initial, help) bool name;
#define HARENA__NUMBER(name, initial, lowest, highest, help) int64_t name;
#define HARENA__SIZE(name, initial, lowest, highest, multiple, help) size_t name;
#define HARENA__CHOICE(name, initial, choices, help) \
  unsigned name; /* index into `choices`, "a|b|c" */
#define HARENA__TEXT(name, initial, help) char name[HARENA__OPTION_TEXT_SIZE];
#include "options.inc"
#undef HARENA__FLAG
#undef HARENA__NUMBER
#undef HARENA__SIZE
#undef HARENA__CHOICE
#undef HARENA__TEXT
} harena__options;

/* harena_default_options() first, then HARENA_OPTIONS (secure_getenv), which wins. Unknown names
 * and bad values are told on stderr and ignored. help=1 lists all options with their values and
 * defaults on stderr, once. Never NULL; no heap. Thread-safe. harena_default_options() runs inside
 * the first call, so it must not use the library. */
static inline const harena__options *harena__option(void);

/* The call behind it, and what it has made; one load once they are known. */
const harena__options *harena__read_options(void);
extern const harena__options *_Atomic harena__known_options;

static inline const harena__options *harena__option(void) {
  const harena__options *known = atomic_load_explicit(&harena__known_options, memory_order_acquire);
  return HARENA_LIKELY(known != NULL) ? known : harena__read_options();
}

/* ---- For tests ---- */

/* All options at their defaults. */
harena__options harena__default_values(void);

/* Parses `text` over `options`; complaints go to `complain`, one line each. Returns the number of
 * them. A missing '=' and a quote that does not end leave no way to tell where the next pair
 * begins: they end the parsing. */
size_t harena__parse_options(harena__options *options, const char *text,
                             void (*complain)(const char *line));

/* The table of help=1. */
void harena__list_options(const harena__options *options, void (*emit)(const char *line));

#endif
