static inline size_t size(void) {
  return 0;
}
