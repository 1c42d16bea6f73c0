static inline int *first(void *block) {
  return block;
}
