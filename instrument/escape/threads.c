#include "escape/threads.h"

#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "escape/memory.h"
#include "stacks.h"

/* ---- The list ---- */

/* In glibc a thread is known by the address of its control block. */
static uintptr_t own_control(void) { return (uintptr_t)pthread_self(); }

static uintptr_t main_control;

__attribute__((constructor)) static void note_main_thread(void) {
  if (syscall(SYS_gettid) == getpid()) {
    main_control = own_control();
  }
}

static void add(harena__threads *threads, int id) {
  if (threads->count == HARENA__MOST_THREADS) {
    threads->left_out++;
    return;
  }
  harena__thread *thread = &threads->list[threads->count++];
  *thread = (harena__thread){.id = id};
  if (id == (int)syscall(SYS_gettid)) {
    thread->control = own_control();
  } else if (id == getpid()) {
    thread->control = main_control;
  }
}

/* A directory entry as the kernel writes it: number, offset, length, type, name. */
enum { LENGTH_AT = 16, NAME_AT = 19 };

static void add_entries(harena__threads *threads, const char *buffer, size_t size) {
  for (size_t place = 0; place + NAME_AT < size;) {
    unsigned short length;
    memcpy(&length, buffer + place + LENGTH_AT, sizeof length);
    int id = (int)strtol(buffer + place + NAME_AT, NULL, 10);
    if (id > 0) {
      add(threads, id);
    }
    place += length;
  }
}

/* Not with opendir, which allocates. */
static void read_tasks(harena__threads *threads) {
  char buffer[4096] = {0};
  int folder = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    return;
  }
  for (;;) {
    long count = syscall(SYS_getdents64, folder, buffer, sizeof buffer);
    if (count <= 0) {
      break;
    }
    add_entries(threads, buffer, (size_t)count);
  }
  close(folder);
}

/* ---- Stack pointers ---- */

/* "202 0x.. 0x.. 0x.. 0x.. 0x.. 0x.. STACK CODE", "-1 STACK CODE" or "running". */
static uintptr_t stack_in(const char *text) {
  const char *code = strrchr(text, ' ');
  const char *stack = code;
  while (stack && stack > text && stack[-1] != ' ') {
    stack--;
  }
  return stack && stack > text ? (uintptr_t)strtoull(stack, NULL, 16) : 0;
}

static uintptr_t stack_of(int id) {
  char path[64];
  char text[256] = {0};
  snprintf(path, sizeof path, "/proc/self/task/%d/syscall", id);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return 0;
  }
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  return count > 0 ? stack_in(text) : 0;
}

void harena__list_threads(harena__threads *threads) {
  int own = (int)syscall(SYS_gettid);
  threads->count = 0;
  threads->left_out = 0;
  read_tasks(threads);
  threads->alone = threads->count == 1;
  for (size_t i = 0; i < threads->count; i++) {
    if (threads->list[i].id != own) {
      threads->list[i].stack = stack_of(threads->list[i].id);
    }
  }
}

/* ---- Control blocks ---- */

/* On x86-64 the first and the third word of a control block are its own address. */
enum { CONTROL_ALIGN = 64, SELF = 2, PAGE = 4096, MOST_PAGES = 16 };

static uintptr_t control_block_in_page(uintptr_t page) {
  uintptr_t words[PAGE / sizeof(uintptr_t)] = {0};
  size_t count = harena__copy_memory(words, page, PAGE) / sizeof words[0];
  for (size_t i = 0; i + SELF < count; i += CONTROL_ALIGN / sizeof words[0]) {
    uintptr_t address = page + i * sizeof words[0];
    if (words[i] == address && words[i + SELF] == address) {
      return address;
    }
  }
  return 0;
}

uintptr_t harena__control_block_in(harena__range mapping) {
  for (uintptr_t i = 1; i <= MOST_PAGES && i * PAGE <= mapping.end - mapping.start; i++) {
    uintptr_t control = control_block_in_page(mapping.end - i * PAGE);
    if (control) {
      return control;
    }
  }
  return 0;
}

static void look_for_control(harena__range part, void *context) {
  uintptr_t *control = context;
  for (uintptr_t page = part.start; !*control && page < part.end; page += PAGE) {
    *control = control_block_in_page(page);
  }
}

/* Twice the default size of a stack. */
static const uintptr_t largest_stack = (uintptr_t)16 << 20;

uintptr_t harena__lowest_control_block_in(harena__range mapping) {
  uintptr_t control = 0;
  if (mapping.end - mapping.start > largest_stack) {
    mapping.end = mapping.start + largest_stack;
  }
  harena__each_present(mapping, look_for_control, &control);
  return control;
}

static harena__thread *thread_numbered(harena__threads *threads, int id) {
  for (size_t i = 0; i < threads->count; i++) {
    if (threads->list[i].id == id) {
      return &threads->list[i];
    }
  }
  return NULL;
}

/* The thread's number lies in the first kilobyte, in the same place for all; where, differs between
 * versions. Before it are addresses and flags, and other zeros and ones than a number may be. */
enum { NUMBER_BEHIND = 16, NUMBER_WITHIN = 256 };

static size_t place_of_number(void) {
  int words[NUMBER_WITHIN] = {0};
  int own = (int)syscall(SYS_gettid);
  harena__copy_memory(words, own_control(), sizeof words);
  size_t place = NUMBER_BEHIND;
  while (place < NUMBER_WITHIN && words[place] != own) {
    place++;
  }
  return place;
}

harena__thread *harena__owner_of_control(harena__threads *threads, uintptr_t control) {
  int words[NUMBER_WITHIN] = {0};
  size_t place = place_of_number();
  harena__copy_memory(words, control, sizeof words);
  harena__thread *thread =
      place < NUMBER_WITHIN && words[place] > 0 ? thread_numbered(threads, words[place]) : NULL;
  if (thread) {
    thread->control = control;
  }
  return thread;
}

/* ---- Thread-local variables ---- */

/* They lie as far from every thread's control block as from our own. */
static bool copy_call(uintptr_t control, harena__caller *out) {
  uintptr_t call = control + ((uintptr_t)&harena__call - own_control());
  return harena__copy_memory(out, call, sizeof *out) == sizeof *out;
}

/* The record of a call stays when it has ended, but its return address is soon overwritten. */
void harena__find_caller(harena__thread *thread, harena__range stack) {
  harena__caller call;
  uintptr_t code;
  thread->caller = 0;
  if (!thread->control || !copy_call(thread->control, &call)) {
    return;
  }
  uintptr_t frame = (uintptr_t)call.frame;
  if (harena__range_holds(stack, frame) && harena__copy_word(frame + sizeof frame, &code) &&
      code == (uintptr_t)call.return_address) {
    thread->caller = frame + 2 * sizeof frame;
  }
}

/* Further down than this is not static: a module that was loaded late. */
static const uintptr_t most_static = (uintptr_t)1 << 20;

static int measure(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  size_t *most = context;
  uintptr_t below = own_control() - (uintptr_t)info->dlpi_tls_data;
  if (info->dlpi_tls_data && below < most_static && below > *most) {
    *most = below;
  }
  return 0;
}

size_t harena__static_tls_size(void) {
  size_t most = 0;
  dl_iterate_phdr(measure, &most);
  return most;
}
