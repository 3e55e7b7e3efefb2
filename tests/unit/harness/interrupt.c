/* interrupt.c - counts signals. The counters belong to the process; note_caught() clears
 * them. */
#include "harness/interrupt.h"

#include <signal.h>
#include <stdatomic.h>

static atomic_int counts[NSIG];

static void count(int sig)
{
	atomic_fetch_add(&counts[sig], 1);
}

void catch_signal(struct run *run, int sig, int flags)
{
	const struct sigaction action = {.sa_handler = count, .sa_flags = flags};

	check(run, run->calls->sigaction(sig, &action, NULL) == 0);
}

int caught(int sig)
{
	return atomic_load(&counts[sig]);
}

void note_caught(struct run *run, int sig)
{
	const struct sigaction action = {.sa_handler = SIG_DFL};

	note(run, "caught signal %d %d times", sig, caught(sig));
	atomic_store(&counts[sig], 0);
	check(run, run->calls->sigaction(sig, &action, NULL) == 0);
}
