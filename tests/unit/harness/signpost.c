/* signpost.c - waiting for a condition the way the books have it: in a loop, with a
 * predicate. */
#include "harness/signpost.h"

void signpost_init(struct run *run, struct signpost *post, clockid_t clock)
{
	pthread_condattr_t attr;

	*post = (struct signpost){.tickets = 0};
	pthread_condattr_init(&attr);
	check(run, pthread_condattr_setclock(&attr, clock) == 0);
	check(run, run->calls->pthread_mutex_init(&post->mutex, NULL) == 0);
	check(run, run->calls->pthread_cond_init(&post->cond, &attr) == 0);
	pthread_condattr_destroy(&attr);
}

void signpost_fini(struct run *run, struct signpost *post)
{
	code(run, "destroy cond", run->calls->pthread_cond_destroy(&post->cond));
	code(run, "destroy mutex", run->calls->pthread_mutex_destroy(&post->mutex));
}

/* The mutex must be held after every return: another's trylock would say so, here the
 * counting does. */
static void take_ticket(struct mate *mate, int timed)
{
	const struct calls *calls = mate->calls;
	struct signpost *post = mate->arg;
	long error = 0;

	calls->pthread_mutex_lock(&post->mutex);
	while (post->tickets == 0 && !error) {
		mate_enter(mate);
		error = timed ? calls->pthread_cond_timedwait(
					&post->cond, &post->mutex, &post->until)
			      : calls->pthread_cond_wait(&post->cond, &post->mutex);
		mate_leave(mate, error);
	}
	if (post->tickets > 0) {
		post->tickets--;
		post->through++;
	}
	mate->outcome = error;
	calls->pthread_mutex_unlock(&post->mutex);
}

void signpost_wait(struct mate *mate)
{
	take_ticket(mate, 0);
}

void signpost_wait_until(struct mate *mate)
{
	take_ticket(mate, 1);
}

void signpost_signal(const struct calls *calls, struct signpost *post, int n)
{
	calls->pthread_mutex_lock(&post->mutex);
	post->tickets += n;
	calls->pthread_mutex_unlock(&post->mutex);
	calls->pthread_cond_signal(&post->cond);
}

void signpost_broadcast(const struct calls *calls, struct signpost *post, int n)
{
	calls->pthread_mutex_lock(&post->mutex);
	post->tickets += n;
	calls->pthread_cond_broadcast(&post->cond);
	calls->pthread_mutex_unlock(&post->mutex);
}
