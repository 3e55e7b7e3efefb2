/* critical.h - stretches of the runtime in which no handler of the program may run.
 *
 * A handler may call mirrors (close(2) is async-signal-safe) and may leave by
 * siglongjmp(3): both would do harm in the middle of a list or under a lock. A signal
 * that arrives there waits for the end of the stretch. While a worker's loop waits for
 * events the handler waits for the worker's root fiber, so that it runs where the
 * program's own code is waiting, and a jump out of it stays on one stack. */
#ifndef COHOOK_CRITICAL_H
#define COHOOK_CRITICAL_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct critical {
	volatile unsigned depth;
	volatile bool deferred; /* a signal waits; until it is served all others are blocked */
};

extern __thread struct critical co__critical;

/* A handler that waits runs in here. */
void co__critical_serve(void);

static inline void critical_begin(void)
{
	co__critical.depth++;
	atomic_signal_fence(memory_order_seq_cst);
}

static inline void critical_end(void)
{
	atomic_signal_fence(memory_order_seq_cst);
	if (--co__critical.depth == 0 && co__critical.deferred)
		co__critical_serve();
}

/* For a change of the thread's signal mask: if a signal waits, all are blocked, and MASK
 * holds when it is served. False if none waits. */
bool co__critical_later(uint64_t mask);
/* All signals are blocked again, since one waits. */
void co__critical_block(void);

/* The child's side of fork(2), inside of a stretch: a signal that waits is the
 * parent's. */
void co__critical_forked(void);

/* For handlers: true if the signal has to wait, and will be sent again with the same
 * INFO. CONTEXT is the one that the kernel passed. A fault cannot wait. */
bool co__critical_defer(const siginfo_t *info, void *context);

#endif
