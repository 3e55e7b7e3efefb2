/* epoll_wait.c - epoll_wait(2) through libc and through its mirror. */
#include "harness/epolling.h"
#include "harness/scenario.h"

static int by_epoll_wait(
	const struct calls *calls, int set, struct epoll_event *events, int most, int ms)
{
	return calls->epoll_wait(set, events, most, ms);
}

int main(void)
{
	static const struct epolling verb = {"epoll_wait", by_epoll_wait};

	epolling_add(&verb);
	return suite_run("epoll_wait");
}
