/* setsockopt.c - setsockopt(2) through libc and through its mirror; what waits goes by
 * what was set. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/uio.h>
#include <string.h>
#include <unistd.h>

static ssize_t set(struct run *run, int fd, int option, const void *value, socklen_t size)
{
	return result(run, "setsockopt",
		enter(run)->setsockopt(fd, SOL_SOCKET, option, value, size));
}

static void set_timeout(struct run *run, int fd, int option, long s, long us)
{
	const struct timeval timeout = {s, us};

	set(run, fd, option, &timeout, sizeof(timeout));
}

static void read_nothing(struct run *run, int fd, unsigned ms)
{
	char byte;

	result(run, "read", enter(run)->read(fd, &byte, 1));
	took(run, ms);
}

static void shorter_and_longer(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	set_timeout(run, pair.mine, SO_RCVTIMEO, 0, 40000);
	read_nothing(run, pair.mine, 40);
	set_timeout(run, pair.mine, SO_RCVTIMEO, 0, 10000);
	read_nothing(run, pair.mine, 10);
	set_timeout(run, pair.mine, SO_RCVTIMEO, 0, 20000);
	read_nothing(run, pair.mine, 20);
}

/* What another wrote into the socket's description counts too: here through a copy. */
static void through_a_copy(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	int copy = keep(run, run->calls->dup(pair.mine));

	set_timeout(run, pair.mine, SO_RCVTIMEO, 30, 0);
	set_timeout(run, copy, SO_RCVTIMEO, 0, 10000);
	read_nothing(run, pair.mine, 10);
}

static void malformed_timeouts(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	const struct timeval timeout = {1, 0};

	set_timeout(run, pair.mine, SO_RCVTIMEO, 0, 1000000);
	set_timeout(run, pair.mine, SO_RCVTIMEO, 0, -1);
	set_timeout(run, pair.mine, SO_RCVTIMEO, -5, 0);
	set(run, pair.mine, SO_RCVTIMEO, &timeout, sizeof(timeout) - 1);
	set(run, pair.mine, SO_RCVTIMEO, &timeout, 0);
	set(run, pair.mine, SO_RCVTIMEO, &timeout, (socklen_t)-1);
	set(run, pair.mine, SO_RCVTIMEO, &timeout, 1000);
}

/* A rejected value leaves the one before in force. */
static void rejected_then_waits(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);

	set_timeout(run, pair.mine, SO_RCVTIMEO, 0, 20000);
	set_timeout(run, pair.mine, SO_RCVTIMEO, 0, 5000000);
	read_nothing(run, pair.mine, 20);
}

static void peer_writes_twice(struct peer *peer)
{
	peer_writes(peer);
	peer_await(peer);
	peer_writes(peer);
}

/* socket(7): a read waits until this many bytes are there. */
static void low_water_mark(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {
		.act = peer_writes_twice, .fd = pair.theirs, .data = "12345", .size = 5};
	const int mark = 8;
	char buf[32];
	ssize_t n;

	set(run, pair.mine, SO_RCVLOWAT, &mark, sizeof(mark));
	peer_start(run, &peer);
	n = result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	note_bytes(run, "bytes", buf, n);
}

enum call { BY_READ = 100, BY_READV, BY_RECV, BY_RECVMSG };

static ssize_t read_by(struct run *run, enum call call, int fd, struct iovec *part)
{
	struct msghdr message = {.msg_iov = part, .msg_iovlen = 1};

	switch (call) {
	case BY_READ:
		return result(run, "read", enter(run)->read(fd, part->iov_base, part->iov_len));
	case BY_READV:
		return result(run, "readv", enter(run)->readv(fd, part, 1));
	case BY_RECV:
		return result(run, "recv",
			enter(run)->recv(fd, part->iov_base, part->iov_len, 0));
	default:
		return result(run, "recvmsg", enter(run)->recvmsg(fd, &message, 0));
	}
}

/* Something is there when the call begins, but not enough. KIND is the call. */
static void below_the_mark(struct run *run)
{
	static const int kinds[] = {TCP, UNIX_STREAM};
	const int mark = 8;
	size_t i;

	for (i = 0; i < COUNT(kinds); i++) {
		struct pair pair = pair_open(run, kinds[i], TO_ME);
		struct peer peer = {.act = peer_writes, .fd = pair.theirs,
			.data = "1234567890", .size = 10};
		char buf[32];
		struct iovec part = {buf, sizeof(buf)};

		set(run, pair.mine, SO_RCVLOWAT, &mark, sizeof(mark));
		check(run, write(pair.theirs, "12345", 5) == 5);
		peer_start(run, &peer);
		note_bytes(run, "bytes", buf, read_by(run, run->kind, pair.mine, &part));
		peer_join(&peer);
	}
}

static void other_options(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	const int on = 1;
	const struct linger linger = {1, 5};

	set(run, pair.mine, SO_REUSEADDR, &on, sizeof(on));
	set(run, pair.mine, SO_KEEPALIVE, &on, sizeof(on));
	set(run, pair.mine, SO_LINGER, &linger, sizeof(linger));
	set(run, pair.mine, SO_TYPE, &on, sizeof(on));
	set(run, pair.mine, 54321, &on, sizeof(on));
	result(run, "setsockopt",
		enter(run)->setsockopt(pair.mine, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
	result(run, "setsockopt",
		enter(run)->setsockopt(pair.mine, 12345, 1, &on, sizeof(on)));
}

static void errors(struct run *run)
{
	struct pair tcp = pair_open(run, TCP, TO_ME), pipe = pair_open(run, PIPE, TO_ME);
	const struct timeval timeout = {1, 0};

	set(run, -1, SO_RCVTIMEO, &timeout, sizeof(timeout));
	set(run, 900, SO_RCVTIMEO, &timeout, sizeof(timeout));
	set(run, pipe.mine, SO_RCVTIMEO, &timeout, sizeof(timeout));
	set(run, tcp.mine, SO_RCVTIMEO, nowhere(), sizeof(timeout));
	set(run, tcp.mine, SO_RCVTIMEO, NULL, sizeof(timeout));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"shorter and longer (tcp)", shorter_and_longer, TCP},
		{"shorter and longer (unix stream)", shorter_and_longer, UNIX_STREAM},
		{"through a copy", through_a_copy},
		{"malformed timeouts", malformed_timeouts},
		{"rejected, then waits", rejected_then_waits},
		{"low water mark", low_water_mark},
		{"below the mark (read)", below_the_mark, BY_READ},
		{"below the mark (readv)", below_the_mark, BY_READV},
		{"below the mark (recv)", below_the_mark, BY_RECV},
		{"below the mark (recvmsg)", below_the_mark, BY_RECVMSG},
		{"other options", other_options},
		{"errors", errors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("setsockopt");
}
