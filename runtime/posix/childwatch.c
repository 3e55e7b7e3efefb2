/* childwatch.c - threads that wait for children, so that fibers need not.
 *
 * The kernel has no descriptor for "any child". A thread waits in their place and leaves
 * the child as it is (WNOWAIT): who asked for it takes it. There is one thread for each
 * different question, not for each fiber; when all who asked have gone it stays until the
 * next child answers it, for waitid(2) cannot be called off, and serves who asks the same
 * meanwhile. The pool is not used: children may take for ever.
 *
 * Invariant: a watcher is in the list until it has its answer; whoever links to it before
 * is woken. Called by process.c. */
#define _GNU_SOURCE
#include "childwatch.h"

#include "../lock.h"
#include "../helper.h"
#include "../sched.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum { WATCHER_STACK = 64 * 1024 };

struct watcher {
	struct list link; /* in watchers */
	struct list waiters;
	idtype_t type;
	id_t id;
	int options;
};

static struct lock lock;
static struct list watchers = {&watchers, &watchers}; /* under the lock */

/* The threads stay behind when the process forks. */
static void forked(void)
{
	lock_forked(&lock);
	list_init(&watchers);
}

__attribute__((constructor)) static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, forked);
}

/* Under the lock. */
static struct watcher *find(idtype_t type, id_t id, int options)
{
	for (struct list *link = watchers.next; link != &watchers; link = link->next) {
		struct watcher *w = LIST_OWNER(link, struct watcher, link);
		if (w->type == type && w->id == id && w->options == options)
			return w;
	}
	return NULL;
}

static void answer(struct watcher *w)
{
	struct list *link;

	lock_take(&lock);
	list_remove(&w->link);
	while ((link = list_take(&w->waiters)))
		co__wake(LIST_OWNER(link, struct childwatch, link)->fiber, WAKE_EVENT);
	lock_drop(&lock);
	free(w);
}

/* Whatever it is that ends the wait, those who asked will find out. */
static void *watch(void *arg)
{
	struct watcher *w = arg;
	siginfo_t info;

	while (waitid(w->type, w->id, &info, w->options | WNOWAIT) < 0 && errno == EINTR)
		;
	answer(w);
	co__helper_ends();
	return NULL;
}

static struct watcher *make(idtype_t type, id_t id, int options)
{
	struct watcher *w = malloc(sizeof(*w));

	if (!w)
		return NULL;
	*w = (struct watcher){.type = type, .id = id, .options = options};
	list_init(&w->waiters);
	return w;
}

static bool join(struct childwatch *c, idtype_t type, id_t id, int options)
{
	struct watcher *w;

	lock_take(&lock);
	w = find(type, id, options);
	if (w)
		list_insert(&w->waiters, &c->link);
	lock_drop(&lock);
	return w != NULL;
}

bool co__childwatch_link(struct childwatch *c, idtype_t type, id_t id, int options)
{
	struct watcher *w;

	list_init(&c->link);
	c->fiber = co__ctx.running;
	if (join(c, type, id, options))
		return true;
	w = make(type, id, options);
	if (!w)
		return false;
	list_insert(&w->waiters, &c->link);
	lock_take(&lock); /* a second one for the same question does no harm */
	list_insert(&watchers, &w->link);
	lock_drop(&lock);
	if (co__helper_start(watch, w, WATCHER_STACK) == 0)
		return true;
	answer(w);
	return false;
}

void co__childwatch_unlink(struct childwatch *c)
{
	lock_take(&lock);
	list_remove(&c->link);
	lock_drop(&lock);
}
