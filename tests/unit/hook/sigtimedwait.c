/* sigtimedwait.c - sigtimedwait(2) through libc and through its mirror. */
#include "harness/peer.h"
#include "harness/scenario.h"
#include "harness/sigwaiting.h"

static int by_sigtimedwait(
	const struct calls *calls, const sigset_t *set, siginfo_t *info)
{
	const struct timespec minute = {60, 0};

	return calls->sigtimedwait(set, info, &minute);
}

static void wait_span(struct run *run, const sigset_t *set, const struct timespec *span)
{
	result(run, "sigtimedwait", enter(run)->sigtimedwait(set, NULL, span));
}

static void spans(struct run *run)
{
	static const struct timespec list[] = {
		{0, 0}, {0, 1}, {0, 2000000}, {0, 1000000000}, {0, -1}, {-1, 0}};
	const struct timespec span = {0, 20 * MS};
	const sigset_t set = block_signal(run, SIGUSR1);
	size_t i;

	for (i = 0; i < COUNT(list); i++)
		wait_span(run, &set, &list[i]);
	wait_span(run, &set, nowhere());
	took_no_wait(run);
	wait_span(run, &set, &span);
	took(run, 20);
	check(run, raise(SIGUSR1) == 0);
	wait_span(run, &set, &list[0]);
	unblock_signal(run, SIGUSR1);
}

static void for_ever(struct run *run)
{
	const sigset_t set = block_signal(run, SIGUSR1);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	peer_start(run, &peer);
	wait_span(run, &set, NULL);
	peer_join(&peer);
	unblock_signal(run, SIGUSR1);
}

int main(void)
{
	static const struct sigwaiting verb = {"sigtimedwait", by_sigtimedwait, true};
	static const struct scenario scenarios[] = {
		{"spans", spans}, {"for ever", for_ever}};

	sigwaiting_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sigtimedwait");
}
