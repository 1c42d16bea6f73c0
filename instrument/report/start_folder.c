#include "start_folder.h"

#include <string.h>
#include <unistd.h>

static char folder[1024];

/* Before the program's own code, which may go elsewhere before it opens an arena. */
enum { EARLY = 103 };
__attribute__((constructor(EARLY))) static void note(void) {
  if (!getcwd(folder, sizeof folder - 1)) {
    folder[0] = '\0';
  } else if (strcmp(folder, "/") != 0) {
    strcat(folder, "/");
  }
}

const char *harena__start_folder(void) { return folder; }
