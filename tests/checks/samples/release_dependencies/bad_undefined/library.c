int harena_elsewhere(void);
int harena_one(void);

int harena_one(void) {
  return harena_elsewhere();
}
