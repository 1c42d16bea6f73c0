#ifndef HARENA_A_H
#define HARENA_A_H
#ifdef __cplusplus
extern "C" {
#else
#endif
#endif
