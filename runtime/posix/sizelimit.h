/* sizelimit.h - RLIMIT_FSIZE, which is enforced with a signal to the calling thread:
 * nobody may be sent to do what would hit it. */
#ifndef COHOOK_SIZELIMIT_H
#define COHOOK_SIZELIMIT_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

/* Whether a file that reaches to END is too long. */
static inline bool is_beyond_limit(off_t end)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
	       (end < 0 || (rlim_t)end > limit.rlim_cur);
}

#endif
