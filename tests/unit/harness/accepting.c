/* accepting.c - scenarios that every call which accepts connections must pass. */
#include "harness/accepting.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <unistd.h>

static int accept_on(struct run *run, int fd, void *address, socklen_t *size)
{
	const struct accepting *verb = run->verb;

	return verb->accept(run, fd, address, size);
}

static int accept_one(struct run *run, int fd)
{
	return accept_on(run, fd, NULL, NULL);
}

static int listener(struct run *run, struct sockaddr_in *address)
{
	return keep(run, listener_open(run->calls, address, 8));
}

static int caller(struct run *run, const struct sockaddr_in *address)
{
	int fd = keep_foreign(run, socket(AF_INET, SOCK_STREAM, 0));

	check(run, connect(fd, (const void *)address, sizeof(*address)) == 0);
	return fd;
}

void peer_connects(struct peer *peer)
{
	caller(peer->run, peer->arg);
}

static int accept_when_called(struct run *run, int fd, struct sockaddr_in *address)
{
	struct peer peer = {.act = peer_connects, .arg = address};
	int connection;

	peer_start(run, &peer);
	connection = accept_one(run, fd);
	peer_join(&peer);
	return connection;
}

static void somebody_is_there(struct run *run)
{
	struct sockaddr_in address;
	int fd = listener(run, &address);

	caller(run, &address);
	caller(run, &address);
	note_flags(run, "the first", accept_one(run, fd));
	note_flags(run, "the second", accept_one(run, fd));
	took_no_wait(run);
}

static void waits_for_callers(struct run *run)
{
	struct sockaddr_in address;
	int fd = listener(run, &address);

	note_flags(run, "the first", accept_when_called(run, fd, &address));
	note_flags(run, "the second", accept_when_called(run, fd, &address));
	note(run, "the listener's flags %#x", (unsigned)run->calls->fcntl(fd, F_GETFL));
}

static void foreign_listener(struct run *run)
{
	struct sockaddr_in address;
	int fd = keep_foreign(run, listener_open(&plain_calls, &address, 8));

	note_flags(run, "the first", accept_when_called(run, fd, &address));
	note_flags(run, "the second", accept_when_called(run, fd, &address));
}

/* What was accepted waits, too. */
static void connection_waits(struct run *run)
{
	struct sockaddr_in address;
	int fd = listener(run, &address), theirs = caller(run, &address);
	int mine = accept_one(run, fd);
	struct peer peer = {.act = peer_writes, .fd = theirs, .data = "hello", .size = 5};
	char buf[16];

	peer_start(run, &peer);
	result(run, "read", enter(run)->read(mine, buf, sizeof(buf)));
	peer_join(&peer);
}

static void caller_is_named(struct run *run)
{
	struct sockaddr_in address, theirs, name = {0};
	int fd = listener(run, &address), other = caller(run, &address);
	socklen_t size = sizeof(theirs);

	check(run, getsockname(other, (void *)&theirs, &size) == 0);
	size = 100;
	accept_on(run, fd, &name, &size);
	note(run, "size %u", size);
	check(run, memcmp(&name, &theirs, sizeof(name)) == 0);
}

static void little_room_for_the_name(struct run *run)
{
	struct sockaddr_in address;
	char name[16];
	int fd = listener(run, &address);
	socklen_t size = 2;

	memset(name, '#', sizeof(name));
	caller(run, &address);
	accept_on(run, fd, name, &size);
	note(run, "size %u", size);
	note_bytes(run, "name", name, 8);
}

static void bad_room_for_the_name(struct run *run)
{
	struct sockaddr_in address;
	int fd = listener(run, &address);
	socklen_t size = sizeof(address);

	caller(run, &address);
	accept_on(run, fd, nowhere(), &size);
	size = (socklen_t)-1;
	caller(run, &address);
	accept_on(run, fd, &address, &size);
}

static void nonblocking(struct run *run)
{
	struct sockaddr_in address;
	int fd = listener(run, &address);

	check(run, run->calls->fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	accept_one(run, fd);
	took_no_wait(run);
	caller(run, &address);
	note_flags(run, "the connection", accept_one(run, fd));
	check(run, run->calls->fcntl(fd, F_GETFL) & O_NONBLOCK);
	check(run, run->calls->fcntl(fd, F_SETFL, 0) == 0);
	accept_when_called(run, fd, &address);
}

static void nonblocking_by_ioctl(struct run *run)
{
	struct sockaddr_in address;
	int fd = listener(run, &address), on = 1, off = 0;

	accept_when_called(run, fd, &address);
	check(run, run->calls->ioctl(fd, FIONBIO, &on) == 0);
	accept_one(run, fd);
	took_no_wait(run);
	check(run, run->calls->ioctl(fd, FIONBIO, &off) == 0);
	accept_when_called(run, fd, &address);
}

static void timeout_passes(struct run *run)
{
	struct sockaddr_in address;
	const struct timeval timeout = {0, 30000};
	int fd = listener(run, &address);

	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) == 0);
	accept_one(run, fd);
	took(run, 30);
	accept_one(run, fd);
	took(run, 30);
}

/* A TCP connection is born with the listener's timeout. */
static void timeout_is_inherited(struct run *run)
{
	struct sockaddr_in address;
	const struct timeval timeout = {0, 30000};
	int fd = listener(run, &address), mine;
	char byte;

	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) == 0);
	caller(run, &address);
	mine = accept_one(run, fd);
	result(run, "read", enter(run)->read(mine, &byte, 1));
	took(run, 30);
}

static void interrupted(struct run *run)
{
	struct sockaddr_in address;
	int fd = listener(run, &address);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	accept_one(run, fd);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	accept_when_called(run, fd, &address);
}

static void peer_signals_then_connects(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	while (!caught(SIGUSR1))
		sched_yield();
	peer_await(peer);
	peer_connects(peer);
}

static void restarted(struct run *run)
{
	struct sockaddr_in address;
	int fd = listener(run, &address);
	struct peer peer = {.act = peer_signals_then_connects, .arg = &address};

	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	accept_one(run, fd);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void not_a_listener(struct run *run)
{
	struct pair tcp = pair_open(run, TCP, TO_ME), pipe = pair_open(run, PIPE, TO_ME);

	accept_one(run, tcp.mine);
	accept_one(run, pipe.mine);
	accept_one(run, pair_open(run, UDP, TO_ME).mine);
	accept_one(run, keep(run, run->calls->socket(AF_INET, SOCK_STREAM, 0)));
	accept_one(run, keep(run, run->calls->socket(AF_UNIX, SOCK_STREAM, 0)));
	accept_one(run, -1);
	accept_one(run, 900);
	took_no_wait(run);
}

static void no_more_descriptors(struct run *run)
{
	struct sockaddr_in address;
	struct rlimit limit, none;
	int fd = listener(run, &address), next;

	caller(run, &address);
	next = dup(0);
	close(next);
	getrlimit(RLIMIT_NOFILE, &limit);
	none = limit;
	none.rlim_cur = (rlim_t)next;
	check(run, setrlimit(RLIMIT_NOFILE, &none) == 0);
	accept_one(run, fd);
	check(run, setrlimit(RLIMIT_NOFILE, &limit) == 0);
	accept_one(run, fd);
	took_no_wait(run);
}

static void peer_connects_to_unix(struct peer *peer)
{
	int fd = keep_foreign(peer->run, socket(AF_UNIX, (int)peer->size, 0));

	check(peer->run, connect(fd, peer->arg, sizeof(struct sockaddr_un)) == 0);
}

static void unix_sockets(struct run *run)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = keep(run, run->calls->socket(AF_UNIX, run->kind, 0));
	struct peer peer = {.act = peer_connects_to_unix, .arg = &address,
		.size = (size_t)run->kind};
	socklen_t size = sizeof(address);

	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "cohook-test-%d",
		getpid());
	check(run, bind(fd, (void *)&address, sizeof(address)) == 0);
	check(run, run->calls->listen(fd, 1) == 0);
	peer_start(run, &peer);
	accept_on(run, fd, &address, &size);
	peer_join(&peer);
	note(run, "size %u, family %d", size, address.sun_family);
}

static const struct scenario scenarios[] = {
	{"somebody is there", somebody_is_there},
	{"waits for callers", waits_for_callers},
	{"foreign listener", foreign_listener},
	{"connection waits", connection_waits},
	{"caller is named", caller_is_named},
	{"little room for the name", little_room_for_the_name},
	{"bad room for the name", bad_room_for_the_name},
	{"non-blocking", nonblocking},
	{"non-blocking by ioctl", nonblocking_by_ioctl},
	{"timeout passes", timeout_passes},
	{"timeout is inherited", timeout_is_inherited},
	{"interrupted", interrupted, 0, PLAIN | ROOT},
	{"restarted", restarted, 0, PLAIN | ROOT},
	{"not a listener", not_a_listener},
	{"no more descriptors", no_more_descriptors},
	{"unix sockets (stream)", unix_sockets, SOCK_STREAM},
	{"unix sockets (seqpacket)", unix_sockets, SOCK_SEQPACKET},
};

void accepting_add(const struct accepting *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
