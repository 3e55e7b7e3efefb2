/* resquery.c - res_query and its kin, with and without a state of the resolver.
 *
 * libc's own functions run on the pool, and errno and h_errno, which are the thread's,
 * are carried there and back. What libc keeps of the resolver without being given a state
 * is the OS thread's `_res`, which all its fibers share: one of them at a time. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fiber.h"
#include "../lot.h"
#include "../wait.h"
#include "resolve.h"

#include <errno.h>

/* The arguments of any of them. */
struct query {
	int (*ask)(const struct query *q);
	res_state state;
	const char *name, *domain;
	int class, type;
	const unsigned char *message;
	int size;
	unsigned char *answer;
	int room;
	int error, h_error;
};

static int ask_name(const struct query *q)
{
	return res_nquery(q->state, q->name, q->class, q->type, q->answer, q->room);
}

static int ask_search(const struct query *q)
{
	return res_nsearch(q->state, q->name, q->class, q->type, q->answer, q->room);
}

static int ask_domain(const struct query *q)
{
	return res_nquerydomain(
		q->state, q->name, q->domain, q->class, q->type, q->answer, q->room);
}

static int ask_message(const struct query *q)
{
	return res_nsend(q->state, q->message, q->size, q->answer, q->room);
}

static void keep_errors(struct query *q)
{
	q->error = errno;
	q->h_error = h_errno;
}

static void set_errors(const struct query *q)
{
	errno = q->error;
	h_errno = q->h_error;
}

static long run(void *arg)
{
	struct query *q = arg;
	int r;

	set_errors(q);
	r = q->ask(q);
	keep_errors(q);
	return r;
}

/* --- the thread's state ------------------------------------------------------------------------------- */

/* Whether a fiber of this thread is in a call with its state. */
static _Thread_local bool taken;

/* Who had it is not in the child. */
static void forked(void)
{
	taken = false;
}

__attribute__((constructor)) static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, forked);
}

static void take(void)
{
	struct lot_waiter waiter;

	while (taken) {
		co__lot_enter(&waiter, &taken, WAIT_DEAF);
		co__lot_park(&waiter, DUE_NEVER);
	}
	taken = true;
}

static void give(void)
{
	taken = false;
	co__lot_wake(&taken, 1);
}

#ifdef __GLIBC__
/* What the forms without a state begin with, and those with one do not: the state is made,
 * or made anew when the file that it comes from has changed. res_mkquery() begins so too,
 * and without a buffer does nothing else. It would heed what it finds in a state that was
 * not made yet. */
static bool make_state(struct query *q)
{
	set_errors(q);
	if (!(_res.options & RES_INIT))
		_res.retrans = _res.retry = 0;
	res_mkquery(QUERY, "", C_IN, T_A, NULL, 0, NULL, NULL, 0);
	keep_errors(q);
	return _res.options & RES_INIT;
}
#else
static bool make_state(struct query *q)
{
	(void)q;
	return true; /* nothing is kept there */
}
#endif

/* While the call waits for its turn, other fibers change h_errno. */
static int ask_here(struct query *q)
{
	int r;

	keep_errors(q);
	take();
	q->state = &_res;
	r = make_state(q) ? (int)co__resolve(run, q) : -1;
	give();
	set_errors(q);
	return r;
}

/* A state may be given that is the thread's. */
static int ask_with(struct query *q)
{
	bool here = co__self() && q->state == &_res;
	int r;

	keep_errors(q);
	if (here)
		take();
	r = (int)co__resolve(run, q);
	if (here)
		give();
	set_errors(q);
	return r;
}

/* --- without a state ---------------------------------------------------------------------------------- */

int co_res_query(const char *name, int class, int type, unsigned char *answer, int room)
{
	if (!co__self())
		return res_query(name, class, type, answer, room);
	return ask_here(&(struct query){.ask = ask_name,
		.name = name,
		.class = class,
		.type = type,
		.answer = answer,
		.room = room});
}

int co_res_search(const char *name, int class, int type, unsigned char *answer, int room)
{
	if (!co__self())
		return res_search(name, class, type, answer, room);
	return ask_here(&(struct query){.ask = ask_search,
		.name = name,
		.class = class,
		.type = type,
		.answer = answer,
		.room = room});
}

int co_res_querydomain(const char *name, const char *domain, int class, int type,
	unsigned char *answer, int room)
{
	if (!co__self())
		return res_querydomain(name, domain, class, type, answer, room);
	return ask_here(&(struct query){.ask = ask_domain,
		.name = name,
		.domain = domain,
		.class = class,
		.type = type,
		.answer = answer,
		.room = room});
}

int co_res_send(const unsigned char *message, int size, unsigned char *answer, int room)
{
	if (!co__self())
		return res_send(message, size, answer, room);
	return ask_here(&(struct query){.ask = ask_message,
		.message = message,
		.size = size,
		.answer = answer,
		.room = room});
}

/* --- with one ----------------------------------------------------------------------------------------- */

int co_res_nquery(res_state state, const char *name, int class, int type,
	unsigned char *answer, int room)
{
	return ask_with(&(struct query){.ask = ask_name,
		.state = state,
		.name = name,
		.class = class,
		.type = type,
		.answer = answer,
		.room = room});
}

int co_res_nsearch(res_state state, const char *name, int class, int type,
	unsigned char *answer, int room)
{
	return ask_with(&(struct query){.ask = ask_search,
		.state = state,
		.name = name,
		.class = class,
		.type = type,
		.answer = answer,
		.room = room});
}

int co_res_nquerydomain(res_state state, const char *name, const char *domain, int class,
	int type, unsigned char *answer, int room)
{
	return ask_with(&(struct query){.ask = ask_domain,
		.state = state,
		.name = name,
		.domain = domain,
		.class = class,
		.type = type,
		.answer = answer,
		.room = room});
}

int co_res_nsend(res_state state, const unsigned char *message, int size,
	unsigned char *answer, int room)
{
	return ask_with(&(struct query){.ask = ask_message,
		.state = state,
		.message = message,
		.size = size,
		.answer = answer,
		.room = room});
}
