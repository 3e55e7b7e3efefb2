/* sigmask.h - the signal masks of fibers.
 *
 * The kernel knows one mask, the OS thread's. It is the running fiber's; the loop waits
 * with the root fiber's. Masks are what the kernel takes: bit N-1 is signal N. */
#ifndef COHOOK_SIGMASK_H
#define COHOOK_SIGMASK_H

#include <stdint.h>

struct co_fiber;
struct worker;

/* co__sigmask_now - the calling thread's mask. */
uint64_t co__sigmask_now(void);

/* co__sigmask_inherited - the mask for a fiber that the caller makes on WORKER. */
uint64_t co__sigmask_inherited(const struct worker *worker);

/* co__sigmask_changed - the running fiber has changed the thread's mask. */
void co__sigmask_changed(struct co_fiber *self);

/* co__sigmask_set - part of a switch to another fiber of WORKER: its mask is MASK. FROM, if
 * it goes on later, has what was set. */
void co__sigmask_set(struct worker *worker, struct co_fiber *from, uint64_t mask);

#endif
