/* complaining.c - scenarios that every call which writes a line of its own to stderr must
 * pass. The descriptor of stderr is another one for the length of a call. */
#include "harness/complaining.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"
#include "harness/writing.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

enum { LONG = 20000 };

static void complain_to(struct run *run, int fd, int number, const char *about)
{
	const struct complaining *verb = run->verb;
	int before = dup(STDERR_FILENO);

	check(run, run->calls->dup2(fd, STDERR_FILENO) == STDERR_FILENO);
	verb->complain(enter(run), number, about);
	result(run, "complained", 0);
	check(run, run->calls->dup2(before, STDERR_FILENO) == STDERR_FILENO);
	close(before);
	note(run, "orientation %d, error %d", fwide(stderr, 0), ferror(stderr) != 0);
}

static void says(struct run *run)
{
	const struct complaining *verb = run->verb;
	struct pair pair = pair_open(run, 0, FROM_ME);

	complain_to(run, pair.mine, verb->known, "what it is about");
	note_arrived(run, pair.theirs);
	complain_to(run, pair.mine, verb->unknown, "unknown");
	note_arrived(run, pair.theirs);
	complain_to(run, pair.mine, -7, "negative");
	note_arrived(run, pair.theirs);
	complain_to(run, pair.mine, 0, "zero");
	note_arrived(run, pair.theirs);
	complain_to(run, pair.mine, verb->known, "");
	note_arrived(run, pair.theirs);
	complain_to(run, pair.mine, verb->known, NULL);
	note_arrived(run, pair.theirs);
}

static void says_much(struct run *run)
{
	const struct complaining *verb = run->verb;
	struct pair pair = pair_open(run, PIPE, FROM_ME);
	static char about[LONG + 1];

	memset(about, 'x', LONG);
	complain_to(run, pair.mine, verb->known, about);
	note_arrived(run, pair.theirs);
}

static void peer_takes_all(struct peer *peer)
{
	struct pollfd p = {peer->fd, POLLIN, 0};
	char buf[4096];

	open_up(peer->fd);
	while (!atomic_load(&peer->run->spot.left))
		if (poll(&p, 1, 1) == 1 && read(peer->fd, buf, sizeof(buf)) <= 0)
			break;
}

static void waits_for_room(struct run *run)
{
	const struct complaining *verb = run->verb;
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_takes_all, .fd = pair.theirs};

	narrow(run, &pair);
	fill_up(run, &pair);
	peer_start(run, &peer);
	complain_to(run, pair.mine, verb->known, "at last");
	peer_join(&peer);
}

static void nobody_reads(struct run *run)
{
	const struct complaining *verb = run->verb;
	struct pair pair = pair_open(run, 0, FROM_ME);

	signal(SIGPIPE, SIG_IGN);
	let_go(run, pair.theirs);
	close(pair.theirs);
	complain_to(run, pair.mine, verb->known, "lost");
}

static void to_reading_end(struct run *run)
{
	const struct complaining *verb = run->verb;
	struct pair pair = pair_open(run, PIPE, TO_ME);

	complain_to(run, pair.mine, verb->known, "lost");
}

static void oriented(struct run *run)
{
	const struct complaining *verb = run->verb;
	struct pair pair = pair_open(run, UNIX_STREAM, FROM_ME);

	check(run, fwide(stderr, run->kind) * run->kind > 0);
	complain_to(run, pair.mine, verb->known, "this way");
	note_arrived(run, pair.theirs);
}

static const struct scenario scenarios[] = {
	{"says it (pipe)", says, PIPE},
	{"says it (tcp)", says, TCP},
	{"says it (pty)", says, PTY},
	{"says much", says_much},
	{"waits for room (pipe)", waits_for_room, PIPE},
	{"waits for room (unix stream)", waits_for_room, UNIX_STREAM},
	{"nobody reads (pipe)", nobody_reads, PIPE},
	{"nobody reads (unix stream)", nobody_reads, UNIX_STREAM},
	{"only for reading", to_reading_end},
	{"stream of bytes", oriented, -1},
	{"stream of wide characters", oriented, 1},
};

void complaining_add(const struct complaining *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
