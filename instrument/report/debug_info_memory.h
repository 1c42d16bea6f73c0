/* Memory for libbacktrace, from the watcher's own pages. */
#ifndef HARENA_INSTRUMENT_DEBUG_INFO_MEMORY_H
#define HARENA_INSTRUMENT_DEBUG_INFO_MEMORY_H

/* Takes its lock over forks. Being called also links the memory in: a linker takes it from an
 * archive for no other reason. */
void harena__guard_debug_info_memory(void);

#endif
