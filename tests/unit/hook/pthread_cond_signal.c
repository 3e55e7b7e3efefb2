/* pthread_cond_signal.c - pthread_cond_signal(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"
#include "harness/signpost.h"

enum { WAITERS = 4 };

static void nobody_waits(struct run *run)
{
	struct signpost post;
	struct timespec until;

	signpost_init(run, &post, CLOCK_MONOTONIC);
	code(run, "signal", enter(run)->pthread_cond_signal(&post.cond));
	took_no_wait(run);
	code(run, "lock", run->calls->pthread_mutex_lock(&post.mutex));
	until = time_in(CLOCK_MONOTONIC, 20);
	code(run, "timedwait",
		enter(run)->pthread_cond_timedwait(&post.cond, &post.mutex, &until));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&post.mutex));
	signpost_fini(run, &post);
}

/* With more tickets than signals, those who were not called stay where they are. */
static void one_for_each(struct run *run)
{
	struct signpost post;
	struct mate mates[WAITERS];
	int i, through;

	signpost_init(run, &post, CLOCK_REALTIME);
	for (i = 0; i < WAITERS; i++) {
		mates[i] = (struct mate){
			.act = signpost_wait, .arg = &post, .sort = run->kind};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
	for (i = 0; i < WAITERS; i++) {
		signpost_signal(run->calls, &post, 1);
		do {
			run->calls->usleep(50);
			run->calls->pthread_mutex_lock(&post.mutex);
			through = post.through;
			run->calls->pthread_mutex_unlock(&post.mutex);
		} while (through <= i);
		check(run, through == i + 1);
	}
	for (i = 0; i < WAITERS; i++)
		mate_join(&mates[i]);
	note(run, "through %d", post.through);
	signpost_fini(run, &post);
}

/* Signals from everywhere at once; none is lost. Foreign code only waits: its signals
 * reach no fiber. */
struct barrage {
	struct signpost post;
	int each;
};

static void signal_often(struct mate *mate)
{
	struct barrage *barrage = mate->arg;
	int i;

	for (i = 0; i < barrage->each; i++)
		signpost_signal(mate->calls, &barrage->post, 1);
}

static void wait_often(struct mate *mate)
{
	struct barrage *barrage = mate->arg;
	struct mate inner = {.run = mate->run, .calls = mate->calls, .arg = &barrage->post};
	int i;

	for (i = 0; i < barrage->each; i++)
		signpost_wait(&inner);
}

static void from_everywhere(struct run *run)
{
	static const int sorts[] = {OWN, OS_MIRRORS, OS_PLAIN, OWN, OS_MIRRORS, OS_MIRRORS};
	static struct barrage barrage;
	struct mate mates[COUNT(sorts)];
	size_t i;

	barrage.each = 200;
	signpost_init(run, &barrage.post, CLOCK_REALTIME);
	for (i = 0; i < COUNT(sorts); i++) {
		mates[i] = (struct mate){.act = i % 2 ? signal_often : wait_often,
			.arg = &barrage, .sort = sorts[i]};
		mate_start(run, &mates[i]);
	}
	for (i = 0; i < COUNT(sorts); i++)
		mate_join(&mates[i]);
	note(run, "through %d, left %d", barrage.post.through, barrage.post.tickets);
	signpost_fini(run, &barrage.post);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"nobody waits", nobody_waits},
		FOR_ALL_SORTS("one for each", one_for_each),
		{"from everywhere", from_everywhere},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_cond_signal");
}
