/* References are checked at each use, so a view may hold them. */
#ifndef REFERENCES_H
#define REFERENCES_H

#include <harena/bytes.h>

struct tree {
  harena_ref parent;
  harena_bytes label;
  struct {
    harena_ref child[4];
  } branches;
};

#endif
