/* sigwaiting.h - what sigwait, sigwaitinfo and sigtimedwait have in common. */
#ifndef HARNESS_SIGWAITING_H
#define HARNESS_SIGWAITING_H

#include "harness/run.h"

#include <signal.h>

struct sigwaiting {
	const char *name;
	/* The call under test: the signal, or -1 and errno. INFO may be NULL, and is left
	 * alone by calls that have none. */
	int (*wait)(const struct calls *calls, const sigset_t *set, siginfo_t *info);
	bool has_info;
};

void sigwaiting_add(const struct sigwaiting *verb);

/* Block SIG in the calling thread, or let it in again; the set of it alone. */
sigset_t block_signal(struct run *run, int sig);
void unblock_signal(struct run *run, int sig);

#endif
