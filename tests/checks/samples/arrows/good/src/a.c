#include <harena/a.h>
#include <sys/mman.h>

#include "hooks.h"
#include "record.h"
