#include "lookup.h"

#include <string.h>

#include "clash.h"
#include "name.h"

/* ---- Names ---------------------------------------------------------------------------------- */

static bool is_alone(const struct targets *targets, size_t index) {
  const struct target *target = &targets->target[index];
  for (size_t i = 0; i < index; i++) {
    if (strcmp(targets->target[i].name, target->name) == 0) {
      return refuse("%s and %s would both be written to %s.harena.h; a typedef gives another name",
                    targets->target[i].asked, target->asked, target->name);
    }
  }
  return true;
}

bool lookup_names(const struct request *request, struct targets *targets) {
  targets->count = request->types.count;
  targets->target = harena_new_array_zeroed(request->arena, struct target, targets->count);
  bool good = true;
  for (size_t i = 0; i < targets->count; i++) {
    const char *asked = request->types.word[i];
    targets->target[i].asked = asked;
    targets->target[i].name = name_of_type(request->arena, asked);
    good = is_alone(targets, i) && good;
  }
  return good;
}

/* ---- Types ---------------------------------------------------------------------------------- */

struct search {
  const struct source *source;
  struct targets *targets;
};

static const char *keyword_of(enum CXCursorKind kind) {
  switch (kind) {
    case CXCursor_StructDecl:
      return "struct ";
    case CXCursor_UnionDecl:
      return "union ";
    case CXCursor_EnumDecl:
      return "enum ";
    case CXCursor_TypedefDecl:
      return "";
    default:
      return NULL;
  }
}

/* Whether a declaration is what was asked for: by the full spelling, or a tag by its bare name. */
static bool matches(const char *asked, const char *keyword, const char *name) {
  size_t length = strlen(keyword);
  if (strncmp(asked, keyword, length) == 0 && strcmp(asked + length, name) == 0) {
    return true;
  }
  return strcmp(asked, name) == 0;
}

/* A typedef wins over a tag; of declarations of the same the first is as good as any. */
static void offer(struct target *target, harena *arena, CXCursor cursor, const char *keyword,
                  const char *name) {
  if (target->spelling && *keyword) {
    return;
  }
  target->spelling = harena_printf(arena, "%s%s", keyword, name);
  target->type = clang_getCursorType(cursor);
}

static void look_for_types(const struct search *search, CXCursor cursor, const char *keyword,
                           const char *name) {
  for (size_t i = 0; i < search->targets->count; i++) {
    struct target *target = &search->targets->target[i];
    if (matches(target->asked, keyword, name)) {
      offer(target, search->source->request->arena, cursor, keyword, name);
    }
  }
}

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  const struct search *search = data;
  const char *keyword = keyword_of(clang_getCursorKind(cursor));
  CXString spelling = clang_getCursorSpelling(cursor);
  const char *name = clang_getCString(spelling);
  if (keyword && *name) {
    look_for_types(search, cursor, keyword, name);
  }
  clash_meet(search->source, search->targets, cursor, name);
  clang_disposeString(spelling);
  /* In C a tag that is declared inside a struct is known outside of it, as constants of an enum
   * are. */
  return keyword ? CXChildVisit_Recurse : CXChildVisit_Continue;
}

/* Where a type is made known: the definition behind a typedef, if there is one. */
static CXCursor definition_of(CXType type) {
  CXCursor declared = clang_getTypeDeclaration(clang_getCanonicalType(type));
  if (clang_isInvalid(clang_getCursorKind(declared))) {
    return clang_getTypeDeclaration(type);
  }
  CXCursor definition = clang_getCursorDefinition(declared);
  return clang_Cursor_isNull(definition) ? declared : definition;
}

/* The typedef and what it names may come from different headers. */
static bool find_includes(const struct source *source, struct target *target, CXCursor name,
                          CXCursor definition) {
  const char *first = source_include(source, definition);
  const char *second = first ? source_include(source, name) : NULL;
  if (!second) {
    return false;
  }
  words_add(source->request->arena, &target->includes, first);
  if (strcmp(first, second) != 0) {
    words_add(source->request->arena, &target->includes, second);
  }
  return true;
}

/* A typedef in a source file hides what it names, as does a definition there. */
static bool locate(const struct source *source, struct target *target) {
  harena *arena = source->request->arena;
  CXCursor name = clang_getTypeDeclaration(target->type);
  CXCursor definition = definition_of(target->type);
  struct place named = source_place(arena, name);
  target->place = source_place(arena, definition);
  target->is_private = source_is_private(&target->place) || source_is_private(&named);
  return target->is_private || find_includes(source, target, name, definition);
}

/* An object of the type can be copied as a whole, which is what a view does, and counted. */
static bool is_object(const struct target *target) {
  CXType type = clang_getCanonicalType(target->type);
  switch (type.kind) {
    case CXType_FunctionProto:
    case CXType_FunctionNoProto:
      return refuse_at(&target->place, "%s is a function", target->asked);
    case CXType_ConstantArray:
    case CXType_IncompleteArray:
      return refuse_at(&target->place, "%s is an array; put it into a struct", target->asked);
    default:
      break;
  }
  if (clang_isConstQualifiedType(type) || clang_isVolatileQualifiedType(type)) {
    return refuse_at(&target->place, "%s is const or volatile; the type without that is expected",
                     target->asked);
  }
  long long size = clang_Type_getSizeOf(type);
  if (size < 0) {
    return refuse_at(&target->place, "%s is incomplete: it is only declared here", target->asked);
  }
  return size > 0 || refuse_at(&target->place, "%s has no size", target->asked);
}

/* The elements of a buffer lie one behind the other, so each is aligned when the first is. Only an
 * attribute of a typedef can have it otherwise, and that is not in the canonical type. */
static bool is_element(const struct target *target) {
  long long size = clang_Type_getSizeOf(target->type);
  long long alignment = clang_Type_getAlignOf(target->type);
  return size % alignment == 0 ||
         refuse_at(&target->place,
                   "%s: size %lld is no multiple of alignment %lld; put it into a struct",
                   target->asked, size, alignment);
}

void lookup_types(const struct source *source, struct targets *targets) {
  struct search search = {.source = source, .targets = targets};
  clang_visitChildren(clang_getTranslationUnitCursor(source->unit), visit, &search);
}

bool lookup_is_usable(const struct source *source, struct target *target) {
  if (!target->spelling) {
    return refuse("%s: no type has the name %s", source->request->input, target->asked);
  }
  return clash_is_none_with_library(source->request, target) && clash_is_none_with_input(target) &&
         locate(source, target) && is_object(target) &&
         (source->request->pointer_map || is_element(target));
}
