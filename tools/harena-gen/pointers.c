#include "pointers.h"

#include <string.h>

#include "anonymous.h"
#include "path.h"

struct walk {
  const struct source *source;
  harena *arena;
  bool for_view;
  bool good;
};

/* What the walk looks at: a type, and how it got there. */
struct spot {
  CXType type;
  struct pointer_table *table; /* of the type or array element that it is in */
  const char *path;            /* "Circle.centre" */
  const char *name;            /* the same from the table's beginning; "" at the beginning */
  const char *designator;
  const char *obstacle; /* why offsetof() does not reach it; NULL: it does */
  struct place place;
};

static void look_at(struct walk *walk, const struct spot *spot);

static const char *join(harena *arena, const char *left, const char *right) {
  return harena_printf(arena, "%s%s%s", left, *left && *right ? "." : "", right);
}

static struct pointer_table *new_table(harena *arena, const char *path, const char *designator) {
  struct pointer_table *table = harena_new_zeroed(arena, struct pointer_table);
  table->path = path;
  table->designator = designator;
  table->end = &table->first;
  return table;
}

static void refuse_spot(struct walk *walk, const struct spot *spot, const char *reason) {
  refuse_at(&spot->place, "%s: %s", spot->path, reason);
  walk->good = false;
}

static void add_field(struct walk *walk, const struct spot *spot, size_t count,
                      struct pointer_table *element) {
  if (spot->obstacle) {
    refuse_spot(walk, spot, spot->obstacle);
    return;
  }
  struct pointer_field *field = harena_new_zeroed(walk->arena, struct pointer_field);
  *field = (struct pointer_field){
      .name = spot->name, .designator = spot->designator, .count = count, .element = element};
  *spot->table->end = field;
  spot->table->end = &field->next;
  spot->table->count++;
}

static void meet_pointer(struct walk *walk, const struct spot *spot) {
  if (!walk->for_view) {
    add_field(walk, spot, 0, NULL);
    return;
  }
  const char *type = source_text(walk->arena, clang_getTypeSpelling(spot->type));
  refuse_spot(walk, spot, harena_printf(walk->arena, "pointer (%s)", type));
}

/* An array is one field, and its first element stands for all. */
static void look_at_array(struct walk *walk, const struct spot *spot) {
  harena *arena = walk->arena;
  long long count = clang_getArraySize(spot->type);
  if (count <= 0) {
    refuse_spot(walk, spot, count == 0 ? "array of no elements" : "flexible array");
    return;
  }
  const char *path = harena_printf(arena, "%s[]", spot->path);
  const char *designator = harena_printf(arena, "%s[0]", spot->designator);
  struct spot element = *spot;
  element.type = clang_getCanonicalType(clang_getArrayElementType(spot->type));
  element.table = new_table(arena, path, designator);
  element.path = path;
  element.name = "";
  element.designator = designator;
  look_at(walk, &element);
  if (element.table->count > 0) {
    bool is_pointer = element.type.kind == CXType_Pointer;
    add_field(walk, spot, (size_t)count, is_pointer ? NULL : element.table);
  }
}

/* A pointer is refused as such, so that the word "pointer" is there for each. */
static void look_at_member(struct walk *walk, const struct spot *spot) {
  bool is_const = clang_isConstQualifiedType(spot->type);
  if (walk->for_view && is_const && spot->type.kind != CXType_Pointer) {
    refuse_spot(walk, spot, "const, so a view could not assign the value");
  }
  look_at(walk, spot);
}

static const char *obstacle_of_name(const struct walk *walk, const char *name) {
  static const char reason[] = "%s is a macro too, so offsetof() cannot name the member";
  bool is_macro = words_have(&walk->source->macros, name);
  return is_macro ? harena_printf(walk->arena, reason, name) : NULL;
}

struct field_visit {
  struct walk *walk;
  const struct spot *record;
};

/* "" of an anonymous member, as in a path to what it holds; libclang 17 and later would say its type.
 */
static const char *name_of_member(harena *arena, CXCursor member, CXType type) {
  return anonymous_is(type) ? "" : source_text(arena, clang_getCursorSpelling(member));
}

static bool is_hidden_constant(const struct walk *walk, CXCursor member, CXType type) {
  return walk->for_view && anonymous_is(type) && anonymous_is_const(walk->source, member);
}

static enum CXVisitorResult visit_field(CXCursor cursor, CXClientData data) {
  struct field_visit *visit = data;
  harena *arena = visit->walk->arena;
  const struct spot *record = visit->record;
  CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
  const char *name = name_of_member(arena, cursor, type);
  struct place place = source_place(arena, cursor);
  struct spot field = {
      .type = type,
      .table = record->table,
      .path = join(arena, record->path, name),
      .name = join(arena, record->name, name),
      .designator = join(arena, record->designator, name),
      .obstacle = record->obstacle ? record->obstacle : obstacle_of_name(visit->walk, name),
      .place = *place.file ? place : record->place, /* the compiler's own types have no place */
  };
  if (is_hidden_constant(visit->walk, cursor, type)) {
    refuse_spot(visit->walk, &field,
                "an anonymous member is const, so a view could not assign the value");
  }
  look_at_member(visit->walk, &field);
  return CXVisit_Continue;
}

/* The library's, whatever else has that name. */
static bool is_reference(harena *arena, CXType type) {
  CXCursor declaration = clang_getTypeDeclaration(type);
  const char *name = source_text(arena, clang_getCursorSpelling(declaration));
  const char *file = source_place(arena, declaration).file;
  return strcmp(name, "harena_ref") == 0 && path_ends_with(file, "harena/arena.h");
}

static void look_at_record(struct walk *walk, const struct spot *spot) {
  if (walk->for_view && is_reference(walk->arena, spot->type)) {
    return;
  }
  struct field_visit visit = {walk, spot};
  clang_Type_visitFields(spot->type, visit_field, &visit);
}

/* gcc warns of offsetof() into an atomic struct, and clang refuses it. */
static void look_at_atomic(struct walk *walk, const struct spot *spot) {
  struct spot inner = *spot;
  inner.type = clang_getCanonicalType(clang_Type_getValueType(spot->type));
  if (inner.type.kind == CXType_Record && !inner.obstacle) {
    inner.obstacle = "in an _Atomic struct, of which clang's offsetof() names no member";
  }
  look_at(walk, &inner);
}

static bool is_plain(enum CXTypeKind kind) {
  return (kind >= CXType_FirstBuiltin && kind <= CXType_LastBuiltin && kind != CXType_NullPtr) ||
         kind == CXType_Enum || kind == CXType_Complex || kind == CXType_Vector ||
         kind == CXType_ExtVector;
}

static void look_at(struct walk *walk, const struct spot *spot) {
  switch (spot->type.kind) {
    case CXType_Pointer:
    case CXType_BlockPointer:
    case CXType_NullPtr:
      meet_pointer(walk, spot);
      return;
    case CXType_ConstantArray:
    case CXType_IncompleteArray:
      look_at_array(walk, spot);
      return;
    case CXType_Record:
      look_at_record(walk, spot);
      return;
    case CXType_Atomic:
      look_at_atomic(walk, spot);
      return;
    default:
      break;
  }
  /* Saying that an unknown kind holds no pointer would be a guess. */
  if (!is_plain(spot->type.kind)) {
    const char *type = source_text(walk->arena, clang_getTypeSpelling(spot->type));
    static const char reason[] = "%s is a kind of type that harena-gen does not know";
    refuse_spot(walk, spot, harena_printf(walk->arena, reason, type));
  }
}

static struct pointer_table *walk_target(struct walk *walk, const struct target *target) {
  struct pointer_table *table = new_table(walk->arena, target->asked, "");
  struct spot spot = {.type = clang_getCanonicalType(target->type),
                      .table = table,
                      .path = target->asked,
                      .name = "",
                      .designator = "",
                      .place = target->place};
  look_at(walk, &spot);
  return walk->good ? table : NULL;
}

static struct walk begin_walk(const struct source *source, bool for_view) {
  return (struct walk){source, source->request->arena, for_view, true};
}

bool pointers_are_none(const struct source *source, const struct target *target) {
  struct walk walk = begin_walk(source, true);
  return walk_target(&walk, target);
}

struct pointer_table *pointers_list(const struct source *source, const struct target *target) {
  struct walk walk = begin_walk(source, false);
  return walk_target(&walk, target);
}
