/* ending.h - the signals that ask the wrapper to end, and what has to happen before. */
#ifndef COHOOK_ENDING_H
#define COHOOK_ENDING_H

#include <signal.h>
#include <sys/types.h>

/* ending_watch - from here on such a signal is noted and passed on to the child, but ends
 * nothing before ending_heed(); what is ignored stays ignored. ending_unwatch() takes it
 * back; pairs of them nest. */
void ending_watch(void);
void ending_unwatch(void);

/* ending_heed - end by the signal that came, if one did, after the cleanup. */
void ending_heed(void);

/* ending_before - CLEANUP runs before the process ends by a signal that was watched. */
void ending_before(void (*cleanup)(void));

/* ending_child - the process that signals are passed on to; 0 for none. */
void ending_child(pid_t pid);

/* ending_set - the signals that this is about. */
void ending_set(sigset_t *set);

#endif
