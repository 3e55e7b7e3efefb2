/* epoll_pwait.c - epoll_pwait(2) through libc and through its mirror. */
#include "harness/epolling.h"
#include "harness/masked.h"
#include "harness/scenario.h"

#include <errno.h>
#include <unistd.h>

static int by_epoll_pwait(
	const struct calls *calls, int set, struct epoll_event *events, int most, int ms)
{
	return calls->epoll_pwait(set, events, most, ms, NULL);
}

static int masked_wait(struct run *run, int fd, int ms, const sigset_t *mask)
{
	int set = epoll_set_of(run, fd);
	struct epoll_event event;
	int n = enter(run)->epoll_pwait(set, &event, 1, ms, mask);
	int error = errno;

	close(set);
	errno = error;
	return n;
}

int main(void)
{
	static const struct epolling verb = {"epoll_pwait", by_epoll_pwait};
	static const struct masked masked = {"epoll_pwait", masked_wait};

	epolling_add(&verb);
	masked_add(&masked);
	return suite_run("epoll_pwait");
}
