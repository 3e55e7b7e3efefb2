/* precedence.c - a fixed table of buckets, each a list of claims under a spinlock.
 *
 * Invariant: a claim is linked from before its writer first waits until the writer has
 * the lock, or has given up. Called by rwlock.c. */
#define _GNU_SOURCE
#include "precedence.h"

#include "../lock.h"
#include "plainwait.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>

enum { BUCKET_BITS = 6, BUCKETS = 1 << BUCKET_BITS };

static struct bucket {
	struct lock lock;
	atomic_uint count;   /* of claims; 0 may be seen without the lock */
	atomic_uint drops;   /* futex word of threads that wait */
	atomic_uint waiting; /* how many do */
	struct list claims;  /* next is NULL before the first use */
} buckets[BUCKETS];

static struct bucket *bucket_of(const void *object)
{
	uint64_t hash = (uint64_t)(uintptr_t)object * UINT64_C(0x9e3779b97f4a7c15);

	return &buckets[hash >> (64 - BUCKET_BITS)];
}

void co__precedence_claim(struct precedence *mine, const void *object)
{
	struct bucket *b = bucket_of(object);

	mine->object = object;
	lock_take(&b->lock);
	if (!b->claims.next)
		list_init(&b->claims);
	list_insert(&b->claims, &mine->link);
	atomic_fetch_add(&b->count, 1);
	lock_drop(&b->lock);
}

void co__precedence_drop(struct precedence *mine)
{
	struct bucket *b = bucket_of(mine->object);

	lock_take(&b->lock);
	list_remove(&mine->link);
	atomic_fetch_sub(&b->count, 1);
	lock_drop(&b->lock);
	atomic_fetch_add(&b->drops, 1);
	if (atomic_load(&b->waiting))
		plain_wake(&b->drops, INT_MAX);
}

/* Under the lock. */
static bool is_listed(const struct bucket *b, const void *object)
{
	struct list *link;

	for (link = b->claims.next; link != &b->claims; link = link->next)
		if (LIST_OWNER(link, struct precedence, link)->object == object)
			return true;
	return false;
}

bool co__precedence_is_claimed(const void *object)
{
	struct bucket *b = bucket_of(object);
	bool claimed;

	if (atomic_load(&b->count) == 0)
		return false;
	lock_take(&b->lock);
	claimed = b->claims.next && is_listed(b, object);
	lock_drop(&b->lock);
	return claimed;
}

int co__precedence_wait(const void *object, const struct moment *moment)
{
	struct bucket *b = bucket_of(object);
	unsigned drops;
	int r = 0;

	atomic_fetch_add(&b->waiting, 1);
	while (drops = atomic_load(&b->drops), co__precedence_is_claimed(object)) {
		if (moment_passed(moment)) {
			r = ETIMEDOUT;
			break;
		}
		plain_wait(&b->drops, drops, moment_due(moment));
	}
	atomic_fetch_sub(&b->waiting, 1);
	return r;
}

/* In the child the writers are gone. */
static void forked(void)
{
	for (struct bucket *b = buckets; b < buckets + BUCKETS; b++) {
		lock_forked(&b->lock);
		atomic_store(&b->count, 0);
		atomic_store(&b->waiting, 0);
		b->claims.next = NULL;
	}
}

__attribute__((constructor)) static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, forked);
}
