/* pthread_cond_destroy.c - pthread_cond_destroy(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"
#include "harness/signpost.h"

#include <string.h>

static void never_used(struct run *run)
{
	pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

	code(run, "destroy", enter(run)->pthread_cond_destroy(&cond));
	took_no_wait(run);
	code(run, "init", run->calls->pthread_cond_init(&cond, NULL));
	code(run, "destroy", enter(run)->pthread_cond_destroy(&cond));
}

static void after_use(struct run *run)
{
	struct signpost post;
	struct mate mate = {.act = signpost_wait, .arg = &post, .sort = run->kind};

	signpost_init(run, &post, CLOCK_REALTIME);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	signpost_signal(run->calls, &post, 1);
	mate_join(&mate);
	code(run, "destroy", enter(run)->pthread_cond_destroy(&post.cond));
}

/* POSIX: once all were woken it may be destroyed, although they are still on their way
 * out; its memory may then be used for something else. */
static void right_after_a_broadcast(struct run *run)
{
	enum { WAITERS = 4 };
	struct signpost post;
	struct mate mates[WAITERS];
	int i;

	signpost_init(run, &post, CLOCK_REALTIME);
	for (i = 0; i < WAITERS; i++) {
		mates[i] = (struct mate){
			.act = signpost_wait, .arg = &post, .sort = run->kind};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
	signpost_broadcast(run->calls, &post, WAITERS);
	code(run, "destroy", enter(run)->pthread_cond_destroy(&post.cond));
	memset(&post.cond, 0xa5, sizeof(post.cond));
	for (i = 0; i < WAITERS; i++)
		mate_join(&mates[i]);
	note(run, "through %d", post.through);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"never used", never_used},
		FOR_ALL_SORTS("after use", after_use),
		FOR_ALL_SORTS("right after a broadcast", right_after_a_broadcast),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_cond_destroy");
}
