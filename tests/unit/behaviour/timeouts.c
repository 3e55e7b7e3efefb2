/* timeouts.c - timeouts of both directions on one socket, of many at once, and scoped
 * deadlines. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "cohook/cohook.h"

static void set_timeout(struct run *run, int fd, int option, int ms)
{
	const struct timeval timeout = {ms / 1000, ms % 1000 * 1000};

	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, option, &timeout, sizeof(timeout)) == 0);
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 * MS + (uint64_t)ts.tv_nsec;
}

struct user {
	struct mate mate;
	int fd, error;
	ssize_t value;
	uint64_t took;
};

static void read_it(struct mate *mate)
{
	struct user *user = mate->arg;
	uint64_t begin = now();
	char byte;

	user->value = mate_leave(mate, mate_enter(mate)->read(user->fd, &byte, 1));
	user->error = errno;
	user->took = now() - begin;
}

static void write_it(struct mate *mate)
{
	struct user *user = mate->arg;
	static char bytes[4096];
	uint64_t begin = now();

	user->value = mate_leave(mate, mate_enter(mate)->write(user->fd, bytes, 4096));
	user->error = errno;
	user->took = now() - begin;
}

static void start(struct run *run, struct user *user, void (*act)(struct mate *), int fd)
{
	*user = (struct user){.mate = {.act = act, .arg = user}, .fd = fd};
	mate_start(run, &user->mate);
}

static void expect_timeout(struct run *run, struct user *user, unsigned ms)
{
	uint64_t slack = run->mode == PLAIN ? 4 * MS : 0;

	mate_join(&user->mate);
	note(run, "%zd %s", user->value, error_name(user->error));
	check(run, user->took + slack >= ms * MS && user->took < (ms + 5000) * MS);
}

static void both_directions(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct user reader, writer;

	narrow(run, &pair);
	fill_up(run, &pair);
	set_timeout(run, pair.mine, SO_RCVTIMEO, 60);
	set_timeout(run, pair.mine, SO_SNDTIMEO, 30);
	start(run, &reader, read_it, pair.mine);
	start(run, &writer, write_it, pair.mine);
	expect_timeout(run, &writer, 30);
	expect_timeout(run, &reader, 60);
	set_timeout(run, pair.mine, SO_RCVTIMEO, 20);
	set_timeout(run, pair.mine, SO_SNDTIMEO, 50);
	start(run, &reader, read_it, pair.mine);
	start(run, &writer, write_it, pair.mine);
	expect_timeout(run, &reader, 20);
	expect_timeout(run, &writer, 50);
}

/* One direction's timeout passes while the other direction is busy. */
static void one_passes_the_other_is_served(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct user reader, writer;

	narrow(run, &pair);
	fill_up(run, &pair);
	set_timeout(run, pair.mine, SO_SNDTIMEO, 30);
	start(run, &reader, read_it, pair.mine);
	start(run, &writer, write_it, pair.mine);
	expect_timeout(run, &writer, 30);
	check(run, mate_blocked(&reader.mate));
	check(run, write(pair.theirs, "x", 1) == 1);
	mate_join(&reader.mate);
	note(run, "reader got %zd", reader.value);
}

/* socket(7) says nothing of it, but Linux looks at the timeout when a call begins. */
static void change_counts_for_the_next_call(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct user first, second;

	set_timeout(run, pair.mine, SO_RCVTIMEO, 60);
	start(run, &first, read_it, pair.mine);
	check(run, mate_blocked(&first.mate));
	set_timeout(run, pair.mine, SO_RCVTIMEO, 10);
	start(run, &second, read_it, pair.mine);
	expect_timeout(run, &second, 10);
	expect_timeout(run, &first, 60);
}

enum { CROWD = 60 };

/* Deadlines given in no order end each at its time. */
static void many_at_once(struct run *run)
{
	struct pair pairs[CROWD / 4];
	static struct user users[CROWD];
	int i;

	for (i = 0; i < CROWD / 4; i++) {
		pairs[i] = pair_open(run, UNIX_STREAM, TO_ME);
		set_timeout(run, pairs[i].mine, SO_RCVTIMEO, 5 + i * 7 % 50);
	}
	for (i = 0; i < CROWD; i++)
		start(run, &users[i], read_it, pairs[i % (CROWD / 4)].mine);
	for (i = 0; i < CROWD; i++)
		expect_timeout(run, &users[i], (unsigned)(5 + i % (CROWD / 4) * 7 % 50));
}

/* A deadline that is hardly ever reached is armed and left again and again. */
static void never_reached(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct user reader;
	int i;

	set_timeout(run, pair.mine, SO_RCVTIMEO, 5000);
	for (i = 0; i < 200; i++) {
		start(run, &reader, read_it, pair.mine);
		if (i % 10 == 0)
			check(run, mate_blocked(&reader.mate));
		check(run, write(pair.theirs, "x", 1) == 1);
		mate_join(&reader.mate);
		check(run, reader.value == 1);
	}
	set_timeout(run, pair.mine, SO_RCVTIMEO, 20);
	start(run, &reader, read_it, pair.mine);
	expect_timeout(run, &reader, 20);
}

static void scope_bounds_calls(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct pollfd p = {pair.mine, POLLIN, 0};
	struct co_deadline scope;
	uint64_t begin = now();
	char byte;

	check(run, co_deadline_enter(&scope, 30 * MS) == 0);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	check(run, now() - begin >= 30 * MS);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	result(run, "poll", enter(run)->poll(&p, 1, -1));
	check(run, write(pair.theirs, "x", 1) == 1);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	co_deadline_leave(&scope);
	check(run, write(pair.theirs, "y", 1) == 1);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
}

static void scopes_nest(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct co_deadline outer, inner;
	uint64_t begin = now();
	char byte;

	check(run, co_deadline_enter(&outer, 200 * MS) == 0);
	check(run, co_deadline_enter(&inner, 20 * MS) == 0);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	check(run, now() - begin >= 20 * MS && run->took_ns < 180 * MS);
	co_deadline_leave(&inner);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	check(run, now() - begin >= 200 * MS);
	check(run, co_deadline_enter(&inner, 60000 * MS) == 0);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	check(run, run->took_ns < 1000 * MS);
	co_deadline_leave(&inner);
	co_deadline_leave(&outer);
}

/* The earlier of the two counts, each with its own errno. */
static void scope_and_socket(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct co_deadline scope;
	char byte;

	set_timeout(run, pair.mine, SO_RCVTIMEO, 20);
	check(run, co_deadline_enter(&scope, 60000 * MS) == 0);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	co_deadline_leave(&scope);
	set_timeout(run, pair.mine, SO_RCVTIMEO, 60000);
	check(run, co_deadline_enter(&scope, 20 * MS) == 0);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	co_deadline_leave(&scope);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"both directions (tcp)", both_directions, TCP},
		{"both directions (unix stream)", both_directions, UNIX_STREAM},
		{"one passes, the other is served", one_passes_the_other_is_served,
			UNIX_STREAM},
		{"change counts for the next call (tcp)", change_counts_for_the_next_call, TCP},
		{"many at once", many_at_once},
		{"never reached (tcp)", never_reached, TCP},
		{"scope bounds calls (tcp)", scope_bounds_calls, TCP, MODES_MIRROR},
		{"scope bounds calls (pipe)", scope_bounds_calls, PIPE, MODES_MIRROR},
		{"scopes nest", scopes_nest, TCP, MODES_MIRROR},
		{"scope and socket", scope_and_socket, TCP, MODES_MIRROR},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("timeouts");
}
