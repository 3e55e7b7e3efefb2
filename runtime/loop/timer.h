/* timer.h - the timers of a worker, in nanoseconds.
 *
 * libuv's timers count whole milliseconds of a cached clock, which can end a wait early
 * and cannot serve a sleep of 50 microseconds; so this is a heap of our own. Arming is
 * lazy: a timer that is due early enough already is left where it is, and whoever hears
 * of its expiry looks whether it was meant. */
#ifndef COHOOK_TIMER_H
#define COHOOK_TIMER_H

#include "../fiber.h"

struct timer_entry {
	uint64_t due; /* a copy, so that sifting stays in the array */
	struct timer *timer;
};

/* Memory for a heap. */
struct timer_room {
	unsigned capacity;
	struct timer_entry entries[];
};

struct timers {
	struct timer_entry *heap; /* four children each; in ROOM */
	struct timer_room *room;
	unsigned count, capacity;
	_Atomic unsigned promised; /* the capacity that surely is there or on its way */
};

/* Make room for COUNT timers in all, so that arming cannot fail. -ENOMEM. */
int co__timers_reserve(struct timers *timers, unsigned count);
void co__timers_fini(struct timers *timers);

/* The same for the timers of another thread's worker: *ROOM is what has to be brought
 * there, NULL if nothing has. Once it is in a queue that keeps the order, say so by
 * co__timers_promised(). Any thread. -ENOMEM. */
int co__timers_prepare(struct timers *timers, unsigned count, struct timer_room **room);
void co__timers_promised(struct timers *timers, unsigned capacity);

/* ROOM, or NULL, has arrived. */
void co__timers_take(struct timers *timers, struct timer_room *room);

/* See that TIMER expires no later than DUE. */
void co__timer_arm(struct timers *timers, struct timer *timer, uint64_t due);
void co__timer_disarm(struct timers *timers, struct timer *timer);

/* The earliest expiry, DUE_NEVER without one. */
static inline uint64_t co__timers_next(const struct timers *timers)
{
	return timers->count ? timers->heap[0].due : DUE_NEVER;
}

/* Take out one timer that is due at NOW, or NULL. */
struct timer *co__timers_expire(struct timers *timers, uint64_t now);

#endif
