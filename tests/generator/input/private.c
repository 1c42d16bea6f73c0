/* Uses the views that harena-gen makes of it. */
#include "shapes.h"
/* Not sorted: harena-gen writes the views below. */
#include "point.harena.h"

struct Layer {
  char title[16];
  point_ref anchor;
};

typedef struct HTTPServer2Go {
  int port;
} HTTPServer2Go;

#include "http_server2_go.harena.h"
#include "layer.harena.h"

static layer_ref top(harena *arena, layer_buffer layers) {
  (void)arena;
  return layer_get(layers, layer_length(layers) - 1);
}

int main(void) {
  harena *arena = harena_open(NULL);
  layer_buffer layers = {0};
  layer_make(arena, 1, &layers);
  layer_at(arena, top(arena, layers))->anchor = point_new(arena);
  harena_close(arena);
}
