/* Variables at known lines, and where they are. */
#ifndef HARENA_TESTS_DECLARED_H
#define HARENA_TESTS_DECLARED_H

/* Of declared.c. */
enum { IN_FILE = 7, DEFINED = 8, PAIRS = 9, OF_A_THREAD = 10, IN_FUNCTION = 15 };

/* Declared here, and said to be where they are defined. */
extern char *defined[4];
extern _Thread_local char *of_a_thread[2];

char **static_in_file(void);
char **static_in_function(void);
char **array_of_pairs(void); /* eight pairs of 16 bytes */

#endif
