/* timer.c - a four-way heap of deadlines, one per worker.
 *
 * Invariant: heap[i].timer->slot == i + 1 and heap[i].due <= that of its children. Called
 * by wait.c, which arms, loop.c, which expires, and join.c, which makes room for the
 * timers of a new fiber, perhaps from another thread. */
#include "timer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FANOUT = 4, FIRST_CAPACITY = 64 };

static struct timer_room *make_room(unsigned count)
{
	unsigned capacity = FIRST_CAPACITY;
	struct timer_room *room;

	while (capacity < count)
		capacity *= 2;
	room = malloc(sizeof(*room) + capacity * sizeof(room->entries[0]));
	if (room)
		room->capacity = capacity;
	return room;
}

int co__timers_reserve(struct timers *t, unsigned count)
{
	struct timer_room *room;

	if (count <= t->capacity)
		return 0;
	room = make_room(count);
	if (!room)
		return -ENOMEM;
	co__timers_take(t, room);
	co__timers_promised(t, t->capacity);
	return 0;
}

int co__timers_prepare(struct timers *t, unsigned count, struct timer_room **room)
{
	*room = NULL;
	if (count <= atomic_load(&t->promised))
		return 0;
	*room = make_room(count);
	return *room ? 0 : -ENOMEM;
}

void co__timers_promised(struct timers *t, unsigned capacity)
{
	unsigned promised = atomic_load(&t->promised);

	while (promised < capacity &&
		!atomic_compare_exchange_weak(&t->promised, &promised, capacity))
		;
}

void co__timers_take(struct timers *t, struct timer_room *room)
{
	if (!room || room->capacity <= t->capacity) {
		free(room);
		return;
	}
	if (t->count)
		memcpy(room->entries, t->heap, t->count * sizeof(*t->heap));
	free(t->room);
	t->room = room;
	t->heap = room->entries;
	t->capacity = room->capacity;
}

void co__timers_fini(struct timers *t)
{
	free(t->room);
	*t = (struct timers){0};
}

static void place(struct timers *t, unsigned at, struct timer_entry entry)
{
	t->heap[at] = entry;
	entry.timer->slot = at + 1;
}

static void sift_up(struct timers *t, unsigned at, struct timer_entry entry)
{
	while (at > 0) {
		unsigned parent = (at - 1) / FANOUT;
		if (t->heap[parent].due <= entry.due)
			break;
		place(t, at, t->heap[parent]);
		at = parent;
	}
	place(t, at, entry);
}

static unsigned least_child(const struct timers *t, unsigned at)
{
	unsigned first = at * FANOUT + 1, least = first;

	for (unsigned i = first + 1; i < first + FANOUT && i < t->count; i++)
		if (t->heap[i].due < t->heap[least].due)
			least = i;
	return least;
}

static void sift_down(struct timers *t, unsigned at, struct timer_entry entry)
{
	while (at * FANOUT + 1 < t->count) {
		unsigned child = least_child(t, at);
		if (t->heap[child].due >= entry.due)
			break;
		place(t, at, t->heap[child]);
		at = child;
	}
	place(t, at, entry);
}

void co__timer_arm(struct timers *t, struct timer *timer, uint64_t due)
{
	if (timer->slot) {
		if (timer->due <= due)
			return;
		timer->due = due;
		sift_up(t, timer->slot - 1, (struct timer_entry){due, timer});
		return;
	}
	timer->due = due;
	sift_up(t, t->count++, (struct timer_entry){due, timer});
}

void co__timer_disarm(struct timers *t, struct timer *timer)
{
	unsigned at = timer->slot - 1;
	struct timer_entry last;

	if (!timer->slot)
		return;
	timer->slot = 0;
	last = t->heap[--t->count];
	if (last.timer == timer)
		return;
	if (at > 0 && t->heap[(at - 1) / FANOUT].due > last.due)
		sift_up(t, at, last);
	else
		sift_down(t, at, last);
}

struct timer *co__timers_expire(struct timers *t, uint64_t now)
{
	struct timer *timer;

	if (t->count == 0 || t->heap[0].due > now)
		return NULL;
	timer = t->heap[0].timer;
	co__timer_disarm(t, timer);
	return timer;
}
