/* What C++ has no word for, or another meaning. */
#ifndef C_ONLY_H
#define C_ONLY_H

struct outer {
  struct inner {
    _Complex double number;
  } inner;
  _Atomic int count;
  enum level { LOW, HIGH } level;
};

/* Anonymous structs are not C++. */
struct holder {
  int number;
  struct {
    int *first;
    union {
      void *second;
      struct {
        long size;
        char *third;
      };
    };
  };
};

#endif
