#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "options.h"
#include "sarif.h"

/* ---- The file ------------------------------------------------------------------------------- */

/* `log_path` with the process id for each %p. */
static void fill_in_path(harena__line *path, const char *pattern) {
  for (const char *next = pattern; *next; next++) {
    if (next[0] == '%' && next[1] == 'p') {
      harena__add_number(path, (uint64_t)getpid());
      next++;
    } else {
      harena__add(path, (char[]){*next, '\0'});
    }
  }
}

static void complain(const char *path, const char *what, int code) {
  harena__line line = {0};
  harena__add(&line, "harena: log_path: cannot ");
  harena__add(&line, what);
  harena__add(&line, " '");
  harena__add_name(&line, path);
  harena__add(&line, "'");
  if (code != 0) {
    harena__add(&line, " (errno ");
    harena__add_number(&line, (uint64_t)code);
    harena__add(&line, ")");
  }
  harena__add(&line, "; the report follows here");
  harena__write_line_to_stderr(line.text);
}

/* Opened for each report: the program may have closed the file, forked, or moved the log away. */
static int open_log(const char *path, int flags) {
  int file = open(path, flags | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) {
    complain(path, "append to", errno);
  }
  return file;
}

/* ---- Lines ---------------------------------------------------------------------------------- */

static bool append_lines(const char *path, const harena__rendering *rendering) {
  int file = open_log(path, O_WRONLY | O_APPEND);
  if (file < 0) {
    return false;
  }
  harena__write_all(file, rendering->text, rendering->length);
  close(file);
  return true;
}

/* ---- Documents ------------------------------------------------------------------------------ */

static const char end[] = HARENA__SARIF_END;
enum { END_LENGTH = sizeof end - 1 };

/* Until the file is closed; another process that adds a result waits. A file system without locks
 * does without. */
static void lock_file(int file) {
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  while (fcntl(file, F_SETLKW, &whole) < 0 && errno == EINTR) {
  }
}

static bool ends_as_log(int file, off_t size) {
  char last[END_LENGTH];
  return size >= END_LENGTH &&
         pread(file, last, END_LENGTH, size - END_LENGTH) == (ssize_t)END_LENGTH &&
         memcmp(last, end, END_LENGTH) == 0;
}

/* In one call, over the end that is there. When the disk is full the log stays as it was. */
static bool put_over_end(int file, off_t size, const harena__rendering *rendering) {
  struct iovec parts[] = {
      {(char[]){','}, 1},
      {rendering->text + rendering->splice, rendering->length - rendering->splice},
  };
  size_t length = parts[0].iov_len + parts[1].iov_len;
  if (pwritev(file, parts, 2, size - END_LENGTH) == (ssize_t)length) {
    return true;
  }
  bool restored = ftruncate(file, size) == 0 &&
                  pwrite(file, end, END_LENGTH, size - END_LENGTH) == (ssize_t)END_LENGTH;
  (void)restored; /* nothing else could be done */
  return false;
}

static bool write_document(int file, const char *path, const harena__rendering *rendering) {
  struct stat status;
  lock_file(file);
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) {
    harena__write_all(file, rendering->text, rendering->length);
    return true;
  }
  if (!ends_as_log(file, status.st_size)) {
    complain(path, "add to what is no SARIF log of harena in", 0);
    return false;
  }
  if (!put_over_end(file, status.st_size, rendering)) {
    complain(path, "write to", errno);
    return false;
  }
  return true;
}

static bool add_to_document(const char *path, const harena__rendering *rendering) {
  int file = open_log(path, O_RDWR);
  if (file < 0) {
    return false;
  }
  bool written = write_document(file, path, rendering);
  close(file);
  return written;
}

static bool write_log(const harena__rendering *rendering) {
  const char *pattern = harena__option()->log_path;
  harena__line path = {0};
  fill_in_path(&path, pattern);
  if (*pattern == '\0') {
    return false;
  }
  return rendering->format == HARENA__FORMAT_SARIF ? add_to_document(path.text, rendering)
                                                   : append_lines(path.text, rendering);
}

void harena__log(const harena__rendering *rendering) {
  if (!write_log(rendering)) {
    harena__write_all(STDERR_FILENO, rendering->text, rendering->length);
  }
}
