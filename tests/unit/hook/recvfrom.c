/* recvfrom.c - recvfrom(2) through libc and through its mirror, with and without a place
 * for the address. */
#include "harness/incoming.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static ssize_t receive_with(struct run *run, int fd, void *buf, size_t size, int flags)
{
	return result(run, "recvfrom",
		enter(run)->recvfrom(fd, buf, size, flags, NULL, NULL));
}

static ssize_t receive(struct run *run, int fd, void *buf, size_t size)
{
	return receive_with(run, fd, buf, size, 0);
}

static ssize_t receive_from(
	struct run *run, int fd, struct sockaddr_storage *from, socklen_t *size)
{
	char buf[16];

	return result(run, "recvfrom",
		enter(run)->recvfrom(fd, buf, sizeof(buf), 0, (void *)from, size));
}

static void sender_is_named(struct run *run)
{
	struct pair pair = pair_open(run, UDP, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	struct sockaddr_storage from = {0};
	struct sockaddr_in theirs;
	socklen_t size = sizeof(from), theirs_size = sizeof(theirs);

	getsockname(pair.theirs, (void *)&theirs, &theirs_size);
	peer_start(run, &peer);
	receive_from(run, pair.mine, &from, &size);
	peer_join(&peer);
	note(run, "size %u", size);
	check(run, memcmp(&from, &theirs, sizeof(theirs)) == 0);
}

static void little_room_for_the_sender(struct run *run)
{
	struct pair pair = pair_open(run, UDP, TO_ME);
	struct sockaddr_storage from;
	socklen_t size = 2;

	memset(&from, 0x55, sizeof(from));
	pair_put(run, &pair, "hello");
	receive_from(run, pair.mine, &from, &size);
	note(run, "size %u", size);
	check(run, from.ss_family == AF_INET && ((char *)&from)[2] == 0x55);
}

/* A stream has no sender: the size becomes 0 and the address stays. */
static void no_sender_on_a_stream(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct sockaddr_storage from = {.ss_family = 77};
	socklen_t size = sizeof(from);

	pair_put(run, &pair, "hello");
	receive_from(run, pair.mine, &from, &size);
	note(run, "size %u, family %u", size, from.ss_family);
}

static void bad_places_for_the_sender(struct run *run)
{
	struct pair pair = pair_open(run, UDP, TO_ME);
	struct sockaddr_storage from;
	socklen_t size = (socklen_t)-1;

	pair_put(run, &pair, "one");
	receive_from(run, pair.mine, &from, &size);
	pair_put(run, &pair, "two");
	size = sizeof(from);
	receive_from(run, pair.mine, nowhere(), &size);
	pair_put(run, &pair, "three");
	size = sizeof(from);
	receive_from(run, pair.mine, NULL, &size);
}

int main(void)
{
	static const struct incoming verb = {
		.take = receive,
		.take_with = receive_with,
		.sockets_only = true,
		.empty_waits = true,
	};
	static const struct scenario scenarios[] = {
		{"sender is named", sender_is_named},
		{"little room for the sender", little_room_for_the_sender},
		{"no sender on a stream (tcp)", no_sender_on_a_stream, TCP},
		{"no sender on a stream (unix)", no_sender_on_a_stream, UNIX_STREAM},
		{"bad places for the sender", bad_places_for_the_sender},
	};

	incoming_add(&verb);
	incoming_add_limits(&verb);
	incoming_add_flags(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("recvfrom");
}
