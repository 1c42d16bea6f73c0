#include "../instrument/ledger.h"
