/* c11.c - names of results, threads, and a crossing where they wait. */
#include "harness/c11.h"

int status(struct run *run, const char *what, int value)
{
	static const char *const names[] = {[thrd_success] = "thrd_success",
		[thrd_busy] = "thrd_busy",
		[thrd_error] = "thrd_error",
		[thrd_nomem] = "thrd_nomem",
		[thrd_timedout] = "thrd_timedout"};

	code(run, what, 0);
	note(run, "%s: %s", what,
		value >= 0 && value <= thrd_timedout ? names[value] : "something else");
	return value;
}

thrd_t thread_start(struct run *run, thrd_start_t start, void *arg)
{
	thrd_t thread;

	check(run, run->calls->thrd_create(&thread, start, arg) == thrd_success);
	return thread;
}

int thread_end(struct run *run, thrd_t thread)
{
	int result = -1;

	check(run, run->calls->thrd_join(thread, &result) == thrd_success);
	return result;
}

void crossing_init(struct run *run, struct crossing *crossing)
{
	*crossing = (struct crossing){.run = run};
	check(run, run->calls->mtx_init(&crossing->mutex, mtx_plain) == thrd_success);
	check(run, cnd_init(&crossing->cond) == thrd_success);
}

void crossing_fini(struct run *run, struct crossing *crossing)
{
	note(run, "through: %d, left: %d", crossing->through, crossing->tickets);
	cnd_destroy(&crossing->cond);
	run->calls->mtx_destroy(&crossing->mutex);
}

static int cross(void *arg)
{
	struct crossing *crossing = arg;
	const struct calls *calls = crossing->run->calls;
	int bad = calls->mtx_lock(&crossing->mutex) != thrd_success;

	spot_enter(crossing->run, &crossing->spot);
	while (!crossing->tickets)
		bad += calls->cnd_wait(&crossing->cond, &crossing->mutex) != thrd_success;
	spot_leave(&crossing->spot);
	crossing->tickets--;
	crossing->through++;
	bad += calls->mtx_unlock(&crossing->mutex) != thrd_success;
	return bad;
}

thrd_t crossing_come(struct run *run, struct crossing *crossing)
{
	thrd_t thread;

	spot_reset(&crossing->spot);
	thread = thread_start(run, cross, crossing);
	check(run, spot_blocked(run, &crossing->spot));
	return thread;
}

void crossing_wake(
	struct run *run, struct crossing *crossing, int n, int (*wake)(cnd_t *cond))
{
	check(run, run->calls->mtx_lock(&crossing->mutex) == thrd_success);
	crossing->tickets += n;
	status(run, "wake", wake(&crossing->cond));
	check(run, run->calls->mtx_unlock(&crossing->mutex) == thrd_success);
}
