#include "clash.h"

#include <string.h>

#include "name.h"

/* What a view defines, behind the target's name and an underscore. */
static const char *const view_types[] = {"ref", "buffer", NULL};
static const char *const view_functions[] = {"new",    "embed",
                                             "load",   "at",
                                             "make",   "make_with_capacity",
                                             "append", "append_array",
                                             "slice",  "get",
                                             "length", "capacity",
                                             "items",  NULL};
static const char *const map_names[] = {"pointer_map", NULL};

/* Of the headers that a view includes: all whose names a target can have. */
static const char *const library_macros[] = {"bool", "true", "false", NULL};

static bool is_among(const char *const *names, const char *name) {
  while (*names && strcmp(*names, name) != 0) {
    names++;
  }
  return *names;
}

/* ---- The library ---------------------------------------------------------------------------- */

bool clash_is_none_with_library(const struct request *request, const struct target *target) {
  static const char prefix[] = "harena_";
  const char *name = target->name;
  if (strcmp(name, "harena") == 0 || strncmp(name, prefix, strlen(prefix)) == 0) {
    return refuse("%s: names that begin with %s are the library's; a typedef gives another",
                  target->asked, prefix);
  }
  if (!request->pointer_map && is_among(library_macros, name)) {
    return refuse("%s: %s is a macro of stdbool.h; a typedef gives another name", target->asked,
                  name);
  }
  return true;
}

/* ---- The input ------------------------------------------------------------------------------ */

/* What a name has behind the target's and an underscore; "" when it begins with something else. */
static const char *end_of(const struct target *target, const char *name) {
  size_t length = strlen(target->name);
  bool begins = strncmp(name, target->name, length) == 0 && name[length] == '_';
  return begins ? name + length + 1 : "";
}

static bool is_defined(const struct request *request, const struct target *target,
                       const char *name) {
  const char *end = end_of(target, name);
  return request->pointer_map ? is_among(map_names, end)
                              : is_among(view_types, end) || is_among(view_functions, end);
}

/* Whether a macro is expanded in the target's files: one with arguments where a parenthesis follows,
 * as it does behind functions alone. The name of a view is an argument of macros itself. */
static bool is_expanded(const struct request *request, const struct target *target, CXCursor macro,
                        const char *name) {
  bool for_view = !request->pointer_map;
  if (clang_Cursor_isMacroFunctionLike(macro)) {
    return for_view && is_among(view_functions, end_of(target, name));
  }
  return is_defined(request, target, name) || (for_view && strcmp(name, target->name) == 0);
}

/* What a source file says behind the include of a target's header is no matter to that. */
static bool is_behind(const struct target *target, const struct place *place) {
  return target->is_included && source_is_private(place);
}

static void meet_macro(const struct source *source, struct target *target, CXCursor macro,
                       const char *name) {
  harena *arena = source->request->arena;
  if (target->clash || !is_expanded(source->request, target, macro, name)) {
    return;
  }
  struct place place = source_place(arena, macro);
  if (!is_behind(target, &place) && source_macro_means_other(source, macro)) {
    target->clash = harena_printf(arena, "%s is a macro here", name);
    target->clash_place = place;
  }
}

static void meet_include(const struct source *source, struct target *target, CXCursor include) {
  harena *arena = source->request->arena;
  const char *stand_in = name_of_output(arena, source->overlay.folder, target->name, "h");
  const char *file = source_text(arena, clang_getFileName(clang_getIncludedFile(include)));
  target->is_included = target->is_included || strcmp(file, stand_in) == 0;
}

static void meet_declaration(const struct source *source, struct target *target,
                             CXCursor declaration, const char *name) {
  harena *arena = source->request->arena;
  if (target->clash || !is_defined(source->request, target, name)) {
    return;
  }
  struct place place = source_place(arena, declaration);
  if (!overlay_has(&source->overlay, place.file)) {
    target->clash = harena_printf(arena, "%s is here already", name);
    target->clash_place = place;
  }
}

static void meet(const struct source *source, struct target *target, CXCursor cursor,
                 const char *name) {
  switch (clang_getCursorKind(cursor)) {
    case CXCursor_MacroDefinition:
      meet_macro(source, target, cursor, name);
      break;
    case CXCursor_InclusionDirective:
      meet_include(source, target, cursor);
      break;
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
    case CXCursor_EnumDecl:
    case CXCursor_TypedefDecl:
    case CXCursor_FunctionDecl:
    case CXCursor_VarDecl:
    case CXCursor_EnumConstantDecl:
      meet_declaration(source, target, cursor, name);
      break;
    default:
      break;
  }
}

void clash_meet(const struct source *source, struct targets *targets, CXCursor cursor,
                const char *name) {
  for (size_t i = 0; i < targets->count; i++) {
    meet(source, &targets->target[i], cursor, name);
  }
}

bool clash_is_none_with_input(const struct target *target) {
  return !target->clash || refuse_at(&target->clash_place, "%s; a typedef gives %s another name",
                                     target->clash, target->asked);
}
