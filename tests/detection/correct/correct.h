/* Programs without a mistake, of the kinds that people write: nobody may say a word about them. */
#ifndef HARENA_TESTS_DETECTION_CORRECT_H
#define HARENA_TESTS_DETECTION_CORRECT_H

#include <harena.h>

void correct_backtracking(void);
void correct_cleanups(void);
void correct_fixed(void);
void correct_handles(void);
void correct_lru(void);
void correct_parser(void);
void correct_scopes(void);
void correct_server(void);
void correct_strings(void);
void correct_threads(void);

/* Ends the program when a result is wrong: a correct program has to do its work as well. */
#define REQUIRE(condition) correct_require((condition), #condition, __FILE__, __LINE__)
void correct_require(bool holds, const char *condition, const char *file, int line);

#endif
