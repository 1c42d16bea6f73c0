#include "escape/registered.h"

#include <pthread.h>
#include <stdatomic.h>

#include "escape/word_set.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static harena__word_set registered; /* both hold hidden slots */
static harena__word_set allowed;
static _Atomic size_t registered_count; /* read without the lock */

static void take_lock(void) { pthread_mutex_lock(&lock); }
static void drop_lock(void) { pthread_mutex_unlock(&lock); }

__attribute__((constructor)) static void guard_fork(void) {
  pthread_atfork(take_lock, drop_lock, drop_lock);
}

bool harena__register_slot(uintptr_t slot) {
  take_lock();
  bool added = harena__word_set_add(&registered, ~slot);
  atomic_store(&registered_count, registered.count);
  drop_lock();
  return added;
}

bool harena__allow_slot(uintptr_t slot) {
  take_lock();
  bool added = harena__word_set_add(&allowed, ~slot);
  drop_lock();
  return added;
}

void harena__forget_slot(uintptr_t slot) {
  take_lock();
  harena__word_set_remove(&registered, ~slot);
  harena__word_set_remove(&allowed, ~slot);
  atomic_store(&registered_count, registered.count);
  drop_lock();
}

bool harena__is_allowed(uintptr_t slot) {
  take_lock();
  bool holds = harena__word_set_holds(&allowed, ~slot);
  drop_lock();
  return holds;
}

typedef struct copy {
  uintptr_t *out;
  size_t capacity;
  size_t count;
} copy;

static void take_slot(uintptr_t hidden, void *context) {
  copy *it = context;
  if (it->count < it->capacity) {
    it->out[it->count++] = hidden;
  }
}

size_t harena__registered_slots(uintptr_t *hidden_out, size_t capacity) {
  copy it = {hidden_out, capacity, 0};
  take_lock();
  harena__word_set_each(&registered, take_slot, &it);
  drop_lock();
  return it.count;
}

size_t harena__registered_count(void) { return atomic_load(&registered_count); }
