/* pthread_detach.c - pthread_detach(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

struct gate {
	struct run *run;
	atomic_bool open, done;
};

static void *wait_at_gate(void *arg)
{
	struct gate *gate = arg;

	await_flag(gate->run, &gate->open);
	atomic_store(&gate->done, true);
	return NULL;
}

static void while_it_runs(struct run *run)
{
	struct gate gate = {.run = run};
	pthread_t thread;

	check(run, run->calls->pthread_create(&thread, NULL, wait_at_gate, &gate) == 0);
	run->calls->sched_yield();
	code(run, "detach", enter(run)->pthread_detach(thread));
	took_no_wait(run);
	code(run, "detach", enter(run)->pthread_detach(thread));
	code(run, "join", run->calls->pthread_join(thread, NULL));
	atomic_store(&gate.open, true);
	await_flag(run, &gate.done);
}

static void after_its_end(struct run *run)
{
	struct gate gate = {.run = run};
	pthread_t thread;

	atomic_store(&gate.open, true);
	check(run, run->calls->pthread_create(&thread, NULL, wait_at_gate, &gate) == 0);
	await_flag(run, &gate.done);
	run->calls->usleep(1000);
	code(run, "detach", enter(run)->pthread_detach(thread));
}

struct loner {
	struct run *run;
	int error;
	atomic_bool done;
};

static void *detach_oneself(void *arg)
{
	struct loner *loner = arg;

	loner->error = loner->run->calls->pthread_detach(loner->run->calls->pthread_self());
	loner->run->calls->sched_yield();
	atomic_store(&loner->done, true);
	return NULL;
}

static void oneself(struct run *run)
{
	struct loner loner = {.run = run};
	pthread_t thread;

	check(run, run->calls->pthread_create(&thread, NULL, detach_oneself, &loner) == 0);
	await_flag(run, &loner.done);
	note(run, "%s", error_name(loner.error));
}

/* Memory and handles come back: many more than there could be at a time. */
static void crowd(struct run *run)
{
	enum { CROWD = 300 };
	static struct gate gates[CROWD];
	pthread_t thread;
	int i, n = 0;

	for (i = 0; i < CROWD; i++) {
		gates[i] = (struct gate){.run = run};
		atomic_store(&gates[i].open, true);
		n += run->calls->pthread_create(&thread, NULL, wait_at_gate, &gates[i]) == 0;
		n += run->calls->pthread_detach(thread) == 0;
	}
	for (i = 0; i < CROWD; i++)
		await_flag(run, &gates[i].done);
	note(run, "%d", n);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"while it runs", while_it_runs},
		{"after its end", after_its_end},
		{"oneself", oneself},
		{"crowd", crowd},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_detach");
}
