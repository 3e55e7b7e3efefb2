/* barrier.c - barriers: who arrives is counted here, for the real one cannot be tried.
 *
 * A cycle is the list of those who have arrived, headed by the first. Whoever completes
 * it takes the list out of the table, so that the barrier can be used for the next cycle,
 * or be destroyed, while the others are still on their way out: they look at nothing but
 * their own word. Fibers wait in the lot, threads that make these calls without a worker
 * for that word. Foreign code that waits at the real barrier is not seen; one that is
 * shared between processes is always the real one, where a thread of our own waits for
 * each fiber.
 *
 * Invariant: under its bucket's lock a head is linked while its cycle is incomplete. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../lock.h"
#include "../lot.h"
#include "../sched.h"
#include "../standin.h"
#include "../wait.h"
#include "layout.h"
#include "plainwait.h"

#include <errno.h>

enum { BUCKET_BITS = 6, BUCKETS = 1 << BUCKET_BITS };

struct arrival {
	struct arrival *next; /* in the cycle, behind the head */
	struct list link;     /* of the head, in its bucket */
	const pthread_barrier_t *barrier;
	unsigned count;     /* of the head: who has arrived */
	bool plain;         /* a thread that waits for PASSED */
	atomic_uint passed; /* the cycle is complete; with that the memory may go */
};

static struct bucket {
	struct lock lock;
	struct list heads; /* next is NULL before the first use */
} buckets[BUCKETS];

static struct bucket *bucket_of(const pthread_barrier_t *b)
{
	uint64_t hash = (uint64_t)(uintptr_t)b * UINT64_C(0x9e3779b97f4a7c15);

	return &buckets[hash >> (64 - BUCKET_BITS)];
}

/* Under the lock. */
static struct arrival *head_of(struct bucket *bucket, const pthread_barrier_t *b)
{
	struct list *link;

	if (!bucket->heads.next)
		list_init(&bucket->heads);
	for (link = bucket->heads.next; link != &bucket->heads; link = link->next) {
		struct arrival *head = LIST_OWNER(link, struct arrival, link);
		if (head->barrier == b)
			return head;
	}
	return NULL;
}

/* Gives the others who have arrived if MINE is the last of NEEDED, else takes part and
 * gives NULL. */
static struct arrival *arrive(struct arrival *mine, unsigned needed)
{
	struct bucket *bucket = bucket_of(mine->barrier);
	struct arrival *head, *others = NULL;

	lock_take(&bucket->lock);
	head = head_of(bucket, mine->barrier);
	if (!head) {
		mine->count = 1;
		list_insert(&bucket->heads, &mine->link);
	} else if (++head->count == needed) {
		list_remove(&head->link);
		others = head;
	} else {
		mine->next = head->next;
		head->next = mine;
	}
	lock_drop(&bucket->lock);
	return others;
}

static void let_go(struct arrival *others, const pthread_barrier_t *b)
{
	while (others) {
		struct arrival *one = others;
		bool plain = one->plain;
		others = one->next;
		atomic_store(&one->passed, 1);
		if (plain)
			plain_wake(&one->passed, 1);
	}
	co__lot_wake(
		b, LOT_ALL); /* of the next cycle, too, who will find that it is not */
}

/* The queue is the barrier's address alone. */
static void wait_in_lot(struct arrival *mine)
{
	struct lot_waiter waiter;

	while (!atomic_load(&mine->passed)) {
		co__lot_enter(&waiter, mine->barrier, WAIT_DEAF);
		if (atomic_load(&mine->passed))
			co__lot_leave(&waiter);
		else
			co__lot_park(&waiter, DUE_NEVER);
	}
}

static int gather(pthread_barrier_t *b, unsigned needed, bool plain)
{
	struct arrival mine = {.barrier = b, .plain = plain};
	struct arrival *others;

	if (needed == 1)
		return PTHREAD_BARRIER_SERIAL_THREAD;
	others = arrive(&mine, needed);
	if (others) {
		let_go(others, b);
		return PTHREAD_BARRIER_SERIAL_THREAD;
	}
	if (!plain)
		wait_in_lot(&mine);
	while (!atomic_load(&mine.passed))
		plain_wait(&mine.passed, 0, DUE_NEVER);
	return 0;
}

/* --- shared between processes ------------------------------------------------------- */

static long wait_at(void *arg)
{
	return pthread_barrier_wait(arg);
}

/* It is no cancellation point. */
static int wait_by_standin(struct co_fiber *self, pthread_barrier_t *b)
{
	bool off = self->cancel_off;
	int r;

	self->cancel_off = true;
	r = (int)co__standin_call(wait_at, b, WAIT_DEAF);
	self->cancel_off = off;
	return r;
}

/* --- calls -------------------------------------------------------------------------- */

int co_pthread_barrier_init(pthread_barrier_t *restrict b,
	const pthread_barrierattr_t *restrict attr, unsigned count)
{
	return pthread_barrier_init(b, attr, count);
}

/* Nobody waits at the real one, so it need not wait for who is on his way out. */
int co_pthread_barrier_destroy(pthread_barrier_t *b)
{
	return pthread_barrier_destroy(b);
}

int co_pthread_barrier_wait(pthread_barrier_t *b)
{
	struct co_fiber *self = co__self();
	int error = errno;
	int r;

	if (barrier_is_shared(b)) {
		r = self ? wait_by_standin(self, b) : pthread_barrier_wait(b);
	} else {
		if (self)
			co__turn(self->worker);
		r = gather(b, barrier_count(b), !self);
	}
	errno = error;
	return r;
}

/* In the child those who had arrived are gone. */
static void forked(void)
{
	for (struct bucket *b = buckets; b < buckets + BUCKETS; b++) {
		lock_forked(&b->lock);
		b->heads.next = NULL;
	}
}

__attribute__((constructor)) static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, forked);
}
