/* helper.h - OS threads of the runtime's own that serve fibers and run none.
 *
 * They do not keep the process going, so they are counted; and they take no signals:
 * those are for the program's threads. */
#ifndef COHOOK_HELPER_H
#define COHOOK_HELPER_H

#include <stdatomic.h>
#include <stddef.h>

/* How many there are, those of libuv's pool included. */
extern atomic_int co__helpers;

/* Start ENTRY(ARG) on a detached thread with a stack of STACK_SIZE bytes. ENTRY ends by
 * co__helper_ends(). 0, or the error of pthread_create(3). */
int co__helper_start(void *(*entry)(void *arg), void *arg, size_t stack_size);
void co__helper_ends(void);

#endif
