/* epolling.h - what epoll_wait, epoll_pwait and epoll_pwait2 have in common. */
#ifndef HARNESS_EPOLLING_H
#define HARNESS_EPOLLING_H

#include "harness/run.h"

#include <sys/epoll.h>

struct epolling {
	const char *name;
	/* The call under test, for up to MS milliseconds (-1: for ever), by CALLS. */
	int (*wait)(const struct calls *calls, int set, struct epoll_event *events,
		int most, int ms);
};

void epolling_add(const struct epolling *verb);

/* A set with FD in it, for masked.h's verbs; made and closed plainly. */
int epoll_set_of(struct run *run, int fd);

#endif
