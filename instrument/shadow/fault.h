/* Who answers a fault: for the back ends whose tool does not see a bad access itself. */
#ifndef HARENA_INSTRUMENT_FAULT_H
#define HARENA_INSTRUMENT_FAULT_H

/* Installs handlers of SIGSEGV and SIGBUS that explain faults at addresses of ours on stderr, and
 * then let the fault happen again for whoever handled it before. Other faults go straight to them.
 * An alternate stack needs no more room than any handler does. */
void harena__watch_faults(void);

#endif
