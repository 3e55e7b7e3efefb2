/* overflow.h - tells the user when a fiber's stack is too small, before the program dies
 * of it. */
#ifndef COHOOK_OVERFLOW_H
#define COHOOK_OVERFLOW_H

#include <signal.h>
#include <stdbool.h>

/* Watch the calling thread: an alternate signal stack, and a handler for SIGSEGV where
 * the program has none. Once per thread that becomes a worker. What it gives is for
 * co__overflow_unwatch(), by the same thread. */
void *co__overflow_watch(void);
void co__overflow_unwatch(void *alternate);

/* Whether ACTION is our own handler, which the program must not see. */
bool co__overflow_is_ours(const struct sigaction *action);

#endif
