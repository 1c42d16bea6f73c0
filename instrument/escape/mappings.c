#include "escape/mappings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Takes a hexadecimal number off the front. */
static uintptr_t take_hex(const char **text) {
  uintptr_t number = 0;
  for (;; ++*text) {
    char letter = **text;
    if (letter >= '0' && letter <= '9') {
      number = number * 16 + (uintptr_t)(letter - '0');
    } else if (letter >= 'a' && letter <= 'f') {
      number = number * 16 + (uintptr_t)(letter - 'a' + 10);
    } else {
      return number;
    }
  }
}

/* Of "perms offset device inode  name" what is behind the fourth gap; "" when there is none. */
static const char *name_in(const char *fields) {
  for (int gap = 0; gap < 4 && *fields; gap++) {
    fields += strcspn(fields, " ");
    fields += strspn(fields, " ");
  }
  return fields;
}

/* "7f00-7f10 rw-p 00000000 00:00 0   [heap]" */
static harena__mapping parse(const char *line) {
  harena__mapping mapping = {.name = ""};
  mapping.range.start = take_hex(&line);
  line += *line == '-';
  mapping.range.end = take_hex(&line);
  line += *line == ' ';
  if (strlen(line) > 4) {
    mapping.readable = line[0] == 'r';
    mapping.writable = line[1] == 'w';
    mapping.shared = line[3] == 's';
    mapping.name = name_in(line);
  }
  return mapping;
}

/* The file as lines; of one that is longer than the buffer the rest is lost. */
enum { BUFFER = 8192 };
typedef struct reader {
  int file;
  size_t start, end;
  char buffer[BUFFER + 1];
} reader;

static bool fill(reader *it) {
  memmove(it->buffer, it->buffer + it->start, it->end - it->start);
  it->end -= it->start;
  it->start = 0;
  ssize_t count;
  do {
    count = read(it->file, it->buffer + it->end, BUFFER - it->end);
  } while (count < 0 && errno == EINTR);
  it->end += count > 0 ? (size_t)count : 0;
  return count > 0;
}

static char *next_line(reader *it) {
  for (;;) {
    char *line = it->buffer + it->start;
    char *end = memchr(line, '\n', it->end - it->start);
    if (end) {
      *end = '\0';
      it->start = (size_t)(end + 1 - it->buffer);
      return line;
    }
    if (!fill(it)) {
      return NULL;
    }
  }
}

bool harena__each_mapping(void (*each)(const harena__mapping *mapping, void *context),
                          void *context) {
  reader it = {.file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
  if (it.file < 0) {
    return false;
  }
  for (const char *line = next_line(&it); line; line = next_line(&it)) {
    harena__mapping mapping = parse(line);
    each(&mapping, context);
  }
  close(it.file);
  return true;
}
