/* file.c - what may wait for a disk, and for nobody else: syncing, sizes, copies.
 *
 * On the pool, whose wait signals do not end: like a disk's. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../loop/offload.h"
#include "sizelimit.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* The arguments of any of them. */
struct file_call {
	int fd, to;
	const char *path;
	int mode;
	off_t offset, size;
	off64_t *from_offset, *to_offset;
	void *memory;
};

static long offload(long (*work)(void *), struct file_call *call)
{
	if (co__self())
		co__cancel_point(co__ctx.self);
	return co__offload(work, call);
}

/* --- syncing ------------------------------------------------------------------------------------------ */

static long do_fsync(void *arg)
{
	return fsync(((const struct file_call *)arg)->fd);
}

int co_fsync(int fd)
{
	return (int)offload(do_fsync, &(struct file_call){.fd = fd});
}

static long do_fdatasync(void *arg)
{
	return fdatasync(((const struct file_call *)arg)->fd);
}

int co_fdatasync(int fd)
{
	return (int)offload(do_fdatasync, &(struct file_call){.fd = fd});
}

static long do_syncfs(void *arg)
{
	return syncfs(((const struct file_call *)arg)->fd);
}

int co_syncfs(int fd)
{
	return (int)co__offload(do_syncfs, &(struct file_call){.fd = fd});
}

static long do_sync(void *arg)
{
	(void)arg;
	sync();
	return 0;
}

void co_sync(void)
{
	co__offload(do_sync, NULL);
}

static long do_msync(void *arg)
{
	const struct file_call *c = arg;

	return msync(c->memory, (size_t)c->size, c->mode);
}

int co_msync(void *memory, size_t size, int flags)
{
	if (!(flags & MS_SYNC))
		return msync(memory, size, flags);
	return (int)offload(
		do_msync, &(struct file_call){
				  .memory = memory, .size = (off_t)size, .mode = flags});
}

/* --- sizes -------------------------------------------------------------------------------------------- */

static long do_ftruncate(void *arg)
{
	const struct file_call *c = arg;

	return ftruncate(c->fd, c->size);
}

int co_ftruncate(int fd, off_t size)
{
	if (is_beyond_limit(size))
		return ftruncate(fd, size);
	return (int)co__offload(
		do_ftruncate, &(struct file_call){.fd = fd, .size = size});
}

static long do_truncate(void *arg)
{
	const struct file_call *c = arg;

	return truncate(c->path, c->size);
}

int co_truncate(const char *path, off_t size)
{
	if (is_beyond_limit(size))
		return truncate(path, size);
	return (int)co__offload(
		do_truncate, &(struct file_call){.path = path, .size = size});
}

static off_t end_of(off_t offset, off_t size)
{
	off_t end;

	return __builtin_add_overflow(offset, size, &end) ? -1 : end;
}

static long do_fallocate(void *arg)
{
	const struct file_call *c = arg;

	return fallocate(c->fd, c->mode, c->offset, c->size);
}

int co_fallocate(int fd, int mode, off_t offset, off_t size)
{
	if (is_beyond_limit(end_of(offset, size)))
		return fallocate(fd, mode, offset, size);
	return (int)offload(do_fallocate,
		&(struct file_call){
			.fd = fd, .mode = mode, .offset = offset, .size = size});
}

static long do_posix_fallocate(void *arg)
{
	const struct file_call *c = arg;

	return posix_fallocate(c->fd, c->offset, c->size);
}

int co_posix_fallocate(int fd, off_t offset, off_t size)
{
	if (is_beyond_limit(end_of(offset, size)))
		return posix_fallocate(fd, offset, size);
	return (int)offload(do_posix_fallocate,
		&(struct file_call){.fd = fd, .offset = offset, .size = size});
}

/* --- copies ------------------------------------------------------------------------------------------- */

static long do_copy(void *arg)
{
	const struct file_call *c = arg;

	return copy_file_range(c->fd, c->from_offset, c->to, c->to_offset,
		(size_t)c->size, (unsigned)c->mode);
}

/* How far the copy will reach nobody knows before. */
ssize_t co_copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset,
	size_t size, unsigned flags)
{
	if (is_beyond_limit(-1))
		return copy_file_range(from, from_offset, to, to_offset, size, flags);
	return offload(do_copy, &(struct file_call){.fd = from,
					.to = to,
					.from_offset = from_offset,
					.to_offset = to_offset,
					.size = (off_t)size,
					.mode = (int)flags});
}

__typeof__(ftruncate) co_ftruncate64 __attribute__((alias("co_ftruncate")));
__typeof__(truncate) co_truncate64 __attribute__((alias("co_truncate")));
__typeof__(fallocate) co_fallocate64 __attribute__((alias("co_fallocate")));
__typeof__(posix_fallocate) co_posix_fallocate64
	__attribute__((alias("co_posix_fallocate")));
