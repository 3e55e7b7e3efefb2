/* rwlock_order.c - of those who wait for a read-write lock, the lock's kind says who gets
 * it first. So it is among fibers of one worker; between workers somebody who looks at
 * the right time may come first. */
#include "harness/rwlocking.h"
#include "harness/scenario.h"

struct order {
	pthread_rwlock_t lock;
	atomic_int next;
	int readers, writers; /* their places */
	bool reads;
};

static void note_place(struct mate *mate)
{
	struct order *order = mate->arg;
	const struct calls *calls = mate_enter(mate);
	bool reads = order->reads;

	mate->outcome = reads ? calls->pthread_rwlock_rdlock(&order->lock)
			      : calls->pthread_rwlock_wrlock(&order->lock);
	mate_leave(mate, 0);
	*(reads ? &order->readers : &order->writers) = atomic_fetch_add(&order->next, 1);
	mate->outcome += mate->calls->pthread_rwlock_unlock(&order->lock);
}

static void start_one(struct run *run, struct order *order, struct mate *mate, bool reads)
{
	*mate = (struct mate){.act = note_place, .arg = order};
	order->reads = reads;
	mate_start(run, mate);
	check(run, mate_blocked(mate));
}

/* A reader and a writer wait for a writer. KIND is the lock's. */
static void who_comes_first(struct run *run)
{
	struct mate reader, writer;
	struct order order = {.reads = false};
	int i;

	for (i = 0; i < 2; i++) {
		rwlock_make(run, &order.lock, run->kind);
		code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(&order.lock));
		start_one(run, &order, i ? &reader : &writer, i == 1);
		start_one(run, &order, i ? &writer : &reader, i == 0);
		rwlock_unlock(run, &order.lock);
		mate_join(&reader);
		mate_join(&writer);
		note(run, "%s first",
			order.readers < order.writers ? "reader" : "writer");
		note(run, "%ld %ld", reader.outcome, writer.outcome);
		code(run, "destroy", run->calls->pthread_rwlock_destroy(&order.lock));
	}
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"readers first", who_comes_first, PTHREAD_RWLOCK_PREFER_READER_NP},
		{"writers first", who_comes_first, PTHREAD_RWLOCK_PREFER_WRITER_NP},
		{"readers held off", who_comes_first,
			PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("rwlock_order");
}
