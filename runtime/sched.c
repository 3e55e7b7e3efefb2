/* sched.c - who runs next on a worker, and the switch itself.
 *
 * A fiber that parks switches straight to the next ready one; when there is none, or the
 * burst is used up, to the loop's context. Everything here runs on the worker's own
 * thread, but co__ready() and co__wake(), which other threads reach through the remote
 * queue. Called by everything that waits. */
#define _GNU_SOURCE
#include "sched.h"

#include "bug.h"
#include "cleanup.h"
#include "critical.h"
#include "sanitize.h"
#include "sigmask.h"
#include "tls.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

__thread struct ctx co__ctx;
struct sched_hooks co__sched_hooks;

enum { LOOP_STACK = 1024 * 1024 };

/* Tell the sanitizers that TO is entered; TO->stack is what they need to know. Inline:
 * ThreadSanitizer would take its end for the end of a function of TO's. */
__attribute__((always_inline)) static inline void announce(struct co_fiber *from, struct co_fiber *to, bool leaving_for_good)
{
	if (__sanitizer_start_switch_fiber)
		__sanitizer_start_switch_fiber(
			leaving_for_good ? NULL : &from->asan_stack, to->stack.base,
			to->stack.size);
	if (__tsan_switch_to_fiber)
		__tsan_switch_to_fiber(to->tsan_fiber, 0);
}

/* Everything that must happen on the new stack before its code goes on. */
static void arrive(struct co_fiber *self)
{
	struct worker *w = self->worker;

	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(self->asan_stack, NULL, NULL);
	co__ctx.running = self->is_loop ? NULL : self;
	co__ctx.self = co__ctx.running;
	co__ctx.handler_frame =
		NULL; /* nobody parks in a handler: it was left by a jump */
	co__tls_shift = self->tls_shift;
	w->turns = SCHED_TURNS;
	errno = self->saved_errno;
}

/* The loop waits with the root fiber's mask. */
static void swap_masks(struct co_fiber *from, const struct co_fiber *to)
{
	struct worker *w = from->worker;
	const uint64_t mask = to->is_loop ? w->root.mask : to->mask;

	if (mask != w->mask)
		co__sigmask_set(w, from, mask);
}

/* In a critical stretch, each fiber in its own: signals come to who is running when it is
 * over. */
static void switch_to(struct co_fiber *from, struct co_fiber *to)
{
	const unsigned depth = co__critical.depth;

	from->saved_errno = errno;
	from->cleanups = cleanup_swap(to->cleanups);
	if (from->in_stdio | to->in_stdio)
		from->inner_cleanups = cleanup_swap_inner(to->inner_cleanups);
	exceptions_swap(from->worker->exceptions, &from->exceptions, &to->exceptions);
	swap_masks(from, to);
	announce(from, to, false);
	co__context_switch(&from->context, &to->context);
	arrive(from);
	co__critical.depth = depth;
}

static struct co_fiber *next_ready(struct worker *w)
{
	struct list *link;

	if (w->burst == 0)
		return &w->loop_fiber;
	link = list_take(&w->ready);
	if (!link)
		return &w->loop_fiber;
	w->burst--;
	return LIST_OWNER(link, struct co_fiber, run);
}

void co__park(void)
{
	struct co_fiber *self = co__ctx.running;
	struct co_fiber *next = next_ready(self->worker);

	if (next != self)
		switch_to(self, next);
}

void co__yield(void)
{
	struct co_fiber *self = co__ctx.running;
	struct worker *w = self->worker;
	bool alone;

	critical_begin();
	alone = list_empty(&w->ready);
	list_insert(&w->ready, &self->run);
	if (alone)
		switch_to(self, &w->loop_fiber);
	else
		co__park();
	critical_end();
}

static void last_ended(struct worker *w)
{
	if (w->waits_for_last)
		co__wake(&w->root, WAKE_EVENT);
	co__sched_hooks.idle();
}

static void bury(struct worker *w)
{
	struct co_fiber *dead = w->dead;

	w->dead = NULL;
	co__sched_hooks.ended(dead);
	if (atomic_fetch_sub(&w->live, 1) == 1)
		last_ended(w);
}

void co__run_ready(struct worker *w)
{
	struct list *link;

	w->burst = SCHED_BURST;
	while (w->burst > 0 && (link = list_take(&w->ready))) {
		w->burst--;
		switch_to(&w->loop_fiber, LIST_OWNER(link, struct co_fiber, run));
		if (w->dead)
			bury(w);
	}
}

static void push_remote(struct worker *w, struct co_fiber *fiber)
{
	struct co_fiber *head;

	atomic_fetch_add(&w->notifying, 1);
	head = atomic_load_explicit(&w->remote, memory_order_relaxed);
	do {
		fiber->remote_next = head;
	} while (!atomic_compare_exchange_weak(&w->remote, &head, fiber));
	if (!head) /* else whoever put the first one there has notified */
		w->notify(w);
	atomic_fetch_sub(&w->notifying, 1);
}

static void bear(struct worker *w, struct co_fiber *fiber)
{
	fiber->born = true;
	list_insert(&w->fibers, &fiber->all);
	co__sched_hooks.born(fiber);
}

bool co__take_remote(struct worker *w)
{
	struct co_fiber *newest, *oldest = NULL;

	if (!atomic_load_explicit(&w->remote, memory_order_relaxed))
		return false;
	newest = atomic_exchange(&w->remote, NULL);
	while (newest) {
		struct co_fiber *next = newest->remote_next;
		newest->remote_next = oldest;
		oldest = newest;
		newest = next;
	}
	for (; oldest; oldest = oldest->remote_next) {
		if (!oldest->born)
			bear(w, oldest);
		list_insert(&w->ready, &oldest->run);
	}
	return true;
}

void co__ready(struct co_fiber *fiber)
{
	struct worker *w = fiber->worker;

	if (w == co__ctx.worker &&
		!co__ctx.handler_frame) /* handlers are like other threads */
		list_insert(&w->ready, &fiber->run);
	else
		push_remote(w, fiber);
}

bool co__wake(struct co_fiber *fiber, enum wake why)
{
	int pending = WAKE_PENDING;

	if (!atomic_compare_exchange_strong(&fiber->wake, &pending, (int)why))
		return false;
	co__ready(fiber);
	return true;
}

/* The lowest address of the calling thread's stack matters to AddressSanitizer alone. */
static void find_native_stack(struct stack *stack)
{
	pthread_attr_t attr;
	void *base;

	if (!__sanitizer_start_switch_fiber ||
		pthread_getattr_np(pthread_self(), &attr) != 0)
		return;
	if (pthread_attr_getstack(&attr, &base, &stack->size) == 0)
		stack->base = base;
	pthread_attr_destroy(&attr);
}

static void fiber_init(struct co_fiber *fiber, struct worker *w)
{
	memset(fiber, 0, sizeof(*fiber));
	fiber->worker = w;
	fiber->due = fiber->scope_due = DUE_NEVER;
	fiber->born = true;
	atomic_init(&fiber->wake, WAKE_NOTHING);
	list_init(&fiber->run);
	list_init(&fiber->all);
}

static void loop_begin(void *arg)
{
	struct worker *w = arg;

	arrive(&w->loop_fiber);
	co__critical.depth = 1; /* for good */
	w->loop_main(w);
	BUG("the loop returned");
}

int co__sched_init(struct worker *w, void (*loop_main)(struct worker *worker))
{
	struct stack stack;
	int r = co__stack_alloc(LOOP_STACK, &stack);

	if (r < 0)
		return r;
	list_init(&w->ready);
	list_init(&w->fibers);
	w->turns = SCHED_TURNS;
	w->exceptions = exceptions_current();
	fiber_init(&w->root, w);
	w->root.is_root = true;
	w->root.mask = w->mask = co__sigmask_now();
	find_native_stack(&w->root.stack);
	fiber_init(&w->loop_fiber, w);
	w->loop_fiber.is_loop = true;
	w->loop_fiber.stack = stack;
	w->loop_main = loop_main;
	co__context_make(&w->loop_fiber.context, stack.base + stack.size - stack.colour,
		loop_begin, w);
	if (__tsan_create_fiber) {
		w->root.tsan_fiber = __tsan_get_current_fiber();
		w->loop_fiber.tsan_fiber = __tsan_create_fiber(0);
	}
	co__ctx.worker = w;
	co__ctx.running = co__ctx.self = &w->root;
	return 0;
}

void co__sched_fini(struct worker *w)
{
	BUG_IF(w->live > 0);
	co__ctx = (struct ctx){0};
	if (__tsan_destroy_fiber)
		__tsan_destroy_fiber(w->loop_fiber.tsan_fiber);
	co__stack_free(&w->loop_fiber.stack);
}

/* The others' stacks stay mapped: nobody runs on them any more, and nothing says that the
 * program holds no pointers into them, as with the stacks of threads that a fork leaves
 * behind. */
void co__sched_forked(struct worker *w)
{
	struct co_fiber *self = co__ctx.running;

	list_init(&w->ready);
	list_init(&w->fibers);
	atomic_store(&w->remote, NULL);
	atomic_store(&w->notifying, 0);
	atomic_store(&w->interrupted, 0);
	w->dead = NULL;
	atomic_store(&w->live, 0);
	if (self != &w->root)
		atomic_store(&w->root.wake, WAKE_NOTHING);
	if (!self || self->is_root)
		return;
	list_init(&self->run);
	list_insert(&w->fibers, &self->all);
	atomic_store(&w->live, 1);
	w->orphaned = true;
}

/* Leave for good. The stack is freed from the loop's, which reports the end. */
static _Noreturn void fiber_finish(struct co_fiber *self)
{
	struct worker *w = self->worker;

	critical_begin();
	list_remove(&self->all);
	w->dead = self;
	cleanup_swap(w->loop_fiber.cleanups);
	exceptions_swap(w->exceptions, &self->exceptions, &w->loop_fiber.exceptions);
	swap_masks(self, &w->loop_fiber);
	announce(self, &w->loop_fiber, true);
	co__context_switch(&self->context, &w->loop_fiber.context);
	BUG("a fiber went on after its end");
}

static void run_ending(struct co_fiber *self)
{
	void (*ending)(struct co_fiber *fiber) =
		atomic_load_explicit(&co__sched_hooks.ending, memory_order_relaxed);

	if (ending)
		ending(self);
}

static void fiber_begin(void *arg)
{
	struct co_fiber *self = arg;
	cleanup_frame outermost;

	arrive(self);
	self->outermost = &outermost;
	co__critical.depth = 1;
	critical_end();
	if (cleanup_catch(&outermost) == 0) {
		self->result = self->entry(self->arg);
		cleanup_release(&outermost);
	}
	run_ending(self);
	fiber_finish(self);
}

_Noreturn void co__fiber_exit(void *result)
{
	struct co_fiber *self = co__ctx.running;

	self->result = result;
	if (__asan_handle_no_return)
		__asan_handle_no_return();
	cleanup_run(self->outermost);
}

int co__fiber_new(struct worker *w, const struct spawn *spawn, struct co_fiber **fiber)
{
	struct stack stack;
	struct co_fiber *f;
	uintptr_t top;
	const size_t taken =
		sizeof(*f) + STACK_COLOUR_MOST + 64; /* at most, from the top */
	int r = -ENOMEM;

	if (spawn->stack_size <= SIZE_MAX - taken)
		r = co__stack_alloc(spawn->stack_size + taken, &stack);
	if (r < 0)
		return r;
	top = (uintptr_t)stack.base + stack.size - stack.colour - sizeof(*f);
	f = (struct co_fiber *)(top & ~(uintptr_t)63);
	fiber_init(f, w);
	f->stack = stack;
	f->mask = co__sigmask_inherited(w);
	f->tls_shift = TLS_UNKNOWN;
	f->entry = spawn->entry;
	f->arg = spawn->arg;
	if (spawn->detached)
		atomic_init(&f->end, END_DETACHED);
	if (spawn->name)
		strncpy(f->name, spawn->name, sizeof(f->name) - 1);
	if (__tsan_create_fiber)
		f->tsan_fiber = __tsan_create_fiber(0);
	co__context_make(&f->context, f, fiber_begin, f);
	f->born = false;
	atomic_fetch_add(&w->live, 1);
	*fiber = f;
	return 0;
}

void co__fiber_give_up(struct co_fiber *fiber)
{
	atomic_fetch_sub(&fiber->worker->live, 1);
	co__fiber_free(fiber);
}

void co__fiber_start(struct co_fiber *fiber)
{
	if (fiber->worker == co__ctx.worker)
		bear(fiber->worker, fiber);
	co__ready(fiber);
}

void co__fiber_free(struct co_fiber *fiber)
{
	struct stack stack = fiber->stack;

	free(fiber->processors);
	co__tls_free(fiber);
	if (__tsan_destroy_fiber)
		__tsan_destroy_fiber(fiber->tsan_fiber);
	co__stack_free(&stack);
}
