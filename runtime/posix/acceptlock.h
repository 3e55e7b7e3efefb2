/* acceptlock.h - who may look at a listening socket's queue and take from it without
 * waiting. */
#ifndef COHOOK_ACCEPTLOCK_H
#define COHOOK_ACCEPTLOCK_H

#include "../fdtab.h"

/* listen(2) has succeeded on FD. */
void co__accept_listens(int fd);

#endif
