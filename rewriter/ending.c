/* ending.c - owns the signals that ask the wrapper to end.
 *
 * While there is something that must not be left behind, or a child that must not outlive
 * us, a signal is only noted; ending_heed() acts on it at the next place where that is
 * safe. At all other times signals do what they always do. Called by exec for the child,
 * by tempfile and facts for files that have a name. */
#include "ending.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

static const int ending_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

enum { ENDING_SIGNALS = sizeof ending_signals / sizeof *ending_signals };

static volatile sig_atomic_t caught; /* the signal that asked us to end, or 0 */
static volatile pid_t child;
static int watchers;
static struct sigaction before[ENDING_SIGNALS]; /* valid while there are watchers */
static void (*cleanup_before)(void);

static void pass_on(int signal)
{
	int saved = errno;

	caught = signal;
	if (child > 0)
		kill(child, signal);
	errno = saved;
}

void ending_set(sigset_t *set)
{
	sigemptyset(set);
	for (int i = 0; i < ENDING_SIGNALS; i++)
		sigaddset(set, ending_signals[i]);
}

/* What is ignored stays ignored: nohup. */
void ending_watch(void)
{
	struct sigaction ours = {.sa_handler = pass_on, .sa_flags = SA_RESTART};

	if (watchers++)
		return;
	ending_set(&ours.sa_mask);
	for (int i = 0; i < ENDING_SIGNALS; i++) {
		sigaction(ending_signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(ending_signals[i], &ours, NULL);
	}
}

void ending_unwatch(void)
{
	if (--watchers)
		return;
	for (int i = 0; i < ENDING_SIGNALS; i++)
		sigaction(ending_signals[i], &before[i], NULL);
}

void ending_heed(void)
{
	int number = caught;
	sigset_t set;

	if (!number)
		return;
	caught = 0;
	if (cleanup_before)
		cleanup_before();
	signal(number, SIG_DFL);
	raise(number);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + number);
}

void ending_before(void (*cleanup)(void))
{
	cleanup_before = cleanup;
}

void ending_child(pid_t pid)
{
	child = pid;
}
