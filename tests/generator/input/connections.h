/* Pointers of every kind, for the pointer map. */
#ifndef CONNECTIONS_H
#define CONNECTIONS_H

#include <harena/arena.h>

struct entry {
  const char *key;
  int value;
};

struct conn {
  struct conn *peer;
  int descriptor;
  struct {
    char *host;
    int port;
  } address;
  union {
    void *any;
    long number;
  };
  struct entry entries[8];
  void (*handlers[3])(void);
  struct {
    struct {
      int weight;
      _Atomic(char *) name;
    } cell[2];
  } grid[4][5];
  harena_ref owner;
};

typedef struct Plain {
  int number;
} Plain;

typedef struct entry *EntryPointer;

#endif
