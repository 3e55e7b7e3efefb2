/* pthread_getattr_np.c - pthread_getattr_np(3) through libc and through its mirror: where
 * the stack is, which garbage collectors and the like go by. */
#include "harness/gate.h"
#include "harness/scenario.h"

#include <stdint.h>

struct look {
	struct run *run;
	size_t size;
	int error, contains, detached;
};

static void *look_at_oneself(void *arg)
{
	struct look *look = arg;
	const struct calls *calls = look->run->calls;
	volatile char here = 0;
	pthread_attr_t attr;
	void *base = NULL;

	look->error = calls->pthread_getattr_np(calls->pthread_self(), &attr);
	if (look->error)
		return NULL;
	pthread_attr_getstack(&attr, &base, &look->size);
	pthread_attr_getdetachstate(&attr, &look->detached);
	pthread_attr_destroy(&attr);
	look->contains = (uintptr_t)&here >= (uintptr_t)base &&
		(uintptr_t)&here < (uintptr_t)base + look->size;
	return NULL;
}

static void note_look(struct run *run, const struct look *look)
{
	note(run, "%s, contains %d, detached %d", error_name(look->error), look->contains,
		look->detached == PTHREAD_CREATE_DETACHED);
}

static void of_oneself(struct run *run)
{
	struct look look = {.run = run};

	look_at_oneself(&look);
	note_look(run, &look);
}

static void of_a_new_thread(struct run *run)
{
	struct look look = {.run = run};
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	check(run, pthread_attr_setstacksize(&attr, 1 << 20) == 0);
	check(run, run->calls->pthread_create(&thread, &attr, look_at_oneself, &look) == 0);
	check(run, run->calls->pthread_join(thread, NULL) == 0);
	pthread_attr_destroy(&attr);
	note_look(run, &look);
	check(run, look.size >= (1 << 20) - 65536);
}

static void of_another(struct run *run)
{
	struct gate gate;
	pthread_attr_t attr;
	int state = -1;

	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	code(run, "getattr", enter(run)->pthread_getattr_np(gate.thread, &attr));
	took_no_wait(run);
	pthread_attr_getdetachstate(&attr, &state);
	note(run, "detached: %d", state == PTHREAD_CREATE_DETACHED);
	pthread_attr_destroy(&attr);
	check(run, run->calls->pthread_detach(gate.thread) == 0);
	code(run, "getattr", enter(run)->pthread_getattr_np(gate.thread, &attr));
	pthread_attr_getdetachstate(&attr, &state);
	note(run, "detached: %d", state == PTHREAD_CREATE_DETACHED);
	pthread_attr_destroy(&attr);
	gate_open(&gate);
	await_flag(run, &gate.done);
}

int main(void)
{
	static const struct scenario scenarios[] = {
#ifndef __SANITIZE_ADDRESS__ /* its locals are not on the stack */
		{"of oneself", of_oneself},
		{"of a new thread", of_a_new_thread},
#endif
		{"of another", of_another},
	};

	(void)of_oneself;
	(void)of_a_new_thread;
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_getattr_np");
}
