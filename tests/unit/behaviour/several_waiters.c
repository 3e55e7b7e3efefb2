/* several_waiters.c - several fibers may wait on one descriptor, in one direction or
 * both; each event wakes enough of them, and none is lost. Compared with threads. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { CROWD = 8, MESSAGES = 5, BIG = 100000 };

struct user {
	struct mate mate;
	int fd, limit;
	long total;
};

static void start(struct run *run, struct user *user, void (*act)(struct mate *), int fd)
{
	*user = (struct user){.mate = {.act = act, .arg = user}, .fd = fd, .limit = MESSAGES};
	mate_start(run, &user->mate);
}

static void read_messages(struct mate *mate)
{
	struct user *user = mate->arg;
	int i;

	for (i = 0; i < user->limit; i++) {
		char byte;
		ssize_t n = mate_leave(mate, mate_enter(mate)->read(user->fd, &byte, 1));

		user->total += n == 1;
	}
}

/* One byte each time: as many reads end as there are bytes, whoever gets them. */
static void readers_share(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct user users[CROWD];
	long total = 0;
	int i;

	for (i = 0; i < CROWD; i++)
		start(run, &users[i], read_messages, pair.mine);
	for (i = 0; i < CROWD; i++)
		check(run, mate_blocked(&users[i].mate));
	for (i = 0; i < CROWD * MESSAGES; i++)
		check(run, write(pair.theirs, "x", 1) == 1);
	for (i = 0; i < CROWD; i++) {
		mate_join(&users[i].mate);
		total += users[i].total;
	}
	note(run, "read %ld", total);
}

/* All bytes come in one go, one event for all. */
static void one_event_for_many(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	static const char bytes[CROWD * MESSAGES];
	struct user users[CROWD];
	long total = 0;
	int i;

	for (i = 0; i < CROWD; i++) {
		start(run, &users[i], read_messages, pair.mine);
		check(run, mate_blocked(&users[i].mate));
	}
	check(run, write(pair.theirs, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes));
	for (i = 0; i < CROWD; i++) {
		mate_join(&users[i].mate);
		total += users[i].total;
	}
	note(run, "read %ld", total);
}

static void read_to_the_end(struct mate *mate)
{
	struct user *user = mate->arg;
	char buf[64];
	ssize_t n;

	while ((n = mate_leave(mate, mate_enter(mate)->read(user->fd, buf, sizeof(buf)))) > 0)
		user->total += n;
	user->limit = (int)n;
}

static void all_see_the_end(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct user users[CROWD];
	int i;

	for (i = 0; i < CROWD; i++) {
		start(run, &users[i], read_to_the_end, pair.mine);
		check(run, mate_blocked(&users[i].mate));
	}
	let_go(run, pair.theirs);
	close(pair.theirs);
	for (i = 0; i < CROWD; i++) {
		mate_join(&users[i].mate);
		note(run, "read %ld, then %d", users[i].total, users[i].limit);
	}
}

static void write_much(struct mate *mate)
{
	struct user *user = mate->arg;
	static char bytes[BIG];

	user->total = mate_leave(mate, mate_enter(mate)->write(user->fd, bytes, BIG));
}

static void writers_share(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct user users[CROWD], reader;
	long total = 0;
	int i;

	narrow(run, &pair);
	for (i = 0; i < CROWD; i++) {
		start(run, &users[i], write_much, pair.mine);
		check(run, mate_blocked(&users[i].mate));
	}
	start(run, &reader, read_to_the_end, pair.theirs);
	for (i = 0; i < CROWD; i++) {
		mate_join(&users[i].mate);
		total += users[i].total;
	}
	let_go(run, pair.mine);
	check(run, run->calls->close(pair.mine) == 0);
	mate_join(&reader.mate);
	note(run, "written %ld, read %ld", total, reader.total);
}

/* One direction's events do not disturb the other. */
static void reader_and_writer(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct user reader, writer, there;

	narrow(run, &pair);
	start(run, &writer, write_much, pair.mine);
	check(run, mate_blocked(&writer.mate));
	start(run, &reader, read_messages, pair.mine);
	check(run, mate_blocked(&reader.mate));
	check(run, write(pair.theirs, "12345", MESSAGES) == MESSAGES);
	mate_join(&reader.mate);
	note(run, "read %ld", reader.total);
	start(run, &there, read_to_the_end, pair.theirs);
	mate_join(&writer.mate);
	note(run, "written %ld", writer.total);
	check(run, run->calls->shutdown(pair.mine, SHUT_WR) == 0);
	mate_join(&there.mate);
	note(run, "arrived %ld", there.total);
}

static void accept_some(struct mate *mate)
{
	struct user *user = mate->arg;
	int i;

	for (i = 0; i < user->limit; i++) {
		int fd = (int)mate_leave(
			mate, mate_enter(mate)->accept(user->fd, NULL, NULL));

		user->total += fd >= 0 && mate->calls->close(fd) == 0;
	}
}

static void acceptors_share(struct run *run)
{
	struct sockaddr_in address;
	int listener = keep(run, listener_open(run->calls, &address, 64));
	struct user users[CROWD];
	long total = 0;
	int i;

	for (i = 0; i < CROWD; i++) {
		start(run, &users[i], accept_some, listener);
		check(run, mate_blocked(&users[i].mate));
	}
	for (i = 0; i < CROWD * MESSAGES; i++) {
		int fd = keep_foreign(run, socket(AF_INET, SOCK_STREAM, 0));

		check(run, connect(fd, (void *)&address, sizeof(address)) == 0);
	}
	for (i = 0; i < CROWD; i++) {
		mate_join(&users[i].mate);
		total += users[i].total;
	}
	note(run, "accepted %ld", total);
}

static void poll_once(struct mate *mate)
{
	struct user *user = mate->arg;
	struct pollfd p = {user->fd, POLLIN, 0};

	user->total = mate_leave(mate, mate_enter(mate)->poll(&p, 1, -1));
}

/* Those who only look take nothing away from those who read. */
static void pollers_and_a_reader(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct user pollers[CROWD], reader;
	int i;

	for (i = 0; i < CROWD; i++) {
		start(run, &pollers[i], poll_once, pair.mine);
		check(run, mate_blocked(&pollers[i].mate));
	}
	check(run, write(pair.theirs, "x", 1) == 1);
	for (i = 0; i < CROWD; i++) {
		mate_join(&pollers[i].mate);
		check(run, pollers[i].total == 1);
	}
	start(run, &reader, read_messages, pair.mine);
	check(run, mate_blocked(&reader.mate));
	check(run, write(pair.theirs, "1234", 4) == 4);
	mate_join(&reader.mate);
	note(run, "read %ld", reader.total);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"readers share (tcp)", readers_share, TCP},
		{"readers share (unix datagram)", readers_share, UNIX_DGRAM},
		{"readers share (pipe)", readers_share, PIPE},
		{"one event for many (tcp)", one_event_for_many, TCP},
		{"one event for many (pipe)", one_event_for_many, PIPE},
		{"all see the end (tcp)", all_see_the_end, TCP},
		{"all see the end (unix stream)", all_see_the_end, UNIX_STREAM},
		{"all see the end (pipe)", all_see_the_end, PIPE},
		{"writers share (unix stream)", writers_share, UNIX_STREAM},
		{"writers share (pipe)", writers_share, PIPE},
		{"reader and writer (unix stream)", reader_and_writer, UNIX_STREAM},
		{"acceptors share", acceptors_share},
		{"pollers and a reader (tcp)", pollers_and_a_reader, TCP},
		{"pollers and a reader (pipe)", pollers_and_a_reader, PIPE},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("several_waiters");
}
