#include "pointer_maps.h"

#include <stdatomic.h>

enum { MOST_MAPS = 1024 };

/* Maps in the order in which they were first seen. An entry has room for a number, not for a
 * pointer. There are as many as the program has types, so a walk finds one soon. */
static const harena_pointer_map *_Atomic maps[MOST_MAPS];

/* One more than the map's place, 0 when there is no room. No lock: a free place is taken by
 * whoever is first. */
static uint16_t number_of(const harena_pointer_map *map) {
  for (unsigned i = 0; i < MOST_MAPS; i++) {
    const harena_pointer_map *there = NULL;
    if (atomic_compare_exchange_strong(&maps[i], &there, map) || there == map) {
      return (uint16_t)(i + 1);
    }
  }
  return 0;
}

bool harena__set_map(harena__entry *entry, const harena_pointer_map *map) {
  entry->pointer_map = map ? number_of(map) : 0;
  return !map || entry->pointer_map;
}

static void add_offset(harena__line *line, size_t offset) {
  harena__add(line, "+");
  harena__add_number(line, offset);
}

static size_t element_size(const harena_pointer_field *field) {
  return field->element ? field->element->size : sizeof(void *);
}

/* Members of a union overlap: the first is named. */
static const harena_pointer_field *field_at(const harena_pointer_map *map, size_t offset) {
  for (size_t i = 0; i < map->field_count; i++) {
    const harena_pointer_field *field = &map->fields[i];
    size_t count = field->count ? field->count : 1;
    if (offset >= field->offset && offset - field->offset < count * element_size(field)) {
      return field;
    }
  }
  return NULL;
}

static void add_index(harena__line *line, size_t index) {
  harena__add(line, "[");
  harena__add_number(line, index);
  harena__add(line, "]");
}

/* "entries[3].key+0": each array on the way has a map of its own. */
static void add_path(harena__line *line, const harena_pointer_map *map, size_t offset) {
  const char *separator = " field ";
  const harena_pointer_field *field = NULL;
  while (map && (field = field_at(map, offset))) {
    harena__add(line, *field->name ? separator : "");
    harena__add(line, field->name);
    separator = ".";
    offset -= field->offset;
    if (field->count) {
      add_index(line, offset / element_size(field));
      offset %= element_size(field);
    }
    map = field->element;
  }
  add_offset(line, offset);
}

bool harena__add_field(harena__line *line, const harena__entry *entry, size_t offset) {
  if (!entry->pointer_map) {
    return false;
  }
  const harena_pointer_map *map = atomic_load(&maps[entry->pointer_map - 1]);
  harena__add(line, map->type);
  if (entry->size >= 2 * map->size) {
    add_index(line, offset / map->size);
  }
  add_path(line, map, offset % map->size);
  return true;
}
