#include "escape/data_symbols.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct file {
  const char *start;
  size_t size;
} file;

typedef struct search {
  file file;
  unsigned type;
  uintptr_t place;
  harena__data_symbol *out;
} search;

static bool holds(file image, uint64_t offset, uint64_t size) {
  return offset <= image.size && size <= image.size - offset;
}

static file map_file(const char *path) {
  struct stat status;
  file image = {NULL, 0};
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return image;
  }
  if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
    void *start = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    image.start = start == MAP_FAILED ? NULL : start;
    image.size = image.start ? (size_t)status.st_size : 0;
  }
  close(descriptor);
  return image;
}

static void copy_name(char *out, size_t size, const char *name) {
  size_t length = strnlen(name, size - 1);
  memcpy(out, name, length);
  out[length] = '\0';
}

static bool covers(const search *it, const ElfW(Sym) * symbol) {
  uintptr_t size = symbol->st_size ? symbol->st_size : 1;
  return ELF64_ST_TYPE(symbol->st_info) == it->type && symbol->st_shndx != SHN_UNDEF &&
         it->place - symbol->st_value < size;
}

/* Names that only one file knows come behind the name of their file. */
static bool search_symbols(const search *it, const ElfW(Sym) * symbols, size_t count,
                           const char *names) {
  const char *source = "";
  for (size_t i = 0; i < count; i++) {
    const char *name = names + symbols[i].st_name;
    if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FILE) {
      source = name;
    } else if (covers(it, &symbols[i])) {
      bool local = ELF64_ST_BIND(symbols[i].st_info) == STB_LOCAL;
      copy_name(it->out->name, sizeof it->out->name, name);
      copy_name(it->out->file, sizeof it->out->file, local ? source : "");
      it->out->local = local;
      it->out->offset = it->place - symbols[i].st_value;
      return true;
    }
  }
  return false;
}

static bool search_table(const search *it, const ElfW(Shdr) * sections, size_t count,
                         const ElfW(Shdr) * table) {
  if (table->sh_link >= count) {
    return false;
  }
  const ElfW(Shdr) *names = &sections[table->sh_link];
  return holds(it->file, table->sh_offset, table->sh_size) &&
         holds(it->file, names->sh_offset, names->sh_size) &&
         search_symbols(it, (const void *)(it->file.start + table->sh_offset),
                        table->sh_size / sizeof(ElfW(Sym)), it->file.start + names->sh_offset);
}

static bool search_tables(const search *it, const ElfW(Shdr) * sections, size_t count,
                          unsigned kind) {
  for (size_t i = 0; i < count; i++) {
    if (sections[i].sh_type == kind && search_table(it, sections, count, &sections[i])) {
      return true;
    }
  }
  return false;
}

/* The full table, else what a stripped file still has for the loader. */
static bool search_file(const search *it) {
  const ElfW(Ehdr) *header = (const void *)it->file.start;
  if (it->file.size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      !holds(it->file, header->e_shoff, header->e_shnum * sizeof(ElfW(Shdr)))) {
    return false;
  }
  const ElfW(Shdr) *sections = (const void *)(it->file.start + header->e_shoff);
  return search_tables(it, sections, header->e_shnum, SHT_SYMTAB) ||
         search_tables(it, sections, header->e_shnum, SHT_DYNSYM);
}

bool harena__find_data_symbol(const harena__module *module, harena__storage storage,
                              uintptr_t place, harena__data_symbol *out) {
  search it = {.file = map_file(module->path),
               .type = storage == HARENA__THREAD_STORAGE ? STT_TLS : STT_OBJECT,
               .place = place,
               .out = out};
  if (!it.file.start) {
    return false;
  }
  bool found = search_file(&it);
  munmap((void *)(uintptr_t)it.file.start, it.file.size);
  return found;
}
