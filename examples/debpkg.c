/* debpkg: what a Debian package index says about its packages, read with two arenas.
 *
 * The scratch arena holds one stanza of the index while it is looked at, and is cleared before the
 * next. What is to last is copied to the kept arena: the names, and a tally for each of them. So
 * memory grows with the number of names, not with the size of the index, and no function needs to
 * know what to free: closing the two arenas ends everything, on every way out.
 *
 *     ./debpkg                         what is installed on this machine
 *     zcat Packages.gz | ./debpkg -    the index of an archive
 *
 * --plant makes one arena bug on purpose; each place where that can happen asks planted(). */
#include <errno.h>
#include <getopt.h>
#include <harena.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "debpkg/lines.h"
#include "debpkg/package.h"
#include "debpkg/plant.h"
#include "debpkg/stanza.h"
#include "debpkg/tally.h"

/* What lasts. The whole of it is in the kept arena. */
struct catalog {
  struct tally_table packages; /* count: packages that depend on it; kib: its installed size */
  struct tally_table sections; /* count: packages in it; kib: their installed size */
  uint64_t count, kib;         /* of all packages */
  uint64_t essential_count, essential_kib;
  harena_ref largest; /* a tally of `packages` */
};

struct reading {
  struct lines lines;
  harena *scratch;
  harena *kept;
  struct catalog *catalog;
};

/* The package that is being read, for messages; a name in the scratch arena. */
static const char *current_package;

static bool fail_on_kept(const struct reading *reading) {
  if (current_package != NULL) {
    fprintf(stderr, "debpkg: at package %s:\n", current_package);
  }
  return lines_fail(&reading->lines, reading->lines.number, "no memory for what is to be kept");
}

/* ---- One package ---------------------------------------------------------------------------- */

/* Planted: the tally was moved to another arena once, and one of two places was not changed: the
 * one that makes the reference (stale) or the one that looks it up (foreign). */
static const struct tally *largest_package(const struct reading *reading) {
  bool misled = planted(PLANT_STALE_REFERENCE) || planted(PLANT_FOREIGN_REFERENCE);
  return harena_deref(misled ? reading->scratch : reading->kept, reading->catalog->largest);
}

/* Held by reference: a mistake about how long the tally lives would show in every build. */
static void note_largest(struct reading *reading, const struct package *package,
                         struct tally *tally) {
  harena_ref *largest = &reading->catalog->largest;
  if (largest->address != NULL && largest_package(reading)->kib >= tally->kib) {
    return;
  }
  *largest = planted(PLANT_STALE_REFERENCE) ? harena_ref_to(reading->scratch, package)
                                            : harena_ref_to(reading->kept, tally);
}

static bool add_package(struct reading *reading, const struct package *package) {
  struct catalog *catalog = reading->catalog;
  const char *section_name = package->section != NULL ? package->section : "(none)";
  struct tally *tally = tally_of(&catalog->packages, text_of(package->name));
  struct tally *section = tally_of(&catalog->sections, text_of(section_name));
  if (tally == NULL || section == NULL) {
    return fail_on_kept(reading);
  }
  tally->kib += package->kib;
  section->count++;
  section->kib += package->kib;
  catalog->count++;
  catalog->kib += package->kib;
  if (package->essential) {
    catalog->essential_count++;
    catalog->essential_kib += package->kib;
  }
  note_largest(reading, package, tally);
  return true;
}

static bool count_dependent(const struct reading *reading, const struct names *names) {
  for (size_t i = 0; i < names->count; i++) {
    struct tally *tally = tally_of(&reading->catalog->packages, names->items[i]);
    if (tally == NULL) {
      return fail_on_kept(reading);
    }
    tally->count++;
  }
  return true;
}

/* The list is of use for a moment only, so it has a scope.
 * Planted: the scope was put around the making of the list, its use was left outside. */
static bool add_dependencies(const struct reading *reading, const struct stanza *stanza) {
  struct names names = {0};
  bool done = false;
  HARENA_SCOPE(reading->scratch) {
    done = package_list_dependencies(stanza, &reading->lines, reading->scratch, &names);
    if (done && !planted(PLANT_USE_AFTER_REWIND)) {
      done = count_dependent(reading, &names);
    }
  }
  if (done && planted(PLANT_USE_AFTER_REWIND)) {
    done = count_dependent(reading, &names);
  }
  return done;
}

/* ---- The index ------------------------------------------------------------------------------ */

static bool add_stanza(struct reading *reading, const struct stanza *stanza) {
  const struct package *package = package_parse(stanza, &reading->lines, reading->scratch);
  if (package == NULL) {
    return false;
  }
  current_package = package->name;
  return package_is_removed(stanza) ||
         (add_package(reading, package) && add_dependencies(reading, stanza));
}

/* Planted: whoever took the mark did not expect somebody else to clear the arena; or the name for
 * messages is not forgotten with the rest, and is read by the next message. */
static void forget_stanza(harena *scratch, harena_mark before) {
  if (!planted(PLANT_ESCAPED_REFERENCE)) {
    current_package = NULL;
  }
  harena_clear(scratch);
  if (planted(PLANT_DEAD_MARK)) {
    harena_rewind(scratch, before);
  }
}

static bool read_stanzas(struct reading *reading) {
  harena_mark start = {0};
  if (planted(PLANT_DEAD_MARK)) {
    start = harena_save(reading->scratch);
  }
  struct stanza stanza;
  enum line_result result;
  while ((result = stanza_read(&stanza, &reading->lines, reading->scratch)) == LINE_READ) {
    if (!add_stanza(reading, &stanza)) {
      return false;
    }
    forget_stanza(reading->scratch, start);
  }
  return result == LINE_END;
}

static bool read_index(struct reading *reading, const char *path) {
  if (!lines_open(&reading->lines, reading->kept, path)) {
    return false;
  }
  struct catalog *catalog = harena_new_zeroed(reading->kept, struct catalog);
  if (catalog == NULL || !tally_table_open(&catalog->packages, reading->kept) ||
      !tally_table_open(&catalog->sections, reading->kept)) {
    return fail_on_kept(reading);
  }
  reading->catalog = catalog;
  if (!read_stanzas(reading)) {
    return false;
  }
  return catalog->count > 0 || lines_fail(&reading->lines, reading->lines.number + 1,
                                          "the end of the index, and no package before it");
}

/* ---- The summary ---------------------------------------------------------------------------- */

static int by_count(const void *left, const void *right) {
  const struct tally *a = *(struct tally *const *)left;
  const struct tally *b = *(struct tally *const *)right;
  int order = (a->count < b->count) - (a->count > b->count);
  return order != 0 ? order : strcmp(a->name.start, b->name.start);
}

static int by_size(const void *left, const void *right) {
  const struct tally *a = *(struct tally *const *)left;
  const struct tally *b = *(struct tally *const *)right;
  int order = (a->kib < b->kib) - (a->kib > b->kib);
  return order != 0 ? order : strcmp(a->name.start, b->name.start);
}

static double mebibytes(uint64_t kib) { return (double)kib / 1024; }

static void print_totals(const struct reading *reading) {
  const struct catalog *catalog = reading->catalog;
  const struct tally *largest = largest_package(reading);
  printf("%" PRIu64 " packages, %.1f MiB installed\n", catalog->count, mebibytes(catalog->kib));
  printf("%" PRIu64 " of them essential, %.1f MiB\n", catalog->essential_count,
         mebibytes(catalog->essential_kib));
  printf("the largest is %s, %.1f MiB\n", largest->name.start, mebibytes(largest->kib));
}

static bool print_most_needed(const struct reading *reading) {
  const struct tally_table *table = &reading->catalog->packages;
  enum { MOST = 10 };
  HARENA_SCOPE(reading->kept) {
    struct tally **sorted = tally_sort(table, reading->kept, by_count);
    if (sorted == NULL) {
      return fail_on_kept(reading);
    }
    printf("\npackages that most others depend on\n");
    for (size_t i = 0; i < MOST && i < table->used && sorted[i]->count > 0; i++) {
      printf("%9" PRIu64 "  %s\n", sorted[i]->count, sorted[i]->name.start);
    }
  }
  return true;
}

static bool print_sections(const struct reading *reading) {
  const struct tally_table *table = &reading->catalog->sections;
  HARENA_SCOPE(reading->kept) {
    struct tally **sorted = tally_sort(table, reading->kept, by_size);
    if (sorted == NULL) {
      return fail_on_kept(reading);
    }
    printf("\ninstalled size by section\n");
    for (size_t i = 0; i < table->used; i++) {
      printf("%9.1f MiB  %s (%" PRIu64 ")\n", mebibytes(sorted[i]->kib), sorted[i]->name.start,
             sorted[i]->count);
    }
  }
  return true;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void print_cost(const struct reading *reading, double seconds) {
  harena_metrics scratch = harena_measure(reading->scratch);
  harena_metrics kept = harena_measure(reading->kept);
  uint64_t allocations = scratch.allocations + kept.allocations;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("\ntime         %.4f s to read the index\n", seconds);
  if (allocations > 0) {
    printf("allocations  %" PRIu64 " by both arenas, %.1f million per second\n", allocations,
           (double)allocations / seconds / 1e6);
  }
  printf(
      "memory       at most %.1f KiB in scratch, %.1f KiB kept with the read buffer, "
      "%ld KiB in the process\n",
      (double)scratch.peak_bytes / 1024, (double)kept.peak_bytes / 1024, usage.ru_maxrss);
}

/* ---- The program ---------------------------------------------------------------------------- */

struct settings {
  const char *path;
  size_t scratch_limit;
  unsigned flags; /* of both arenas */
};

/* Planted: the results are closed where reading ends, although printing follows; and a function
 * tidies up the scratch arena that belongs to its caller. */
static bool summarize(struct reading *reading, const char *path) {
  double start = now();
  if (!read_index(reading, path)) {
    return false;
  }
  double seconds = now() - start;
  if (planted(PLANT_USE_AFTER_CLOSE)) {
    harena_close(reading->kept);
  }
  print_totals(reading);
  if (!print_most_needed(reading) || !print_sections(reading)) {
    return false;
  }
  print_cost(reading, seconds);
  if (planted(PLANT_DOUBLE_CLOSE)) {
    harena_close(reading->scratch);
  }
  return true;
}

static bool run(const struct settings *settings) {
  harena *kept = harena_open(&(harena_options){
      .name = "kept",
      .flags = settings->flags | HARENA_RECYCLE,
  });
  harena *scratch = harena_open(&(harena_options){
      .name = "scratch",
      .limit = settings->scratch_limit,
      .flags = settings->flags,
  });
  bool done = false;
  if (kept != NULL && scratch != NULL) {
    struct reading reading = {.scratch = scratch, .kept = kept};
    done = summarize(&reading, settings->path);
  } else {
    fprintf(stderr, "debpkg: cannot open an arena: %s\n", strerror(errno));
  }
  harena_close(scratch);
  harena_close(kept);
  return done;
}

enum { DEFAULT_LIMIT = 64 << 20, EXIT_USAGE = 2 };

static void print_help(void) {
  printf(
      "usage: debpkg [OPTION]... [FILE]\n"
      "Sums up a Debian package index: FILE, - for standard input, or /var/lib/dpkg/status.\n"
      "\n"
      "  --limit BYTES  memory for one stanza (default %d)\n"
      "  --no-count     do not count allocations, which takes a little time itself\n"
      "  --plant NAME   make the arena bug NAME on purpose; 'help' lists them\n"
      "  --help         this text\n"
      "\n"
      "The exit status is 0, 1 for an index that cannot be read, or 2 for a wrong call.\n",
      DEFAULT_LIMIT);
}

static bool choose_plant(const char *name) {
  if (strcmp(name, "help") == 0) {
    plant_list(stdout);
    exit(EXIT_SUCCESS);
  }
  if (!plant_choose(name)) {
    fprintf(stderr, "debpkg: --plant: there is no bug '%s'; --plant help lists them\n", name);
    return false;
  }
  return true;
}

static bool choose_limit(const char *string, size_t *limit) {
  uint64_t number;
  if (!parse_number(string, SIZE_MAX, &number) || number == 0) {
    fprintf(stderr, "debpkg: --limit: '%s' is not a number of bytes, 1 or more\n", string);
    return false;
  }
  *limit = (size_t)number;
  return true;
}

static bool take_option(struct settings *settings, int option) {
  switch (option) {
    case 'l':
      return choose_limit(optarg, &settings->scratch_limit);
    case 'n':
      settings->flags &= ~(unsigned)HARENA_COUNT;
      return true;
    case 'p':
      return choose_plant(optarg);
    case 'h':
      print_help();
      exit(EXIT_SUCCESS);
    default: /* getopt has said what is wrong */
      return false;
  }
}

static bool take_arguments(struct settings *settings, int argc, char **argv) {
  static const struct option options[] = {
      {"limit", required_argument, NULL, 'l'},
      {"no-count", no_argument, NULL, 'n'},
      {"plant", required_argument, NULL, 'p'},
      {"help", no_argument, NULL, 'h'},
      {0},
  };
  int option;
  while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
    if (!take_option(settings, option)) {
      return false;
    }
  }
  if (argc - optind > 1) {
    fprintf(stderr, "debpkg: one index at a time: what is '%s'?\n", argv[optind + 1]);
    return false;
  }
  if (optind < argc) {
    settings->path = argv[optind];
  }
  return true;
}

int main(int argc, char **argv) {
  struct settings settings = {
      .path = "/var/lib/dpkg/status",
      .scratch_limit = DEFAULT_LIMIT,
      .flags = HARENA_COUNT,
  };
  if (!take_arguments(&settings, argc, argv)) {
    fputs("debpkg: try --help\n", stderr);
    return EXIT_USAGE;
  }
  bool done = run(&settings);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    perror("debpkg: standard output");
    return EXIT_FAILURE;
  }
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
