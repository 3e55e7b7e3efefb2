/* crew.c - OS threads of our own that do nothing but run fibers.
 *
 * One is started when all there are have fibers already, up to the number that is wanted.
 * They stay for as long as the program's first thread does; when that has ended, until no
 * fiber is left: then they end, and the process with them if nothing else runs.
 *
 * Invariant: under the lock a member of the table is told to stop only when nobody claims
 * it, and leaves the table with that. Called by pthread/thread.c. */
#define _GNU_SOURCE
#include "crew.h"

#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

enum { MEMBERS_MOST = 1024 };

struct member {
	struct worker *worker;
	unsigned claims;
	int error; /* why it is no worker */
	sem_t ready;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct member *members[MEMBERS_MOST];
static unsigned count;
static struct worker *orphan; /* in a forked child: of the fiber that forked */
static atomic_bool main_left; /* or a fork left it behind */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_main_end;

/* --- ends --------------------------------------------------------------------------------------------- */

static bool is_busy(const struct member *member)
{
	return member->claims || atomic_load(&member->worker->live);
}

static bool all_idle(void)
{
	for (unsigned i = 0; i < count; i++)
		if (is_busy(members[i]))
			return false;
	return !orphan || !atomic_load(&orphan->live);
}

static void stop_all(void)
{
	while (count) {
		struct member *member = members[--count];

		co__worker_stop(member->worker);
		free(member);
	}
}

/* Nobody is left who could make a fiber but threads that we know nothing of. */
static void end_if_idle(void)
{
	bool idle, last = false;

	pthread_mutex_lock(&lock);
	idle = all_idle();
	if (idle)
		last = orphan || co__worker_is_last(1 + count); /* the first one's remains */
	if (idle && !last)
		stop_all();
	pthread_mutex_unlock(&lock);
	if (last)
		exit(0);
}

void co__crew_idle(void)
{
	if (atomic_load(&main_left))
		end_if_idle();
}

static void main_ends(void *arg)
{
	(void)arg;
	atomic_store(&main_left, true);
	end_if_idle();
}

static void make_key(void)
{
	pthread_key_create(&at_main_end, main_ends);
}

void co__crew_watch_main(void)
{
	if (gettid() != getpid())
		return;
	pthread_once(&once, make_key);
	pthread_setspecific(at_main_end, &once);
}

/* --- members ------------------------------------------------------------------------------------------ */

static void *serve(void *arg)
{
	struct member *member = arg;
	struct worker *w = co__worker_enter();

	member->worker = w;
	member->error = w ? 0 : -errno;
	sem_post(&member->ready); /* from here on it is not ours */
	if (w)
		co__worker_serve(w);
	return NULL;
}

static int start_thread(struct member *member)
{
	pthread_attr_t attr;
	pthread_t thread;
	int r = pthread_attr_init(&attr);

	if (r)
		return -r;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	r = pthread_create(&thread, &attr, serve, member);
	pthread_attr_destroy(&attr);
	if (r)
		return -r;
	while (sem_wait(&member->ready) < 0)
		;
	return member->error;
}

/* Under the lock. */
static int add_member(void)
{
	struct member *member = calloc(1, sizeof(*member));
	int r;

	if (!member)
		return -ENOMEM;
	sem_init(&member->ready, 0, 0);
	r = start_thread(member);
	if (r == 0)
		members[count++] = member;
	else
		free(member);
	return r;
}

static struct member *least_busy(void)
{
	struct member *least = NULL;
	unsigned load = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned n = atomic_load(&members[i]->worker->live) + members[i]->claims;
		if (!least || n < load) {
			least = members[i];
			load = n;
		}
	}
	return least;
}

/* Under the lock. That no thread can be had is an error only for the first. */
static int choose(struct member **chosen)
{
	struct member *least = least_busy();
	int r;

	if (!least || (is_busy(least) && count < co__wanted_workers())) {
		r = add_member();
		if (r < 0 && !least)
			return r;
		least = least_busy();
	}
	least->claims++;
	*chosen = least;
	return 0;
}

static int claim_own(struct place *place)
{
	place->member = NULL;
	place->worker = co__worker_enter();
	return place->worker ? 0 : -errno;
}

int co__crew_claim(struct place *place)
{
	int r;

	if (!co__self() && co__ctx.handler_frame)
		return -EPERM;
	if (co__wanted_workers() == 1)
		return claim_own(place);
	co__crew_watch_main();
	pthread_mutex_lock(&lock);
	r = choose(&place->member);
	if (r == 0)
		place->worker = place->member->worker;
	pthread_mutex_unlock(&lock);
	return r < 0 ? claim_own(place) : 0;
}

void co__crew_release(const struct place *place)
{
	if (!place->member)
		return;
	pthread_mutex_lock(&lock);
	place->member->claims--;
	pthread_mutex_unlock(&lock);
	if (atomic_load(&main_left))
		end_if_idle();
}

/* --- fork --------------------------------------------------------------------------------------------- */

void co__crew_before_fork(void)
{
	pthread_mutex_lock(&lock);
}

void co__crew_after_fork(void)
{
	pthread_mutex_unlock(&lock);
}

/* Their threads are gone. */
void co__crew_forked(struct worker *w)
{
	while (count)
		free(members[--count]);
	orphan = w;
	atomic_store(&main_left, w != NULL);
	pthread_mutex_unlock(&lock);
}
