// Variables of C++, where debug information says a part in one place and the rest in another.
#include "planted.h"

namespace garden {
char *bed[2];
struct Shed {
  static char *tool;
};
char *Shed::tool;
}  // namespace garden

char **bed_of_garden(void) { return garden::bed; }
char **tool_of_shed(void) { return &garden::Shed::tool; }
