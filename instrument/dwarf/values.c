#include "dwarf/values.h"

#include <string.h>

harena__section harena__take_bytes(harena__section *from, uint64_t size) {
  harena__section taken = {from->start, size <= from->size ? (size_t)size : 0};
  *from = harena__section_from(*from, size);
  return taken;
}

uint64_t harena__take_number(harena__section *from, size_t size) {
  uint64_t number = 0;
  harena__section taken = harena__take_bytes(from, size);
  if (taken.size > 0 && taken.size <= sizeof number) {
    size_t unused = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : sizeof number - taken.size;
    memcpy((char *)&number + unused, taken.start, taken.size);
  }
  return number;
}

uint64_t harena__take_leb(harena__section *from) {
  uint64_t number = 0;
  unsigned shift = 0;
  while (from->size > 0) {
    unsigned char byte = *harena__take_bytes(from, 1).start;
    number |= shift < 64 ? (uint64_t)(byte & 0x7f) << shift : 0;
    shift += 7;
    if (byte < 0x80) {
      break;
    }
  }
  return number;
}

const char *harena__take_string(harena__section *from) {
  const char *text = harena__string_at(*from, 0);
  harena__take_bytes(from, strlen(text) + 1);
  return text;
}

/* ---- Forms ---- */

/* A width in bytes, or one of these; a block begins with its length. */
enum { UNKNOWN, LEB = 32, BLOCK = 64, NOTHING = 128, TEXT = 129 };

/* By the form's number, as the standard's table has them. */
static const unsigned char shapes[][8] = {
    {UNKNOWN, sizeof(void *), UNKNOWN, BLOCK | 2, BLOCK | 4, 2, 4, 8},
    {TEXT, BLOCK | LEB, BLOCK | 1, 1, 1, LEB, 4, LEB},
    {4, 1, 2, 4, 8, LEB, UNKNOWN, 4},
    {BLOCK | LEB, NOTHING, LEB, LEB, 4, 4, 16, 4},
    {8, NOTHING, LEB, LEB, 8, 1, 2, 3},
    {4, 1, 2, 3, 4},
};

harena__value harena__take_value(harena__section *from, uint64_t form, uint64_t constant) {
  unsigned shape = form < sizeof shapes ? shapes[form / 8][form % 8] : UNKNOWN;
  harena__value value = {.form = form, .number = constant};
  if (shape == UNKNOWN) {
    harena__take_bytes(from, from->size);
  } else if (shape == TEXT) {
    value.text = harena__take_string(from);
  } else if (shape != NOTHING) {
    size_t width = shape & ~(unsigned)BLOCK;
    value.number = width == LEB ? harena__take_leb(from) : harena__take_number(from, width);
    value.block = harena__take_bytes(from, shape & BLOCK ? value.number : 0);
  }
  return value;
}
