#include "refuse.h"

#include <stdarg.h>
#include <stdio.h>

static const char title[] = "harena-gen: error: ";

static void print_reason(const char *format, va_list arguments) {
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}

bool refuse(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs(title, stderr);
  print_reason(format, arguments);
  va_end(arguments);
  return false;
}

bool refuse_at(const struct place *place, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (*place->file) {
    fprintf(stderr, "%s:%u:%u: error: ", place->file, place->line, place->column);
  } else {
    fputs(title, stderr);
  }
  print_reason(format, arguments);
  va_end(arguments);
  return false;
}
