/* Included at the end of contenders that are only there for their growing string. CONTENDER is the
 * name of the table. */
#include "text_workloads.h"

const struct contender_passes CONTENDER = {
    .open = open_arena,
    .close = close_arena,
    .pass =
        {
            [PASS_FILL_APPEND1] = fill_append1,
            [PASS_FILL_APPEND16] = fill_append16,
            [PASS_HOT_APPEND1] = hot_append1,
            [PASS_HOT_APPEND16] = hot_append16,
            [PASS_HOT_PRINT] = hot_print,
        },
};
