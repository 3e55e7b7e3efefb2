/* fiber.h - what a fiber is, what a worker is, and what each thread knows.
 *
 * Ownership: a field is written by its fiber's worker unless it is atomic or its comment
 * says otherwise. A fiber's control block lies at the top of the fiber's own stack; the
 * first line of it holds what a switch touches. */
#ifndef COHOOK_FIBER_H
#define COHOOK_FIBER_H

#include "arch/context.h"
#include "clock.h"
#include "exceptions.h"
#include "list.h"
#include "stack.h"

#include <cohook/cohook.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct loop;
struct timer_room;
struct tls_block;
struct worker;
struct key_values;

/* Why a fiber that waits was made ready. */
enum wake {
	WAKE_PENDING,   /* not yet: it waits, or is about to */
	WAKE_NOTHING,   /* it does not wait; nobody may wake it */
	WAKE_EVENT,     /* what it waited for came */
	WAKE_CLOSED,    /* the descriptor was closed */
	WAKE_TIMEOUT,   /* its timer */
	WAKE_CANCEL,    /* co_fiber_cancel() */
	WAKE_INTERRUPT, /* a signal handler ran */
	WAKE_HANDLER,   /* one is to run on this fiber */
	WAKE_LOOK,      /* co_fiber.look says that it is worth another try */
};

/* A timer of the worker's heap; lazily moved, see loop/timer.h. */
struct timer {
	uint64_t due;  /* valid while armed */
	unsigned slot; /* position in the heap plus one; 0: not armed */
};

enum fiber_end { /* bits of co_fiber.end */
	END_DETACHED = 1,
	END_JOINING = 2,
	END_DONE = 4,
};

/* Someone who waits for conditions of a descriptor, see wait.h. */
struct waiter {
	struct list link; /* in entry->waiters, or in none; under the entry's lock */
	struct co_fiber *fiber;
	uint32_t conditions; /* WATCH_* bits; errors wake always */
	bool exclusive;      /* one event need not wake more than one of these */
	unsigned char age;   /* rounds of the recheck it has seen */
	int fd;
};

struct co_fiber {
	struct context context;
	struct worker *worker; /* constant */
	struct list run;       /* in worker->ready */
	atomic_int wake;       /* enum wake; WAKE_PENDING -> other by whoever claims it */
	int saved_errno;       /* valid while it is not running */
	uint64_t due;          /* of the current wait, DUE_NEVER outside one */
	struct timer timer;    /* armed no later than due */

	struct waiter
		waiter; /* of a wait for one descriptor; here, so that an event need not look
	                              for it elsewhere in memory */
	_Atomic unsigned char wait_how; /* enum wait_how of the current wait */
	bool is_root, is_loop;
	atomic_bool cancelled;
	uint64_t
		scope_due; /* the earliest co_deadline of the fiber, DUE_NEVER for none */
	uint64_t mask;                /* of signals, see sigmask.h */
	intptr_t tls_shift;           /* see tls.h */
	struct tls_block *tls_blocks; /* its own thread-local variables, NULL until used */
	struct co_deadline *scope;
	struct co_fiber *remote_next; /* in worker->remote */
	struct timer_room *room;      /* that it brings to its worker, see loop/timer.h */
	bool born;                    /* it is in worker->fibers */

	void *(*entry)(void *arg);
	void *arg;
	void *result;                 /* valid once END_DONE is set */
	void *cleanups;               /* see cleanup.h; valid while it is not running */
	void *inner_cleanups;         /* likewise; NULL unless in_stdio */
	unsigned in_stdio; /* depth of calls in which libc may have called us back */
	const FILE *stream; /* that libc was last called on by a mirror (musl) */
	struct exceptions exceptions; /* likewise; all zero without C++ */
	void *outermost; /* cleanup_frame around the entry function, for an early end */
	atomic_uint end; /* futex word of joiners that are plain threads */
	struct key_values *keys; /* pthread_setspecific() values, NULL until the first */
	struct list all;         /* in worker->fibers */
	struct stack stack;
	char name[16];

	bool named;                   /* by pthread_setname_np(), perhaps with "" */
	atomic_bool cancel_requested; /* by pthread_cancel(); see cancel.h */
	atomic_bool cancel_off; /* written by the fiber alone */
	bool cancel_async;
	int policy, priority; /* as set, see pthread/attributes.c */
	void *processors;     /* cpu_set_t as set, or NULL */

	bool (*look)(
		void *object); /* of the current wait, NULL for most; see co__wait_look() */
	void *looked_at;
	unsigned char looks; /* so far; the pauses between them grow */

	void *asan_stack; /* fake stack while not running */
	void *tsan_fiber;
};

struct worker {
	struct list ready;
	unsigned burst; /* switches left before the loop must have its turn */
	unsigned turns; /* calls left before the running fiber yields, see co__turn() */
	int tid;        /* the kernel's, of its thread */
	struct exceptions *exceptions; /* of its thread, NULL without C++; constant */
	uint64_t mask; /* of signals, as set last; see sigmask.h */
	_Atomic unsigned
		live; /* spawned fibers that have not ended; raised by any thread */
	int id;       /* 1 .. 64, or 0 if all ids were taken */
	uint64_t bit; /* of the id; 0 without one */
	struct co_fiber *dead; /* ended, its stack still to be freed */
	struct co_fiber root, loop_fiber;
	struct list fibers;
	void (*loop_main)(struct worker *worker); /* never returns */
	struct loop *loop;                        /* see loop/loop.h */
	void *signal_stack;                       /* see overflow.h */
	_Atomic(struct co_fiber *) remote; /* made ready by other threads, newest first */
	atomic_int notifying;              /* threads inside notify() */
	void (*notify)(
		struct worker *worker); /* make the loop look at remote; any thread */
	atomic_int
		interrupted; /* enum interrupt: handlers that ran on the worker's thread */
	pthread_t thread;
	atomic_int directed; /* signals under way that were sent to one fiber */
	bool orphaned; /* a fork left no root fiber: the process ends with the last fiber */
	bool waits_for_last; /* the root fiber wants to know when the others have ended */
	struct worker *next_left;  /* of those that a fork left behind */
	atomic_bool stopping; /* so it does when somebody has set this */
};

enum interrupt {                /* bits of worker.interrupted */
	INTERRUPT_RESTART = 1,  /* a handler with SA_RESTART ran */
	INTERRUPT_STOP = 2,     /* one without */
	INTERRUPT_DIRECTED = 4, /* one for a fiber that has been told already */
	INTERRUPT_LATER = 8,    /* one waits for the end of a critical stretch */
};

/* Per thread. self is NULL where mirrors are plain calls: in threads without a worker, in
 * the loop and its callbacks, and in signal handlers. */
struct ctx {
	struct co_fiber *self;
	struct worker *worker;
	struct co_fiber *running; /* like self, but kept in signal handlers */
	void *handler_frame; /* of the outermost signal handler that is running, or NULL */
};

extern __thread struct ctx co__ctx;

/* A handler may have been left by siglongjmp(3): find out, and if so be what we were
 * before it. */
struct co_fiber *co__handler_left(void);

/* The running fiber if the caller may park, NULL if the mirror is to be the plain
 * call. */
static inline struct co_fiber *co__self(void)
{
	if (!co__ctx.self && co__ctx.handler_frame)
		return co__handler_left();
	return co__ctx.self;
}

#endif
