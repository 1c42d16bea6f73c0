#include "escape/data_symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/demangle.h"
#include "report/symbolize.h"

typedef struct search {
  harena__image image;
  harena__storage storage;
  uintptr_t place;
  harena__data_symbol *out;
} search;

static void copy_name(char *out, size_t size, const char *name) {
  size_t length = strnlen(name, size - 1);
  memcpy(out, name, length);
  out[length] = '\0';
}

/* Symbols without a size are the linker's, and may have the address of a variable. */
static bool covers(const search *it, const ElfW(Sym) * symbol) {
  unsigned type = it->storage == HARENA__THREAD_STORAGE ? STT_TLS : STT_OBJECT;
  return ELF64_ST_TYPE(symbol->st_info) == type && symbol->st_shndx != SHN_UNDEF &&
         it->place - symbol->st_value < symbol->st_size;
}

/* Names that only one file knows come behind the name of their file. */
static void take_symbol(const search *it, const ElfW(Sym) * symbol, const char *name,
                        const char *source) {
  harena__data_symbol *out = it->out;
  harena__line plain = {0};
  copy_name(out->name, sizeof out->name, harena__demangle(name, &plain) ? plain.text : name);
  out->local = ELF64_ST_BIND(symbol->st_info) == STB_LOCAL;
  copy_name(out->file, sizeof out->file, out->local ? source : "");
  out->offset = it->place - symbol->st_value;
  out->to_next = 0;
}

/* clang makes "name.0", "name.1" and so on of the members of a static variable. */
static bool name_next_part(const char *name, char *out, size_t size) {
  const char *dot = strrchr(name, '.');
  char *end = NULL;
  unsigned long number = dot && dot[1] >= '0' && dot[1] <= '9' ? strtoul(dot + 1, &end, 10) : 0;
  return end && *end == '\0' && (size_t)(dot - name) < size - 24 &&
         snprintf(out, size, "%.*s.%lu", (int)(dot - name), name, number + 1) > 0;
}

static void add_next_part(const search *it, const ElfW(Sym) * part, harena__section table,
                          harena__section names) {
  char wanted[sizeof it->out->name];
  const ElfW(Sym) *symbols = (const void *)table.start;
  if (!name_next_part(harena__string_at(names, part->st_name), wanted, sizeof wanted)) {
    return;
  }
  for (size_t i = 0; i < table.size / sizeof *symbols; i++) {
    if (symbols[i].st_info == part->st_info &&
        strcmp(harena__string_at(names, symbols[i].st_name), wanted) == 0) {
      it->out->to_next = (intptr_t)(symbols[i].st_value - part->st_value);
    }
  }
}

static bool search_symbols(const search *it, harena__section table, harena__section names) {
  const ElfW(Sym) *symbols = (const void *)table.start;
  const char *source = "";
  for (size_t i = 0; i < table.size / sizeof *symbols; i++) {
    if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FILE) {
      source = harena__string_at(names, symbols[i].st_name);
    } else if (covers(it, &symbols[i])) {
      take_symbol(it, &symbols[i], harena__string_at(names, symbols[i].st_name), source);
      add_next_part(it, &symbols[i], table, names);
      return true;
    }
  }
  return false;
}

static bool search_tables(const search *it, unsigned kind) {
  for (size_t i = 0; i < it->image.count; i++) {
    const ElfW(Shdr) *header = &it->image.headers[i];
    if (header->sh_type == kind && header->sh_offset % sizeof(uintptr_t) == 0 &&
        search_symbols(it, harena__section_at(&it->image, i),
                       harena__section_at(&it->image, header->sh_link))) {
      return true;
    }
  }
  return false;
}

static void add_line(const search *it) {
  harena__line path = {0};
  harena__data_symbol *out = it->out;
  out->line =
      (unsigned)harena__find_declaration(&it->image, it->storage, it->place - out->offset, &path);
  if (out->line > 0) {
    copy_name(out->file, sizeof out->file, harena__short_path(path.text));
  }
}

/* The full table, else what a stripped file still has for the loader. */
bool harena__find_in_image(const harena__image *image, harena__storage storage, uintptr_t place,
                           harena__data_symbol *out) {
  search it = {.image = *image, .storage = storage, .place = place, .out = out};
  bool found = search_tables(&it, SHT_SYMTAB) || search_tables(&it, SHT_DYNSYM);
  if (found) {
    add_line(&it);
  }
  return found;
}

bool harena__find_data_symbol(const harena__module *module, harena__storage storage,
                              uintptr_t place, harena__data_symbol *out) {
  harena__image image;
  if (!harena__open_image(module->path, &image)) {
    return false;
  }
  bool found = harena__find_in_image(&image, storage, place, out);
  harena__close_image(&image);
  return found;
}
