#include <math.h>

double harena_one(double x) {
  return cos(x);
}
