/* close_wakes_waiters.c - whoever waits on a descriptor hears of its end at once.
 *
 * A thread that is blocked in libc does not notice that its descriptor was closed;
 * programs that close one to stop a thread must not hang among fibers. Only the mirrors
 * are asked. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { PROMPTLY_MS = 500, FAR = 700 };

struct waiter {
	struct mate mate;
	int fd, error;
	short revents;
	ssize_t value;
};

static void read_it(struct mate *mate)
{
	struct waiter *w = mate->arg;
	char buf[8];

	w->value = mate_leave(mate, mate_enter(mate)->read(w->fd, buf, sizeof(buf)));
	w->error = errno;
}

static void receive_from_it(struct mate *mate)
{
	struct waiter *w = mate->arg;
	char buf[8];

	w->value = mate_leave(
		mate, mate_enter(mate)->recv(w->fd, buf, sizeof(buf), MSG_WAITALL));
	w->error = errno;
}

static void write_to_it(struct mate *mate)
{
	struct waiter *w = mate->arg;
	static char bytes[4096];

	w->value = mate_leave(mate, mate_enter(mate)->write(w->fd, bytes, sizeof(bytes)));
	w->error = errno;
}

static void accept_on_it(struct mate *mate)
{
	struct waiter *w = mate->arg;

	w->value = mate_leave(mate, mate_enter(mate)->accept(w->fd, NULL, NULL));
	w->error = errno;
}

static void poll_it(struct mate *mate)
{
	struct waiter *w = mate->arg;
	struct pollfd p = {w->fd, POLLIN, 0};

	w->value = mate_leave(mate, mate_enter(mate)->poll(&p, 1, -1));
	w->revents = p.revents;
}

static void select_it(struct mate *mate)
{
	struct waiter *w = mate->arg;
	fd_set set;

	FD_ZERO(&set);
	FD_SET(w->fd, &set);
	w->value = mate_leave(
		mate, mate_enter(mate)->select(w->fd + 1, &set, NULL, NULL, NULL));
	w->error = errno;
}

static void start(struct run *run, struct waiter *w, void (*act)(struct mate *), int fd)
{
	*w = (struct waiter){.mate = {.act = act, .arg = w}, .fd = fd};
	mate_start(run, &w->mate);
	check(run, mate_blocked(&w->mate));
}

static void expect_ebadf(struct run *run, struct waiter *w)
{
	mate_join(&w->mate);
	note(run, "%zd %s", w->value, error_name(w->error));
	check(run, w->value == -1 && w->error == EBADF);
}

static void shut(struct run *run, int fd)
{
	let_go(run, fd);
	result(run, "close", enter(run)->close(fd));
}

static void promptly(struct run *run)
{
	result(run, "all are gone", 0);
	check(run, run->took_ns < PROMPTLY_MS * MS);
}

static void readers(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct waiter w[3];
	int i;

	for (i = 0; i < 3; i++)
		start(run, &w[i], read_it, pair.mine);
	shut(run, pair.mine);
	for (i = 0; i < 3; i++)
		expect_ebadf(run, &w[i]);
	promptly(run);
}

static void writers(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct waiter w[2];
	int i;

	narrow(run, &pair);
	fill_up(run, &pair);
	for (i = 0; i < 2; i++)
		start(run, &w[i], write_to_it, pair.mine);
	shut(run, pair.mine);
	for (i = 0; i < 2; i++)
		expect_ebadf(run, &w[i]);
	promptly(run);
}

static void both_directions(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct waiter reader, writer, receiver;

	narrow(run, &pair);
	fill_up(run, &pair);
	start(run, &reader, read_it, pair.mine);
	start(run, &writer, write_to_it, pair.mine);
	start(run, &receiver, receive_from_it, pair.mine);
	shut(run, pair.mine);
	expect_ebadf(run, &reader);
	expect_ebadf(run, &writer);
	expect_ebadf(run, &receiver);
	promptly(run);
}

static void acceptors(struct run *run)
{
	struct sockaddr_in address;
	int fd = keep(run, listener_open(run->calls, &address, 4));
	struct waiter w[2];
	int i;

	for (i = 0; i < 2; i++)
		start(run, &w[i], accept_on_it, fd);
	shut(run, fd);
	for (i = 0; i < 2; i++)
		expect_ebadf(run, &w[i]);
	promptly(run);
}

/* poll(2) tells it the way it tells of closed descriptors. */
static void pollers(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct waiter w;

	start(run, &w, poll_it, pair.mine);
	shut(run, pair.mine);
	mate_join(&w.mate);
	promptly(run);
	check(run, w.value == 1 && w.revents == POLLNVAL);
}

static void selectors(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct waiter w;

	start(run, &w, select_it, pair.mine);
	shut(run, pair.mine);
	expect_ebadf(run, &w);
	promptly(run);
}

static void event_counter(struct run *run)
{
	int fd = keep(run, eventfd(0, 0));
	struct waiter w;

	start(run, &w, read_it, fd);
	shut(run, fd);
	expect_ebadf(run, &w);
	promptly(run);
}

static void another_takes_its_number(struct run *run)
{
	struct pair old = pair_open(run, 0, TO_ME), new = pair_open(run, 0, TO_ME);
	struct waiter w;

	start(run, &w, read_it, old.mine);
	check(run, enter(run)->dup2(new.mine, old.mine) == old.mine);
	expect_ebadf(run, &w);
	promptly(run);
	start(run, &w, read_it, old.mine);
	check(run, enter(run)->dup3(new.mine, old.mine, O_CLOEXEC) == old.mine);
	expect_ebadf(run, &w);
	promptly(run);
}

static void a_range_is_closed(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct waiter w[3];
	int i;

	for (i = 0; i < 3; i++) {
		check(run, run->calls->dup2(pair.mine, FAR + i) == FAR + i);
		start(run, &w[i], read_it, FAR + i);
	}
	result(run, "close_range", enter(run)->close_range(FAR, FAR + 1, 0));
	expect_ebadf(run, &w[0]);
	expect_ebadf(run, &w[1]);
	promptly(run);
	check(run, mate_blocked(&w[2].mate));
	enter(run)->closefrom(FAR);
	expect_ebadf(run, &w[2]);
	promptly(run);
}

/* The copies of a closed descriptor, and who waits on them, are not concerned. */
static void copies_wait_on(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int copy = keep(run, run->calls->dup(pair.mine));
	struct waiter here, there;

	start(run, &here, read_it, pair.mine);
	start(run, &there, read_it, copy);
	shut(run, pair.mine);
	expect_ebadf(run, &here);
	check(run, mate_blocked(&there.mate));
	check(run, write(pair.theirs, "hello", 5) == 5);
	mate_join(&there.mate);
	check(run, there.value == 5);
}

#define MIRROR(text, body, kind) {text, body, kind, MODES_MIRROR}

int main(void)
{
	static const struct scenario scenarios[] = {
		MIRROR("readers (tcp)", readers, TCP),
		MIRROR("readers (udp)", readers, UDP),
		MIRROR("readers (unix stream)", readers, UNIX_STREAM),
		MIRROR("readers (pipe)", readers, PIPE),
		MIRROR("readers (fifo)", readers, FIFO),
		MIRROR("readers (pty)", readers, PTY),
		MIRROR("writers (tcp)", writers, TCP),
		MIRROR("writers (unix stream)", writers, UNIX_STREAM),
		MIRROR("writers (pipe)", writers, PIPE),
		MIRROR("both directions (tcp)", both_directions, TCP),
		MIRROR("both directions (unix stream)", both_directions, UNIX_STREAM),
		MIRROR("acceptors", acceptors, 0),
		MIRROR("pollers (tcp)", pollers, TCP),
		MIRROR("pollers (pipe)", pollers, PIPE),
		MIRROR("selectors (tcp)", selectors, TCP),
		MIRROR("selectors (pipe)", selectors, PIPE),
		MIRROR("event counter", event_counter, 0),
		MIRROR("another takes its number (tcp)", another_takes_its_number, TCP),
		MIRROR("another takes its number (pipe)", another_takes_its_number, PIPE),
		MIRROR("a range is closed (tcp)", a_range_is_closed, TCP),
		MIRROR("a range is closed (pipe)", a_range_is_closed, PIPE),
		MIRROR("copies wait on (tcp)", copies_wait_on, TCP),
		MIRROR("copies wait on (pipe)", copies_wait_on, PIPE),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("close_wakes_waiters");
}
