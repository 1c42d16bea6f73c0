/* meter_buffer */
#include <harena.h>

HARENA_VIEW(meter, double)
HARENA_VIEW(second, double)

size_t length(second_buffer times) { return meter_length(times); }
