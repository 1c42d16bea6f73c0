#include <harena/a.h>
