/* harena_ref */
#include <harena.h>

HARENA_VIEW(number, int)

void *resolve(const harena *arena, number_ref ref) { return harena_deref(arena, ref); }
