/* pthread_setcanceltype.c - pthread_setcanceltype(3) through libc and through its
 * mirror. */
#include "harness/cancellee.h"
#include "harness/scenario.h"

static void what_was_set_is_told(struct run *run)
{
	int before = -1;

	code(run, "type",
		enter(run)->pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before));
	took_no_wait(run);
	note(run, "was deferred: %d", before == PTHREAD_CANCEL_DEFERRED);
	code(run, "type", enter(run)->pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &before));
	note(run, "was deferred: %d", before == PTHREAD_CANCEL_DEFERRED);
	code(run, "type", enter(run)->pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL));
	code(run, "type", enter(run)->pthread_setcanceltype(77, &before));
}

/* Until the next point: sched_yield is none. */
static void defer(struct cancellee *me)
{
	me->run->calls->pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL);
	cancellee_await_request(me);
	me->run->calls->sched_yield();
	cancellee_step(me, 'y');
	me->run->calls->usleep(500);
	cancellee_step(me, '!');
}

static void deferred(struct run *run)
{
	cancellee_run(run, defer);
}

/* A request that is pending when the type becomes asynchronous acts at once. */
static void become_asynchronous(struct cancellee *me)
{
	cancellee_await_request(me);
	cancellee_step(me, 'a');
	me->run->calls->pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	cancellee_step(me, '!');
}

static void asynchronous(struct run *run)
{
	cancellee_run(run, become_asynchronous);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"what was set is told", what_was_set_is_told},
		{"deferred", deferred},
		{"asynchronous", asynchronous},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_setcanceltype");
}
