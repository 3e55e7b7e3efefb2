/* select.c - select, pselect: a set of descriptors as three bit strings.
 *
 * The kernel works on copies, for it clears what it was asked about; the program's sets
 * are written once, with the result. They may have more bits than an fd_set, and fewer
 * than the call names: the kernel reads no further than the process's table of
 * descriptors. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../ready.h"
#include "readycall.h"
#include "usermem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	SETS = 3,
	WORD_BITS = CHAR_BIT * sizeof(unsigned long),
	WORDS_ON_STACK = FD_SETSIZE / WORD_BITS,
	FDS_ON_STACK = 8,
	STATUS_SIZE = 2048,
};

/* What makes a descriptor of each set ready. */
static const short events_of[SETS] = {POLLIN, POLLOUT, POLLPRI};

struct select_call {
	struct ready ready;
	int n;
	size_t words;          /* in each set */
	fd_set *sets[SETS];    /* the program's, NULL where it has none */
	unsigned long *asked;  /* copies of them, one after the other */
	unsigned long *answer; /* as the kernel left them */
	struct pollfd *fds;    /* what ASKED asks for */
};

static size_t bytes_of(const struct select_call *c)
{
	return c->words * sizeof(unsigned long);
}

/* --- how far the kernel reads ------------------------------------------------------------------------- */

/* The size of the process's table of descriptors, or N where nobody tells. */
static int table_size(int n)
{
	char status[STATUS_SIZE], *line = NULL;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, status, sizeof(status) - 1);

	if (fd >= 0)
		close(fd);
	if (size > 0) {
		status[size] = '\0';
		line = strstr(status, "\nFDSize:");
	}
	return line ? atoi(line + strlen("\nFDSize:")) : n;
}

/* Old programs pass the limit of descriptors, whatever it is, and sets of FD_SETSIZE. */
static int bits_read(int n)
{
	int error = errno, size;

	if (n <= FD_SETSIZE)
		return n;
	size = table_size(n);
	errno = error;
	return n < size ? n : size;
}

/* --- the sets ----------------------------------------------------------------------------------------- */

static bool copy_asked(struct select_call *c)
{
	memset(c->asked, 0, SETS * bytes_of(c));
	for (size_t i = 0; i < SETS; i++) {
		unsigned long *copy = c->asked + i * c->words;
		if (c->sets[i] && !usermem_read(copy, c->sets[i], bytes_of(c)))
			return false;
	}
	return true;
}

static int write_answer(const struct select_call *c)
{
	for (size_t i = 0; i < SETS; i++)
		if (c->sets[i] && !usermem_write(c->sets[i], c->answer + i * c->words,
					  bytes_of(c)))
			return -EFAULT;
	return 0;
}

static short events_asked(const struct select_call *c, int fd)
{
	const unsigned long bit = 1ul << (unsigned)fd % WORD_BITS;
	const size_t word = (unsigned)fd / WORD_BITS;
	short events = 0;

	for (size_t i = 0; i < SETS; i++)
		if (c->asked[i * c->words + word] & bit)
			events |= events_of[i];
	return events;
}

/* How many descriptors there are; written to FDS unless that is NULL. */
static nfds_t list_asked(const struct select_call *c, struct pollfd *fds)
{
	nfds_t n = 0;

	for (int fd = 0; fd < c->n; fd++) {
		short events = events_asked(c, fd);
		if (events && fds)
			fds[n] = (struct pollfd){fd, events, 0};
		n += events != 0;
	}
	return n;
}

/* --- the call ----------------------------------------------------------------------------------------- */

/* poll(2) has POLLNVAL for a descriptor that was closed while we waited, select(2)
 * fails. */
static int look(struct ready *r, const sigset_t *mask)
{
	struct select_call *c = LIST_OWNER(r, struct select_call, ready);
	fd_set *sets[SETS];
	int n;

	if (r->closed)
		return -EBADF;
	memcpy(c->answer, c->asked, SETS * bytes_of(c));
	for (size_t i = 0; i < SETS; i++)
		sets[i] = c->sets[i] ? (void *)(c->answer + i * c->words) : NULL;
	n = pselect(c->n, sets[0], sets[1], sets[2], &(struct timespec){0}, mask);
	return n < 0 ? -errno : n;
}

static int with_fds(struct select_call *c)
{
	struct pollfd few[FDS_ON_STACK];
	int r;

	c->ready.n = list_asked(c, NULL);
	c->fds = c->ready.n > FDS_ON_STACK ? malloc(c->ready.n * sizeof(*c->fds)) : few;
	if (!c->fds)
		return -ENOMEM;
	list_asked(c, c->fds);
	c->ready.fds = c->fds;
	r = co__ready_wait(&c->ready);
	if (c->fds != few)
		free(c->fds);
	if (r >= 0 && write_answer(c) < 0)
		return -EFAULT;
	return r;
}

/* A set that cannot be read is EFAULT, and the kernel says so itself. */
static int with_copies(struct select_call *c)
{
	unsigned long few[2 * SETS * WORDS_ON_STACK];
	const size_t words = 2 * SETS * c->words;
	int r = -EFAULT;

	c->asked = c->words > WORDS_ON_STACK ? malloc(words * sizeof(*c->asked)) : few;
	if (!c->asked)
		return -ENOMEM;
	c->answer = c->asked + SETS * c->words;
	if (copy_asked(c))
		r = with_fds(c);
	if (c->asked != few)
		free(c->asked);
	return r;
}

static int select_until(struct select_call *c, int n, uint64_t due, const sigset_t *mask)
{
	c->n = bits_read(n);
	c->words = ((size_t)c->n + WORD_BITS - 1) / WORD_BITS;
	c->ready.due = due;
	c->ready.mask = mask;
	c->ready.look = look;
	c->ready.how = WAIT_SIGNALS | WAIT_NO_RESTART;
	return with_copies(c);
}

/* As on Linux, the time that is left; too many microseconds are seconds. */
static bool span_of(const struct timeval *timeout, struct timespec *span)
{
	if (timeout->tv_sec < 0 || timeout->tv_usec < 0)
		return false;
	*span = timespec_of_ns(ns_of_timeval(timeout));
	return span->tv_sec > 0 || span->tv_nsec > 0;
}

static void write_left(struct timeval *timeout, uint64_t due)
{
	const uint64_t now = now_ns(), left = due > now ? due - now : 0;

	timeout->tv_sec = (time_t)(left / NS_PER_S);
	timeout->tv_usec = (suseconds_t)(left % NS_PER_S / NS_PER_US);
}

int co_select(int n, fd_set *restrict in, fd_set *restrict out, fd_set *restrict except,
	struct timeval *restrict timeout)
{
	struct select_call c = {.sets = {in, out, except}};
	uint64_t due = DUE_NEVER;
	struct timespec span;
	int error = errno, r;

	if (!ready_begin() || n < 0 || (timeout && !span_of(timeout, &span)))
		return select(n, in, out, except, timeout);
	if (timeout)
		due = due_after(ns_of_timespec(&span));
	r = select_until(&c, n, due, NULL);
	if (timeout)
		write_left(timeout, due);
	return ready_end(r, error);
}

int co_pselect(int n, fd_set *restrict in, fd_set *restrict out, fd_set *restrict except,
	const struct timespec *restrict timeout, const sigset_t *restrict mask)
{
	struct select_call c = {.sets = {in, out, except}};
	int error = errno;
	uint64_t due;

	if (!ready_begin() || n < 0 || !ready_due(timeout, &due))
		return pselect(n, in, out, except, timeout, mask);
	return ready_end(select_until(&c, n, due, mask), error);
}
