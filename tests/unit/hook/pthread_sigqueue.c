/* pthread_sigqueue.c - pthread_sigqueue(3) through libc and through its mirror: a signal
 * with a value. */
#include "harness/gate.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>

static volatile sig_atomic_t calls, value, code_;

static void handle(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	value = info->si_value.sival_int;
	code_ = info->si_code;
	calls++;
}

static void install(struct run *run)
{
	const struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};

	calls = 0;
	check(run, run->calls->sigaction(SIGUSR1, &action, NULL) == 0);
}

static void restore(struct run *run)
{
	note(run, "calls %d, value %d, code %d", (int)calls, (int)value, (int)code_);
	check(run, run->calls->signal(SIGUSR1, SIG_DFL) != SIG_ERR);
}

static void to_oneself(struct run *run)
{
	install(run);
	code(run, "sigqueue",
		enter(run)->pthread_sigqueue(run->calls->pthread_self(), SIGUSR1,
			(union sigval){.sival_int = 4711}));
	took_no_wait(run);
	restore(run);
}

static void to_another(struct run *run)
{
	struct gate gate;

	install(run);
	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	code(run, "sigqueue",
		enter(run)->pthread_sigqueue(
			gate.thread, SIGUSR1, (union sigval){.sival_int = 4712}));
	while (!calls)
		run->calls->usleep(50);
	gate_finish(&gate);
	restore(run);
}

static void errors(struct run *run)
{
	pthread_t self = run->calls->pthread_self();

	code(run, "sigqueue", enter(run)->pthread_sigqueue(self, -1, (union sigval){0}));
	code(run, "sigqueue", enter(run)->pthread_sigqueue(self, NSIG, (union sigval){0}));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"to oneself", to_oneself},
		{"to another", to_another},
		{"errors", errors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_sigqueue");
}
