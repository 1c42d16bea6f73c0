/* Debug information that is broken in every place, one after the other: whatever comes of it, nothing
 * is read that is not in the file, and there is an end. The argument is a library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "escape/data_symbols.h"

static const char *library;
static harena__section file;  /* as it is */
static unsigned char *broken; /* in memory of its own, so that a sanitizer sees a step too far */
static harena__data_symbol answer; /* of what is not broken */
static uintptr_t place;

static harena__section read_file(const char *path) {
  struct stat status;
  int descriptor = open(path, O_RDONLY);
  assert_return_code(descriptor, 0);
  assert_return_code(fstat(descriptor, &status), 0);
  unsigned char *bytes = malloc((size_t)status.st_size);
  assert_non_null(bytes);
  assert_int_equal(read(descriptor, bytes, (size_t)status.st_size), status.st_size);
  close(descriptor);
  return (harena__section){bytes, (size_t)status.st_size};
}

static bool find(const unsigned char *bytes, size_t size, harena__storage storage,
                 harena__data_symbol *out) {
  harena__image image;
  memset(out, 0, sizeof *out);
  return harena__read_image((harena__section){bytes, size}, &image) &&
         harena__find_in_image(&image, storage, place, out);
}

/* Where `in_function` is, to which the way is the longest. */
static void find_place(void) {
  for (place = 0;; place += sizeof(void *)) {
    assert_true(place < file.size * 2);
    if (find(file.start, file.size, HARENA__STATIC_STORAGE, &answer) &&
        strstr(answer.name, "in_function")) {
      return;
    }
  }
}

static int set_up(void **state) {
  (void)state;
  file = read_file(library);
  broken = malloc(file.size);
  assert_non_null(broken);
  memcpy(broken, file.start, file.size);
  find_place();
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  free(broken);
  free((void *)(uintptr_t)file.start);
  return 0;
}

static void what_is_whole_is_found(void **state) {
  (void)state;
  assert_string_not_equal(answer.file, "");
  assert_int_not_equal(answer.line, 0);
}

static void every_byte(void **state) {
  (void)state;
  static const unsigned char masks[] = {0x01, 0x80, 0xff};
  harena__data_symbol variable;
  for (size_t i = 0; i < file.size; i++) {
    broken[i] ^= masks[i % sizeof masks];
    find(broken, file.size, HARENA__STATIC_STORAGE, &variable);
    broken[i] = file.start[i];
  }
  assert_true(find(broken, file.size, HARENA__STATIC_STORAGE, &variable));
  assert_int_equal(variable.line, answer.line);
}

static void every_section_cut_short(void **state) {
  (void)state;
  harena__data_symbol variable;
  const ElfW(Ehdr) *header = (const void *)broken;
  ElfW(Shdr) *sections = (void *)(broken + header->e_shoff);
  for (size_t i = 0; i < header->e_shnum; i++) {
    size_t whole = sections[i].sh_size;
    size_t step = whole / 64 + 1;
    for (size_t size = 0; size < whole; size += step) {
      sections[i].sh_size = size;
      find(broken, file.size, HARENA__STATIC_STORAGE, &variable);
      find(broken, file.size, HARENA__THREAD_STORAGE, &variable);
    }
    sections[i].sh_size = whole;
  }
}

static void the_file_cut_short(void **state) {
  (void)state;
  harena__data_symbol variable;
  for (size_t size = 0; size < file.size; size += 61) {
    unsigned char *start = malloc(size + 1);
    assert_non_null(start);
    memcpy(start, file.start, size);
    assert_false(find(start, size, HARENA__STATIC_STORAGE, &variable));
    free(start);
  }
}

int main(int count, char **arguments) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_whole_is_found),
      cmocka_unit_test(every_byte),
      cmocka_unit_test(every_section_cut_short),
      cmocka_unit_test(the_file_cut_short),
  };
  library = count > 1 ? arguments[1] : "";
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
