/* Here the system always has memory: what fails is not what this test is about. */
#include "model/faults.h"

void plan_faults(size_t after, size_t count) {
  (void)after;
  (void)count;
}

void forget_faults(void) {}

void let_faults_happen(bool happen) { (void)happen; }

bool faults_happened(void) { return false; }
