/* fdtab.c - the descriptor table: a directory of chunks that are made on demand and never
 * move.
 *
 * Invariant: an entry's generation only grows; a waiter is in an entry's list only while
 * the generation it waits under is current. Entries are written by mirrors that create or
 * close descriptors, on any thread, with or without a worker. */
#define _GNU_SOURCE
#include "fdtab.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNK_ENTRIES = 1024,
	CHUNKS = 1 << 20, /* 2^30 descriptors, the most that fs.nr_open allows */
};

_Static_assert(sizeof(struct fd_entry) <= 80, "an entry should stay near one cache line");

_Atomic uint32_t co__fd_forks;
struct fd_hooks co__fd_hooks;

typedef _Atomic(struct fd_entry *) chunk;

/* CHUNKS of them in 8 MiB of address space, touched as needed. No variable of that size:
 * leak checkers read all of those. */
static _Atomic(chunk *) directory;
static atomic_size_t chunks_end; /* no chunk at this index or later */

static void *reserve(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static chunk *directory_make(void)
{
	const size_t size = CHUNKS * sizeof(chunk);
	chunk *mine, *theirs = atomic_load(&directory);

	if (theirs)
		return theirs;
	mine = reserve(size);
	if (!mine || atomic_compare_exchange_strong(&directory, &theirs, mine))
		return mine;
	munmap(mine, size);
	return theirs;
}

static struct fd_entry *chunk_make(size_t index)
{
	const size_t size = CHUNK_ENTRIES * sizeof(struct fd_entry);
	chunk *chunks = directory_make();
	struct fd_entry *mine = chunks ? reserve(size) : NULL, *theirs = NULL;

	if (!mine)
		return NULL;
	if (atomic_compare_exchange_strong(&chunks[index], &theirs, mine)) {
		size_t end = atomic_load(&chunks_end);
		while (end <= index && !atomic_compare_exchange_weak(&chunks_end, &end, index + 1))
			;
		return mine;
	}
	munmap(mine, size);
	return theirs;
}

/* NULL also if no entry of FD's chunk was ever asked for: to look costs no memory. */
static struct fd_entry *entry_made(int fd)
{
	size_t index = (unsigned)fd / CHUNK_ENTRIES;
	chunk *chunks = atomic_load_explicit(&directory, memory_order_acquire);
	struct fd_entry *entries = NULL;

	if (chunks && fd >= 0 && index < CHUNKS)
		entries = atomic_load_explicit(&chunks[index], memory_order_acquire);
	return entries ? &entries[fd % CHUNK_ENTRIES] : NULL;
}

struct fd_entry *co__fd_entry(int fd)
{
	struct fd_entry *e = entry_made(fd), *entries;
	int error = errno;

	if (e || fd < 0 || (unsigned)fd / CHUNK_ENTRIES >= CHUNKS)
		return e;
	entries = chunk_make((unsigned)fd / CHUNK_ENTRIES);
	errno = error;
	return entries ? &entries[fd % CHUNK_ENTRIES] : NULL;
}

struct fd_entry *co__fd_next(int *fd)
{
	while ((unsigned)*fd / CHUNK_ENTRIES < atomic_load(&chunks_end)) {
		struct fd_entry *e = entry_made(*fd);
		if (e)
			return e;
		*fd = (*fd / CHUNK_ENTRIES + 1) * CHUNK_ENTRIES;
	}
	return NULL;
}

void co__fd_set(struct fd_entry *e, unsigned set, unsigned clear)
{
	lock_take(&e->lock);
	atomic_store_explicit(&e->flags, (uint16_t)((fd_flags(e) & ~clear) | set),
		memory_order_relaxed);
	lock_drop(&e->lock);
}

void co__fd_set_kind(struct fd_entry *e, enum fd_kind kind)
{
	lock_take(&e->lock);
	if (fd_kind(e) != FD_UNKNOWN)
		atomic_store_explicit(&e->kind, (uint8_t)kind, memory_order_relaxed);
	lock_drop(&e->lock);
}

/* Under the lock. */
static void begin_generation(struct fd_entry *e, enum fd_kind kind, unsigned flags)
{
	if (!e->waiters.next)
		list_init(&e->waiters);
	else if (!list_empty(&e->waiters)) /* foreign code closed the number under them */
		co__fd_hooks.closed(e);
	atomic_fetch_add(&e->generation, 1);
	e->watched_in = e->watched_out = 0;
	atomic_store_explicit(&e->in_timeout, 0, memory_order_relaxed);
	atomic_store_explicit(&e->out_timeout, 0, memory_order_relaxed);
	atomic_store_explicit(&e->forks, atomic_load(&co__fd_forks), memory_order_relaxed);
	atomic_store_explicit(&e->drained_by, 0, memory_order_relaxed);
	atomic_store_explicit(&e->kind, (uint8_t)kind, memory_order_relaxed);
	atomic_store_explicit(&e->flags, (uint16_t)flags, memory_order_relaxed);
}

static enum fd_kind kind_of_socket(int fd)
{
	int type = 0, protocol = 0;
	socklen_t size = sizeof(type);

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 || type != SOCK_STREAM)
		return FD_PACKET;
	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) < 0)
		return FD_STREAM;
	return protocol == IPPROTO_TCP ? FD_TCP : FD_STREAM;
}

/* Only epoll knows which devices can be polled: the others are refused with EPERM. */
static enum fd_kind kind_of_device(int fd, enum fd_kind kind)
{
	struct epoll_event event = {0};
	int set = epoll_create1(EPOLL_CLOEXEC);

	if (set < 0)
		return kind;
	if (epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) < 0 && errno == EPERM)
		kind = FD_READY;
	close(set);
	return kind;
}

static enum fd_kind kind_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return FD_UNKNOWN;
	switch (st.st_mode & S_IFMT) {
	case S_IFSOCK:
		return kind_of_socket(fd);
	case S_IFIFO:
		return FD_PIPE;
	case S_IFREG:
	case S_IFDIR:
	case S_IFBLK:
		return FD_FILE;
	case S_IFCHR:
		return kind_of_device(fd, FD_TTY);
	default: /* anonymous inodes have no type at all */
		return kind_of_device(fd, FD_EVENTS);
	}
}

/* A descriptor that foreign code created, or the mirrors of which did not see it: adopt
 * it. */
static struct fd_entry *adopt(int fd, struct fd_entry *e)
{
	int error = errno;
	enum fd_kind kind = kind_of(fd);

	errno = error;
	if (kind == FD_UNKNOWN)
		return NULL;
	lock_take(&e->lock);
	if (fd_kind(e) == FD_UNKNOWN && !(fd_flags(e) & FD_CLOSING))
		begin_generation(e, kind, fd_flags(e) & (FD_OWNED | FD_SHARED));
	lock_drop(&e->lock);
	return e;
}

struct fd_entry *co__fd_look(int fd)
{
	struct fd_entry *e = co__fd_entry(fd);

	if (e && fd_kind(e) == FD_UNKNOWN)
		return adopt(fd, e);
	return e;
}

static bool is_of_type(enum fd_kind kind, mode_t type)
{
	switch (type & S_IFMT) {
	case S_IFSOCK:
		return kind != FD_UNKNOWN && kind <= FD_PACKET;
	case S_IFIFO:
		return kind == FD_PIPE;
	case S_IFREG:
	case S_IFDIR:
	case S_IFBLK:
		return kind == FD_FILE;
	case S_IFCHR:
		return kind == FD_TTY || kind == FD_READY;
	default:
		return kind == FD_EVENTS || kind == FD_READY;
	}
}

bool co__fd_verify(int fd, struct fd_entry *e)
{
	struct stat st;
	int error = errno;
	bool right = fstat(fd, &st) == 0 && is_of_type(fd_kind(e), st.st_mode);

	errno = error;
	if (!right)
		co__fd_mistaken(e);
	return right;
}

struct fd_entry *co__fd_look_anew(int fd)
{
	struct fd_entry *e = co__fd_look(fd);

	return !e || co__fd_verify(fd, e) ? e : co__fd_look(fd);
}

int co__fd_opened(int fd, enum fd_kind kind, unsigned flags)
{
	struct fd_entry *e = co__fd_entry(fd);

	if (!e)
		return fd;
	lock_take(&e->lock);
	begin_generation(e, kind, flags | FD_OWNED);
	lock_drop(&e->lock);
	return fd;
}

static _Atomic pid_t process; /* whose descriptors these are; 0 before the first worker */

void co__fd_claim(void)
{
	atomic_store(&process, getpid());
}

/* A child of vfork(2) shares this table but not the descriptors: what it closes stays
 * open here. */
static bool is_process(void)
{
	pid_t owner = atomic_load(&process);

	return owner == 0 || owner == getpid();
}

uint32_t co__fd_close_begin(int fd)
{
	struct fd_entry *e = entry_made(fd);
	uint64_t watched;
	uint32_t generation;
	bool outlives;

	if (!e || fd_kind(e) == FD_UNKNOWN || !is_process())
		return 0;
	lock_take(&e->lock);
	watched = e->watched_in;
	outlives = fd_shared(e);
	begin_generation(e, FD_UNKNOWN, FD_CLOSING);
	generation = fd_generation(e);
	lock_drop(&e->lock);
	if (watched && outlives)
		co__fd_hooks.forget(fd, watched);
	return generation;
}

void co__fd_close_done(int fd, uint32_t generation)
{
	struct fd_entry *e = entry_made(fd);

	if (!e || !generation)
		return;
	lock_take(&e->lock);
	if (fd_generation(e) == generation)
		atomic_store_explicit(&e->flags, 0, memory_order_relaxed);
	lock_drop(&e->lock);
}

/* What a copy has of the original. */
static const unsigned of_the_description =
	FD_LOWAT | FD_LISTENS | FD_HASTY_IN | FD_HASTY_OUT;

int co__fd_copied(int fd, int copy)
{
	struct fd_entry *e = co__fd_look(fd);

	if (copy < 0 || !e)
		return copy;
	co__fd_set(e, FD_SHARED, 0);
	co__fd_opened(copy, fd_kind(e), FD_SHARED | (fd_flags(e) & of_the_description));
	if (fd_flags(e) & FD_LISTENS)
		co__fd_entry(copy)->accept_lock = e->accept_lock;
	return copy;
}

void co__fd_mistaken(struct fd_entry *e)
{
	lock_take(&e->lock);
	if (!(fd_flags(e) & FD_CLOSING))
		begin_generation(e, FD_UNKNOWN, 0);
	lock_drop(&e->lock);
}
