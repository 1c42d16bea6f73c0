/* gcc -O0: -Wstringop-overflow= */
#include <harena.h>
#include <string.h>

struct user {
  char name[8];
};

void use(void *block);

void fill(harena *arena) {
  struct user *user = harena_new(arena, struct user);
  memcpy(user, "longer than eight", 17);
  use(user);
}
