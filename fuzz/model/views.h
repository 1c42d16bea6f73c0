/* Typed views beside plain arrays of what they must hold. */
#ifndef FUZZ_MODEL_VIEWS_H
#define FUZZ_MODEL_VIEWS_H

#include <stddef.h>
#include <stdint.h>

void play_views(const uint8_t *bytes, size_t size);

#endif
