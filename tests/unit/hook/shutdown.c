/* shutdown.c - shutdown(2) through libc and through its mirror; who waits sees the
 * end. */
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static void shut(struct run *run, int fd, int how)
{
	result(run, "shutdown", enter(run)->shutdown(fd, how));
}

static void note_read(struct run *run, int fd)
{
	char buf[16];
	ssize_t n = result(run, "read", enter(run)->read(fd, buf, sizeof(buf)));

	note_bytes(run, "bytes", buf, n);
}

static void sending_half(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	char byte;

	catch_signal(run, SIGPIPE, 0);
	shut(run, pair.mine, SHUT_WR);
	note(run, "peer got %zd", read(pair.theirs, &byte, 1));
	result(run, "write", enter(run)->write(pair.mine, "x", 1));
	check(run, write(pair.theirs, "hello", 5) == 5);
	note_read(run, pair.mine);
	note_caught(run, SIGPIPE);
}

static void receiving_half(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "hello");
	shut(run, pair.mine, SHUT_RD);
	note_read(run, pair.mine);
	note_read(run, pair.mine);
	took_no_wait(run);
}

struct reader {
	struct run *run;
	struct spot spot;
	int fd;
	ssize_t got;
};

static void *read_once(void *arg)
{
	struct reader *reader = arg;
	char buf[16];

	spot_enter(reader->run, &reader->spot);
	reader->got = reader->run->calls->read(reader->fd, buf, sizeof(buf));
	spot_leave(&reader->spot);
	return NULL;
}

/* One waits for data, another of the same program shuts down: the first sees the end. */
static void wakes_a_reader(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct reader reader = {.run = run, .fd = pair.mine, .got = -2};
	pthread_t thread;

	check(run, run->calls->pthread_create(&thread, NULL, read_once, &reader) == 0);
	check(run, spot_blocked(run, &reader.spot));
	shut(run, pair.mine, run->kind == UDP ? SHUT_RDWR : SHUT_RD);
	check(run, run->calls->pthread_join(thread, NULL) == 0);
	note(run, "reader got %zd", reader.got);
}

struct acceptor {
	struct run *run;
	struct spot spot;
	int fd, got, error;
};

static void *accept_once(void *arg)
{
	struct acceptor *acceptor = arg;

	spot_enter(acceptor->run, &acceptor->spot);
	acceptor->got = acceptor->run->calls->accept(acceptor->fd, NULL, NULL);
	acceptor->error = errno;
	spot_leave(&acceptor->spot);
	return NULL;
}

static void wakes_an_acceptor(struct run *run)
{
	struct sockaddr_storage address;
	int fd = keep(run, listener_open(run->calls, (void *)&address, 1));
	struct acceptor acceptor = {.run = run, .fd = fd};
	pthread_t thread;

	check(run, run->calls->pthread_create(&thread, NULL, accept_once, &acceptor) == 0);
	check(run, spot_blocked(run, &acceptor.spot));
	shut(run, fd, SHUT_RDWR);
	check(run, run->calls->pthread_join(thread, NULL) == 0);
	note(run, "acceptor got %d %s", acceptor.got, error_name(acceptor.error));
}

static void errors(struct run *run)
{
	struct pair tcp = pair_open(run, TCP, TO_ME), pipe = pair_open(run, PIPE, TO_ME);

	shut(run, tcp.mine, 3);
	shut(run, tcp.mine, -1);
	shut(run, pipe.mine, SHUT_RD);
	shut(run, -1, SHUT_RD);
	shut(run, 900, SHUT_RD);
	shut(run, descriptor(run, "socket", enter(run)->socket(AF_INET, SOCK_STREAM, 0)),
		SHUT_RDWR);
	shut(run, tcp.mine, SHUT_RDWR);
	shut(run, tcp.mine, SHUT_RDWR);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"sending half (tcp)", sending_half, TCP},
		{"sending half (unix stream)", sending_half, UNIX_STREAM},
		{"receiving half (tcp)", receiving_half, TCP},
		{"receiving half (unix stream)", receiving_half, UNIX_STREAM},
		{"wakes a reader (tcp)", wakes_a_reader, TCP},
		{"wakes a reader (unix stream)", wakes_a_reader, UNIX_STREAM},
		{"wakes a reader (udp)", wakes_a_reader, UDP},
		{"wakes an acceptor", wakes_an_acceptor},
		{"errors", errors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("shutdown");
}
