/* Arenas that change hands: a producer fills one and passes it through a queue under a mutex; the
 * consumer reads it, clears it and passes it back. One thread has it at any time. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "correct.h"

enum { ARENAS = 3, PARCELS = 200, END = -1 };

typedef struct parcel {
  harena *arena;
  int number; /* END: nothing follows */
  char *text;
} parcel;

/* First in, first out; each arena is in one queue at most, so there is always room. */
typedef struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t filled;
  parcel parcels[ARENAS + 1];
  size_t first;
  size_t count;
} queue;

typedef struct office {
  queue full;
  queue empty;
} office;

static void put(queue *it, parcel added) {
  pthread_mutex_lock(&it->mutex);
  it->parcels[(it->first + it->count++) % (ARENAS + 1)] = added;
  pthread_cond_signal(&it->filled);
  pthread_mutex_unlock(&it->mutex);
}

static parcel take(queue *it) {
  pthread_mutex_lock(&it->mutex);
  while (it->count == 0) {
    pthread_cond_wait(&it->filled, &it->mutex);
  }
  parcel taken = it->parcels[it->first];
  it->first = (it->first + 1) % (ARENAS + 1);
  it->count--;
  pthread_mutex_unlock(&it->mutex);
  return taken;
}

static void *produce(void *context) {
  office *it = context;
  for (int i = 0; i < PARCELS; i++) {
    parcel filled = take(&it->empty);
    filled.number = i;
    filled.text = harena_printf(filled.arena, "parcel %d", i);
    put(&it->full, filled);
  }
  put(&it->full, (parcel){.number = END});
  return NULL;
}

static void consume(office *it) {
  for (int expected = 0;; expected++) {
    parcel taken = take(&it->full);
    if (taken.number == END) {
      REQUIRE(expected == PARCELS);
      return;
    }
    char text[32];
    snprintf(text, sizeof text, "parcel %d", expected);
    REQUIRE(strcmp(taken.text, text) == 0);
    harena_clear(taken.arena);
    put(&it->empty, taken);
  }
}

static void set_up(queue *it) {
  REQUIRE(pthread_mutex_init(&it->mutex, NULL) == 0);
  REQUIRE(pthread_cond_init(&it->filled, NULL) == 0);
}

static void tear_down(queue *it) {
  while (it->count > 0) {
    harena_close(take(it).arena);
  }
  pthread_mutex_destroy(&it->mutex);
  pthread_cond_destroy(&it->filled);
}

void correct_threads(void) {
  office it = {.full = {.count = 0}};
  set_up(&it.full);
  set_up(&it.empty);
  for (int i = 0; i < ARENAS; i++) {
    put(&it.empty, (parcel){.arena = harena_open(&(harena_options){.name = "parcel"})});
  }
  pthread_t producer;
  REQUIRE(pthread_create(&producer, NULL, produce, &it) == 0);
  consume(&it);
  REQUIRE(pthread_join(producer, NULL) == 0);
  tear_down(&it.full);
  tear_down(&it.empty);
}
