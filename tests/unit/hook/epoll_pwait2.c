/* epoll_pwait2.c - epoll_pwait2(2) through libc and through its mirror. */
#include "harness/epolling.h"
#include "harness/masked.h"
#include "harness/scenario.h"

#include <errno.h>
#include <unistd.h>

static const struct timespec *span_of(int ms, struct timespec *span)
{
	*span = (struct timespec){ms / 1000, ms % 1000 * 1000000L};
	return ms < 0 ? NULL : span;
}

static int by_epoll_pwait2(
	const struct calls *calls, int set, struct epoll_event *events, int most, int ms)
{
	struct timespec span;

	return calls->epoll_pwait2(set, events, most, span_of(ms, &span), NULL);
}

static int masked_wait(struct run *run, int fd, int ms, const sigset_t *mask)
{
	int set = epoll_set_of(run, fd);
	struct epoll_event event;
	struct timespec span;
	int n = enter(run)->epoll_pwait2(set, &event, 1, span_of(ms, &span), mask);
	int error = errno;

	close(set);
	errno = error;
	return n;
}

static void wait_span(struct run *run, int set, const struct timespec *span)
{
	struct epoll_event event;

	result(run, "epoll_pwait2", enter(run)->epoll_pwait2(set, &event, 1, span, NULL));
}

static void spans(struct run *run)
{
	static const struct timespec list[] = {
		{0, 0}, {0, 1}, {0, 2000000}, {0, 1000000000}, {0, -1}, {-1, 0}};
	int set = descriptor(run, "epoll_create", enter(run)->epoll_create(1));
	size_t i;

	for (i = 0; i < COUNT(list); i++)
		wait_span(run, set, &list[i]);
	wait_span(run, set, nowhere());
	took_no_wait(run);
}

int main(void)
{
	static const struct epolling verb = {"epoll_pwait2", by_epoll_pwait2};
	static const struct masked masked = {"epoll_pwait2", masked_wait};
	static const struct scenario scenarios[] = {{"spans", spans}};

	epolling_add(&verb);
	masked_add(&masked);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("epoll_pwait2");
}
