/* pthread_setcancelstate.c - pthread_setcancelstate(3) through libc and through its
 * mirror. */
#include "harness/cancellee.h"
#include "harness/scenario.h"

static void what_was_set_is_told(struct run *run)
{
	int before = -1;

	code(run, "state", enter(run)->pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before));
	took_no_wait(run);
	note(run, "was on: %d", before == PTHREAD_CANCEL_ENABLE);
	code(run, "state", enter(run)->pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before));
	note(run, "was on: %d", before == PTHREAD_CANCEL_ENABLE);
	code(run, "state", enter(run)->pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL));
	code(run, "state", enter(run)->pthread_setcancelstate(77, &before));
	code(run, "state", enter(run)->pthread_setcancelstate(-1, NULL));
}

static void refuse(struct cancellee *me)
{
	const struct calls *calls = me->run->calls;

	calls->pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	cancellee_await_request(me);
	calls->usleep(500);
	cancellee_step(me, 's');
	calls->pthread_testcancel();
	cancellee_step(me, 't');
}

static void disabled(struct run *run)
{
	cancellee_run(run, refuse);
}

static void refuse_for_a_while(struct cancellee *me)
{
	refuse(me);
	me->run->calls->pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	cancellee_step(me, 'e');
	me->run->calls->usleep(500);
	cancellee_step(me, '!');
}

static void enabled_again(struct run *run)
{
	cancellee_run(run, refuse_for_a_while);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"what was set is told", what_was_set_is_told},
		{"disabled", disabled},
		{"enabled again", enabled_again},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_setcancelstate");
}
