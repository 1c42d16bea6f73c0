/* Two buffers in one arena beside plain copies of what they must hold. */
#ifndef FUZZ_MODEL_BUFFERS_H
#define FUZZ_MODEL_BUFFERS_H

#include <stddef.h>
#include <stdint.h>

void play_buffers(const uint8_t *bytes, size_t size);

#endif
