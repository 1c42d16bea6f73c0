/* Names and lines of variables from a file of a program, whatever the file may hold: nothing is read
 * that is not in it, and there is an end. The input is where the variable is, with a highest bit
 * that says that there is no memory for more, and the file. */
#include <string.h>

#include "engine/demand.h"
#include "engine/target.h"
#include "escape/data_symbols.h"
#include "model/faults.h"

static void find(const harena__image *image, harena__storage storage, uintptr_t place) {
  harena__data_symbol variable = {.line = 0};
  let_faults_happen(true);
  bool found = harena__find_in_image(image, storage, place, &variable);
  let_faults_happen(false);
  if (found) {
    demand(memchr(variable.name, '\0', sizeof variable.name) != NULL);
    demand(memchr(variable.file, '\0', sizeof variable.file) != NULL);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  uintptr_t place = 0;
  if (size <= sizeof place) {
    return 0;
  }
  memcpy(&place, bytes, sizeof place);
  plan_faults(0, place > UINTPTR_MAX / 2 ? SIZE_MAX : 0);
  place &= UINTPTR_MAX / 2;
  /* In memory of its own, so that a sanitizer sees a step over the end. */
  harena__section file = {malloc(size - sizeof place), size - sizeof place};
  demand(file.start != NULL);
  memcpy((void *)(uintptr_t)file.start, bytes + sizeof place, file.size);
  harena__image image;
  if (harena__read_image(file, &image)) {
    find(&image, HARENA__STATIC_STORAGE, place);
    find(&image, HARENA__THREAD_STORAGE, place);
  }
  free((void *)(uintptr_t)file.start);
  return 0;
}
