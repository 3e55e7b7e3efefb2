/* wait.c - how a fiber waits, and everything that can end its wait.
 *
 * Invariant: a fiber's wake word is WAKE_PENDING exactly from co__wait_begin() until
 * somebody claims it; whoever claims it makes the fiber ready, once. Lists of waiters
 * hold pointers to fibers only under their lock, and a fiber takes itself out before it
 * goes on. Called by every mirror that can wait. */
#define _GNU_SOURCE
#include "wait.h"

#include "bug.h"
#include "handler.h"
#include "loop/loop.h"
#include "sanitize.h"
#include "sched.h"
#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

enum { LOOKS_GROW = 4 }; /* times: from 1 to 16 ms */

/* --- time and wake-ups ------------------------------------------------------------------------------- */

void co__wait_begin(unsigned how)
{
	struct co_fiber *self = co__ctx.running;

	atomic_store_explicit(&self->wait_how, (unsigned char)how, memory_order_relaxed);
	if (self->is_root) /* handlers that ran before the wait do not interrupt it */
		atomic_store_explicit(&self->worker->interrupted, 0, memory_order_relaxed);
	critical_begin();
	atomic_store(&self->wake, WAKE_PENDING);
}

/* Of the running fiber. */
static unsigned how_of(const struct co_fiber *self)
{
	return atomic_load_explicit(&self->wait_how, memory_order_relaxed);
}

/* What a handler that had to wait for the root fiber means for its call. */
static int restart(const struct co_fiber *self)
{
	unsigned how = how_of(self), seen = 0;

	if (self->is_root)
		seen = (unsigned)atomic_exchange(&self->worker->interrupted, 0);
	if (how & WAIT_DEAF || !(how & WAIT_SIGNALS))
		return -ERESTART;
	if (seen & INTERRUPT_STOP || (seen & INTERRUPT_RESTART && how & WAIT_NO_RESTART))
		return -EINTR;
	return -ERESTART;
}

int co__wait_end(int r)
{
	critical_end(); /* a handler that waited runs in here */
	return r == -ERESTART ? restart(co__ctx.running) : r;
}

void co__wait_abandon(void)
{
	struct co_fiber *self = co__ctx.running;
	int pending = WAKE_PENDING;

	if (!atomic_compare_exchange_strong(&self->wake, &pending, WAKE_NOTHING)) {
		co__park(); /* somebody was faster: it is in the run queue */
		atomic_store(&self->wake, WAKE_NOTHING);
	}
	critical_end();
}

static int outcome(const struct co_fiber *self, int why, uint64_t due)
{
	switch (why) {
	case WAKE_EVENT:
		return 0;
	case WAKE_CLOSED:
		return -EBADF;
	case WAKE_CANCEL:
		return -ECANCELED;
	case WAKE_INTERRUPT:
		return -EINTR;
	case WAKE_HANDLER:
	case WAKE_LOOK:
		return -ERESTART;
	default:
		return self->due < due ? -ETIMEDOUT : -ETIME;
	}
}

/* A wait that is over before it begins, unless somebody has claimed it: then it is in the
 * run queue. Either way others have their turn: a loop around such waits must not keep
 * them out. */
static void give_up(struct co_fiber *self, int why)
{
	int pending = WAKE_PENDING;

	if (atomic_compare_exchange_strong(&self->wake, &pending, why))
		co__yield();
	else
		co__park();
}

void co__wait_look(bool (*look)(void *object), void *object)
{
	struct co_fiber *self = co__ctx.running;

	self->looked_at = object;
	self->looks = 0;
	self->look = look;
}

/* When FIBER's timer must expire: at its deadline, or for the next look before it. Looks
 * with the same pause come at the same time, so that a worker with many idle fibers is
 * woken up for all of them at once. */
static uint64_t next_expiry(struct co_fiber *fiber, uint64_t now)
{
	uint64_t pause = NS_PER_MS << fiber->looks;
	uint64_t look = (now / pause + 1) * pause;

	if (!fiber->look)
		return fiber->due;
	if (fiber->looks < LOOKS_GROW)
		fiber->looks++;
	return look < fiber->due ? look : fiber->due;
}

static void park_until(struct co_fiber *self)
{
	uint64_t due = self->due;

	if (self->look)
		due = next_expiry(self, now_ns());
	if (due != DUE_NEVER && atomic_load(&self->wake) == WAKE_PENDING)
		co__timer_arm(&self->worker->loop->timers, &self->timer, due);
	co__park();
}

static bool is_cancelled(struct co_fiber *self)
{
	unsigned how = how_of(self);
	bool deaf = how & WAIT_DEAF;

	if (!deaf && atomic_load(&self->cancelled))
		return true;
	return (!deaf || how & WAIT_POINT) && !self->cancel_off &&
		atomic_load(&self->cancel_requested);
}

void co__wait_cancel(struct co_fiber *fiber, unsigned also)
{
	unsigned how = atomic_load(&fiber->wait_how); /* after the request was made */

	if (!(how & WAIT_DEAF) || how & also)
		co__wake(fiber, WAKE_CANCEL);
}

int co__wait_park(uint64_t due)
{
	struct co_fiber *self = co__ctx.running;
	bool deaf = how_of(self) & WAIT_DEAF;
	int why;

	self->due = deaf || self->scope_due > due ? due : self->scope_due;
	if (is_cancelled(self))
		give_up(self, WAKE_CANCEL);
	else if (self->due != DUE_NEVER && self->due <= now_ns())
		give_up(self, WAKE_TIMEOUT);
	else
		park_until(self);
	why = atomic_exchange(&self->wake, WAKE_NOTHING);
	BUG_IF(why == WAKE_PENDING);
	why = outcome(self, why, due);
	self->due = DUE_NEVER;
	self->look = NULL;
	return why;
}

int co__wait_until(uint64_t due, unsigned how)
{
	co__wait_begin(how);
	return co__wait_end(co__wait_park(due));
}

/* The object is there as long as the fiber waits for it. */
static bool is_worth_another_try(struct co_fiber *fiber)
{
	return fiber->look && atomic_load(&fiber->wake) == WAKE_PENDING &&
		fiber->look(fiber->looked_at);
}

void co__wait_expire(struct co_fiber *fiber, uint64_t now)
{
	uint64_t next;

	if (fiber->due <= now) {
		co__wake(fiber, WAKE_TIMEOUT);
		return;
	}
	if (is_worth_another_try(fiber)) {
		co__wake(fiber, WAKE_LOOK);
		return;
	}
	next = next_expiry(fiber, now);
	if (next != DUE_NEVER)
		co__timer_arm(&fiber->worker->loop->timers, &fiber->timer, next);
}

/* Faults strike running code, not waits. */
static bool is_fault(int signo)
{
	return signo == SIGSEGV || signo == SIGBUS || signo == SIGILL || signo == SIGFPE ||
		signo == SIGTRAP || signo == SIGSYS;
}

static bool is_foreign(int signo, const struct sigaction *action)
{
	if (is_fault(signo) || action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN)
		return false;
	return !(action->sa_flags & SA_SIGINFO) ||
		action->sa_sigaction != co__handler_trampoline;
}

/* No handler of ours ran. Another one may have: all that is known is what is installed.
 * Or none, and the process was stopped and continued, which ends epoll's wait, too
 * (signal(7)). */
static unsigned foreign_interrupt(void)
{
	struct sigaction action;
	unsigned seen = INTERRUPT_DIRECTED;

	for (int signo = 1; signo < NSIG; signo++)
		if (sigaction(signo, NULL, &action) == 0 && is_foreign(signo, &action))
			seen |= action.sa_flags & SA_RESTART ? INTERRUPT_RESTART : INTERRUPT_STOP;
	return seen;
}

void co__wait_interrupt_one(struct co_fiber *fiber, bool restarts)
{
	unsigned how = atomic_load(&fiber->wait_how);

	if (how & WAIT_DEAF || !(how & WAIT_SIGNALS) || (restarts && !(how & WAIT_NO_RESTART)))
		return;
	co__wake(fiber, WAKE_INTERRUPT);
}

/* A handler waits for the root fiber, which comes before everybody else. */
static void hurry_root(struct worker *w)
{
	if (!co__wake(&w->root, WAKE_HANDLER))
		return;
	list_remove(&w->root.run);
	list_insert(w->ready.next, &w->root.run);
}

void co__wait_interrupt(struct worker *w)
{
	unsigned seen = (unsigned)atomic_exchange(&w->interrupted, 0);

	if (w->orphaned && co__critical.deferred) { /* there is no root fiber */
		critical_end();
		critical_begin();
	}
	if (atomic_load(&w->root.wake) != WAKE_PENDING)
		return;
	if (seen == 0)
		seen = foreign_interrupt();
	if (seen & (INTERRUPT_STOP | INTERRUPT_RESTART))
		co__wait_interrupt_one(&w->root, !(seen & INTERRUPT_STOP));
	if (seen & INTERRUPT_LATER)
		hurry_root(w);
}

/* --- descriptors ------------------------------------------------------------------------------------- */

static uint64_t tag_of(int fd, uint32_t generation)
{
	return (uint64_t)generation << 32 | (unsigned)fd;
}

/* See that W watches FD for CONDITIONS, under E's lock. */
static int watch(struct worker *w, struct fd_entry *e, int fd, uint32_t conditions)
{
	bool out = conditions & WATCH_OUT || !w->bit; /* without a bit nobody knows what is watched */
	int r;

	if (e->watched_out & w->bit || (!out && e->watched_in & w->bit))
		return 0;
	r = co__watch_add(&w->loop->watch, fd, tag_of(fd, fd_generation(e)),
		out ? WATCH_IN | WATCH_OUT : WATCH_IN);
	if (r < 0)
		return r;
	e->watched_in |= w->bit;
	if (out)
		e->watched_out |= w->bit;
	return 0;
}

int co__waiter_link(struct waiter *waiter, struct fd_entry *e, uint32_t generation)
{
	struct worker *w = waiter->fiber->worker;
	int r = -EBADF;

	lock_take(&e->lock);
	if (fd_generation(e) == generation && !(fd_flags(e) & FD_CLOSING)) {
		r = watch(w, e, waiter->fd, waiter->conditions);
		if (r == 0)
			list_insert(&e->waiters, &waiter->link);
	}
	lock_drop(&e->lock);
	if (r == 0 && w->loop->recheck_due == DUE_NEVER)
		co__loop_want_recheck(w->loop, now_ns());
	return r;
}

static bool others_wait(const struct fd_entry *e, const struct worker *w)
{
	for (struct list *link = e->waiters.next; link != &e->waiters; link = link->next)
		if (LIST_OWNER(link, struct waiter, link)->fiber->worker == w)
			return true;
	return false;
}

/* Under E's lock: registrations of foreign descriptors, and of workers without a bit,
 * last for one wait. */
static void unwatch(struct fd_entry *e, struct worker *w, int fd)
{
	if (co__waiter_stays(w, e) || others_wait(e, w))
		return;
	co__watch_forget(&w->loop->watch, fd);
	e->watched_in &= ~w->bit;
	e->watched_out &= ~w->bit;
}

void co__waiter_unlink(struct waiter *waiter, struct fd_entry *e, uint32_t generation)
{
	struct worker *w = waiter->fiber->worker;

	lock_take(&e->lock);
	list_remove(&waiter->link);
	if (fd_generation(e) == generation)
		unwatch(e, w, waiter->fd);
	lock_drop(&e->lock);
}

/* Under E's lock. The waiter's memory may be gone when this returns. */
static bool wake_waiter(struct waiter *waiter, enum wake why)
{
	struct co_fiber *fiber = waiter->fiber;

	list_remove(&waiter->link);
	return co__wake(fiber, why);
}

/* Under E's lock: wake waiters of worker W (NULL: of all) for CONDITIONS; of the
 * exclusive ones the first for each direction, but all of them at the end of a stream. */
static void wake_for(struct fd_entry *e, const struct worker *w, uint32_t conditions)
{
	uint32_t left = conditions;
	struct list *link, *next;

	for (link = e->waiters.next; link != &e->waiters; link = next) {
		struct waiter *waiter = LIST_OWNER(link, struct waiter, link);
		uint32_t hit = (waiter->conditions | EPOLLHUP | EPOLLERR) & conditions;
		next = link->next;
		if (!hit || (w && waiter->fiber->worker != w))
			continue;
		if (waiter->exclusive && !(conditions & WATCH_END) && !(hit & left))
			continue;
		hit = waiter->exclusive ? waiter->conditions : 0;
		if (wake_waiter(waiter, WAKE_EVENT))
			left &= ~hit;
	}
}

void co__wait_deliver(struct worker *w, uint64_t tag, uint32_t conditions)
{
	struct fd_entry *e = co__fd_entry((int)(uint32_t)tag);

	lock_take(&e->lock);
	if (fd_generation(e) == tag >> 32) {
		unsigned flags = fd_flags(e) & ~(unsigned)FD_ENDED;
		if (conditions & WATCH_END)
			flags |= FD_ENDED;
		atomic_store_explicit(&e->flags, (uint16_t)flags, memory_order_relaxed);
		if (e->drained_by == w->id)
			e->drained_by = 0;
		wake_for(e, w, conditions);
	}
	lock_drop(&e->lock);
}

/* The lines above a parked fiber's stack pointer that its way back to the caller
 * reads. */
static void expect_stack(struct fd_entry *e)
{
	const struct list *first;

	lock_take(&e->lock);
	first = e->waiters.next;
	if (first && first != &e->waiters) {
		const char *sp = LIST_OWNER(first, struct waiter, link)->fiber->context.sp;
		for (int line = 0; line < 5; line++)
			__builtin_prefetch(sp + line * 64, 1);
	}
	lock_drop(&e->lock);
}

GLANCES static const struct list *first_waiter(const struct fd_entry *e)
{
	return e->waiters.next;
}

static bool may_have_waiters(const struct fd_entry *e)
{
	const struct list *first = first_waiter(e);

	return first && first != &e->waiters;
}

/* First the entry, then the first waiter, which lies in its fiber's control block, then
 * the fiber's stack. The waiter's address is read without the lock: if it is changing,
 * the prefetch is in vain, that is all. */
void co__wait_expect(uint64_t tag, enum expected when)
{
	struct fd_entry *e = tag >= WATCH_TAG_WAKE ? NULL : co__fd_entry((int)(uint32_t)tag);

	if (!e)
		return;
	switch (when) {
	case EXPECTED_LATER:
		__builtin_prefetch(e, 1);
		break;
	case EXPECTED_SOON:
		__builtin_prefetch(first_waiter(e), 1);
		__builtin_prefetch((const char *)first_waiter(e) - offsetof(struct co_fiber, waiter), 1);
		break;
	case EXPECTED_NEXT:
		expect_stack(e);
		break;
	}
}

void co__waiters_pass(struct fd_entry *e, uint32_t conditions)
{
	if (!may_have_waiters(e)) /* whoever links later tries for himself first */
		return;
	lock_take(&e->lock);
	wake_for(e, NULL, conditions);
	lock_drop(&e->lock);
}

void co__waiters_retry(struct fd_entry *e)
{
	lock_take(&e->lock);
	if (e->waiters.next)
		wake_for(e, NULL, ~(uint32_t)0);
	lock_drop(&e->lock);
}

void co__wait_closed(struct fd_entry *e)
{
	struct list *link;

	while ((link = e->waiters.next) != &e->waiters)
		wake_waiter(LIST_OWNER(link, struct waiter, link), WAKE_CLOSED);
}

void co__wait_forget(int fd, uint64_t mask)
{
	for (int id = 1; mask; id++, mask >>= 1)
		if (mask & 1) {
			struct worker *w = co__worker_by_id(id);
			if (w)
				co__watch_forget(&w->loop->watch, fd);
		}
}

void co__wait_forked(void)
{
	struct fd_entry *e;

	for (int fd = 0; (e = co__fd_next(&fd)); fd++) {
		lock_forked(&e->lock);
		if (e->waiters.next)
			list_init(&e->waiters);
		e->watched_in = e->watched_out = 0;
		e->drained_by = 0;
	}
}

/* --- the recheck -------------------------------------------------------------------------------------- */

/* Foreign code can close a number behind us: the kernel forgets the registration, and no
 * event will come any more. So every now and then the waits that have seen a round before
 * are compared with poll(2). */

enum { RECHECK_BATCH = 256, RECHECK_MOST = 4096 };

struct recheck {
	struct pollfd fds[RECHECK_BATCH];
	unsigned count, total;
	bool waiting; /* a fiber of the worker waits for some descriptor */
};

/* What a thread would see. A number that is not open any more answers POLLNVAL. */
static void recheck_flush(struct worker *w, struct recheck *r)
{
	int n = r->count ? poll(r->fds, r->count, 0) : 0;

	for (unsigned i = 0; n > 0 && i < r->count; i++) {
		struct fd_entry *e = co__fd_entry(r->fds[i].fd);
		lock_take(&e->lock);
		if (r->fds[i].revents & POLLNVAL)
			co__wait_closed(e);
		else if (r->fds[i].revents)
			wake_for(e, w, (uint32_t)r->fds[i].revents);
		lock_drop(&e->lock);
	}
	r->total += r->count;
	r->count = 0;
}

/* Under E's lock. What waiters of W have been waiting for since the last round. */
static uint32_t overdue(struct fd_entry *e, struct worker *w, struct recheck *r, bool *stale)
{
	uint32_t conditions = 0;

	for (struct list *link = e->waiters.next; link != &e->waiters; link = link->next) {
		struct waiter *waiter = LIST_OWNER(link, struct waiter, link);
		if (waiter->fiber->worker != w)
			continue;
		r->waiting = true;
		if (waiter->age < 2)
			*stale |= ++waiter->age == 2;
		if (waiter->age == 2)
			conditions |= waiter->conditions;
	}
	return conditions;
}

static void recheck_entry(struct worker *w, struct fd_entry *e, int fd, struct recheck *r)
{
	uint32_t conditions;
	bool stale = false;

	if (!may_have_waiters(e))
		return;
	lock_take(&e->lock);
	conditions = overdue(e, w, r, &stale);
	if (conditions)
		r->fds[r->count++] = (struct pollfd){fd, (short)conditions, 0};
	if (stale) /* once for each wait is enough */
		co__watch_renew(&w->loop->watch, fd, tag_of(fd, fd_generation(e)),
			e->watched_out & w->bit || conditions & WATCH_OUT
				? WATCH_IN | WATCH_OUT
				: WATCH_IN);
	lock_drop(&e->lock);
	if (r->count == RECHECK_BATCH)
		recheck_flush(w, r);
}

bool co__wait_recheck(struct worker *w)
{
	struct recheck r = {.count = 0};
	int fd = w->loop->recheck_at;
	struct fd_entry *e = NULL;

	for (; r.total < RECHECK_MOST && (e = co__fd_next(&fd)); fd++)
		recheck_entry(w, e, fd, &r);
	recheck_flush(w, &r);
	if (!e)
		fd = 0;
	r.waiting = r.waiting || fd > 0 || w->loop->recheck_at > 0;
	w->loop->recheck_at = fd;
	return r.waiting;
}
