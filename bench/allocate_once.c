/* One allocation and nothing else, for bench/instructions to disassemble. */
#include <harena/arena.h>

void *allocate_once(harena *arena);
void *allocate_once(harena *arena) { return harena_alloc(arena, 16, 8); }
