/* owner.c - a hash table from mutexes to their owners and depths.
 *
 * Invariant: an entry is there exactly while a fiber holds the mutex, and it is written
 * only by that fiber. Called by mutex.c. */
#include "owner.h"

#include "../lock.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

enum { SHARD_BITS = 6, SHARDS = 1 << SHARD_BITS };

struct owner {
	struct owner *next;
	const pthread_mutex_t *mutex;
	struct co_fiber *fiber;
	unsigned depth;
};

static struct shard {
	struct lock lock;
	struct owner *first;
} shards[SHARDS];

static struct shard *shard_of(const pthread_mutex_t *mutex)
{
	uint64_t hash = (uint64_t)(uintptr_t)mutex * UINT64_C(0x9e3779b97f4a7c15);

	return &shards[hash >> (64 - SHARD_BITS)];
}

/* Under the lock: the place that points to the entry, or to NULL. */
static struct owner **find(struct shard *shard, const pthread_mutex_t *mutex)
{
	struct owner **place = &shard->first;

	while (*place && (*place)->mutex != mutex)
		place = &(*place)->next;
	return place;
}

struct co_fiber *co__owner_get(const pthread_mutex_t *mutex)
{
	struct shard *shard = shard_of(mutex);
	struct owner *owner;
	struct co_fiber *fiber;

	lock_take(&shard->lock);
	owner = *find(shard, mutex);
	fiber = owner ? owner->fiber : NULL;
	lock_drop(&shard->lock);
	return fiber;
}

static int insert(struct shard *shard, const pthread_mutex_t *mutex, struct co_fiber *fiber)
{
	struct owner *owner = malloc(sizeof(*owner));

	if (!owner)
		return ENOMEM;
	lock_take(&shard->lock);
	*owner = (struct owner){shard->first, mutex, fiber, 1};
	shard->first = owner;
	lock_drop(&shard->lock);
	return 0;
}

int co__owner_push(const pthread_mutex_t *mutex, struct co_fiber *fiber)
{
	struct shard *shard = shard_of(mutex);
	struct owner *owner;

	lock_take(&shard->lock);
	owner = *find(shard, mutex);
	if (owner)
		owner->depth++;
	lock_drop(&shard->lock);
	return owner ? 0 : insert(shard, mutex, fiber);
}

/* Give up LEVELS levels, and the entry with the last. */
static void give_up(const pthread_mutex_t *mutex, unsigned levels)
{
	struct shard *shard = shard_of(mutex);
	struct owner **place, *owner;

	lock_take(&shard->lock);
	place = find(shard, mutex);
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

void co__owner_pop(const pthread_mutex_t *mutex)
{
	give_up(mutex, 1);
}

void co__owner_clear(const pthread_mutex_t *mutex)
{
	give_up(mutex, UINT_MAX);
}

/* In the child: what other fibers and threads hold stays held, as POSIX has it, but their
 * locks on this table are gone with them. */
static void forked(void)
{
	for (int i = 0; i < SHARDS; i++)
		lock_forked(&shards[i].lock);
}

__attribute__((constructor)) static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, forked);
}
