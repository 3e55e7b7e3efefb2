/* exec.c - owns the child process.
 *
 * One child at a time. Captured output goes to nameless files, not pipes: nobody has to
 * read while the child runs, and nothing can block. Called by everything that starts a
 * compiler. */
#include "exec.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "diag.h"
#include "ending.h"
#include "slurp.h"
#include "tempfile.h"

extern char **environ;

static const char mark[] = "COHOOK_BEHIND";

void exec_environment(struct argvec *environment)
{
	for (char **entry = environ; *entry; entry++)
		argvec_push(environment, *entry);
	argvec_set_variable(environment, mark, "1");
}

bool exec_is_nested(void)
{
	return getenv(mark) != NULL;
}

static void complete(struct exec_command *command)
{
	if (!command->environment.count)
		exec_environment(&command->environment);
}

void exec_replace(struct exec_command *command)
{
	complete(command);
	tempfile_cleanup();
	execve(command->program, argvec_argv(&command->words),
		argvec_argv(&command->environment));
	diag_fatal("cannot run '%s': %s", command->program, strerror(errno));
}

static int spawn(struct exec_command *command, const int *captured, const sigset_t *mask,
	pid_t *child)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t pid = 0;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	if (command->input)
		posix_spawn_file_actions_adddup2(&actions, command->input, STDIN_FILENO);
	if (command->capture) {
		posix_spawn_file_actions_adddup2(&actions, captured[0], STDOUT_FILENO);
		posix_spawn_file_actions_adddup2(&actions, captured[1], STDERR_FILENO);
	}
	posix_spawnattr_setsigmask(&attributes, mask);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	int err = posix_spawn(&pid, command->program, &actions, &attributes,
		argvec_argv(&command->words), argvec_argv(&command->environment));
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	ending_child(err ? 0 : pid);
	*child = pid;
	return -err;
}

static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	ending_child(0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Starts the child and waits with the signals watched. */
static int run(struct exec_command *command, const int *captured, int *status)
{
	sigset_t ending, mask;
	pid_t child;

	ending_set(&ending);
	sigprocmask(SIG_BLOCK, &ending, &mask);
	ending_watch();
	int err = spawn(command, captured, &mask, &child);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (!err)
		*status = wait_for(child);
	ending_unwatch();
	ending_heed();
	return err;
}

static int read_back(int fd, char **text, size_t *length)
{
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	return slurp_fd(fd, text, length);
}

static int run_captured(struct exec_command *command, struct exec_outcome *outcome)
{
	int captured[2] = {tempfile_memory("", 0, NULL), tempfile_memory("", 0, NULL)};
	int err = captured[0] < 0 ? captured[0] : captured[1] < 0 ? captured[1] : 0;

	if (!err)
		err = run(command, captured, &outcome->status);
	if (!err)
		err = read_back(captured[0], &outcome->out, &outcome->out_length);
	if (!err)
		err = read_back(captured[1], &outcome->err, &outcome->err_length);
	for (int i = 0; i < 2; i++)
		if (captured[i] >= 0)
			close(captured[i]);
	return err;
}

int exec_run(struct exec_command *command, struct exec_outcome *outcome)
{
	*outcome = (struct exec_outcome){0};
	complete(command);
	ending_heed();
	if (command->capture)
		return run_captured(command, outcome);
	return run(command, NULL, &outcome->status);
}

static void put(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(fd, text, length);
		if (n < 0 && errno != EINTR)
			return;
		if (n < 0)
			continue;
		text += n;
		length -= (size_t)n;
	}
}

void exec_show(const struct exec_outcome *outcome)
{
	if (outcome->out)
		put(STDOUT_FILENO, outcome->out, outcome->out_length);
	if (outcome->err)
		put(STDERR_FILENO, outcome->err, outcome->err_length);
}

void exec_forget(struct exec_outcome *outcome)
{
	free(outcome->out);
	free(outcome->err);
	outcome->out = outcome->err = NULL;
}
