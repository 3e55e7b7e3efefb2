/* pclose.c - pclose(3) through libc and through its mirror. */
#include "harness/command.h"
#include "harness/interrupt.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *open_command(struct run *run, const char *line, const char *mode)
{
	FILE *stream = run->calls->popen(line, mode);

	check(run, stream != NULL);
	return stream;
}

static void close_stream(struct run *run, FILE *stream)
{
	result(run, "pclose", enter(run)->pclose(stream));
}

static void statuses(struct run *run)
{
	close_stream(run, open_command(run, "exit 7", "r"));
	close_stream(run, open_command(run, "kill -9 $$", "r"));
	close_stream(run, open_command(run, "cat >/dev/null; exit 4", "w"));
	close_stream(run, open_command(run, "/nonexistent/program 2>/dev/null", "w"));
	errno = EDOM;
	check(run, run->calls->pclose(open_command(run, "exit 1", "r")) == 1 << 8);
	check(run, errno == EDOM);
}

static void waits(struct run *run)
{
	struct command command;
	struct peer peer = {.act = peer_lets_go, .arg = &command};
	FILE *stream;

	command_open(run, &command, "exit 3");
	stream = open_command(run, command.line, "r");
	peer_start(run, &peer);
	close_stream(run, stream);
	peer_join(&peer);
	command_close(&command);
}

static void not_interrupted(struct run *run)
{
	struct command command;
	struct peer peer = {
		.act = peer_signals_then_lets_go, .size = SIGUSR1, .arg = &command};
	FILE *stream;

	command_open(run, &command, "exit 3");
	stream = open_command(run, command.line, "r");
	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	close_stream(run, stream);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	command_close(&command);
}

/* What is still buffered is written first. */
static void writes_the_rest(struct run *run)
{
	FILE *stream = open_command(run, "read x && test \"$x\" = hello", "w");
	static char buffer[1 << 17], text[100000];

	check(run, fputs("hello\n", stream) >= 0);
	close_stream(run, stream);
	stream = open_command(run, "test $(wc -c) = 100000", "w");
	memset(text, 'x', sizeof(text));
	check(run, setvbuf(stream, buffer, _IOFBF, sizeof(buffer)) == 0);
	check(run, fwrite(text, 1, sizeof(text), stream) == sizeof(text));
	close_stream(run, stream);
}

/* The pipe is full when it is closed. */
static void waits_for_room(struct run *run)
{
	struct command command;
	struct peer peer = {.act = peer_lets_go, .arg = &command};
	static char text[65536 + 4000];
	FILE *stream;

	command_open(run, &command, "test $(wc -c) = 69536");
	stream = open_command(run, command.line, "w");
	memset(text, 'x', sizeof(text));
	check(run, fwrite(text, 1, 65536, stream) == 65536);
	check(run, fflush(stream) == 0);
	check(run, fwrite(text, 1, 4000, stream) == 4000);
	peer_start(run, &peer);
	close_stream(run, stream);
	peer_join(&peer);
	command_close(&command);
}

static void nobody_reads_the_rest(struct run *run)
{
	FILE *stream = open_command(run, "exec <&-; exit 0", "w");
	siginfo_t info;

	check(run, run->calls->signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	check(run, waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0);
	check(run, fputs("hello\n", stream) >= 0);
	close_stream(run, stream);
	check(run, run->calls->signal(SIGPIPE, SIG_DFL) != SIG_ERR);
}

static void reaped_before(struct run *run)
{
	FILE *stream = open_command(run, "exit 3", "r");

	check(run, waitpid(-1, NULL, 0) > 0);
	close_stream(run, stream);
}

static void children_are_ignored(struct run *run)
{
	FILE *stream;

	check(run, run->calls->signal(SIGCHLD, SIG_IGN) != SIG_ERR);
	stream = open_command(run, "exit 3", "r");
	close_stream(run, stream);
	check(run, run->calls->signal(SIGCHLD, SIG_DFL) != SIG_ERR);
}

static void other_streams(struct run *run)
{
	close_stream(run, popen("exit 3", "r"));
	close_stream(run, fopen("/dev/null", "r"));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"statuses", statuses},
		{"waits", waits},
		{"not interrupted", not_interrupted, 0, PLAIN | ROOT},
		{"writes the rest", writes_the_rest},
		{"waits for room", waits_for_room},
		{"nobody reads the rest", nobody_reads_the_rest},
		{"reaped before", reaped_before},
		{"children are ignored", children_are_ignored},
		{"other streams", other_streams},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pclose");
}
