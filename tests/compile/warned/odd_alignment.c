/* clang -O0: -Wnon-power-of-two-alignment */
#include <harena.h>

void *make(harena *arena) { return harena_alloc(arena, 8, 3); }
