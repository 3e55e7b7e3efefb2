/* fence.h - the order of a look at memory behind an atomic change of other memory, such as the one that
 * unlocks a mutex of libc's. x86 has it anyway; elsewhere it takes a fence. */
#ifndef COHOOK_FENCE_H
#define COHOOK_FENCE_H

#include <stdatomic.h>

static inline void fence_behind_change(void)
{
#ifdef __x86_64__
	atomic_signal_fence(memory_order_seq_cst);
#else
	atomic_thread_fence(memory_order_seq_cst);
#endif
}

#endif
