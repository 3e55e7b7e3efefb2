/* command.c - commands that wait to be told. */
#include "harness/command.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

void command_open(struct run *run, struct command *command, const char *then)
{
	check(run, pipe(command->fds) == 0);
	check(run, fcntl(command->fds[1], F_SETFD, FD_CLOEXEC) == 0);
	snprintf(command->line, sizeof(command->line), "read x </proc/self/fd/%d; %s", command->fds[0],
		then);
}

void command_close(struct command *command)
{
	close(command->fds[0]);
	close(command->fds[1]);
}

void peer_lets_go(struct peer *peer)
{
	const struct command *command = peer->arg;

	check(peer->run, write(command->fds[1], "x\n", 2) == 2);
}

void peer_signals_then_lets_go(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, (int)peer->size);
	peer_await(peer);
	peer_lets_go(peer);
}
