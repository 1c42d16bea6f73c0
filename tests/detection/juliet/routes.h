/* How a pointer gets from where it was made to where it is used: the data flows of the Juliet test
 * suite (its variants 31 to 68). A tool that watches memory must not care. */
#ifndef HARENA_TESTS_DETECTION_ROUTES_H
#define HARENA_TESTS_DETECTION_ROUTES_H

typedef char *route_fn(char *pointer);

/* The route of that name; the program ends when there is none. */
route_fn *find_route(const char *name);

#endif
