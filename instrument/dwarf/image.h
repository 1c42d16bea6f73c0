/* A program's file as it is on disk, mapped to be read: its sections. */
#ifndef HARENA_INSTRUMENT_IMAGE_H
#define HARENA_INSTRUMENT_IMAGE_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>

/* Bytes of a file. One that is not there has no bytes, but an address. */
typedef struct harena__section {
  const unsigned char *start;
  size_t size;
} harena__section;

typedef struct harena__image {
  harena__section file;
  const ElfW(Shdr) * headers;
  size_t count;
} harena__image;

/* False when it cannot be read or is not of this machine's kind. No heap, no locks. */
bool harena__open_image(const char *path, harena__image *out);
void harena__close_image(harena__image *image);

/* The same for a file that is in memory already, at an address as mmap gives it. */
bool harena__read_image(harena__section file, harena__image *out);

/* Empty when the section is not there, not in the file, or compressed. */
harena__section harena__section_at(const harena__image *image, size_t index);
harena__section harena__section_named(const harena__image *image, const char *name);

/* From `offset` to the section's end; empty when it is not in the section. */
harena__section harena__section_from(harena__section section, uint64_t offset);

/* The string at `offset`; "" when there is none, or no end of it. */
const char *harena__string_at(harena__section section, uint64_t offset);

#endif
