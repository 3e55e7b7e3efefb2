/* api.c - include/cohook/cohook.h, in terms of the layers below. Owns no state. */
#define _GNU_SOURCE
#include <cohook/cohook.h>

#include "join.h"
#include "loop/loop.h"
#include "wait.h"
#include "worker.h"

#include <errno.h>
#include <string.h>

enum { SMALLEST_STACK = 4096, STANDARD_STACK = 256 * 1024 };

const char *co_version(void)
{
	return CO_VERSION_STRING;
}

static size_t default_stack(void)
{
	return co__wanted_stack() ? co__wanted_stack() : STANDARD_STACK;
}

int co_fiber_spawn(co_fiber **out, const struct co_fiber_attr *attr,
	void *(*entry)(void *arg), void *arg)
{
	static const struct co_fiber_attr standard;
	struct spawn spawn = {.entry = entry, .arg = arg};
	struct co_fiber *fiber;
	struct worker *w;
	int error = errno;
	int r;

	if (!attr)
		attr = &standard;
	if (!entry || (!out && !attr->detached) ||
		(attr->stack_size && attr->stack_size < SMALLEST_STACK))
		return -EINVAL;
	w = co__worker_enter();
	r = w ? 0 : -errno;
	if (w && !co__self() && co__ctx.handler_frame)
		r = -EPERM;
	spawn.stack_size = attr->stack_size ? attr->stack_size : default_stack();
	spawn.name = attr->name;
	spawn.detached = attr->detached;
	if (r == 0)
		r = co__spawn(w, &spawn, &fiber);
	if (r == 0) {
		if (out)
			*out = fiber;
		co__start(fiber);
	}
	errno = error;
	return r;
}

int co_fiber_join(co_fiber *fiber, void **result)
{
	int error = errno;
	int r = co__join(fiber, result, DUE_NEVER, 0);

	errno = error;
	return r;
}

int co_fiber_detach(co_fiber *fiber)
{
	return co__detach(fiber);
}

co_fiber *co_fiber_self(void)
{
	struct co_fiber *self = co__self();

	return self && !self->is_root ? self : NULL;
}

/* The flag comes first: a wait that begins later sees it, one that began before is
 * claimed. */
int co_fiber_cancel(co_fiber *fiber)
{
	atomic_store(&fiber->cancelled, true);
	co__wait_cancel(fiber, 0);
	return 0;
}

int co_fiber_set_name(co_fiber *fiber, const char *name)
{
	if (!fiber)
		fiber = co_fiber_self();
	if (!fiber || !name)
		return -EINVAL;
	strncpy(fiber->name, name, sizeof(fiber->name) - 1);
	return 0;
}

void co_fiber_yield(void)
{
	if (co__self())
		co__yield();
}

int co_deadline_enter(struct co_deadline *d, uint64_t timeout_ns)
{
	struct co_fiber *self = co__self();

	d->owner = self;
	if (!self)
		return -EPERM;
	d->due_ns = self->scope_due;
	d->outer = self->scope;
	self->scope = d;
	if (due_after(timeout_ns) < self->scope_due)
		self->scope_due = due_after(timeout_ns);
	return 0;
}

void co_deadline_leave(struct co_deadline *d)
{
	struct co_fiber *self = d->owner;

	if (!self)
		return;
	self->scope_due = d->due_ns; /* what held outside */
	self->scope = d->outer;
}

struct uv_loop_s *co_loop(void)
{
	struct worker *w = co__worker_enter();

	return w ? co__loop_uv(w) : NULL;
}
