/* plainwait.h - how a thread without a worker waits for a word of ours: it blocks. */
#ifndef COHOOK_PLAINWAIT_H
#define COHOOK_PLAINWAIT_H

#include "../clock.h"

#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Block while WORD is VALUE, until DUE or a bit earlier. Spoils errno. */
static inline void plain_wait(atomic_uint *word, unsigned value, uint64_t due)
{
	uint64_t now = due == DUE_NEVER ? 0 : now_ns();
	struct timespec left = timespec_of_ns(due > now ? due - now : 0);

	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value,
		due == DUE_NEVER ? NULL : &left, NULL, 0);
}

/* WORD has changed. Its memory may be gone: the address alone is used. */
static inline void plain_wake(atomic_uint *word, int most)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, most, NULL, NULL, 0);
}

#endif
