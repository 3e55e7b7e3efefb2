/* attributes.c - names, stacks, processors and priorities of threads that are fibers.
 *
 * A fiber shares its OS thread with others, so what concerns the OS thread (processors,
 * scheduling) is checked and remembered for the fiber, but not applied; processor time is
 * that of the OS thread. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../posix/usermem.h"
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has_ended(const struct co_fiber *fiber)
{
	return atomic_load(&fiber->end) & END_DONE;
}

int co_pthread_setname_np(pthread_t thread, const char *name)
{
	struct co_fiber *fiber = fiber_or_root_of(thread);
	int r = fiber_of(thread) ? 0 : pthread_setname_np(thread, name);

	if (!fiber || r)
		return r;
	if (strlen(name) >= sizeof(fiber->name))
		return ERANGE;
	strcpy(fiber->name, name);
	fiber->named = true;
	return 0;
}

int co_pthread_getname_np(pthread_t thread, char *name, size_t size)
{
	struct co_fiber *fiber = fiber_of(thread);

	if (!fiber)
		return pthread_getname_np(thread, name, size);
	if (size < sizeof(fiber->name))
		return ERANGE;
	/* One made by co_fiber_spawn() may have none. */
	strcpy(name, fiber->name[0] || fiber->named ? fiber->name : fiber->worker->root.name);
	return 0;
}

int co_pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
	struct co_fiber *fiber = fiber_of(thread);
	bool detached;
	int r;

	if (!fiber)
		return pthread_getattr_np(thread, attr);
	r = pthread_attr_init(attr);
	if (r)
		return r;
	detached = atomic_load(&fiber->end) & END_DETACHED;
	pthread_attr_setstack(attr, fiber->stack.base, fiber->stack.size);
	pthread_attr_setdetachstate(
		attr, detached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE);
	return 0;
}

/* Of SET, as much as there is and is allowed, into a new set of SIZE bytes. 0, or the
 * bare error. */
static int usable(const cpu_set_t *set, size_t size, cpu_set_t **processors)
{
	cpu_set_t allowed, *both = calloc(1, size < sizeof(*both) ? sizeof(*both) : size);
	int r = 0;

	if (!both)
		return ENOMEM;
	if (!usermem_read(both, set, size))
		r = EFAULT;
	else if (sched_getaffinity(getpid(), sizeof(allowed), &allowed) < 0)
		r = errno;
	else
		CPU_AND(both, both, &allowed);
	if (r == 0 && CPU_COUNT(both) == 0)
		r = EINVAL;
	if (r)
		free(both);
	else
		*processors = both;
	return r;
}

int co_pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set)
{
	struct co_fiber *fiber = fiber_of(thread);
	cpu_set_t *processors;
	int r;

	if (!fiber)
		return pthread_setaffinity_np(thread, size, set);
	if (has_ended(fiber))
		return ESRCH;
	r = usable(set, size < sizeof(cpu_set_t) ? size : sizeof(cpu_set_t), &processors);
	if (r)
		return r;
	free(fiber->processors);
	fiber->processors = processors;
	return 0;
}

int co_pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *set)
{
	struct co_fiber *fiber = fiber_of(thread);
	int r;

	if (!fiber)
		return pthread_getaffinity_np(thread, size, set);
	if (!fiber->processors)
		return pthread_getaffinity_np(fiber->worker->thread, size, set);
	/* The kernel wants room for every processor it knows of; its verdict on SIZE and
	 * SET. */
	r = pthread_getaffinity_np(fiber->worker->thread, size, set);
	if (r)
		return r;
	memset(set, 0, size);
	memcpy(set, fiber->processors, size < sizeof(cpu_set_t) ? size : sizeof(cpu_set_t));
	return 0;
}

static bool in_range(int policy, int priority)
{
	int least = sched_get_priority_min(policy), most = sched_get_priority_max(policy);

	return least >= 0 && priority >= least && priority <= most;
}

/* A worker's own scheduling is what its new threads inherit. */
static int note_root(pthread_t thread, int r)
{
	struct co_fiber *root = r == 0 ? fiber_or_root_of(thread) : NULL;
	struct sched_param param;

	if (root && pthread_getschedparam(thread, &root->policy, &param) == 0)
		root->priority = param.sched_priority;
	return r;
}

int co_pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *param)
{
	struct co_fiber *fiber = fiber_of(thread);

	if (!fiber)
		return note_root(thread, pthread_setschedparam(thread, policy, param));
	if (has_ended(fiber))
		return ESRCH;
	if (!in_range(policy, param->sched_priority))
		return EINVAL;
	fiber->policy = policy;
	fiber->priority = param->sched_priority;
	return 0;
}

int co_pthread_getschedparam(
	pthread_t thread, int *restrict policy, struct sched_param *restrict param)
{
	struct co_fiber *fiber = fiber_of(thread);

	if (!fiber)
		return pthread_getschedparam(thread, policy, param);
	if (has_ended(fiber))
		return ESRCH;
	*policy = fiber->policy;
	param->sched_priority = fiber->priority;
	return 0;
}

int co_pthread_setschedprio(pthread_t thread, int priority)
{
	struct co_fiber *fiber = fiber_of(thread);

	if (!fiber)
		return note_root(thread, pthread_setschedprio(thread, priority));
	if (has_ended(fiber))
		return ESRCH;
	if (!in_range(fiber->policy, priority))
		return errno = EINVAL; /* libc's has it there, too */
	fiber->priority = priority;
	return 0;
}

int co_pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
	struct co_fiber *fiber = fiber_of(thread);

	if (fiber && has_ended(fiber))
		return ESRCH;
	return pthread_getcpuclockid(fiber ? fiber->worker->thread : thread, clock);
}
