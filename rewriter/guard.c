/* guard.c - owns the way out of a crash in libclang or in the rewriting core.
 *
 * A build must not fail because of us: the handler runs on a stack of its own and
 * replaces the process by the compiler, for which everything was prepared beforehand.
 * LLVM may also call exit(3) where it gives up. Called by sources around each unit. */
#include "guard.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"
#include "link.h"

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

enum {
	CRASH_SIGNALS = sizeof crash_signals / sizeof *crash_signals,
	STACK_SIZE = 64 * 1024
};

static struct sigaction before[CRASH_SIGNALS];
static char alternate[STACK_SIZE];
static bool entered;

/* All that the handler needs; valid between enter and leave. */
static struct {
	const char *program;
	char **argv, **environment;
	const char *message;
	bool strict, rewind_stdin;
} plain;

static void on_crash(int signal)
{
	sigset_t set;

	(void)signal;
	diag_raw(plain.message);
	if (plain.strict)
		_exit(1);
	if (plain.rewind_stdin)
		lseek(STDIN_FILENO, 0, SEEK_SET);
	sigfillset(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	execve(plain.program, plain.argv, plain.environment);
	_exit(1);
}

static void on_exit_within(void)
{
	if (entered)
		on_crash(0);
}

static void prepare(struct job *job, const char *file)
{
	struct exec_command command;
	struct argvec environment = {0}, arguments = {0};

	link_plain_arguments(job, &arguments);
	job_command(job, &arguments, &command);
	exec_environment(&environment);
	plain.program = command.program;
	plain.argv = argvec_argv(&command.words);
	plain.environment = argvec_argv(&environment);
	/* There is no plain way to print what the source should read like. */
	plain.strict = job->settings.strict || job->settings.emit;
	plain.rewind_stdin = job->stdin_is_ours;
	plain.message = arena_printf("%s: %s: %s: the rewriter crashed%s\n", diag_name(),
		file, plain.strict ? "error" : "warning",
		plain.strict ? "" : "; compiled as it is");
}

void guard_enter(struct job *job, const char *file)
{
	struct sigaction action = {
		.sa_handler = on_crash, .sa_flags = SA_ONSTACK | SA_NODEFER};
	static int registered;
	stack_t stack = {.ss_sp = alternate, .ss_size = STACK_SIZE};

	prepare(job, file);
	entered = true;
	if (!registered++)
		atexit(on_exit_within);
	sigaltstack(&stack, NULL);
	for (int i = 0; i < CRASH_SIGNALS; i++)
		sigaction(crash_signals[i], &action, &before[i]);
}

void guard_leave(void)
{
	stack_t stack = {.ss_flags = SS_DISABLE};

	entered = false;
	for (int i = 0; i < CRASH_SIGNALS; i++)
		sigaction(crash_signals[i], &before[i], NULL);
	sigaltstack(&stack, NULL);
}
