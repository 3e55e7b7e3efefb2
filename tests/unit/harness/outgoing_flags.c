/* outgoing_flags.c - what the MSG_ flags of send(2) and its kin ask for. */
#include "harness/outgoing.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <signal.h>
#include <unistd.h>

static ssize_t give_with(struct run *run, int fd, size_t size, int flags)
{
	const struct outgoing *verb = run->verb;
	static char bytes[4096];

	pattern_fill(bytes, sizeof(bytes));
	return verb->give_with(run, fd, bytes, size, flags);
}

static void dont_wait(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	narrow(run, &pair);
	give_with(run, pair.mine, 100, MSG_DONTWAIT);
	fill_up(run, &pair);
	give_with(run, pair.mine, 4096, MSG_DONTWAIT);
	took_no_wait(run);
}

static void dont_wait_gives_a_part(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	narrow(run, &pair);
	give_roughly(run, pair.mine, MORE_THAN_FITS, MSG_DONTWAIT);
	took_no_wait(run);
}

static void no_signal(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	catch_signal(run, SIGPIPE, 0);
	check(run, run->calls->shutdown(pair.mine, SHUT_WR) == 0);
	give_with(run, pair.mine, 100, MSG_NOSIGNAL);
	note_caught(run, SIGPIPE);
	catch_signal(run, SIGPIPE, 0);
	give_with(run, pair.mine, 100, 0);
	note_caught(run, SIGPIPE);
}

static void no_signal_half_way(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	catch_signal(run, SIGPIPE, 0);
	narrow(run, &pair);
	peer_start(run, &peer);
	give_roughly(run, pair.mine, MORE_THAN_FITS, MSG_NOSIGNAL);
	peer_join(&peer);
	note_caught(run, SIGPIPE);
}

static void note_urgent(struct run *run, int fd)
{
	char byte = '?';
	ssize_t n = recv(fd, &byte, 1, MSG_OOB);

	note(run, "urgent %zd, byte %d", n, byte);
}

static void urgent(struct run *run)
{
	struct pair pair = pair_open(run, TCP, FROM_ME);
	char buf[16];
	ssize_t n;

	give_with(run, pair.mine, 3, MSG_OOB);
	note_urgent(run, pair.theirs);
	n = recv(pair.theirs, buf, sizeof(buf), 0);
	note_bytes(run, "the rest", buf, n);
	note(run, "unix stream");
	pair = pair_open(run, UNIX_STREAM, FROM_ME);
	give_with(run, pair.mine, 3, MSG_OOB);
}

static void urgent_not_for_messages(struct run *run)
{
	give_with(run, pair_open(run, UDP, FROM_ME).mine, 3, MSG_OOB);
	give_with(run, pair_open(run, UNIX_DGRAM, FROM_ME).mine, 3, MSG_OOB);
}

static void more_to_come(struct run *run)
{
	struct pair pair = pair_open(run, UDP, FROM_ME);
	char buf[32];

	give_with(run, pair.mine, 3, MSG_MORE);
	give_with(run, pair.mine, 4, 0);
	note(run, "one message of %zd", recv(pair.theirs, buf, sizeof(buf), 0));
}

static void end_of_record(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_SEQPACKET, FROM_ME);
	char buf[32];

	give_with(run, pair.mine, 3, MSG_EOR);
	note(run, "peer got %zd", recv(pair.theirs, buf, sizeof(buf), 0));
}

static void not_a_socket(struct run *run)
{
	struct pair pipe = pair_open(run, PIPE, FROM_ME);

	give_with(run, pipe.mine, 10, 0);
	give_with(run, pipe.mine, 10, MSG_DONTWAIT);
	give_with(run, keep_foreign(run, open("/dev/null", O_WRONLY)), 10, 0);
	took_no_wait(run);
}

static const struct scenario scenarios[] = {
	{"don't wait (tcp)", dont_wait, TCP},
	{"don't wait (unix stream)", dont_wait, UNIX_STREAM},
	{"don't wait, gives a part (tcp)", dont_wait_gives_a_part, TCP},
	{"don't wait, gives a part (unix stream)", dont_wait_gives_a_part, UNIX_STREAM},
	{"no signal (tcp)", no_signal, TCP},
	{"no signal (unix stream)", no_signal, UNIX_STREAM},
	{"no signal half way (tcp)", no_signal_half_way, TCP},
	{"no signal half way (unix stream)", no_signal_half_way, UNIX_STREAM},
	{"urgent", urgent},
	{"urgent, not for messages", urgent_not_for_messages},
	{"more to come", more_to_come},
	{"end of record", end_of_record},
	{"not a socket", not_a_socket},
};

void outgoing_add_flags(const struct outgoing *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
