/* overflow.c - SIGSEGV in the guard of a fiber's stack becomes a message; then the
 * program dies as usual.
 *
 * The handler runs on an alternate stack and uses nothing but write(2). A program that
 * handles SIGSEGV itself keeps its handler. Called by worker.c. */
#define _GNU_SOURCE
#include "overflow.h"

#include "bug.h"
#include "fiber.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { ALTERNATE_STACK = 32 * 1024 };

static void explain(const struct co_fiber *fiber, size_t size)
{
	char number[24];

	co__say("cohook: stack overflow in fiber ");
	co__say(fiber && fiber->name[0] ? fiber->name : "(unnamed)");
	if (fiber && !fiber->is_root && !fiber->is_loop) {
		co__say(", entry function at ");
		co__say(co__hexadecimal(number, (size_t)fiber->entry));
	}
	co__say(", stack of ");
	co__say(co__decimal(number, size));
	co__say(" bytes.\ncohook: give it more: COHOOK_STACK=16M in the environment, or, if the program sets the "
		"size, pthread_attr_setstacksize(3) or co_fiber_attr.stack_size\n");
}

static void on_segv(int signo, siginfo_t *info, void *context)
{
	struct sigaction standard = {.sa_handler = SIG_DFL};
	char *base;
	size_t size;

	(void)context;
	if (info->si_code > 0 && co__stack_overflowed(info->si_addr, &base, &size))
		explain(co__ctx.running, size);
	sigaction(signo, &standard, NULL); /* the same access again ends the program */
	if (info->si_code <= 0)
		raise(signo);
}

bool co__overflow_is_ours(const struct sigaction *action)
{
	return action->sa_flags & SA_SIGINFO && action->sa_sigaction == on_segv;
}

/* NULL if the thread has one already, or there is no memory. */
static void *make_alternate(void)
{
	stack_t alternate = {.ss_size = ALTERNATE_STACK}, have;

	if (sigaltstack(NULL, &have) < 0 || !(have.ss_flags & SS_DISABLE))
		return NULL;
	alternate.ss_sp = mmap(NULL, ALTERNATE_STACK, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (alternate.ss_sp == MAP_FAILED)
		return NULL;
	sigaltstack(&alternate, NULL);
	return alternate.ss_sp;
}

void *co__overflow_watch(void)
{
	struct sigaction action = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	struct sigaction before;
	int error = errno;
	void *alternate = make_alternate();

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGSEGV, NULL, &before) == 0 && !(before.sa_flags & SA_SIGINFO) &&
		before.sa_handler == SIG_DFL)
		sigaction(SIGSEGV, &action, NULL);
	errno = error;
	return alternate;
}

/* The program may have put another one in its place. */
void co__overflow_unwatch(void *alternate)
{
	const stack_t none = {.ss_flags = SS_DISABLE};
	stack_t have;

	if (!alternate)
		return;
	if (sigaltstack(NULL, &have) == 0 && have.ss_sp == alternate)
		sigaltstack(&none, NULL);
	munmap(alternate, ALTERNATE_STACK);
}
