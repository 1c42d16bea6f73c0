/* statistics=1: the watcher's own figures, "harena: statistics: NAME NUMBER", one to a line.
 * docs/options.md says what each means. */
#ifndef HARENA_INSTRUMENT_STATISTICS_H
#define HARENA_INSTRUMENT_STATISTICS_H

/* Nothing without the option. */
void harena__list_statistics(void);

#endif
