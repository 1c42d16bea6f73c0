#include "connections.h"

struct cache {
  struct conn *first;
};

#include "cache.harena.h"

int main(void) { return cache_pointer_map.field_count == 1 ? 0 : 1; }
