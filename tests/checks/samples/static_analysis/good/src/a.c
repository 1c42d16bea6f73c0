int choose(int value);
int choose(int value) {
  return value > 1 ? 1 : 2;
}
