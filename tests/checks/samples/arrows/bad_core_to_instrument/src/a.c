#include "instrument/ledger.h"
