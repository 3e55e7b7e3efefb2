/* critical.c - the signal that waits for the end of a critical stretch.
 *
 * Invariant: at most one waits per thread, for its arrival blocks all others until it is
 * served. Called by the trampoline of posix/signal.c and at the end of critical
 * stretches. Async-signal-safe. */
#define _GNU_SOURCE
#include "critical.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

__thread struct critical co__critical;

static __thread struct {
	siginfo_t info;
	sigset_t mask; /* to be restored */
} waiting;

static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS};

static bool is_fault(const siginfo_t *info)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (info->si_signo == faults[i])
			return info->si_code > 0;
	return false;
}

/* What the kernel knows of a sigset_t; the rest of a context's is somebody else's
 * memory. */
enum { KERNEL_SET = 8 };

static void fill(sigset_t *all)
{
	sigfillset(all);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(all, faults[i]);
}

/* The kernel delivers it once more, with the handler's own mask and stack. */
static void send_again(siginfo_t *info)
{
	if (syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), info->si_signo, info) < 0)
		tgkill(getpid(), gettid(),
			info->si_signo); /* no memory for the details */
}

bool co__critical_later(uint64_t mask)
{
	if (!co__critical.deferred)
		return false;
	memcpy(&waiting.mask, &mask, KERNEL_SET);
	return true;
}

void co__critical_block(void)
{
	sigset_t all;

	fill(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
}

bool co__critical_defer(const siginfo_t *info, void *context)
{
	ucontext_t *interrupted = context;
	sigset_t all;

	if (co__critical.depth == 0 || is_fault(info))
		return false;
	if (co__critical.deferred) { /* all are blocked in a moment, see sigmask.c */
		siginfo_t again = *info;
		send_again(&again);
	} else {
		waiting.info = *info;
		sigemptyset(&waiting.mask);
		memcpy(&waiting.mask, &interrupted->uc_sigmask, KERNEL_SET);
	}
	fill(&all);
	memcpy(&interrupted->uc_sigmask, &all, KERNEL_SET);
	co__critical.deferred = true;
	return true;
}

void co__critical_forked(void)
{
	if (!co__critical.deferred)
		return;
	co__critical.deferred = false;
	pthread_sigmask(SIG_SETMASK, &waiting.mask, NULL);
}

void co__critical_serve(void)
{
	siginfo_t info = waiting.info;
	sigset_t mask = waiting.mask;
	int error = errno;

	co__critical.deferred = false;
	send_again(&info);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	errno = error;
}
