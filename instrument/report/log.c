#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "options.h"
#include "sarif.h"
#include "start_folder.h"

/* ---- The file ------------------------------------------------------------------------------- */

/* `log_path` with the process id for each %p. */
static void fill_in_path(harena__line *path, const char *pattern) {
  harena__add(path, *pattern == '/' ? "" : harena__start_folder());
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

static bool is_same(const struct stat *one, const struct stat *other) {
  return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* The program's stderr or stdout when that goes to the file, else `file`: these two would write over
 * what is appended beside them, and lose a file that is replaced. */
static int writer_of(int file) {
  struct stat status;
  struct stat standard;
  for (int i = STDERR_FILENO; i >= STDOUT_FILENO; i--) {
    if (fstat(file, &status) == 0 && fstat(i, &standard) == 0 && is_same(&status, &standard)) {
      return i;
    }
  }
  return file;
}

static bool append(int file, const char *path, const harena__rendering *rendering) {
  bool written = harena__write_all(writer_of(file), rendering->text, rendering->length);
  if (!written) {
    complain(path, "write to", errno);
  }
  return written;
}

/* ---- Lines ---------------------------------------------------------------------------------- */

static bool append_lines(const char *path, const harena__rendering *rendering) {
  int file = open_log(path, O_WRONLY | O_APPEND);
  bool written = file >= 0 && append(file, path, rendering);
  if (file >= 0) {
    close(file);
  }
  return written;
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

static bool copy_start(int from, int to, off_t length) {
  char block[2048];
  for (off_t done = 0; done < length;) {
    off_t left = length - done;
    size_t wanted = left < (off_t)sizeof block ? (size_t)left : sizeof block;
    ssize_t count = pread(from, block, wanted, done);
    if (count <= 0 || !harena__write_all(to, block, (size_t)count)) {
      return false;
    }
    done += count;
  }
  return true;
}

/* A document of its own, or the old one with one result more. */
static bool write_next(int old, off_t size, int next, const harena__rendering *rendering) {
  if (size == 0) {
    return harena__write_all(next, rendering->text, rendering->length);
  }
  return copy_start(old, next, size - END_LENGTH) && harena__write_all(next, ",", 1) &&
         harena__write_all(next, rendering->text + rendering->splice,
                           rendering->length - rendering->splice);
}

/* The next document is written beside the old one and takes its place, so that a process that is
 * killed meanwhile, or a disk that is full, leaves the old one whole. Writing over the end of the
 * old one would be cut at a page by a signal that kills. */
static bool put_in_place(int old, const struct stat *status, const char *path,
                         const harena__rendering *rendering) {
  harena__line beside = {0};
  harena__add(&beside, path);
  harena__add(&beside, ".next");
  int next = beside.is_cut ? -1
                           : open(beside.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                                  status->st_mode & 0777);
  if (next < 0) {
    return false;
  }
  bool put = write_next(old, status->st_size, next, rendering) && rename(beside.text, path) == 0;
  if (!put) {
    unlink(beside.text);
  }
  close(next);
  return put;
}

/* Another process may have put its next document there while this one waited. */
static bool is_in_place(int file, const char *path) {
  struct stat here;
  struct stat there;
  return fstat(file, &here) != 0 || (stat(path, &there) == 0 && is_same(&here, &there));
}

/* Where the file lies: a link that leads there is to stay. */
static bool find_place(int file, const char *path, harena__line *place) {
  struct stat status;
  if (lstat(path, &status) != 0 || !S_ISLNK(status.st_mode)) {
    harena__add(place, path);
    return true;
  }
  harena__line link = {0};
  harena__add(&link, "/proc/self/fd/");
  harena__add_number(&link, (uint64_t)file);
  ssize_t length = readlink(link.text, place->text, sizeof place->text - 1);
  place->length = length > 0 ? (size_t)length : 0;
  return place->length > 0 && is_in_place(file, place->text);
}

static bool is_replaceable(int file, const struct stat *status) {
  return S_ISREG(status->st_mode) && writer_of(file) == file;
}

static bool write_document(int file, const char *path, const harena__rendering *rendering) {
  struct stat status;
  harena__line place = {0};
  if (fstat(file, &status) != 0 || !is_replaceable(file, &status)) {
    return append(file, path, rendering);
  }
  if (status.st_size > 0 && !ends_as_log(file, status.st_size)) {
    complain(path, "add to what is no SARIF log of harena in", 0);
    return false;
  }
  if (!find_place(file, path, &place)) {
    complain(path, "find the file behind the link", 0);
    return false;
  }
  if (!put_in_place(file, &status, place.text, rendering)) {
    complain(path, "write to", errno);
    return false;
  }
  return true;
}

static int open_locked(const char *path) {
  int file = open_log(path, O_RDWR);
  while (file >= 0) {
    lock_file(file);
    if (is_in_place(file, path)) {
      return file;
    }
    close(file);
    file = open_log(path, O_RDWR);
  }
  return file;
}

static bool add_to_document(const char *path, const harena__rendering *rendering) {
  int file = open_locked(path);
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
  if (*pattern == '\0') {
    return false;
  }
  fill_in_path(&path, pattern);
  if (path.is_cut) {
    complain(pattern, "find the folder of", ENAMETOOLONG);
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
