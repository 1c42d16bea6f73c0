int choose(int value);
int choose(int value) {
  if (value > 1) {
    return 1;
  } else {
    return 1;
  }
}
