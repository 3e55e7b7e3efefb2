/* sched.h - run queues and switching. Knows nothing of what fibers wait for. */
#ifndef COHOOK_SCHED_H
#define COHOOK_SCHED_H

#include "fiber.h"

/* How many fibers may run in a row before events are looked for, and how many calls a
 * fiber may make without waiting before it has to let others run. */
enum { SCHED_BURST = 64, SCHED_TURNS = 64 };

/* Make WORKER ready to run fibers: the calling thread's code becomes its root fiber,
 * and LOOP_MAIN(WORKER) will run on a stack of its own whenever no fiber is ready.
 * -ENOMEM. */
int co__sched_init(struct worker *worker, void (*loop_main)(struct worker *worker));

/* Undo it, from the root fiber, when no other fiber is left. */
void co__sched_fini(struct worker *worker);

/* The child's side of fork(2): forget every fiber but the running one. */
void co__sched_forked(struct worker *worker);

struct spawn {
	size_t stack_size;
	const char *name; /* may be NULL */
	bool detached;
	void *(*entry)(void *arg);
	void *arg;
};

/* A new fiber of WORKER, which may be another thread's. It is one of the live ones from
 * here on. -ENOMEM. */
int co__fiber_new(
	struct worker *worker, const struct spawn *spawn, struct co_fiber **fiber);

/* Put it at the end of its worker's run queue. From here on it may run, end and be
 * freed. */
void co__fiber_start(struct co_fiber *fiber);
/* Or do not start it after all. The worker must have a reason of its own to live on. */
void co__fiber_give_up(struct co_fiber *fiber);

/* Free the memory of a fiber that is END_DONE and not running. Any thread. */
void co__fiber_free(struct co_fiber *fiber);

/* End the running fiber, which is not a root fiber. */
_Noreturn void co__fiber_exit(void *result);

/* Let others run until someone calls co__wake() on the running fiber. */
void co__park(void);

/* Put a fiber into its worker's run queue. Once per park, any thread; see co__wake(). */
void co__ready(struct co_fiber *fiber);

/* Claim the right to make FIBER ready, for the reason WHY; false if someone was faster.
 * Any thread, while something (a lock of the list that FIBER waits in) keeps FIBER from
 * going away. */
bool co__wake(struct co_fiber *fiber, enum wake why);

/* Let the other ready fibers and the loop have a turn. */
void co__yield(void);

/* The running fiber makes a call that need not wait: after SCHED_TURNS of them in a row
 * the others have their turn. */
static inline void co__turn(struct worker *worker)
{
	if (--worker->turns == 0)
		co__yield();
}

/* The loop's side. Run ready fibers until none is left or the burst is used up. */
void co__run_ready(struct worker *worker);
/* Move what other threads made ready into the run queue; true if there was something. */
bool co__take_remote(struct worker *worker);

static inline bool co__has_ready(const struct worker *worker)
{
	return !list_empty(&worker->ready);
}

/* Called when a fiber's worker sees it first, when the fiber is about to end, on its stack
 * (keys), when it has ended (joiners), and when a worker has none left. Set once. */
struct sched_hooks {
	void (*born)(struct co_fiber *fiber);
	void (*_Atomic ending)(struct co_fiber *fiber); /* by whoever uses a key first */
	void (*ended)(struct co_fiber *fiber);
	void (*idle)(void);
};
extern struct sched_hooks co__sched_hooks;

#endif
