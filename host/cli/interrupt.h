/* interrupt.h - SIGINT and SIGTERM ask the job to stop; it then leaves nothing half-written. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H
#include <stdbool.h>

/* The first signal sets the flag, a second one ends the process at once. SIGPIPE and SIGXFSZ become write errors. */
void cli_interrupt_install(void);
bool cli_interrupted(void);
#endif
