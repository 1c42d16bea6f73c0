#include "overlay.h"

#include <clang-c/BuildSystem.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "name.h"
#include "path.h"

/* ---- The temporary folder ------------------------------------------------------------------- */

static bool make_folder(struct overlay *overlay) {
  const char *parent = getenv("TMPDIR");
  char *made =
      harena_printf(overlay->arena, "%s/harena-gen-XXXXXX", parent && *parent ? parent : "/tmp");
  if (!mkdtemp(made)) {
    return refuse("%s: %s", made, strerror(errno));
  }
  overlay->folder = path_resolved(overlay->arena, made);
  return overlay->folder;
}

static bool write_file(struct overlay *overlay, const char *path, const char *text, size_t length) {
  words_add(overlay->arena, &overlay->files, path);
  FILE *file = fopen(path, "w");
  bool written = file && fwrite(text, 1, length, file) == length;
  written = file && fclose(file) == 0 && written;
  return written || refuse("%s: %s", path, strerror(errno));
}

/* ---- Contents ------------------------------------------------------------------------------- */

/* What a view brings, less what it is made of: only the names of its types matter here, and that
 * they are no pointers. */
static const char *view_text(harena *arena, const char *name) {
  return harena_printf(arena,
                       "#pragma once\n"
                       "#if __has_include(<harena/view.h>)\n"
                       "#include <harena/view.h>\n"
                       "#endif\n"
                       "typedef struct %s_ref { unsigned long long part[2]; } %s_ref;\n"
                       "typedef struct %s_buffer { unsigned long long part[4]; } %s_buffer;\n",
                       name, name, name, name);
}

static void add_place(struct overlay *overlay, const char *place) {
  if (!words_have(&overlay->places, place)) {
    words_add(overlay->arena, &overlay->places, place);
  }
}

/* Adds a folder's name, if that is where the files are going to be. */
static void add_folder(struct overlay *overlay, const char *directory, const char *folder) {
  if (path_is_same(folder, directory)) {
    add_place(overlay, path_absolute(overlay->arena, folder));
  }
}

static bool find_places(struct overlay *overlay, const struct request *request,
                        const struct words *folders) {
  harena *arena = overlay->arena;
  const char *here = path_resolved(arena, ".");
  const char *directory = path_resolved(arena, request->directory);
  if (!here || !directory) {
    return false;
  }
  add_place(overlay, directory);
  add_place(overlay, path_absolute(arena, path_between(arena, here, directory)));
  add_folder(overlay, directory, path_folder(arena, request->input));
  for (size_t i = 0; i < folders->count; i++) {
    add_folder(overlay, directory, folders->word[i]);
  }
  return true;
}

static bool add_target(struct overlay *overlay, CXVirtualFileOverlay list, const char *name,
                       const char *text) {
  harena *arena = overlay->arena;
  const char *file = name_of_output(arena, overlay->folder, name, "h");
  for (size_t i = 0; i < overlay->places.count; i++) {
    const char *place = name_of_output(arena, overlay->places.word[i], name, "h");
    clang_VirtualFileOverlay_addFileMapping(list, place, file);
  }
  return write_file(overlay, file, text, strlen(text));
}

static bool write_list(struct overlay *overlay, CXVirtualFileOverlay list) {
  char *text = NULL;
  unsigned length = 0;
  clang_VirtualFileOverlay_writeToBuffer(list, 0, &text, &length);
  bool written = write_file(overlay, overlay_list(overlay), text, length);
  clang_free(text);
  return written;
}

bool overlay_open(struct overlay *overlay, const struct request *request,
                  const struct targets *targets, const struct words *folders) {
  *overlay = (struct overlay){.arena = request->arena};
  if (!find_places(overlay, request, folders) || !make_folder(overlay)) {
    return false;
  }
  CXVirtualFileOverlay list = clang_VirtualFileOverlay_create(0);
  bool good = true;
  for (size_t i = 0; good && i < targets->count; i++) {
    const char *name = targets->target[i].name;
    const char *text = request->pointer_map ? "" : view_text(request->arena, name);
    good = add_target(overlay, list, name, text);
  }
  good = good && write_list(overlay, list);
  clang_VirtualFileOverlay_dispose(list);
  return good;
}

void overlay_close(struct overlay *overlay) {
  for (size_t i = 0; i < overlay->files.count; i++) {
    remove(overlay->files.word[i]);
  }
  if (overlay->folder) {
    rmdir(overlay->folder);
  }
}

const char *overlay_list(const struct overlay *overlay) {
  return harena_printf(overlay->arena, "%s/overlay", overlay->folder);
}

bool overlay_has(const struct overlay *overlay, const char *file) {
  return path_below(file, overlay->folder);
}
