#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "line.h"
#include "pages.h"

static void complain_about_file(const char *option, const char *path, int code) {
  harena__line line = {0};
  harena__add(&line, "harena: ");
  harena__add(&line, option);
  harena__add(&line, ": cannot read '");
  harena__add_name(&line, path);
  harena__add(&line, "' (errno ");
  harena__add_number(&line, (uint64_t)code);
  harena__add(&line, "); ignored");
  harena__write_line_to_stderr(line.text);
}

void harena__refuse_line(const char *option, const char *path, size_t number, const char *what,
                         const char *quoted) {
  harena__line line = {0};
  harena__add(&line, "harena: ");
  harena__add(&line, option);
  harena__add(&line, ": ");
  harena__add_name(&line, path);
  harena__add(&line, ":");
  harena__add_number(&line, number);
  harena__add(&line, ": ");
  harena__add(&line, what);
  harena__add(&line, " '");
  harena__add_name(&line, quoted);
  harena__add(&line, "'; the line is ignored");
  harena__write_line_to_stderr(line.text);
}

/* ---- Reading -------------------------------------------------------------------------------- */

/* As much as there is, at most `size`. */
static size_t read_all(int file, char *out, size_t size) {
  size_t length = 0;
  ssize_t got;
  while (length < size && (got = read(file, out + length, size - length)) != 0) {
    if (got < 0 && errno != EINTR) {
      break;
    }
    length += got > 0 ? (size_t)got : 0;
  }
  return length;
}

/* The contents, with a NUL behind them; NULL, and errno, when there are none to be had. */
static char *contents(int file) {
  struct stat status;
  if (fstat(file, &status) != 0) {
    return NULL;
  }
  if (!S_ISREG(status.st_mode)) {
    errno = EINVAL;
    return NULL;
  }
  char *text = harena__map_pages((size_t)status.st_size + 1);
  if (text) {
    read_all(file, text, (size_t)status.st_size);
  }
  return text;
}

char *harena__read_file(const char *option, const char *path) {
  if (*path == '\0') {
    return NULL;
  }
  int file = open(path, O_RDONLY | O_CLOEXEC);
  char *text = file >= 0 ? contents(file) : NULL;
  if (!text) {
    complain_about_file(option, path, errno);
  }
  if (file >= 0) {
    close(file);
  }
  return text;
}

/* ---- Lines ---------------------------------------------------------------------------------- */

/* Cuts the line off that begins at `text`, and returns what follows it. */
static char *cut_line(char *text) {
  size_t length = strcspn(text, "\n");
  char *next = text + length + (text[length] == '\n');
  text[length] = '\0';
  if (length > 0 && text[length - 1] == '\r') {
    text[length - 1] = '\0';
  }
  return next;
}

void harena__each_line(char *text, void (*each)(char *line, size_t number, void *context),
                       void *context) {
  for (size_t number = 1; text && *text; number++) {
    char *line = text;
    text = cut_line(line);
    each(line + strspn(line, " \t"), number, context);
  }
}
