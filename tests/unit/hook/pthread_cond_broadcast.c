/* pthread_cond_broadcast.c - pthread_cond_broadcast(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"
#include "harness/signpost.h"

enum { WAITERS = 6 };

static void start_waiters(
	struct run *run, struct signpost *post, struct mate *mates, const int *sorts)
{
	int i;

	for (i = 0; i < WAITERS; i++) {
		mates[i] = (struct mate){
			.act = signpost_wait, .arg = post, .sort = sorts[i % 3]};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
}

static void join_waiters(struct run *run, struct mate *mates)
{
	int i;

	for (i = 0; i < WAITERS; i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
}

static void all_go_on(struct run *run)
{
	const int sorts[] = {run->kind, run->kind, run->kind};
	struct signpost post;
	struct mate mates[WAITERS];

	signpost_init(run, &post, CLOCK_REALTIME);
	start_waiters(run, &post, mates, sorts);
	signpost_broadcast(run->calls, &post, WAITERS);
	join_waiters(run, mates);
	note(run, "through %d", post.through);
	signpost_fini(run, &post);
}

static void all_sorts_go_on(struct run *run)
{
	static const int sorts[] = {OWN, OS_MIRRORS, OS_PLAIN};
	struct signpost post;
	struct mate mates[WAITERS];

	signpost_init(run, &post, CLOCK_REALTIME);
	start_waiters(run, &post, mates, sorts);
	signpost_broadcast(run->calls, &post, WAITERS);
	join_waiters(run, mates);
	note(run, "through %d", post.through);
	signpost_fini(run, &post);
}

static void broadcast_all(struct mate *mate)
{
	signpost_broadcast(mate->calls, mate->arg, WAITERS);
}

static void mate_broadcasts(struct run *run)
{
	static const int sorts[] = {OWN, OS_MIRRORS, OS_PLAIN};
	struct signpost post;
	struct mate mates[WAITERS];
	struct mate caller = {.act = broadcast_all, .arg = &post, .sort = run->kind};

	signpost_init(run, &post, CLOCK_REALTIME);
	start_waiters(run, &post, mates, sorts);
	mate_start(run, &caller);
	mate_join(&caller);
	join_waiters(run, mates);
	note(run, "through %d", post.through);
	signpost_fini(run, &post);
}

static void nobody_waits(struct run *run)
{
	struct signpost post;

	signpost_init(run, &post, CLOCK_REALTIME);
	code(run, "broadcast", enter(run)->pthread_cond_broadcast(&post.cond));
	took_no_wait(run);
	signpost_fini(run, &post);
}

/* Once for all, many times over: whoever comes late must not be left behind. */
static void again_and_again(struct run *run)
{
	static const int sorts[] = {OWN, OWN, OS_MIRRORS};
	struct signpost post;
	struct mate mates[WAITERS];
	int i;

	signpost_init(run, &post, CLOCK_REALTIME);
	for (i = 0; i < 10; i++) {
		start_waiters(run, &post, mates, sorts);
		signpost_broadcast(run->calls, &post, WAITERS);
		join_waiters(run, mates);
	}
	note(run, "through %d", post.through);
	signpost_fini(run, &post);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("all go on", all_go_on),
		{"all sorts go on", all_sorts_go_on},
		FOR_OUR_SORTS("mate broadcasts", mate_broadcasts),
		{"nobody waits", nobody_waits},
		{"again and again", again_and_again},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_cond_broadcast");
}
