/* sendto.c - sendto(2) through libc and through its mirror, with and without an
 * address. */
#include "harness/outgoing.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

static ssize_t send_with(struct run *run, int fd, const void *buf, size_t size, int flags)
{
	return result(run, "sendto", enter(run)->sendto(fd, buf, size, flags, NULL, 0));
}

static ssize_t send_without(struct run *run, int fd, const void *buf, size_t size)
{
	return send_with(run, fd, buf, size, 0);
}

static ssize_t send_hello(
	struct run *run, int fd, const struct sockaddr *address, socklen_t size)
{
	return result(run, "sendto", enter(run)->sendto(fd, "hello", 5, 0, address, size));
}

static void to_an_address(struct run *run)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int mine = keep(run, run->calls->socket(AF_INET, SOCK_DGRAM, 0));
	int theirs = keep_foreign(run, socket(AF_INET, SOCK_DGRAM, 0));
	char buf[16];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(run, bind(theirs, (void *)&address, size) == 0);
	check(run, getsockname(theirs, (void *)&address, &size) == 0);
	send_hello(run, mine, (void *)&address, size);
	note(run, "peer got %zd", recv(theirs, buf, sizeof(buf), 0));
	send_hello(run, mine, (void *)&address, 3);
	send_hello(run, mine, nowhere(), size);
	address.sin_family = 99;
	send_hello(run, mine, (void *)&address, size);
}

static void address_for_a_stream(struct run *run)
{
	struct pair tcp = pair_open(run, TCP, FROM_ME);
	struct pair local = pair_open(run, UNIX_STREAM, FROM_ME);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(1)};

	send_hello(run, tcp.mine, (void *)&address, sizeof(address));
	send_hello(run, local.mine, (void *)&address, sizeof(address));
}

/* udp(7): the error of an earlier message comes with a later call. */
static void nobody_at_the_address(struct run *run)
{
	struct pair pair = pair_open(run, UDP, FROM_ME);

	let_go(run, pair.theirs);
	close(pair.theirs);
	send_hello(run, pair.mine, NULL, 0);
	send_hello(run, pair.mine, NULL, 0);
	send_hello(run, pair.mine, NULL, 0);
}

static void fill_with_messages(int from, const struct sockaddr_un *to)
{
	while (sendto(from, "x", 1, MSG_DONTWAIT, (const void *)to, sizeof(*to)) == 1)
		;
}

static void peer_receives_one(struct peer *peer)
{
	char byte;

	peer->count = recv(peer->fd, &byte, 1, 0);
}

/* Not connected, so that room in the receiver's queue is no state of the sender's
 * socket. */
static void receiver_s_queue_is_full(struct run *run)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int mine = keep(run, run->calls->socket(AF_UNIX, SOCK_DGRAM, 0));
	int theirs = keep_foreign(run, socket(AF_UNIX, SOCK_DGRAM, 0));
	struct peer peer = {.act = peer_receives_one, .fd = theirs};

	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "cohook-test-%d",
		getpid());
	check(run, bind(theirs, (void *)&address, sizeof(address)) == 0);
	fill_with_messages(mine, &address);
	peer_start(run, &peer);
	send_hello(run, mine, (void *)&address, sizeof(address));
	peer_join(&peer);
}

int main(void)
{
	static const struct outgoing verb = {
		.give = send_without,
		.give_with = send_with,
		.sockets_only = true,
	};
	static const struct scenario scenarios[] = {
		{"to an address", to_an_address},
		{"address for a stream", address_for_a_stream},
		{"nobody at the address", nobody_at_the_address},
		{"receiver's queue is full", receiver_s_queue_is_full},
	};

	outgoing_add(&verb);
	outgoing_add_limits(&verb);
	outgoing_add_flags(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sendto");
}
