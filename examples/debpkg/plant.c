#include "plant.h"

#include <string.h>

struct description {
  const char *name;
  const char *stands_for;
};

static const struct description descriptions[] = {
    [PLANT_USE_AFTER_CLEAR] = {"use-after-clear",
                               "a table keeps a name of the stanza instead of a copy of its own"},
    [PLANT_USE_AFTER_CLOSE] = {"use-after-close",
                               "the arena of the results is closed before they are printed"},
    [PLANT_USE_AFTER_REWIND] = {"use-after-rewind",
                                "a list made within a scope is read after the scope"},
    [PLANT_USE_AFTER_FREE] = {"use-after-free",
                              "a growing table frees its old slots before it has moved them"},
    [PLANT_OVERRUN] = {"overrun", "a copied string has no room for the NUL that ends it"},
    [PLANT_UNDERRUN] = {"underrun", "a loop that counts down stops one element too late"},
    [PLANT_UNINITIALISED] = {"uninitialised",
                             "a member that was added later is not among those set at the start"},
    [PLANT_STALE_REFERENCE] = {"stale-reference",
                               "a reference into the stanza's arena is kept over its clear"},
    [PLANT_FOREIGN_REFERENCE] = {"foreign-reference",
                                 "a reference is looked up in an arena it does not belong to"},
    [PLANT_DEAD_MARK] = {"dead-mark", "a mark is rewound to after its arena was cleared"},
    [PLANT_DOUBLE_CLOSE] = {"double-close",
                            "a function closes an arena that its caller closes as well"},
    [PLANT_ESCAPED_REFERENCE] = {"escaped-reference",
                                 "a variable goes on pointing to a name of the last stanza"},
};

enum { DESCRIPTIONS = sizeof descriptions / sizeof descriptions[0] };

static enum plant chosen = PLANT_NOTHING;

bool plant_choose(const char *name) {
  for (int i = PLANT_NOTHING + 1; i < DESCRIPTIONS; i++) {
    if (strcmp(descriptions[i].name, name) == 0) {
      chosen = (enum plant)i;
      return true;
    }
  }
  return false;
}

bool planted(enum plant plant) { return plant == chosen; }

void plant_list(FILE *stream) {
  for (int i = PLANT_NOTHING + 1; i < DESCRIPTIONS; i++) {
    fprintf(stream, "%s  %s\n", descriptions[i].name, descriptions[i].stands_for);
  }
}
