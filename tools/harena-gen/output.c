#include "output.h"

#include <stdio.h>
#include <string.h>

#include "batch.h"
#include "name.h"
#include "pointer_map.h"

/* ---- Contents ------------------------------------------------------------------------------- */

static void print_title(FILE *file, const char *what, const struct target *target) {
  const char *slash = strrchr(target->place.file, '/');
  fprintf(file, "/* %s %s, written by harena-gen from %s: what is changed here is lost. */\n", what,
          target->spelling, slash ? slash + 1 : target->place.file);
}

static void print_guard(FILE *file, harena *arena, const struct target *target) {
  const char *guard = name_of_guard(arena, target->name);
  fprintf(file, "#ifndef %s\n#define %s\n\n", guard, guard);
}

/* These come before all other includes: what such a header defines for those of the system,
 * _GNU_SOURCE or _FILE_OFFSET_BITS, is part of the type. */
static void print_includes(FILE *file, const struct target *target) {
  for (size_t i = 0; i < target->includes.count; i++) {
    fprintf(file, "#include %s\n\n", target->includes.word[i]);
  }
}

enum { MOST_COLUMNS = 100 }; /* what clang-format leaves in one line */

/* MACRO(name, type), broken where clang-format breaks it. */
static void print_view_macro(FILE *file, const char *macro, const struct target *target) {
  int start = fprintf(file, "\n%s(", macro) - 1;
  size_t columns = (size_t)start + strlen(target->name) + strlen(", )") + strlen(target->spelling);
  if (columns <= MOST_COLUMNS) {
    fprintf(file, "%s, %s)\n", target->name, target->spelling);
  } else {
    fprintf(file, "%s,\n%*s%s)\n", target->name, start, "", target->spelling);
  }
}

static void print_view_header(FILE *file, harena *arena, const struct target *target) {
  print_title(file, "The view of", target);
  print_guard(file, arena, target);
  print_includes(file, target);
  fputs("#include <harena/view.h>\n", file);
  print_view_macro(file, target->is_private ? "HARENA_VIEW" : "HARENA_VIEW_DECLARE", target);
  fputs("\n#endif\n", file);
}

static void print_view_source(FILE *file, harena *arena, const struct target *target) {
  (void)arena;
  print_title(file, "The view of", target);
  fprintf(file, "#include \"%s.harena.h\"\n", target->name);
  print_view_macro(file, "HARENA_VIEW_DEFINE", target);
}

static void print_map_header(FILE *file, harena *arena, const struct target *target) {
  print_title(file, "The pointers of", target);
  print_guard(file, arena, target);
  fputs("#include <harena/debug.h>\n", file);
  if (target->is_private) {
    fputs("#include <stddef.h>\n\n", file);
    pointer_map_print(file, target, target->pointers);
  } else {
    fprintf(file,
            "\nHARENA_BEGIN_C\n\nextern const harena_pointer_map %s_pointer_map;\n\n"
            "HARENA_END_C\n",
            target->name);
  }
  fputs("\n#endif\n", file);
}

static void print_map_source(FILE *file, harena *arena, const struct target *target) {
  (void)arena;
  print_title(file, "The pointers of", target);
  print_includes(file, target);
  fprintf(file, "#include \"%s.harena.h\"\n\n#include <stddef.h>\n\n", target->name);
  pointer_map_print(file, target, target->pointers);
}

/* ---- Files ---------------------------------------------------------------------------------- */

typedef void printer(FILE *file, harena *arena, const struct target *target);

static bool write_file(struct batch *batch, const struct request *request,
                       const struct target *target, const char *suffix, printer *print) {
  const char *path = name_of_output(request->arena, request->directory, target->name, suffix);
  FILE *file = batch_open(batch, path);
  if (!file) {
    return false;
  }
  print(file, request->arena, target);
  return batch_close(batch);
}

static bool write_target(struct batch *batch, const struct request *request,
                         const struct target *target) {
  bool map = request->pointer_map;
  return write_file(batch, request, target, "h", map ? print_map_header : print_view_header) &&
         (target->is_private ||
          write_file(batch, request, target, "c", map ? print_map_source : print_view_source));
}

/* ---- The dependency file -------------------------------------------------------------------- */

/* A path as make and ninja read it. */
static void print_path(FILE *file, const char *path) {
  for (; *path; path++) {
    if (*path == ' ' || *path == '#') {
      fputc('\\', file);
    } else if (*path == '$') {
      fputc('$', file);
    }
    fputc(*path, file);
  }
}

static void print_outputs(FILE *file, const struct request *request,
                          const struct targets *targets) {
  harena *arena = request->arena;
  for (size_t i = 0; i < targets->count; i++) {
    const struct target *target = &targets->target[i];
    fputs(i ? " " : "", file);
    print_path(file, name_of_output(arena, request->directory, target->name, "h"));
    if (!target->is_private) {
      fputc(' ', file);
      print_path(file, name_of_output(arena, request->directory, target->name, "c"));
    }
  }
}

static bool write_depfile(struct batch *batch, const struct source *source,
                          const struct targets *targets) {
  FILE *file = batch_open(batch, source->request->depfile);
  if (!file) {
    return false;
  }
  struct words files = source_files(source);
  print_outputs(file, source->request, targets);
  fputc(':', file);
  for (size_t i = 0; i < files.count; i++) {
    fputs(" \\\n  ", file);
    print_path(file, files.word[i]);
  }
  fputc('\n', file);
  return batch_close(batch);
}

/* ---- All of them ---------------------------------------------------------------------------- */

static bool write_all(struct batch *batch, const struct source *source,
                      const struct targets *targets) {
  for (size_t i = 0; i < targets->count; i++) {
    if (!write_target(batch, source->request, &targets->target[i])) {
      return false;
    }
  }
  return !source->request->depfile || write_depfile(batch, source, targets);
}

bool output_all(const struct source *source, const struct targets *targets) {
  struct batch batch = {.arena = source->request->arena};
  bool good = write_all(&batch, source, targets) && batch_commit(&batch);
  batch_end(&batch);
  return good;
}
