/* pthread_exit.c - pthread_exit(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <stdint.h>
#include <unistd.h>

static struct {
	struct run *run;
	pthread_key_t key;
	char order[16];
	int n;
} state;

static void log_step(char step)
{
	state.order[state.n++] = step;
}

static void begin(struct run *run)
{
	state.run = run;
	state.n = 0;
}

static void end(struct run *run, pthread_t thread)
{
	void *value = NULL;

	code(run, "join", run->calls->pthread_join(thread, &value));
	note(run, "value %ld", (long)(intptr_t)value);
	note_bytes(run, "order", state.order, state.n);
}

static void leave_with(intptr_t value)
{
	log_step('e');
	state.run->calls->pthread_exit((void *)value);
}

static void *exit_from_below(void *arg)
{
	leave_with((intptr_t)arg);
	log_step('!');
	return NULL;
}

static void from_a_nested_call(struct run *run)
{
	pthread_t thread;

	begin(run);
	check(run, run->calls->pthread_create(&thread, NULL, exit_from_below, (void *)5) == 0);
	end(run, thread);
}

static void clean_up(void *arg)
{
	log_step((char)(intptr_t)arg);
}

static void clean_up_waiting(void *arg)
{
	state.run->calls->usleep(500);
	log_step((char)(intptr_t)arg);
}

static void *exit_within_cleanup(void *arg)
{
	pthread_cleanup_push(clean_up, (void *)'1');
	pthread_cleanup_push(clean_up_waiting, (void *)'2');
	pthread_cleanup_push(clean_up, (void *)'x');
	pthread_cleanup_pop(0);
	leave_with((intptr_t)arg);
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return NULL;
}

/* Handlers run from the latest to the first, and may wait. */
static void cleanup_handlers(struct run *run)
{
	pthread_t thread;

	begin(run);
	check(run, run->calls->pthread_create(
			   &thread, NULL, exit_within_cleanup, (void *)6) == 0);
	end(run, thread);
}

static void *interleave(void *arg)
{
	pthread_cleanup_push(clean_up, arg);
	state.run->calls->sched_yield();
	state.run->calls->sched_yield();
	state.run->calls->pthread_exit(arg);
	pthread_cleanup_pop(0);
	return NULL;
}

/* Handlers belong to who pushed them, however the two take turns. */
static void handlers_do_not_mix(struct run *run)
{
	pthread_t threads[2];
	int i;

	begin(run);
	check(run, run->calls->pthread_create(&threads[0], NULL, interleave, (void *)'a') == 0);
	check(run, run->calls->pthread_create(&threads[1], NULL, interleave, (void *)'b') == 0);
	for (i = 0; i < 2; i++) {
		void *value = NULL;

		check(run, run->calls->pthread_join(threads[i], &value) == 0);
		note(run, "value %c", (char)(intptr_t)value);
	}
	check(run, state.n == 2 && state.order[0] != state.order[1]);
}

static void destroy(void *value)
{
	log_step((char)(intptr_t)value);
}

static void *exit_with_value_set(void *arg)
{
	pthread_cleanup_push(clean_up, (void *)'1');
	state.run->calls->pthread_setspecific(state.key, (void *)'d');
	leave_with((intptr_t)arg);
	pthread_cleanup_pop(0);
	return NULL;
}

static void destructors_come_after_handlers(struct run *run)
{
	pthread_t thread;

	begin(run);
	check(run, run->calls->pthread_key_create(&state.key, destroy) == 0);
	check(run, run->calls->pthread_create(
			   &thread, NULL, exit_with_value_set, (void *)7) == 0);
	end(run, thread);
	check(run, run->calls->pthread_key_delete(state.key) == 0);
}

static void *go_on(void *arg)
{
	struct run *run = arg;
	int i;

	for (i = 0; i < 10; i++)
		run->calls->usleep(300);
	note(run, "the other one went on");
#ifdef __SANITIZE_ADDRESS__ /* it takes what only the main thread's stack led to for lost */
	_exit(0);
#endif
	return NULL;
}

/* When main() ends like this the others finish, and then the process ends well. */
static void main_leaves_first(struct run *run)
{
	pthread_t thread;

	check(run, run->calls->pthread_create(&thread, NULL, go_on, run) == 0);
	run->calls->pthread_exit(NULL);
	note(run, "not reached");
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"from a nested call", from_a_nested_call},
		{"cleanup handlers", cleanup_handlers},
		{"handlers do not mix", handlers_do_not_mix},
		{"destructors come after handlers", destructors_come_after_handlers},
		{"main leaves first", main_leaves_first, 0, PLAIN | ROOT},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_exit");
}
