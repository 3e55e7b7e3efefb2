/* usermem.h - reading and writing memory that the caller named, as the kernel would: bad
 * pointers are an error. */
#ifndef COHOOK_USERMEM_H
#define COHOOK_USERMEM_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* False if FROM cannot be read. errno is kept. Where process_vm_readv(2) is forbidden,
 * FROM is trusted. */
static inline bool usermem_read(void *to, const void *from, size_t n)
{
	struct iovec local = {to, n}, remote = {(void *)from, n};
	int error = errno;
	bool read = process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)n;

	if (!read && errno != EFAULT) {
		memcpy(to, from, n);
		read = true;
	}
	errno = error;
	return read;
}

/* The same for writing to TO. */
static inline bool usermem_write(void *to, const void *from, size_t n)
{
	struct iovec local = {(void *)from, n}, remote = {to, n};
	int error = errno;
	bool written =
		process_vm_writev(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)n;

	if (!written && errno != EFAULT) {
		memcpy(to, from, n);
		written = true;
	}
	errno = error;
	return written;
}

#endif
