#include "refuse.h"

#include <stdarg.h>
#include <stdio.h>

static void print_reason(const char *format, va_list arguments) {
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}

bool refuse(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("harena-gen: error: ", stderr);
  print_reason(format, arguments);
  va_end(arguments);
  return false;
}

bool refuse_at(const struct place *place, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "%s:%u:%u: error: ", place->file, place->line, place->column);
  print_reason(format, arguments);
  va_end(arguments);
  return false;
}
