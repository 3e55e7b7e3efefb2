/* stream.c - the fibers that have a FILE across a wait.
 *
 * Invariant: a note is in its bucket while its fiber has the stream, and as long its
 * worker's thread holds the real lock, so threads and libc's own calls elsewhere see the
 * stream locked for the whole call. Called by the mirrors of stdio. */
#define _GNU_SOURCE
#include "stream.h"

#include "../fdtab.h"
#include "../forkhold.h"
#include "../wait.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

static const uint64_t first_pause = NS_PER_MS, longest_pause = 16 * NS_PER_MS;

struct note {
	struct note *next;
	FILE *fp;
	struct co_fiber *fiber;
	unsigned depth;
	bool lasts; /* by flockfile(3); allocated */
};

static struct bucket {
	struct lock lock;
	struct note *first;
} buckets[STREAM_BUCKETS];

static struct fork_hold hold = FORK_HOLD(buckets, lock);

atomic_int co__stream_notes[STREAM_BUCKETS];

/* Under the lock: the place that points to the note, or to NULL. */
static struct note **find(struct bucket *b, const FILE *fp)
{
	struct note **place = &b->first;

	while (*place && (*place)->fp != fp)
		place = &(*place)->next;
	return place;
}

enum attempt {
	GOT,       /* and MINE is in the bucket */
	GOT_AGAIN, /* the fiber had it before; MINE is not needed */
	FIBERS,    /* another fiber has it, and will say when it has not */
	THREADS,   /* something else has it */
};

static enum attempt try(struct note *mine)
{
	unsigned i = stream_bucket(mine->fp);
	struct bucket *b = &buckets[i];
	enum attempt outcome = GOT;
	struct note *note;

	lock_take(&b->lock);
	note = *find(b, mine->fp);
	if (note && note->fiber != mine->fiber) {
		outcome = FIBERS;
	} else if (ftrylockfile(mine->fp) != 0) {
		outcome = THREADS;
	} else if (note) {
		note->depth++;
		outcome = GOT_AGAIN;
	} else {
		mine->next = b->first;
		b->first = mine;
		atomic_fetch_add(&co__stream_notes[i], 1);
	}
	lock_drop(&b->lock);
	return outcome;
}

/* As for a mutex: who is no fiber does not say when he is ready. */
static enum attempt wait_for(struct note *mine)
{
	struct lot_waiter waiter;
	uint64_t pause = first_pause;
	enum attempt outcome;

	for (;;) {
		co__lot_enter(&waiter, mine->fp, WAIT_DEAF);
		outcome = try(mine);
		if (outcome <= GOT_AGAIN) {
			co__lot_leave(&waiter);
			return outcome;
		}
		co__lot_park(&waiter, outcome == FIBERS ? DUE_NEVER : due_after(pause));
		pause = pause < longest_pause ? pause * 2 : longest_pause;
	}
}

static enum attempt take(struct note *mine)
{
	enum attempt outcome = try(mine);

	return outcome <= GOT_AGAIN ? outcome : wait_for(mine);
}

/* Give up one level of what FIBER has; true if others were waiting for it. A note that
 * lasts is freed with the last level. */
static bool give(FILE *fp, const struct co_fiber *fiber)
{
	unsigned i = stream_bucket(fp);
	struct bucket *b = &buckets[i];
	struct note **place, *note, *unused = NULL;

	lock_take(&b->lock);
	place = find(b, fp);
	note = *place;
	if (note && note->fiber == fiber && --note->depth == 0) {
		*place = note->next;
		atomic_fetch_sub(&co__stream_notes[i], 1);
		unused = note->lasts ? note : NULL;
	}
	lock_drop(&b->lock);
	free(unused);
	funlockfile(fp);
	return co__lot_wake(fp, 1) > 0;
}

struct use {
	FILE *fp;
	struct co_fiber *fiber;
	bool wanted; /* by others, when it was given back */
};

static void end_use(void *arg)
{
	struct use *use = arg;

	if (--use->fiber->in_stdio == 0)
		use->fiber->inner_cleanups = NULL;
	use->wanted = give(use->fp, use->fiber);
}

ssize_t co__stream_with(FILE *fp, ssize_t (*work)(FILE *fp, void *arg), void *arg)
{
	struct note mine = {.fp = fp, .fiber = co__ctx.self, .depth = 1};
	struct use use = {fp, mine.fiber, false};
	ssize_t r;

	take(&mine);
	mine.fiber->in_stdio++;
	pthread_cleanup_push(end_use, &use);
	r = work(fp, arg);
	pthread_cleanup_pop(1);
	if (use.wanted) /* or a loop around the call would keep the others waiting for ever */
		co__yield();
	else
		co__turn(co__ctx.worker);
	return r;
}

void co__stream_lock(FILE *fp)
{
	struct note *mine = malloc(sizeof(*mine));

	if (!mine) { /* threads are kept out at least */
		flockfile(fp);
		return;
	}
	*mine = (struct note){.fp = fp, .fiber = co__ctx.self, .depth = 1, .lasts = true};
	if (take(mine) == GOT_AGAIN)
		free(mine);
}

bool co__stream_try_lock(FILE *fp)
{
	struct note *mine = malloc(sizeof(*mine));
	enum attempt outcome;

	if (!mine)
		return false;
	*mine = (struct note){.fp = fp, .fiber = co__ctx.self, .depth = 1, .lasts = true};
	outcome = try(mine);
	if (outcome != GOT)
		free(mine);
	return outcome <= GOT_AGAIN;
}

void co__stream_unlock(FILE *fp)
{
	if (give(fp, co__ctx.self))
		co__yield();
}

bool co__stream_is_others(const FILE *fp)
{
	struct bucket *b = &buckets[stream_bucket(fp)];
	const struct note *note;
	bool others;

	lock_take(&b->lock);
	note = *find(b, fp);
	others = note && note->fiber != co__ctx.running;
	lock_drop(&b->lock);
	return others;
}

static bool kind_waits(const struct fd_entry *e)
{
	return e && fd_kind(e) != FD_FILE && fd_kind(e) != FD_READY &&
	       fd_kind(e) != FD_UNKNOWN;
}

bool co__stream_descriptor_waits(int fd)
{
	return kind_waits(co__fd_look(fd));
}

#ifdef __GLIBC__

static struct fd_entry *entry_of(const FILE *fp)
{
	if (file_number(fp) < 0 || file_is_wide(fp) || file_has_marks(fp))
		return NULL;
	return co__fd_look(file_number(fp));
}

bool co__stream_waits(FILE *fp)
{
	return kind_waits(entry_of(fp));
}

bool co__stream_is_descriptor(const FILE *fp)
{
	return file_number(fp) >= 0;
}

bool co__stream_waits_now(FILE *fp)
{
	struct fd_entry *e = entry_of(fp);
	struct stat st;
	int error = errno;

	if (!e || kind_waits(e) || fd_flags(e) & FD_OWNED)
		return kind_waits(e);
	if (fstat(file_number(fp), &st) == 0 && !S_ISREG(st.st_mode) &&
		fd_kind(e) == FD_FILE) {
		co__fd_mistaken(e);
		e = entry_of(fp);
	}
	errno = error;
	return kind_waits(e);
}

/* What another fiber had is nobody's in the child, and libc may have seen to its locks
 * before. All of a lock is zero when it is free. */
static void forget_holder(const struct note *note)
{
	memset(note->fp->_lock, 0, 2 * sizeof(int) + sizeof(void *));
}

#else

bool co__stream_waits(FILE *fp)
{
	return file_number(fp) >= 0 && kind_waits(co__fd_look(file_number(fp)));
}

bool co__stream_is_descriptor(const FILE *fp)
{
	return file_number(fp) >= 0;
}

static void forget_holder(const struct note *note)
{
	file_layout(note->fp)->holder = 0;
}

#endif

static void forked(void)
{
	for (unsigned i = 0; i < STREAM_BUCKETS; i++) {
		struct note **place = &buckets[i].first;
		while (*place) {
			if ((*place)->fiber == co__ctx.running) {
				place = &(*place)->next;
				continue;
			}
			forget_holder(*place);
			atomic_fetch_sub(&co__stream_notes[i], 1);
			*place = (*place)->next;
		}
	}
}

__attribute__((constructor)) static void watch_forks(void)
{
	co__fork_hold(&hold);
	pthread_atfork(NULL, NULL, forked);
}
