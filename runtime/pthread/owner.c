/* owner.c - a hash table from locks to their owners and depths.
 *
 * Invariant: an entry is there exactly while a fiber holds the lock, and it is written
 * only by that fiber. Called by mutex.c and rwlock.c. */
#include "owner.h"

#include "../forkhold.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

enum { SHARD_BITS = 6, SHARDS = 1 << SHARD_BITS };

struct owner {
	struct owner *next;
	const void *object;
	struct co_fiber *fiber;
	unsigned depth;
};

static struct shard {
	struct lock lock;
	struct owner *first;
} shards[SHARDS];

static struct shard *shard_of(const void *object)
{
	uint64_t hash = (uint64_t)(uintptr_t)object * UINT64_C(0x9e3779b97f4a7c15);

	return &shards[hash >> (64 - SHARD_BITS)];
}

/* Under the lock: the place that points to the entry, or to NULL. */
static struct owner **find(struct shard *shard, const void *object)
{
	struct owner **place = &shard->first;

	while (*place && (*place)->object != object)
		place = &(*place)->next;
	return place;
}

struct co_fiber *co__owner_get(const void *object)
{
	struct shard *shard = shard_of(object);
	struct owner *owner;
	struct co_fiber *fiber;

	lock_take(&shard->lock);
	owner = *find(shard, object);
	fiber = owner ? owner->fiber : NULL;
	lock_drop(&shard->lock);
	return fiber;
}

static int insert(struct shard *shard, const void *object, struct co_fiber *fiber)
{
	struct owner *owner = malloc(sizeof(*owner));

	if (!owner)
		return ENOMEM;
	lock_take(&shard->lock);
	*owner = (struct owner){shard->first, object, fiber, 1};
	shard->first = owner;
	lock_drop(&shard->lock);
	return 0;
}

int co__owner_push(const void *object, struct co_fiber *fiber)
{
	struct shard *shard = shard_of(object);
	struct owner *owner;

	lock_take(&shard->lock);
	owner = *find(shard, object);
	if (owner)
		owner->depth++;
	lock_drop(&shard->lock);
	return owner ? 0 : insert(shard, object, fiber);
}

int co__owner_set(const void *object, struct co_fiber *fiber)
{
	struct shard *shard = shard_of(object);
	struct owner *owner;

	lock_take(&shard->lock);
	owner = *find(shard, object);
	if (owner)
		*owner = (struct owner){owner->next, object, fiber, 1};
	lock_drop(&shard->lock);
	return owner ? 0 : insert(shard, object, fiber);
}

/* Give up LEVELS levels, and the entry with the last. */
static void give_up(const void *object, unsigned levels)
{
	struct shard *shard = shard_of(object);
	struct owner **place, *owner;

	lock_take(&shard->lock);
	place = find(shard, object);
	owner = *place;
	if (owner && owner->depth <= levels) {
		*place = owner->next;
	} else if (owner) {
		owner->depth -= levels;
		owner = NULL;
	}
	lock_drop(&shard->lock);
	free(owner);
}

void co__owner_pop(const void *object)
{
	give_up(object, 1);
}

void co__owner_clear(const void *object)
{
	give_up(object, UINT_MAX);
}

/* In a child what other fibers and threads hold stays held, as POSIX has it. */
static struct fork_hold hold = FORK_HOLD(shards, lock);

__attribute__((constructor)) static void watch_forks(void)
{
	co__fork_hold(&hold);
}
