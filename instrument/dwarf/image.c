#include "dwarf/image.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static harena__section map_file(const char *path) {
  struct stat status;
  harena__section file = {0};
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return file;
  }
  if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
    void *start = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (start != MAP_FAILED) {
      file = (harena__section){start, (size_t)status.st_size};
    }
  }
  close(descriptor);
  return file;
}

/* Tables are used in place, so they have to lie as their elements need it. */
static bool holds_table(harena__section file, const ElfW(Ehdr) * header) {
  return header->e_shoff % sizeof(uintptr_t) == 0 && header->e_shoff <= file.size &&
         header->e_shentsize == sizeof(ElfW(Shdr)) &&
         header->e_shnum <= (file.size - header->e_shoff) / sizeof(ElfW(Shdr));
}

bool harena__read_image(harena__section file, harena__image *out) {
  bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
  const ElfW(Ehdr) *header = (const void *)file.start;
  if (file.size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
      header->e_ident[EI_DATA] != (little ? ELFDATA2LSB : ELFDATA2MSB) ||
      !holds_table(file, header)) {
    return false;
  }
  *out = (harena__image){file, (const void *)(file.start + header->e_shoff), header->e_shnum};
  return true;
}

bool harena__open_image(const char *path, harena__image *out) {
  harena__section file = map_file(path);
  bool good = harena__read_image(file, out);
  if (!good && file.start) {
    munmap((void *)(uintptr_t)file.start, file.size);
  }
  return good;
}

void harena__close_image(harena__image *image) {
  munmap((void *)(uintptr_t)image->file.start, image->file.size);
}

harena__section harena__section_from(harena__section section, uint64_t offset) {
  size_t skipped = offset < section.size ? (size_t)offset : section.size;
  return (harena__section){section.start + skipped, section.size - skipped};
}

const char *harena__string_at(harena__section section, uint64_t offset) {
  harena__section rest = harena__section_from(section, offset);
  return rest.size > 0 && memchr(rest.start, '\0', rest.size) ? (const char *)rest.start : "";
}

static const harena__section nothing = {(const unsigned char *)"", 0};

harena__section harena__section_at(const harena__image *image, size_t index) {
  if (index >= image->count) {
    return nothing;
  }
  const ElfW(Shdr) *header = &image->headers[index];
  harena__section section = harena__section_from(image->file, header->sh_offset);
  bool is_there = header->sh_type != SHT_NOBITS && (header->sh_flags & SHF_COMPRESSED) == 0 &&
                  header->sh_size <= section.size;
  return is_there ? (harena__section){section.start, header->sh_size} : nothing;
}

harena__section harena__section_named(const harena__image *image, const char *name) {
  const ElfW(Ehdr) *header = (const void *)image->file.start;
  harena__section names = harena__section_at(image, header->e_shstrndx);
  for (size_t i = 0; i < image->count; i++) {
    if (strcmp(harena__string_at(names, image->headers[i].sh_name), name) == 0) {
      return harena__section_at(image, i);
    }
  }
  return nothing;
}
