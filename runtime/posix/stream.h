/* stream.h - a FILE that fibers and threads share: whose it is, and whether its
 * descriptor is of a kind that waits.
 *
 * A mirror goes one of three ways:
 *
 *	if (!stream_fiber())
 *		return fgetc(fp);                        the plain call
 *	if (stream_try(fp)) {
 *		...                                      nothing in here may wait
 *		stream_done(fp);
 *	}
 *	co__stream_with(fp, work, arg);                  WORK may wait
 *
 * To libc a stream is locked by a thread, and the fibers of a worker are one thread to it.
 * So a fiber that waits in the middle of a call, or has called flockfile(3), is noted
 * here beside the real lock, which keeps threads out. */
#ifndef COHOOK_STREAM_H
#define COHOOK_STREAM_H

#include "../lot.h"
#include "../sched.h"
#include "filelayout.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __has_include
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define STREAM_ONE_THREAD __libc_single_threaded
#endif
#endif
#ifndef STREAM_ONE_THREAD
#define STREAM_ONE_THREAD false
#endif

/* The running fiber, NULL where mirrors are plain calls. */
static inline struct co_fiber *stream_fiber(void)
{
	return co__self();
}

enum { STREAM_BUCKET_BITS = 8, STREAM_BUCKETS = 1 << STREAM_BUCKET_BITS };

/* How many fibers have noted a stream, by a hash of its address. */
extern atomic_int co__stream_notes[STREAM_BUCKETS];

static inline unsigned stream_bucket(const FILE *fp)
{
	uint64_t hash = (uint64_t)(uintptr_t)fp * UINT64_C(0x9e3779b97f4a7c15);

	return (unsigned)(hash >> (64 - STREAM_BUCKET_BITS));
}

/* Have FP for a moment in which the fiber does not wait. False: another fiber or thread
 * has it, or may have. The caller's errno stays. */
static inline bool stream_try(FILE *fp)
{
	if (atomic_load_explicit(
		    &co__stream_notes[stream_bucket(fp)], memory_order_relaxed) > 0)
		return false;
	return STREAM_ONE_THREAD || ftrylockfile(fp) == 0;
}

/* No thread is made between the two. A waiter that comes at the same time looks again by
 * itself. */
static inline void stream_done(FILE *fp)
{
	if (STREAM_ONE_THREAD)
		return;
	funlockfile(fp);
	if (co__lot_busy(fp))
		co__lot_wake(fp, 1);
}

/* Have FP for the running fiber, run WORK(FP, ARG), and give it back, also if the fiber is
 * cancelled in there. Others that want it wait. */
ssize_t co__stream_with(FILE *fp, ssize_t (*work)(FILE *fp, void *arg), void *arg);

/* flockfile(3) and its kind, for a fiber. */
void co__stream_lock(FILE *fp);
bool co__stream_try_lock(FILE *fp);
void co__stream_unlock(FILE *fp);

/* Whether reads or writes beneath FP may wait for somebody else; false for files on disk,
 * and for streams that are libc's affair: in memory, of cookies, wide ones. */
bool co__stream_waits(FILE *fp);
/* The same, surely: what foreign code may have put behind the number is looked at. False
 * where libc's own call may follow, and lets other fibers run while it waits (musl). */
bool co__stream_waits_now(FILE *fp);
/* What the running fiber calls next is on streams of which it has none (musl). */
void co__stream_leave(void);
/* Whether a fiber other than the running one has FP. */
bool co__stream_is_others(const FILE *fp);
/* Whether libc reads and writes FP by itself, not the program's functions. */
bool co__stream_is_descriptor(const FILE *fp);
/* Whether writes to FD may. */
bool co__stream_descriptor_waits(int fd);

#endif
