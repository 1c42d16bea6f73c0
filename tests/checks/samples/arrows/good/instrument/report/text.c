#include "ledger.h"
#include "record.h"
