/* #if in a comment */
#ifndef HARENA_A_H
#define HARENA_A_H
#ifdef __cplusplus
extern "C" {
#endif
static const char *const text = "\
#if in a string";
#ifdef __cplusplus
}
#endif
#endif
