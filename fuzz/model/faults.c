#include "faults.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

/* To a compiler that sees all of the program malloc() reads and writes no variable of it: stores
 * before a call and loads behind it could be left out. */
static volatile size_t before_first;
static volatile size_t left;
static volatile bool may_happen;
static volatile bool happened;

void plan_faults(size_t after, size_t count) {
  before_first = after;
  left = count;
}

void forget_faults(void) {
  left = 0;
  may_happen = false;
  happened = false;
}

void let_faults_happen(bool happen) { may_happen = happen; }

bool faults_happened(void) { return happened; }

static bool is_due(void) {
  if (!may_happen || left == 0) {
    return false;
  }
  if (before_first > 0) {
    before_first--;
    return false;
  }
  left--;
  happened = true;
  errno = ENOMEM;
  return true;
}

/* The linker's --wrap sends calls here. */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size) { return is_due() ? NULL : __real_malloc(size); }

void *__real_mmap64(void *place, size_t size, int protection, int flags, int file, off_t offset);
void *__wrap_mmap64(void *place, size_t size, int protection, int flags, int file, off_t offset);
void *__wrap_mmap64(void *place, size_t size, int protection, int flags, int file, off_t offset) {
  return is_due() ? MAP_FAILED : __real_mmap64(place, size, protection, flags, file, offset);
}

/* Advice (huge pages, pages filled ahead) is for memory that is used for longer than an input. */
int __wrap_madvise(void *place, size_t size, int advice);
int __wrap_madvise(void *place, size_t size, int advice) {
  (void)place;
  (void)size;
  (void)advice;
  return 0;
}
