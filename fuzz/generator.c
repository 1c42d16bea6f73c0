/* harena-gen on headers, with each variant of harena. The first byte chooses how to run it, which
 * system allocations fail, and whether the other bytes are a header as it is, behind a line of type
 * names, or choose the members of types. Of the latter it is known which a view can be made of.
 *
 * Whatever the header: no crash, and when something is refused or memory runs out, no file is there
 * afterwards. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <harena.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/demand.h"
#include "engine/target.h"
#include "model/faults.h"

/* main() of tools/harena-gen. */
typedef int generator_main(int count, char **words);
generator_main harena_gen, release_harena_gen;

harena_panic_handler *release_harena_set_panic_handler(harena_panic_handler *handler);

enum { MOST_TYPES = 6, MOST_MEMBERS = 8, MOST_TEXT = 4096 };

/* ---- Folders ---- */

static char folder[] = "/tmp/harena-fuzz-XXXXXX";
static char output[sizeof folder + 4];

static void remove_folder(void) {
  rmdir(output);
  rmdir(folder);
}

static void make_folder(void) {
  if (*output) {
    return;
  }
  demand(mkdtemp(folder) != NULL);
  snprintf(output, sizeof output, "%s/out", folder);
  demand(mkdir(output, 0700) == 0);
  atexit(remove_folder);
}

/* Removes what lies in the folder of outputs. With `by_panic`, files that have no final name yet are
 * not counted: nobody is left to remove them. */
static size_t take_outputs(bool by_panic) {
  DIR *all = opendir(output);
  demand(all != NULL);
  size_t count = 0;
  for (const struct dirent *entry; (entry = readdir(all));) {
    if (entry->d_name[0] != '.') {
      struct stat status;
      bool is_fresh = by_panic && strstr(entry->d_name, ".new");
      demand(fstatat(dirfd(all), entry->d_name, &status, 0) == 0);
      demand(status.st_size > 0 || is_fresh);
      demand(unlinkat(dirfd(all), entry->d_name, 0) == 0);
      count += !is_fresh;
    }
  }
  closedir(all);
  return count;
}

/* ---- A run ---- */

typedef struct run {
  bool map;          /* --pointer-map */
  bool is_private;   /* the types are in a source file */
  bool is_release;   /* the variant */
  unsigned shortage; /* from which request for memory on; 0: never */
  const char *types;
  const char *text;
  size_t length;
} run;

static void write_input(const char *path, const run *it) {
  FILE *file = fopen(path, "w");
  demand(file != NULL);
  demand(fwrite(it->text, 1, it->length, file) == it->length);
  demand(fclose(file) == 0);
}

/* What it says about each input would hide what the engine says. */
static int call_quietly(generator_main *generator, int count, char **words) {
  static FILE *nowhere;
  FILE *kept = stderr;
  nowhere = nowhere ? nowhere : fopen("/dev/null", "w");
  demand(nowhere != NULL);
  stderr = nowhere;
  int status = generator(count, words);
  stderr = kept;
  return status;
}

static run run_of(unsigned choice) {
  return (run){.map = choice & 2,
               .is_private = choice & 4,
               .is_release = choice & 8,
               .shortage = choice >> 4};
}

/* How it ended. Also the exit status of a process without memory: none that a sanitizer has. */
typedef enum ending { ACCEPTED = 40, REFUSED, PANICKED } ending;

static ending call(generator_main *generator, int count, char **words) {
  ending how = call_quietly(generator, count, words) == 0 ? ACCEPTED : REFUSED;
  demand(harena_findings() == 0);
  return how;
}

static void end_by_panic(const char *message) {
  (void)message;
  _exit(PANICKED);
}

/* harena-gen has its arena panic when there is no memory. That ends a process, of its own as no jump
 * out of a panic could end what libclang holds by then. What libclang allocates never fails. */
static ending call_in_shortage(unsigned first, generator_main *generator, int count, char **words) {
  pid_t child = fork();
  demand(child >= 0);
  if (child == 0) {
    harena_set_panic_handler(end_by_panic);
    release_harena_set_panic_handler(end_by_panic);
    plan_faults(first - 1, SIZE_MAX);
    let_faults_happen(true);
    _exit((int)call(generator, count, words));
  }
  int status = 0;
  /* Engines have a timer. */
  while (waitpid(child, &status, 0) < 0) {
    demand(errno == EINTR);
  }
  demand(WIFEXITED(status));
  demand(WEXITSTATUS(status) >= ACCEPTED && WEXITSTATUS(status) <= PANICKED);
  return (ending)WEXITSTATUS(status);
}

static ending generate(const run *it) {
  static char include[] = "-I" FUZZ_INCLUDE;
  char input[sizeof folder + 16];
  char types[MOST_TEXT];
  make_folder();
  snprintf(input, sizeof input, "%s/shape.%c", folder, it->is_private ? 'c' : 'h');
  snprintf(types, sizeof types, "%s", it->types);
  write_input(input, it);
  char *words[] = {"harena-gen", "--type", types, "--dir",
                   output,       include,  input, it->map ? "--pointer-map" : NULL,
                   NULL};
  int count = it->map ? 8 : 7;
  generator_main *generator = it->is_release ? release_harena_gen : harena_gen;
  ending how = it->shortage ? call_in_shortage(it->shortage, generator, count, words)
                            : call(generator, count, words);
  unlink(input);
  return how;
}

/* ---- A header as it is ---- */

static void run_text(const uint8_t *bytes, size_t size, unsigned choice) {
  char text[MOST_TEXT];
  size_t length = size < sizeof text ? size : sizeof text - 1;
  memcpy(text, bytes, length);
  text[length] = '\0';
  char *end = memchr(text, '\n', length);
  if (!end || memchr(text, '\0', (size_t)(end - text))) {
    return;
  }
  *end++ = '\0';
  run it = run_of(choice);
  it.types = text;
  it.text = end;
  it.length = length - (size_t)(end - text);
  ending how = generate(&it);
  size_t written = take_outputs(how == PANICKED);
  demand(how == ACCEPTED ? written > 0 : written == 0);
}

/* ---- A header of types ---- */

/* Members of a type, all of which are possible in C. `%1$u` is the member's number, `%2$u` that of
 * an earlier type, `%3$u` that of the type itself. */
typedef struct kind {
  const char *format;
  bool is_pointer;
  bool is_const;
  bool is_last; /* of the type, and never a part of another */
  bool has_type;
} kind;

static const kind kinds[] = {
    {.format = "int m%1$u;"},
    {.format = "unsigned char m%1$u[3];"},
    {.format = "double m%1$u;"},
    {.format = "unsigned m%1$u : 3;"},
    {.format = "enum { E%3$u_%1$u } m%1$u;"},
    {.format = "union { int u%1$u; float v%1$u; };"},
    {.format = "struct { long m; } m%1$u[2][3];"},
    {.format = "T%2$u m%1$u;", .has_type = true},
    {.format = "T%2$u m%1$u[4];", .has_type = true},
    {.format = "struct { T%2$u m%1$u; };", .has_type = true},
    {.format = "void *m%1$u;", .is_pointer = true},
    {.format = "int (*m%1$u)(void);", .is_pointer = true},
    {.format = "const char *const m%1$u[2];", .is_pointer = true},
    {.format = "union { int i; char *m; } m%1$u;", .is_pointer = true},
    {.format = "const int m%1$u;", .is_const = true},
    {.format = "int m%1$u[];", .is_last = true},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* What is known of a type. */
typedef struct shape {
  bool for_views;
  bool for_maps;
} shape;

typedef struct header {
  const uint8_t *bytes;
  size_t left;
  char text[MOST_TEXT];
  size_t length;
  shape shapes[MOST_TYPES];
  unsigned count;
} header;

static unsigned take(header *it) {
  if (it->left == 0) {
    return 0;
  }
  it->left--;
  return *it->bytes++;
}

static void add_text(header *it, const char *text) {
  size_t length = strlen(text);
  demand(it->length + length < sizeof it->text);
  memcpy(it->text + it->length, text, length + 1);
  it->length += length;
}

/* An earlier type that may be a member. */
static const shape *choose_type(const header *it, unsigned choice, unsigned *number) {
  for (unsigned i = 0; i < it->count; i++) {
    *number = (choice + i) % it->count;
    if (it->shapes[*number].for_maps) {
      return &it->shapes[*number];
    }
  }
  return NULL;
}

static void add_member(header *it, shape *to, const kind *chosen, unsigned number, unsigned type) {
  char line[128];
  snprintf(line, sizeof line, chosen->format, number, type, it->count);
  add_text(it, line);
  to->for_views = to->for_views && !chosen->is_pointer && !chosen->is_const && !chosen->is_last;
  to->for_maps = to->for_maps && !chosen->is_last;
}

/* Whether more members may follow. */
static bool take_member(header *it, shape *to, unsigned number) {
  const kind *chosen = &kinds[take(it) % KINDS];
  unsigned type = 0;
  const shape *member = chosen->has_type ? choose_type(it, take(it), &type) : NULL;
  if ((chosen->is_last && number == 0) || (chosen->has_type && !member)) {
    chosen = &kinds[0];
  }
  add_member(it, to, chosen, number, type);
  to->for_views = to->for_views && (!member || member->for_views);
  return !chosen->is_last;
}

static void take_type(header *it) {
  shape made = {true, true};
  char end[16];
  unsigned members = 1 + take(it) % MOST_MEMBERS;
  add_text(it, "typedef struct {");
  for (unsigned i = 0; i < members && take_member(it, &made, i); i++) {
  }
  snprintf(end, sizeof end, "} T%u;\n", it->count);
  add_text(it, end);
  it->shapes[it->count++] = made;
}

static void take_types(header *it) {
  while (it->left > 0 && it->count < MOST_TYPES) {
    take_type(it);
  }
}

/* Asks for the types whose bits are set. */
static void run_types(const uint8_t *bytes, size_t size, unsigned choice) {
  static header it;
  it = (header){.bytes = bytes, .left = size};
  unsigned asked = take(&it);
  take_types(&it);
  run whole = run_of(choice);
  whole.text = it.text;
  whole.length = it.length;
  char types[4 * MOST_TYPES + 1] = "";
  bool possible = true;
  size_t expected = 0;
  for (unsigned i = 0; i < it.count; i++) {
    if (asked >> i & 1) {
      size_t used = strlen(types);
      snprintf(types + used, sizeof types - used, "%sT%u", used ? "," : "", i);
      possible = possible && (whole.map ? it.shapes[i].for_maps : it.shapes[i].for_views);
      expected += whole.is_private ? 1 : 2;
    }
  }
  whole.types = types;
  possible = possible && expected > 0;
  ending how = generate(&whole);
  demand(how == (possible ? ACCEPTED : REFUSED) || (how == PANICKED && whole.shortage));
  demand(take_outputs(how == PANICKED) == (how == ACCEPTED ? expected : 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (size == 0) {
    return 0;
  }
  if (bytes[0] & 1) {
    run_types(bytes + 1, size - 1, bytes[0]);
  } else {
    run_text(bytes + 1, size - 1, bytes[0]);
  }
  return 0;
}

/* What libclang keeps until its next use is no holder. */
const char *harena_default_options(void) { return "escape=off"; }
