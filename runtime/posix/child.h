/* child.h - waiting for one child that the runtime knows by its number. */
#ifndef COHOOK_CHILD_H
#define COHOOK_CHILD_H

#include <sys/types.h>

/* waitpid(PID, STATUS, OPTIONS) by the running fiber, which may park; HOW is enum
 * wait_how. The result, or -errno. */
int co__child_wait(pid_t pid, int *status, int options, unsigned how);

#endif
