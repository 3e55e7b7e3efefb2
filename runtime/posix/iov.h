/* iov.h - the rest of an iovec array after some bytes of it were moved, a window at a
 * time. */
#ifndef COHOOK_IOV_H
#define COHOOK_IOV_H

#include <limits.h>
#include <stddef.h>
#include <sys/uio.h>

enum { IOV_WINDOW = 16 };

struct iov_window {
	struct iovec iov[IOV_WINDOW];
	int count;
};

/* The bytes of IOV from DONE on, as far as the window reaches; DONE is less than the
 * total. */
static inline void iov_window_at(
	struct iov_window *window, const struct iovec *iov, int count, size_t done)
{
	int i = 0;

	while (i < count && done >= iov[i].iov_len)
		done -= iov[i++].iov_len;
	window->count = 0;
	for (; i < count && window->count < IOV_WINDOW; i++, done = 0)
		window->iov[window->count++] = (struct iovec){
			(char *)iov[i].iov_base + done, iov[i].iov_len - done};
}

/* What a call may move at most, as the kernel cuts it (MAX_RW_COUNT). Only for arrays
 * that the kernel has accepted: the memory is the user's, and a bad pointer must be the
 * kernel's to find. */
static inline size_t iov_total(const struct iovec *iov, int count)
{
	const size_t most = INT_MAX & ~(size_t)4095;
	size_t sum = 0;

	for (int i = 0; i < count && sum < most; i++)
		sum += iov[i].iov_len;
	return sum < most ? sum : most;
}

#endif
