#define HARENA_API __attribute__((visibility("default")))
HARENA_API int harena_one(void);
/* HARENA_API int harena_in_a_comment(void); */
