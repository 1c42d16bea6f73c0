#include "dwarf/entries.h"

#include <string.h>

#include "pages.h"

/* More than compilers need for a unit. */
enum { MOST_SHAPES = 1 << 15 };

bool harena__open_debug_sections(const harena__image *image, harena__debug_sections *out) {
  *out = (harena__debug_sections){
      .info = harena__section_named(image, ".debug_info"),
      .abbreviations = harena__section_named(image, ".debug_abbrev"),
      .addresses = harena__section_named(image, ".debug_addr"),
      .lines = harena__section_named(image, ".debug_line"),
      .strings = harena__section_named(image, ".debug_str"),
      .line_strings = harena__section_named(image, ".debug_line_str"),
      .shapes_of = UINT64_MAX,
  };
  if (out->info.size > 0 && out->lines.size > 0) {
    out->shapes = harena__map_pages(MOST_SHAPES * sizeof *out->shapes);
  }
  return out->shapes != NULL;
}

void harena__close_debug_sections(harena__debug_sections *debug) {
  harena__unmap_pages((void *)debug->shapes, MOST_SHAPES * sizeof *debug->shapes);
}

/* ---- Units ---- */

enum { COMPILE_UNIT = 1, PARTIAL_UNIT = 3 };

/* Sizes of addresses come before or behind the place of the abbreviations, by the version. */
static bool take_head(harena__section *from, harena__unit *out) {
  uint64_t kind = COMPILE_UNIT;
  uint64_t address_size = sizeof(void *);
  out->version = (unsigned)harena__take_number(from, 2);
  if (out->version == 5) {
    kind = harena__take_number(from, 1);
    address_size = harena__take_number(from, 1);
  }
  out->abbreviations = harena__take_number(from, 4);
  if (out->version == 4) {
    address_size = harena__take_number(from, 1);
  }
  return (out->version == 4 || out->version == 5) && address_size == sizeof(void *) &&
         (kind == COMPILE_UNIT || kind == PARTIAL_UNIT);
}

bool harena__take_unit(const harena__debug_sections *debug, harena__section *from,
                       harena__unit *out) {
  *out = (harena__unit){.start = (uint64_t)(from->start - debug->info.start)};
  bool is_there = from->size > 0;
  uint64_t size = harena__take_number(from, 4);
  harena__section unit = harena__take_bytes(from, size);
  bool is_known = take_head(&unit, out);
  out->entries = (harena__section){unit.start, is_known ? unit.size : 0};
  return is_there;
}

/* ---- Abbreviations ---- */

/* A name and a form, both 0 behind the last. */
typedef struct attribute {
  uint64_t name;
  uint64_t form;
  uint64_t constant;
} attribute;

static bool take_attribute(harena__section *from, attribute *out) {
  out->name = harena__take_leb(from);
  out->form = harena__take_leb(from);
  out->constant = out->form == HARENA__FORM_IMPLICIT_CONST ? harena__take_leb(from) : 0;
  return out->name != 0 || out->form != 0;
}

static void note_shape(harena__debug_sections *debug, uint64_t code, const unsigned char *shape) {
  if (code < MOST_SHAPES) {
    debug->shapes[code] = shape;
    debug->shape_count = code < debug->shape_count ? debug->shape_count : (size_t)code + 1;
  }
}

static void read_shapes(harena__debug_sections *debug, harena__section from) {
  memset((void *)debug->shapes, 0, debug->shape_count * sizeof *debug->shapes);
  for (uint64_t code; (code = harena__take_leb(&from)) != 0;) {
    attribute ignored;
    note_shape(debug, code, from.start);
    harena__take_leb(&from);
    harena__take_bytes(&from, 1);
    while (take_attribute(&from, &ignored)) {
    }
  }
}

void harena__use_unit(harena__debug_sections *debug, const harena__unit *unit) {
  if (debug->shapes_of != unit->abbreviations) {
    harena__section table = harena__section_from(debug->abbreviations, unit->abbreviations);
    read_shapes(debug, table);
    debug->shapes_of = unit->abbreviations;
  }
}

/* ---- Entries ---- */

static uint64_t reference(const harena__value *value, const harena__unit *unit) {
  return value->number + (value->form == HARENA__FORM_REF_ADDR ? 0 : unit->start);
}

/* By the attribute's number in the standard, section 7.5.4. */
static void note(uint64_t name, const harena__value *value, const harena__unit *unit,
                 harena__dwarf_entry *out) {
  switch (name) {
    case 0x01: /* sibling */
      out->sibling = reference(value, unit);
      break;
    case 0x02: /* location */
      out->location = value->block;
      break;
    case 0x10: /* stmt_list */
      out->has_lines = true;
      out->lines = value->number;
      break;
    case 0x1b: /* comp_dir */
      out->folder = *value;
      break;
    case 0x31: /* abstract_origin */
    case 0x47: /* specification */
      out->origin = reference(value, unit);
      break;
    case 0x3a: /* decl_file */
      out->has_file = true;
      out->file = value->number;
      break;
    case 0x3b: /* decl_line */
      out->line = value->number;
      break;
    case 0x73: /* addr_base */
      out->addresses = value->number;
      break;
    default:
      break;
  }
}

void harena__take_entry(const harena__debug_sections *debug, const harena__unit *unit,
                        harena__section *from, harena__dwarf_entry *out) {
  uint64_t code = harena__take_leb(from);
  *out = (harena__dwarf_entry){0};
  if (code == 0) {
    return;
  }
  const unsigned char *shape = code < debug->shape_count ? debug->shapes[code] : NULL;
  if (!shape) {
    harena__take_bytes(from, from->size);
    return;
  }
  const harena__section *all = &debug->abbreviations;
  harena__section attributes = {shape, all->size - (size_t)(shape - all->start)};
  out->tag = harena__take_leb(&attributes);
  harena__take_bytes(&attributes, 1);
  for (attribute it; take_attribute(&attributes, &it);) {
    harena__value value = harena__take_value(from, it.form, it.constant);
    note(it.name, &value, unit, out);
  }
}
