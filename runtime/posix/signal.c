/* signal.c - sigaction and signal: the program's handlers run inside ours.
 *
 * The kernel is given a trampoline with the program's flags and mask; the program sees
 * what it installed. A handler that code outside of cohook installs goes untouched.
 *
 * Invariant: installed[signo] is what the trampoline calls; a record is not changed while
 * it can be reached, which is why several are used in turn. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../critical.h"
#include "../handler.h"
#include "../overflow.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

enum { RECORDS = 4 };

static struct sigaction records[NSIG][RECORDS];
static atomic_uint turns[NSIG];
static _Atomic(struct sigaction *) installed[NSIG];

static void trampoline(int signo, siginfo_t *info, void *context);

/* The signal will come again: the kernel must not have forgotten the handler. */
static void defer(int signo, const struct sigaction *action)
{
	struct sigaction wrapped = *action;
	int error = errno;

	wrapped.sa_sigaction = trampoline;
	wrapped.sa_flags |= SA_SIGINFO;
	if (action->sa_flags & (int)SA_RESETHAND)
		sigaction(signo, &wrapped, NULL);
	co__handler_later();
	errno = error;
}

static void trampoline(int signo, siginfo_t *info, void *context)
{
	const struct sigaction *action = atomic_load(&installed[signo]);
	bool restarts = action->sa_flags & SA_RESTART;
	struct handler handler;

	if (co__critical_defer(info, context)) {
		defer(signo, action);
		return;
	}
	co__handler_enter(&handler, __builtin_frame_address(0));
	if (action->sa_flags & SA_SIGINFO)
		action->sa_sigaction(signo, info, context);
	else
		action->sa_handler(signo);
	co__handler_leave(&handler, restarts);
}

static bool is_trampoline(const struct sigaction *action)
{
	return action->sa_flags & SA_SIGINFO && action->sa_sigaction == trampoline;
}

/* What the program is to see of what the kernel holds. */
static void translate(struct sigaction *action, const struct sigaction *record)
{
	if (is_trampoline(action))
		*action = *record;
	else if (co__overflow_is_ours(action))
		memset(action, 0, sizeof(*action));
	else if (action->sa_handler == SIG_DFL && record && !(record->sa_flags & SA_SIGINFO))
		action->sa_flags &= ~SA_SIGINFO; /* SA_RESETHAND took the trampoline, not its flag */
}

/* A record for the trampoline; the kernel is to be given WRAPPED. */
static struct sigaction *prepare(
	int signo, const struct sigaction *action, struct sigaction *wrapped)
{
	unsigned turn = atomic_fetch_add(&turns[signo], 1) % RECORDS;
	struct sigaction *record = &records[signo][turn];

	co__handler_trampoline = trampoline;
	*record = *action;
	*wrapped = *action;
	wrapped->sa_sigaction = trampoline;
	wrapped->sa_flags |= SA_SIGINFO;
	return record;
}

static bool has_handler(const struct sigaction *action)
{
	return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN &&
		!is_trampoline(action);
}

int co_sigaction(int signo, const struct sigaction *restrict action,
	struct sigaction *restrict before)
{
	struct sigaction *record = NULL, *was;
	struct sigaction wrapped, old;
	int r;

	if (signo <= 0 || signo >= NSIG)
		return sigaction(signo, action, before);
	was = atomic_load(&installed[signo]);
	if (action && has_handler(action)) {
		record = prepare(signo, action, &wrapped);
		action = &wrapped;
		atomic_store(&installed[signo], record);
	}
	r = sigaction(signo, action, &old);
	if (r < 0) {
		if (record)
			atomic_store(&installed[signo], was);
		return r;
	}
	translate(&old, was);
	if (before)
		*before = old;
	return r;
}

/* libc decides on the flags (siginterrupt(3) and feature macros have a say); its handler
 * is then put behind the trampoline. */
static sighandler_t install(
	int signo, sighandler_t handler, sighandler_t (*libc_signal)(int, sighandler_t))
{
	struct sigaction *was = NULL;
	struct sigaction now, wrapped;
	sighandler_t before;

	if (signo > 0 && signo < NSIG)
		was = atomic_load(&installed[signo]);
	before = libc_signal(signo, handler);
	if (before == SIG_ERR)
		return before;
	if (sigaction(signo, NULL, &now) == 0 && has_handler(&now)) {
		atomic_store(&installed[signo], prepare(signo, &now, &wrapped));
		sigaction(signo, &wrapped, NULL);
	}
	if (before == (sighandler_t)(void *)trampoline)
		return was->sa_handler;
	wrapped.sa_flags = SA_SIGINFO;
	wrapped.sa_handler = before;
	return co__overflow_is_ours(&wrapped) ? SIG_DFL : before;
}

sighandler_t co_signal(int signo, sighandler_t handler)
{
	return install(signo, handler, signal);
}

/* What <signal.h> makes of signal() under strict standards. */
__typeof__(signal) co___sysv_signal;
sighandler_t co___sysv_signal(int signo, sighandler_t handler)
{
	return install(signo, handler, sysv_signal);
}
