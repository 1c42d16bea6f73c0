/* The plain driver: plays files, so that no engine is needed to see what an input does.
 *
 *     TARGET FILE|FOLDER...                 each file, and those in each folder, twice: what the
 *                                           first run leaves behind shows in the second
 *     TARGET --random COUNT [SEED]          inputs of chance; a failure names its seed
 *
 * Ends with 0 when all inputs were played, 2 when one cannot be read. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"

enum { LARGEST = 1 << 20, LARGEST_RANDOM = 4800 };

static size_t played;

static _Noreturn void refuse(const char *what, const char *name) {
  fprintf(stderr, "%s %s: %s\n", what, name, strerror(errno));
  exit(2);
}

/* In a block of its exact size, so that a sanitizer sees a read behind the input. */
static void play_bytes(const char *bytes, size_t size) {
  for (int run = 0; run < 2; run++) {
    uint8_t *input = malloc(size ? size : 1);
    if (!input) {
      refuse("no memory for", "an input");
    }
    memcpy(input, bytes, size);
    LLVMFuzzerTestOneInput(input, size);
    free(input);
  }
  played++;
}

static void play_file(const char *name) {
  static char bytes[LARGEST];
  FILE *file = fopen(name, "rb");
  if (!file) {
    refuse("cannot open", name);
  }
  fprintf(stderr, "playing %s\n", name);
  size_t size = fread(bytes, 1, sizeof bytes, file);
  if (ferror(file)) {
    refuse("cannot read", name);
  }
  fclose(file);
  play_bytes(bytes, size);
}

static void play_folder(DIR *folder, const char *name) {
  for (const struct dirent *entry; (entry = readdir(folder));) {
    char path[4096];
    if (entry->d_name[0] != '.') {
      snprintf(path, sizeof path, "%s/%s", name, entry->d_name);
      play_file(path);
    }
  }
  closedir(folder);
}

static void play_path(const char *name) {
  DIR *folder = opendir(name);
  if (folder) {
    play_folder(folder, name);
  } else if (errno == ENOTDIR) {
    play_file(name);
  } else {
    refuse("cannot open", name);
  }
}

static uint64_t next(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state >> 11;
}

static void play_random(size_t count, uint64_t seed) {
  static char bytes[LARGEST_RANDOM];
  for (; played < count; seed++) {
    uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    size_t size = (size_t)(next(&state) % LARGEST_RANDOM);
    for (size_t i = 0; i < size; i++) {
      bytes[i] = (char)next(&state);
    }
    fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
    play_bytes(bytes, size);
  }
}

int main(int count, char **arguments) {
  if (count > 2 && strcmp(arguments[1], "--random") == 0) {
    play_random(strtoul(arguments[2], NULL, 10), count > 3 ? strtoull(arguments[3], NULL, 10) : 1);
  } else {
    for (int i = 1; i < count; i++) {
      play_path(arguments[i]);
    }
  }
  fprintf(stderr, "%zu inputs played\n", played);
  return 0;
}
