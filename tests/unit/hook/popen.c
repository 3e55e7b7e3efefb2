/* popen.c - popen(3) through libc and through its mirror. */
#include "harness/command.h"
#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *open_command(struct run *run, const char *line, const char *mode)
{
	FILE *stream = enter(run)->popen(line, mode);

	result(run, "popen", stream ? 1 : -1);
	return stream;
}

static void close_command(struct run *run, FILE *stream)
{
	result(run, "pclose", enter(run)->pclose(stream));
}

static void reads(struct run *run)
{
	FILE *stream = open_command(run, "echo hello; echo world", "r");
	char text[100];
	size_t n = fread(text, 1, sizeof(text), stream);

	note_bytes(run, "text", text, (ssize_t)n);
	close_command(run, stream);
}

static void writes(struct run *run)
{
	FILE *stream = open_command(run, "read x && test \"$x\" = hello", "w");

	check(run, fputs("hello\n", stream) >= 0);
	close_command(run, stream);
}

static void modes(struct run *run)
{
	static const char *const list[] = {"x", "", "rw", "r+", "re", "we"};
	size_t i;

	for (i = 0; i < COUNT(list); i++) {
		FILE *stream = open_command(run, "cat >/dev/null </dev/null", list[i]);
		if (!stream)
			continue;
		note(run, "closed by exec: %d", fcntl(fileno(stream), F_GETFD));
		close_command(run, stream);
	}
}

/* Its descriptor waits like any other, whatever the number meant before. */
static void descriptor_waits(struct run *run)
{
	struct command command;
	struct peer peer = {.act = peer_lets_go, .arg = &command};
	int null = open("/dev/null", O_RDONLY);
	char text[100];
	FILE *stream;
	ssize_t n;

	result(run, "read", enter(run)->read(null, text, 1));
	close(null);
	command_open(run, &command, "echo $x");
	stream = open_command(run, command.line, "r");
	peer_start(run, &peer);
	n = result(run, "read", enter(run)->read(fileno(stream), text, sizeof(text)));
	peer_join(&peer);
	note_bytes(run, "text", text, n);
	close_command(run, stream);
	command_close(&command);
}

/* The second command does not keep the first one's pipe open. */
static void two_streams(struct run *run)
{
	FILE *first = open_command(run, "cat >/dev/null; exit 3", "w");
	FILE *second = open_command(run, "cat >/dev/null; exit 4", "w");

	close_command(run, first);
	close_command(run, second);
}

static void closed_as_a_file(struct run *run)
{
	FILE *stream = open_command(run, "exit 3", "r"), *other;

	note(run, "fclose = %d", fclose(stream));
	other = open_command(run, "exit 4", "r");
	close_command(run, other);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"reads", reads},
		{"writes", writes},
		{"modes", modes},
		{"descriptor waits", descriptor_waits},
		{"two streams", two_streams},
		{"closed as a file", closed_as_a_file},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("popen");
}
