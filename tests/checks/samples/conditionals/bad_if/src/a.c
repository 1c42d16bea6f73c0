#include <stddef.h>

#if 1
int value;
#endif
