#include "printable.h"

#include <stdbool.h>
#include <stdint.h>

/* The bits of a character's first byte, and how many bytes continue it; SIZE_MAX: no first byte. */
static size_t continuation_bytes(unsigned char first, uint32_t *bits) {
  if (first < 0x80) {
    *bits = first;
    return 0;
  }
  if ((first & 0xe0) == 0xc0) {
    *bits = first & 0x1f;
    return 1;
  }
  if ((first & 0xf0) == 0xe0) {
    *bits = first & 0x0f;
    return 2;
  }
  if ((first & 0xf8) == 0xf0) {
    *bits = first & 0x07;
    return 3;
  }
  return SIZE_MAX;
}

static bool is_printable(uint32_t character, size_t continued) {
  static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
  bool is_control = character < 0x20 || (character >= 0x7f && character < 0xa0);
  bool is_surrogate = character >= 0xd800 && character < 0xe000;
  return !is_control && !is_surrogate && character >= smallest[continued] && character <= 0x10ffff;
}

size_t harena__printable_length(const char *text) {
  uint32_t character;
  size_t continued = continuation_bytes((unsigned char)text[0], &character);
  if (continued == SIZE_MAX) {
    return 0;
  }
  for (size_t i = 1; i <= continued; i++) {
    unsigned char byte = (unsigned char)text[i];
    if ((byte & 0xc0) != 0x80) {
      return 0;
    }
    character = character << 6 | (byte & 0x3f);
  }
  return is_printable(character, continued) ? continued + 1 : 0;
}
