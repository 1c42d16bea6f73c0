#include "../src/record.h"
