struct pair {
  int a;
};
