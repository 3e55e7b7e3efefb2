/* child.h - waiting for one child that the runtime knows by its number. */
#ifndef COHOOK_CHILD_H
#define COHOOK_CHILD_H

#include <sys/types.h>

/* Wait until PID has ended, and take it: its STATUS may be NULL. HOW is enum wait_how.
 * PID, or -errno. */
int co__child_take(pid_t pid, int *status, unsigned how);
/* The same, and leave it to be taken. 1, or -errno. */
int co__child_await(pid_t pid, unsigned how);

#endif
