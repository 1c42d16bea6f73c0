/* A drawing in layers, each with a list of circles, in one arena.
 *
 * Nothing in it is a pointer: layers and circles are found through views, which are checked at each
 * use, in release as well. `sketch --plant stale` uses a layer after the arena was cleared.
 *
 * The views are made by harena-gen during the build (examples/meson.build): those of Point and
 * Circle, which sketch/shape.h shows to everybody, have a source file of their own; that of struct
 * layer, which only this file knows, is inline. */
#include <harena.h>
#include <stdio.h>
#include <string.h>

#include "circle.harena.h"
#include "point.harena.h"

struct layer {
  char title[16];
  circle_buffer circles; /* a view may hold views */
  point_ref anchor;
};

#include "layer.harena.h"

static layer_ref add_layer(harena *arena, layer_buffer *drawing, const char *title, Point anchor) {
  struct layer layer = {.anchor = point_embed(arena, anchor)};
  snprintf(layer.title, sizeof layer.title, "%s", title);
  if (!layer_append(arena, drawing, layer)) {
    fprintf(stderr, "sketch: layer %s: no memory\n", title);
  }
  return layer_get(*drawing, layer_length(*drawing) - 1);
}

/* The place is given from the layer's anchor. */
static void add_circle(harena *arena, layer_ref ref, Circle circle) {
  struct layer *layer = layer_at(arena, ref);
  const Point *anchor = point_at(arena, layer->anchor);
  circle.centre.x += anchor->x;
  circle.centre.y += anchor->y;
  if (!circle_append(arena, &layer->circles, circle)) {
    fprintf(stderr, "sketch: circle in layer %s: no memory\n", layer->title);
  }
}

static void print_layer(harena *arena, layer_ref ref) {
  const struct layer *layer = layer_at(arena, ref);
  const Circle *circles = circle_items(arena, layer->circles);
  printf("%s: %zu circles\n", layer->title, circle_length(layer->circles));
  for (size_t i = 0; i < circle_length(layer->circles); i++) {
    printf("  at %d,%d radius %d%s\n", circles[i].centre.x, circles[i].centre.y, circles[i].radius,
           circles[i].filled ? ", filled" : "");
  }
}

static layer_ref draw(harena *arena) {
  layer_buffer drawing = {0};
  layer_ref sky = add_layer(arena, &drawing, "sky", (Point){0, 100});
  add_circle(arena, sky, (Circle){.centre = {80, 20}, .radius = 9, .filled = 1});
  layer_ref car = add_layer(arena, &drawing, "car", (Point){10, 0});
  add_circle(arena, car, (Circle){.centre = {0, 3}, .radius = 3});
  add_circle(arena, car, (Circle){.centre = {12, 3}, .radius = 3});
  for (size_t i = 0; i < layer_length(drawing); i++) {
    print_layer(arena, layer_get(drawing, i));
  }
  return car;
}

int main(int count, char **words) {
  harena *arena = harena_open(&(harena_options){.name = "sketch"});
  if (!arena) {
    perror("sketch");
    return 1;
  }
  layer_ref car = draw(arena);
  harena_clear(arena);
  if (count == 3 && strcmp(words[1], "--plant") == 0 && strcmp(words[2], "stale") == 0) {
    print_layer(arena, car);
  }
  harena_close(arena);
}
