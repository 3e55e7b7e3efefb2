/* spot.h - a place in a program that something enters and leaves, watched from outside.
 *
 * Whoever is about to make a call that may wait enters a spot; whoever wants to act while
 * that call waits asks the spot. For an OS thread "waits" is what the kernel says of it,
 * for a fiber that other fibers of its worker have run since. */
#ifndef HARNESS_SPOT_H
#define HARNESS_SPOT_H

#include <stdatomic.h>
#include <stdbool.h>

struct run;

struct spot {
	atomic_int thread;   /* who entered, as gettid(2) has it; 0: nobody yet */
	atomic_ulong ticks;  /* the run's ticks at that time */
	atomic_bool left;
};

/* Make SPOT fresh. */
void spot_reset(struct spot *spot);

/* Before and after the call in question, by who makes it. */
void spot_enter(struct run *run, struct spot *spot);
void spot_leave(struct spot *spot);

/* Wait until someone has entered SPOT and is blocked there. False if he left without
 * being seen so. May be called by any thread and by a fiber of the same worker. */
bool spot_blocked(struct run *run, struct spot *spot);

/* Wait until SPOT was left. */
void spot_gone(struct run *run, struct spot *spot);

#endif
