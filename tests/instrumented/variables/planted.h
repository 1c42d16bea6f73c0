/* Variables of C++. */
#ifndef HARENA_TESTS_PLANTED_H
#define HARENA_TESTS_PLANTED_H

#ifdef __cplusplus
extern "C" {
#endif

/* Of a class, compilers name the line of the declaration or that of the definition. */
enum { BED = 5, TOOL_DECLARED = 7, TOOL_DEFINED = 9 };

char **bed_of_garden(void);
char **tool_of_shed(void);

#ifdef __cplusplus
}
#endif
#endif
