/* Takes values of DWARF from the front of a section, one after the other. Of a section without bytes
 * they are zeros, empty strings and empty sections. */
#ifndef HARENA_INSTRUMENT_VALUES_H
#define HARENA_INSTRUMENT_VALUES_H

#include <stdint.h>

#include "dwarf/image.h"

harena__section harena__take_bytes(harena__section *from, uint64_t size);
uint64_t harena__take_number(harena__section *from, size_t size); /* of up to 8 bytes; else 0 */
uint64_t harena__take_leb(harena__section *from); /* of any length, as one that is not negative */
const char *harena__take_string(harena__section *from);

/* ---- Forms ---- */

/* Those that have to be known apart; the numbers are the standard's, section 7.5.6. */
typedef enum harena__form {
  HARENA__FORM_STRING = 0x08,
  HARENA__FORM_STRP = 0x0e,
  HARENA__FORM_REF_ADDR = 0x10,
  HARENA__FORM_LINE_STRP = 0x1f,
  HARENA__FORM_IMPLICIT_CONST = 0x21
} harena__form;

/* A value of any form. References and places in other sections are numbers. */
typedef struct harena__value {
  uint64_t form;
  uint64_t number;
  harena__section block;
  const char *text; /* of a string that stands in place, else NULL */
} harena__value;

/* `constant` is what the abbreviation holds of an implicit constant. A form that is not known takes
 * all that is left: how long it is nobody can tell. */
harena__value harena__take_value(harena__section *from, uint64_t form, uint64_t constant);

#endif
