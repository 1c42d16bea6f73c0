/* Where the program was started: its user looks from there, even if it has gone elsewhere since. */
#ifndef HARENA_INSTRUMENT_START_FOLDER_H
#define HARENA_INSTRUMENT_START_FOLDER_H

/* With a slash at its end; "" when it is not known. Safe in signal handlers. */
const char *harena__start_folder(void);

#endif
