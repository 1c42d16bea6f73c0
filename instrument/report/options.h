/* HARENA_OPTIONS: read once, at the first use. */
#ifndef HARENA_INSTRUMENT_OPTIONS_H
#define HARENA_INSTRUMENT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* name, type (flag, number, size, choice, text), default, legal values, help. The struct, the parser and help=1 are made
 * from this one list, options.inc: HARENA__OPTION(kind, name, default, choices_or_range, "help"). */
typedef struct harena__options {
#define HARENA__FLAG(name, initial, help) bool name;
#define HARENA__NUMBER(name, initial, lowest, highest, help) int64_t name;
#define HARENA__SIZE(name, initial, help) size_t name;
#define HARENA__CHOICE(name, initial, choices, help) unsigned name; /* index into `choices`, "a|b|c" */
#define HARENA__TEXT(name, initial, help) char name[256];
#include "options.inc"
#undef HARENA__FLAG
#undef HARENA__NUMBER
#undef HARENA__SIZE
#undef HARENA__CHOICE
#undef HARENA__TEXT
} harena__options;

/* harena_default_options() first, then HARENA_OPTIONS (secure_getenv), which wins. Unknown keys and bad values are named
 * on stderr and ignored. help=1 lists all options with their values and defaults on stderr, once. Never NULL; no heap. */
const harena__options *harena__option(void);

/* For tests: parses `text` over `options`; complaints go to `complain`, one line each. Returns the number of them. */
size_t harena__parse_options(harena__options *options, const char *text,
                             void (*complain)(const char *line));

#endif
