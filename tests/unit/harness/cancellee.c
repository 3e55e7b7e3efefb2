/* cancellee.c - the course of a cancellation, of which tests change one thing at a
 * time. */
#include "harness/cancellee.h"

static void *start(void *arg)
{
	struct cancellee *me = arg;

	me->live(me);
	return me;
}

void cancellee_step(struct cancellee *me, char step)
{
	me->steps[me->n++] = step;
}

/* sched_yield(2) is no cancellation point. */
void cancellee_await_request(struct cancellee *me)
{
	atomic_store(&me->ready, true);
	while (!atomic_load(&me->requested))
		me->run->calls->sched_yield();
}

void cancellee_run(struct run *run, void (*live)(struct cancellee *me))
{
	struct cancellee me = {.run = run, .live = live};
	void *value = NULL;

	check(run, run->calls->pthread_create(&me.thread, NULL, start, &me) == 0);
	await_flag(run, &me.ready);
	code(run, "cancel", run->calls->pthread_cancel(me.thread));
	atomic_store(&me.requested, true);
	code(run, "join", run->calls->pthread_join(me.thread, &value));
	note(run, "cancelled: %d", value == PTHREAD_CANCELED);
	note_bytes(run, "steps", me.steps, me.n);
}
