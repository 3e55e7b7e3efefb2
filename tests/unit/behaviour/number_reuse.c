/* number_reuse.c - the number of a closed descriptor may be given out again in the same
 * breath: nobody who waited on the old one touches the new one. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <unistd.h>

enum { ROUNDS = 50, READERS = 3 };

struct reader {
	struct mate mate;
	int fd, error;
	ssize_t got;
	char first;
};

static void read_it(struct mate *mate)
{
	struct reader *reader = mate->arg;
	char buf[16];

	reader->got = mate_leave(mate, mate_enter(mate)->read(reader->fd, buf, sizeof(buf)));
	reader->error = errno;
	reader->first = buf[0];
}

static void start(struct run *run, struct reader *reader, int fd)
{
	*reader = (struct reader){.mate = {.act = read_it, .arg = reader}, .fd = fd};
	mate_start(run, &reader->mate);
	check(run, mate_blocked(&reader->mate));
}

/* Both ends through the calls under test, and not kept. */
static void open_pair(struct run *run, int fds[2])
{
	check(run, (run->kind == PIPE ? run->calls->pipe(fds)
				      : run->calls->socketpair(AF_UNIX, SOCK_STREAM, 0, fds)) == 0);
}

/* Close, open, write, all before anybody else runs: the old reader has been woken but has
 * not looked yet. */
static void old_reader_takes_nothing(struct run *run)
{
	int round;

	for (round = 0; round < ROUNDS; round++) {
		struct reader old[READERS], new;
		int before[2], after[2], i;

		open_pair(run, before);
		for (i = 0; i < READERS; i++)
			start(run, &old[i], before[0]);
		check(run, run->calls->close(before[0]) == 0);
		check(run, run->calls->close(before[1]) == 0);
		open_pair(run, after);
		check(run, after[0] == before[0]);
		check(run, write(after[1], "new", 3) == 3);
		for (i = 0; i < READERS; i++) {
			mate_join(&old[i].mate);
			check(run, old[i].got == -1 && old[i].error == EBADF);
		}
		new = (struct reader){.mate = {.act = read_it, .arg = &new}, .fd = after[0]};
		mate_start(run, &new.mate);
		mate_join(&new.mate);
		check(run, new.got == 3 && new.first == 'n');
		check(run, run->calls->close(after[0]) == 0);
		check(run, run->calls->close(after[1]) == 0);
	}
}

/* An event of the old one, already on its way, does not become one of the new. */
static void old_event_wakes_nobody(struct run *run)
{
	int round;

	for (round = 0; round < ROUNDS; round++) {
		struct reader old, new;
		int before[2], after[2];

		open_pair(run, before);
		start(run, &old, before[0]);
		check(run, write(before[1], "old", 3) == 3);
		check(run, run->calls->close(before[0]) == 0);
		check(run, run->calls->close(before[1]) == 0);
		open_pair(run, after);
		start(run, &new, after[0]);
		mate_join(&old.mate);
		check(run, old.got == -1 && old.error == EBADF);
		check(run, write(after[1], "new", 3) == 3);
		mate_join(&new.mate);
		check(run, new.got == 3 && new.first == 'n');
		check(run, run->calls->close(after[0]) == 0);
		check(run, run->calls->close(after[1]) == 0);
	}
}

/* What the runtime knows of a number (it was drained, it has a timeout, it does not
 * block) ends with it. */
static void old_state_is_forgotten(struct run *run)
{
	static const struct timeval timeout = {0, 1000};
	struct reader new;
	char buf[16];
	int before[2], after[2];

	check(run, run->calls->socketpair(
			   AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, before) == 0);
	check(run, run->calls->setsockopt(before[0], SOL_SOCKET, SO_RCVTIMEO, &timeout,
			   sizeof(timeout)) == 0);
	check(run, write(before[1], "abc", 3) == 3);
	check(run, run->calls->read(before[0], buf, sizeof(buf)) == 3);
	check(run, run->calls->read(before[0], buf, sizeof(buf)) == -1);
	check(run, run->calls->close(before[0]) == 0);
	check(run, run->calls->close(before[1]) == 0);
	open_pair(run, after);
	start(run, &new, after[0]);
	check(run, write(after[1], "new", 3) == 3);
	mate_join(&new.mate);
	check(run, new.got == 3);
	check(run, run->calls->close(after[0]) == 0);
	check(run, run->calls->close(after[1]) == 0);
}

/* The number comes back as something else altogether. */
static void another_kind(struct run *run)
{
	struct reader reader;
	int i;

	for (i = 0; i < 6; i++) {
		int fds[2];

		check(run, (i % 2 ? run->calls->pipe(fds)
				  : run->calls->socketpair(AF_UNIX,
					    i % 4 ? SOCK_STREAM : SOCK_DGRAM, 0, fds)) == 0);
		start(run, &reader, fds[0]);
		check(run, write(fds[1], "x", 1) == 1);
		mate_join(&reader.mate);
		check(run, reader.got == 1);
		check(run, run->calls->close(fds[0]) == 0);
		check(run, run->calls->close(fds[1]) == 0);
	}
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"old reader takes nothing (unix stream)", old_reader_takes_nothing,
			UNIX_STREAM, MODES_MIRROR},
		{"old reader takes nothing (pipe)", old_reader_takes_nothing, PIPE,
			MODES_MIRROR},
		{"old event wakes nobody (unix stream)", old_event_wakes_nobody, UNIX_STREAM,
			MODES_MIRROR},
		{"old event wakes nobody (pipe)", old_event_wakes_nobody, PIPE, MODES_MIRROR},
		{"old state is forgotten", old_state_is_forgotten, UNIX_STREAM},
		{"another kind", another_kind},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("number_reuse");
}
