/* command.h - a command of the shell that ends when it is told to. */
#ifndef HARNESS_COMMAND_H
#define HARNESS_COMMAND_H

#include "harness/peer.h"

struct command {
	char line[200];
	int fds[2]; /* it reads a line from the first */
};

/* It reads a line from a pipe of its own and then does what THEN says. */
void command_open(struct run *run, struct command *command, const char *then);
void command_close(struct command *command);

/* For struct peer: ARG is the command. */
void peer_lets_go(struct peer *peer);
/* The same after a signal number SIZE to the subject, which must not end its call. */
void peer_signals_then_lets_go(struct peer *peer);

#endif
