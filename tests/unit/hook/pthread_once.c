/* pthread_once.c - pthread_once(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <unistd.h>

static struct {
	struct run *run;
	int calls, fd;
	bool finished;
	pthread_once_t inner;
} state;

static void count(void)
{
	state.calls++;
}

static void only_once(struct run *run)
{
	pthread_once_t once = PTHREAD_ONCE_INIT, other = PTHREAD_ONCE_INIT;
	int i;

	state.calls = 0;
	for (i = 0; i < 3; i++) {
		code(run, "once", enter(run)->pthread_once(&once, count));
		took_no_wait(run);
	}
	code(run, "once", enter(run)->pthread_once(&other, count));
	note(run, "calls %d", state.calls);
}

static void read_and_count(void)
{
	char byte;

	state.calls++;
	state.finished = state.run->calls->read(state.fd, &byte, 1) == 1;
}

static void calls_once(struct mate *mate)
{
	mate->outcome = mate_leave(
		mate, mate_enter(mate)->pthread_once(mate->arg, read_and_count));
	mate->outcome += !state.finished;
}

/* The one that initialises waits itself; the others wait for him to finish. */
static void initialiser_waits(struct run *run)
{
	enum { OTHERS = 4 };
	pthread_once_t once = PTHREAD_ONCE_INIT;
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct mate mates[OTHERS];
	int i;

	state.run = run;
	state.fd = pair.mine;
	state.calls = 0;
	state.finished = false;
	for (i = 0; i < OTHERS; i++) {
		mates[i] = (struct mate){
			.act = calls_once, .arg = &once, .sort = i ? run->kind : OWN};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
	check(run, write(pair.theirs, "x", 1) == 1);
	for (i = 0; i < OTHERS; i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
	note(run, "calls %d", state.calls);
	code(run, "once", enter(run)->pthread_once(&once, read_and_count));
	note(run, "calls %d", state.calls);
}

static void call_inner(void)
{
	state.calls++;
	state.run->calls->pthread_once(&state.inner, count);
}

static void one_within_another(struct run *run)
{
	pthread_once_t once = PTHREAD_ONCE_INIT;

	state.run = run;
	state.calls = 0;
	state.inner = (pthread_once_t)PTHREAD_ONCE_INIT;
	code(run, "once", enter(run)->pthread_once(&once, call_inner));
	note(run, "calls %d", state.calls);
}

static void shared_with_foreign_code(struct run *run)
{
	pthread_once_t once = PTHREAD_ONCE_INIT;

	state.calls = 0;
	check(run, pthread_once(&once, count) == 0);
	code(run, "once", enter(run)->pthread_once(&once, count));
	note(run, "calls %d", state.calls);
	once = (pthread_once_t)PTHREAD_ONCE_INIT;
	code(run, "once", enter(run)->pthread_once(&once, count));
	check(run, pthread_once(&once, count) == 0);
	note(run, "calls %d", state.calls);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"only once", only_once},
		FOR_ALL_SORTS("initialiser waits", initialiser_waits),
		{"one within another", one_within_another},
		{"shared with foreign code", shared_with_foreign_code},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_once");
}
