/* lot.c - a fixed table of buckets, each a queue under a spinlock.
 *
 * Invariant: a waiter on which a wake was spent is not linked. The count of a
 * bucket is raised before the waiter looks at the object a last time, and read by wakers
 * after they changed it: one of the two sees the other. Called by pthread/ and join.c. */
#include "lot.h"

#include "critical.h"
#include "fdtab.h"
#include "lock.h"
#include "sched.h"
#include "wait.h"

#include <stdatomic.h>

struct bucket {
	struct lock lock;
	struct list waiters; /* next is NULL before the first use */
} __attribute__((aligned(32)));

static struct bucket buckets[LOT_BUCKETS];

atomic_int co__lot_counts[LOT_BUCKETS];

static struct bucket *bucket_of(const void *address)
{
	return &buckets[lot_bucket(address)];
}

void co__lot_enter(struct lot_waiter *waiter, const void *address, unsigned how)
{
	struct bucket *b = bucket_of(address);

	waiter->address = address;
	waiter->fiber = co__ctx.running;
	waiter->woken = waiter->out = false;
	co__wait_begin(how);
	lock_take(&b->lock);
	if (!b->waiters.next)
		list_init(&b->waiters);
	list_insert(&b->waiters, &waiter->link);
	atomic_fetch_add(&co__lot_counts[lot_bucket(address)], 1);
	lock_drop(&b->lock);
	atomic_thread_fence(memory_order_seq_cst);
}

/* Under the lock. */
static void unlink_waiter(struct bucket *b, struct lot_waiter *waiter)
{
	list_remove(&waiter->link);
	waiter->out = true;
	atomic_fetch_sub(&co__lot_counts[b - buckets], 1);
}

/* Take WAITER out if it is still in; true if a wake was spent on it. */
static bool take_out(struct lot_waiter *waiter)
{
	struct bucket *b = bucket_of(waiter->address);
	bool woken;

	lock_take(&b->lock);
	woken = waiter->woken;
	if (!waiter->out)
		unlink_waiter(b, waiter);
	lock_drop(&b->lock);
	return woken;
}

bool co__lot_leave(struct lot_waiter *waiter)
{
	bool woken = take_out(waiter);

	co__wait_abandon();
	return woken;
}

int co__lot_park(struct lot_waiter *waiter, uint64_t due)
{
	int r = co__wait_park(due);

	if (r != 0)
		take_out(waiter);
	return co__wait_end(r);
}

/* Under the lock: who is to be made ready goes to CLAIMED. A waiter that something else
 * has woken already is taken out as well, so that nobody passes it again: there may be any
 * number, all still to have their turn. */
static int claim_some(
	struct bucket *b, const void *address, int most, struct list *claimed)
{
	struct list *link, *next;
	int woken = 0;

	for (link = b->waiters.next; link != &b->waiters && woken != most; link = next) {
		struct lot_waiter *waiter = LIST_OWNER(link, struct lot_waiter, link);
		struct co_fiber *fiber = waiter->fiber;
		int pending = WAKE_PENDING;
		next = link->next;
		if (waiter->address != address)
			continue;
		unlink_waiter(b, waiter);
		if (!atomic_compare_exchange_strong(&fiber->wake, &pending, WAKE_EVENT))
			continue;
		waiter->woken = true;
		list_insert(claimed, &fiber->run);
		woken++;
	}
	return woken;
}

int co__lot_wake(const void *address, int most)
{
	struct bucket *b = bucket_of(address);
	struct list claimed, *link;
	int woken;

	atomic_thread_fence(memory_order_seq_cst);
	if (lot_length(address) == 0)
		return 0;
	list_init(&claimed);
	critical_begin();
	lock_take(&b->lock);
	woken = b->waiters.next ? claim_some(b, address, most, &claimed) : 0;
	lock_drop(&b->lock);
	while ((link = list_take(&claimed))) /* from here on a waiter's memory may be gone */
		co__ready(LIST_OWNER(link, struct co_fiber, run));
	critical_end();
	return woken;
}

bool co__lot_busy(const void *address)
{
	return atomic_load(&co__lot_counts[lot_bucket(address)]) > 0;
}

/* A handler that was installed behind our back does not wait for the end of a critical
 * stretch, and may have struck one of this thread that holds the very lock. (The loop's
 * callbacks are in one for good.) */
bool co__lot_is_open(void)
{
	unsigned usual = co__ctx.worker && !co__ctx.running;

	return co__critical.depth <= usual;
}

void co__lot_forked(void)
{
	for (struct bucket *b = buckets; b < buckets + LOT_BUCKETS; b++) {
		lock_forked(&b->lock);
		atomic_store(&co__lot_counts[b - buckets], 0);
		b->waiters.next = NULL;
	}
}
