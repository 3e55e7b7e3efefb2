/* forkhold.c - a list of lock tables. Called by worker.c. */
#include "forkhold.h"

static struct fork_hold *holds;
static bool holding; /* from the beginning of a fork to its end */

void co__fork_hold(struct fork_hold *hold)
{
	hold->next = holds;
	holds = hold;
}

static void each(void (*act)(struct lock *lock))
{
	for (struct fork_hold *hold = holds; hold; hold = hold->next)
		for (size_t i = 0; i < hold->count; i++)
			act((struct lock *)((char *)hold->first + i * hold->stride));
}

void co__fork_hold_begin(bool open)
{
	holding = open;
	if (holding)
		each(lock_take);
}

void co__fork_hold_end(void)
{
	if (holding)
		each(lock_drop);
}

void co__fork_hold_child(void)
{
	each(holding ? lock_drop : lock_forked);
}
