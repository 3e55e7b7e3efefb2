/* connect.c - connect(2) through libc and through its mirror.
 *
 * What a connection waits for on the loopback is room in the listener's queue: a full one
 * drops the first packet, and the call goes on until somebody accepts or time is up. */
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

static ssize_t connect_to(struct run *run, int fd, const void *address, socklen_t size)
{
	return result(run, "connect", enter(run)->connect(fd, address, size));
}

static int new_socket(struct run *run, int family, int type)
{
	return keep(run, run->calls->socket(family, type, 0));
}

static void note_talk(struct run *run, int mine, int theirs)
{
	char buf[8];
	ssize_t n;

	check(run, write(theirs, "hello", 5) == 5);
	n = result(run, "read", enter(run)->read(mine, buf, sizeof(buf)));
	note_bytes(run, "bytes", buf, n);
}

static void somebody_listens(struct run *run)
{
	struct sockaddr_in address;
	int listener = keep_foreign(run, listener_open(&plain_calls, &address, 1));
	int fd = new_socket(run, AF_INET, SOCK_STREAM);

	connect_to(run, fd, &address, sizeof(address));
	note_flags(run, "the socket", fd);
	note_talk(run, fd, keep_foreign(run, accept(listener, NULL, NULL)));
	connect_to(run, fd, &address, sizeof(address));
}

static void nobody_listens(struct run *run)
{
	struct sockaddr_in address;
	int fd = new_socket(run, AF_INET, SOCK_STREAM);

	close(listener_open(&plain_calls, &address, 1));
	connect_to(run, fd, &address, sizeof(address));
	note_flags(run, "the socket", fd);
	connect_to(run, fd, &address, sizeof(address));
}

static void foreign_socket(struct run *run)
{
	struct sockaddr_in address;
	int listener = keep_foreign(run, listener_open(&plain_calls, &address, 1));
	int fd = keep_foreign(run, socket(AF_INET, SOCK_STREAM, 0));

	connect_to(run, fd, &address, sizeof(address));
	note_flags(run, "the socket", fd);
	note_talk(run, fd, keep_foreign(run, accept(listener, NULL, NULL)));
}

static void addresses(struct run *run)
{
	struct sockaddr_in address;
	int fd = new_socket(run, AF_INET, SOCK_STREAM);

	keep_foreign(run, listener_open(&plain_calls, &address, 1));
	connect_to(run, fd, &address, 3);
	connect_to(run, fd, &address, 0);
	connect_to(run, fd, nowhere(), sizeof(address));
	connect_to(run, fd, &address, 100000);
	address.sin_family = 99;
	connect_to(run, fd, &address, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = INADDR_BROADCAST;
	connect_to(run, fd, &address, sizeof(address));
	took_no_wait(run);
	note_flags(run, "the socket", fd);
}

static void descriptors(struct run *run)
{
	struct sockaddr_in address;
	struct pair pipe = pair_open(run, PIPE, TO_ME);
	int listener = keep(run, listener_open(run->calls, &address, 1));

	connect_to(run, -1, &address, sizeof(address));
	connect_to(run, 900, &address, sizeof(address));
	connect_to(run, pipe.mine, &address, sizeof(address));
	connect_to(run, listener, &address, sizeof(address));
	took_no_wait(run);
}

static void nonblocking(struct run *run)
{
	struct sockaddr_in address;
	int fd = new_socket(run, AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
	struct pollfd p = {fd, POLLOUT, 0};

	keep_foreign(run, listener_open(&plain_calls, &address, 1));
	connect_to(run, fd, &address, sizeof(address));
	took_no_wait(run);
	note(run, "poll %d, events %#x", poll(&p, 1, -1), (unsigned)p.revents);
	connect_to(run, fd, &address, sizeof(address));
	connect_to(run, fd, &address, sizeof(address));
	note_flags(run, "the socket", fd);
}

/* A listener whose queue has no room left: SYN packets are dropped until somebody
 * accepts. */
static int crowded_listener(struct run *run, struct sockaddr_in *address)
{
	int listener = listener_open(&plain_calls, address, 0), i;

	keep_foreign(run, listener);
	for (i = 0; i < 2; i++) {
		int fd = keep_foreign(run, socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

		(void)!connect(fd, (void *)address, sizeof(*address));
	}
	return listener;
}

/* Until the subject has got through: others wait for room, too. */
static void peer_accepts_all(struct peer *peer)
{
	struct pollfd p = {peer->fd, POLLIN, 0};

	while (!atomic_load(&peer->run->spot.left)) {
		if (poll(&p, 1, 10) == 1)
			close(accept(peer->fd, NULL, NULL));
	}
}

/* Takes the second that the kernel waits before it sends the first packet again. */
static void queue_is_full(struct run *run)
{
	struct sockaddr_in address;
	struct peer peer = {.act = peer_accepts_all,
		.fd = crowded_listener(run, &address)};
	int fd = new_socket(run, AF_INET, SOCK_STREAM);

	peer_start(run, &peer);
	connect_to(run, fd, &address, sizeof(address));
	peer_join(&peer);
	note_flags(run, "the socket", fd);
}

static void timeout_passes(struct run *run)
{
	struct sockaddr_in address;
	const struct timeval timeout = {0, 50000};
	int fd = new_socket(run, AF_INET, SOCK_STREAM);

	crowded_listener(run, &address);
	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) == 0);
	connect_to(run, fd, &address, sizeof(address));
	took(run, 50);
	note_flags(run, "the socket", fd);
	connect_to(run, fd, &address, sizeof(address));
	took(run, 50);
}

static void interrupted(struct run *run)
{
	struct sockaddr_in address;
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	int fd = new_socket(run, AF_INET, SOCK_STREAM);

	crowded_listener(run, &address);
	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	connect_to(run, fd, &address, sizeof(address));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	note_flags(run, "the socket", fd);
}

static void listener_goes_away(struct run *run)
{
	struct sockaddr_in address;
	struct peer peer = {.act = peer_closes, .fd = crowded_listener(run, &address)};
	int fd = new_socket(run, AF_INET, SOCK_STREAM);

	peer_start(run, &peer);
	connect_to(run, fd, &address, sizeof(address));
	peer_join(&peer);
	note_flags(run, "the socket", fd);
}

static void datagrams(struct run *run)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	int fd = new_socket(run, AF_INET, SOCK_DGRAM);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	connect_to(run, fd, &address, sizeof(address));
	connect_to(run, fd, &none, sizeof(none));
	connect_to(run, fd, &address, sizeof(address));
	took_no_wait(run);
}

static int unix_listener(struct run *run, struct sockaddr_un *address, int backlog)
{
	int fd = keep_foreign(run, socket(AF_UNIX, run->kind, 0));

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1, "cohook-test-%d",
		getpid());
	check(run, bind(fd, (void *)address, sizeof(*address)) == 0);
	check(run, listen(fd, backlog) == 0);
	return fd;
}

static void unix_sockets(struct run *run)
{
	struct sockaddr_un address, nobody = {AF_UNIX, "/nobody/listens/here"};
	int listener = unix_listener(run, &address, 1);
	int fd = new_socket(run, AF_UNIX, run->kind);

	connect_to(run, fd, &nobody, sizeof(nobody));
	connect_to(run, fd, &address, sizeof(address));
	took_no_wait(run);
	note_talk(run, fd, keep_foreign(run, accept(listener, NULL, NULL)));
}

static void fill_unix_queue(struct run *run, const struct sockaddr_un *address)
{
	int fd;

	do
		fd = keep_foreign(run, socket(AF_UNIX, run->kind | SOCK_NONBLOCK, 0));
	while (connect(fd, (const void *)address, sizeof(*address)) == 0);
	check(run, errno == EAGAIN);
}

/* unix(7): a connection waits for room in the queue; there is nothing to poll for
 * that. */
static void unix_queue_is_full(struct run *run)
{
	struct sockaddr_un address;
	struct peer peer = {.act = peer_accepts_all,
		.fd = unix_listener(run, &address, 0)};
	int fd = new_socket(run, AF_UNIX, run->kind);

	fill_unix_queue(run, &address);
	peer_start(run, &peer);
	connect_to(run, fd, &address, sizeof(address));
	peer_join(&peer);
	note_flags(run, "the socket", fd);
}

static void unix_timeout_passes(struct run *run)
{
	struct sockaddr_un address;
	const struct timeval timeout = {0, 30000};
	int fd = new_socket(run, AF_UNIX, run->kind);

	unix_listener(run, &address, 0);
	fill_unix_queue(run, &address);
	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) == 0);
	connect_to(run, fd, &address, sizeof(address));
	took(run, 30);
}

static void unix_nonblocking(struct run *run)
{
	struct sockaddr_un address;
	int fd = new_socket(run, AF_UNIX, run->kind | SOCK_NONBLOCK);

	unix_listener(run, &address, 0);
	fill_unix_queue(run, &address);
	connect_to(run, fd, &address, sizeof(address));
	took_no_wait(run);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"somebody listens", somebody_listens},
		{"nobody listens", nobody_listens},
		{"foreign socket", foreign_socket},
		{"addresses", addresses},
		{"descriptors", descriptors},
		{"non-blocking", nonblocking},
		{"queue is full", queue_is_full},
		{"timeout passes", timeout_passes},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"listener goes away", listener_goes_away},
		{"datagrams", datagrams},
		{"unix sockets (stream)", unix_sockets, SOCK_STREAM},
		{"unix sockets (seqpacket)", unix_sockets, SOCK_SEQPACKET},
		{"unix queue is full (stream)", unix_queue_is_full, SOCK_STREAM},
		{"unix queue is full (seqpacket)", unix_queue_is_full, SOCK_SEQPACKET},
		{"unix timeout passes", unix_timeout_passes, SOCK_STREAM},
		{"unix, non-blocking", unix_nonblocking, SOCK_STREAM},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("connect");
}
