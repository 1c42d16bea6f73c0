/* A shared library that is loaded while the program runs. */
extern char *of_the_library;

char *of_the_library;
