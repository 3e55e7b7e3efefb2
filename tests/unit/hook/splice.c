/* splice.c - splice(2) through libc and through its mirror. */
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/outgoing.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MUCH = 1000000 };

static ssize_t move(struct run *run, int in, int out, size_t n, unsigned flags)
{
	return result(run, "splice", enter(run)->splice(in, NULL, out, NULL, n, flags));
}

static void note_arrived(struct run *run, int fd)
{
	char got[32];

	note_bytes(run, "got", got, read(fd, got, sizeof(got)));
}

/* KIND is that of the other end. */
static void into_a_pipe(struct run *run)
{
	struct pair from = pair_open(run, 0, TO_ME), to = pair_open(run, PIPE, FROM_ME);
	struct peer peer = {
		.act = peer_writes, .fd = from.theirs, .data = "hello", .size = 5};
	struct peer end = {.act = peer_closes, .fd = from.theirs};

	errno = EDOM;
	peer_start(run, &peer);
	move(run, from.mine, to.mine, 100, 0);
	peer_join(&peer);
	note_arrived(run, to.theirs);
	pair_put(run, &from, "world");
	move(run, from.mine, to.mine, 3, 0);
	move(run, from.mine, to.mine, 100, SPLICE_F_NONBLOCK);
	took_no_wait(run);
	note_arrived(run, to.theirs);
	peer_start(run, &end);
	move(run, from.mine, to.mine, 100, 0);
	peer_join(&end);
	move(run, from.mine, to.mine, 100, 0);
}

static void from_a_pipe(struct run *run)
{
	struct pair from = pair_open(run, PIPE, TO_ME), to = pair_open(run, 0, FROM_ME);
	struct peer peer = {
		.act = peer_writes, .fd = from.theirs, .data = "hello", .size = 5};
	struct peer end = {.act = peer_closes, .fd = from.theirs};

	errno = EDOM;
	peer_start(run, &peer);
	move(run, from.mine, to.mine, 100, 0);
	peer_join(&peer);
	note_arrived(run, to.theirs);
	pair_put(run, &from, "world");
	move(run, from.mine, to.mine, 3, SPLICE_F_MOVE);
	note_arrived(run, to.theirs);
	move(run, from.mine, to.mine, 2, SPLICE_F_NONBLOCK);
	move(run, from.mine, to.mine, 100, SPLICE_F_NONBLOCK);
	took_no_wait(run);
	note_arrived(run, to.theirs);
	peer_start(run, &end);
	move(run, from.mine, to.mine, 100, 0);
	peer_join(&end);
}

static void waits_for_room(struct run *run)
{
	struct pair from = pair_open(run, PIPE, TO_ME), to = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_drains, .fd = to.theirs, .size = MUCH};
	static char bytes[MUCH];

	narrow(run, &to);
	pattern_fill(bytes, sizeof(bytes));
	check(run, fcntl(from.theirs, F_SETPIPE_SZ, 1 << 20) == 1 << 20);
	check(run, write(from.theirs, bytes, MUCH) == MUCH);
	peer_start(run, &peer);
	move(run, from.mine, to.mine, MUCH, 0);
	peer_join(&peer);
	note(run, "arrived %zd", peer.count);
}

static void peer_empties(struct peer *peer)
{
	char buf[4096];

	open_up(peer->fd);
	while (recv(peer->fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	while (errno == ENOTSOCK && read(peer->fd, buf, sizeof(buf)) == sizeof(buf))
		errno = ENOTSOCK;
}

static void a_full_one(struct run *run)
{
	struct pair from = pair_open(run, PIPE, TO_ME), to = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_empties, .fd = to.theirs};

	fill_up(run, &to);
	pair_put(run, &from, "hello");
	peer_start(run, &peer);
	move(run, from.mine, to.mine, 5, 0);
	peer_join(&peer);
	move(run, from.mine, to.mine, 5, SPLICE_F_NONBLOCK);
}

static int file_of(struct run *run, const char *text)
{
	int fd = keep_foreign(run, memfd_create("text", MFD_CLOEXEC));

	check(run, write(fd, text, 5) == 5 && lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static void files(struct run *run)
{
	struct pair in = pair_open(run, PIPE, TO_ME), out = pair_open(run, PIPE, FROM_ME);
	struct peer peer = {
		.act = peer_writes, .fd = in.theirs, .data = "world", .size = 5};
	int file = file_of(run, "hello");
	int null = keep_foreign(run, open("/dev/null", O_WRONLY | O_CLOEXEC));
	loff_t at = 2;

	result(run, "from", enter(run)->splice(file, &at, out.mine, NULL, 100, 0));
	note(run, "at %ld, position %ld", (long)at, (long)lseek(file, 0, SEEK_CUR));
	note_arrived(run, out.theirs);
	move(run, file, out.mine, 2, 0);
	note_arrived(run, out.theirs);
	at = 3;
	peer_start(run, &peer);
	result(run, "to", enter(run)->splice(in.mine, NULL, file, &at, 100, 0));
	peer_join(&peer);
	note(run, "at %ld, size %ld", (long)at, (long)lseek(file, 0, SEEK_END));
	peer_start(run, &peer);
	move(run, in.mine, null, 100, 0);
	peer_join(&peer);
	move(run, in.mine, file, 100, SPLICE_F_NONBLOCK);
}

/* KIND is that of the end that is no pipe. */
static void made_non_blocking(struct run *run)
{
	struct pair in = pair_open(run, 0, TO_ME), out = pair_open(run, PIPE, FROM_ME);
	struct pair from = pair_open(run, PIPE, TO_ME), to = pair_open(run, 0, FROM_ME);

	check(run, run->calls->fcntl(in.mine, F_SETFL, O_NONBLOCK) == 0);
	move(run, in.mine, out.mine, 100, 0);
	check(run, run->calls->fcntl(from.mine, F_SETFL, O_NONBLOCK) == 0);
	move(run, from.mine, to.mine, 100, 0);
	check(run, run->calls->fcntl(to.mine, F_SETFL, O_NONBLOCK) == 0);
	pair_put(run, &from, "hello");
	move(run, from.mine, to.mine, 100, 0);
	took_no_wait(run);
}

static void refused(struct run *run)
{
	struct pair pipe = pair_open(run, PIPE, TO_ME),
		    out = pair_open(run, PIPE, FROM_ME);
	struct pair tcp = pair_open(run, TCP, TO_ME);
	const struct calls *calls = run->calls;

	move(run, 900, out.mine, 5, 0);
	move(run, pipe.mine, 900, 5, 0);
	move(run, tcp.mine, tcp.mine, 5, 0);
	move(run, pipe.mine, tcp.mine, 0, 0);
	move(run, 900, 901, 0, 0);
	move(run, out.mine, pipe.mine, 5, 0);
	pair_put(run, &pipe, "hello");
	result(run, "an offset of a pipe",
		enter(run)->splice(pipe.mine, &(loff_t){0}, tcp.mine, NULL, 5, 0));
	result(run, "an offset of a socket",
		enter(run)->splice(pipe.mine, NULL, tcp.mine, &(loff_t){0}, 5, 0));
	result(run, "an offset of a socket",
		enter(run)->splice(tcp.mine, &(loff_t){0}, out.mine, NULL, 5, 0));
	result(run, "flags",
		enter(run)->splice(pipe.mine, NULL, tcp.mine, NULL, 5, 0x100));
	took_no_wait(run);
	check(run, calls->read(pipe.mine, (char[8]){0}, 8) == 5);
}

static void time_of_the_socket(struct run *run)
{
	struct pair from = pair_open(run, 0, TO_ME), to = pair_open(run, PIPE, FROM_ME);
	const struct timeval tv = {0, 20000};

	check(run, run->calls->setsockopt(
			   from.mine, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == 0);
	move(run, from.mine, to.mine, 100, 0);
	took(run, 20);
}

static void interrupted(struct run *run)
{
	struct pair from = pair_open(run, 0, TO_ME), to = pair_open(run, PIPE, FROM_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	move(run, from.mine, to.mine, 100, 0);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void reader_is_gone(struct run *run)
{
	struct pair from = pair_open(run, PIPE, TO_ME), to = pair_open(run, 0, FROM_ME);

	catch_signal(run, SIGPIPE, 0);
	pair_put(run, &from, "hello");
	let_go(run, to.theirs);
	close(to.theirs);
	move(run, from.mine, to.mine, 5, 0);
	note_caught(run, SIGPIPE);
	check(run, run->calls->read(from.mine, (char[8]){0}, 8) == 5);
}

struct ends {
	int in, out;
};

static void doomed_moves(struct doomed *doomed)
{
	const struct ends *ends = doomed->arg;

	doomed_enter(doomed)->splice(ends->in, NULL, ends->out, NULL, 100, 0);
}

static void cancelled(struct run *run)
{
	struct pair from = pair_open(run, PIPE, TO_ME), to = pair_open(run, 0, FROM_ME);
	struct ends ends = {from.mine, to.mine};
	struct doomed doomed = {.act = doomed_moves, .arg = &ends, .sort = OWN};

	doomed_meets_end(run, &doomed);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"into a pipe (tcp)", into_a_pipe, TCP},
		{"into a pipe (unix)", into_a_pipe, UNIX_STREAM},
		{"into a pipe (pipe)", into_a_pipe, PIPE},
		{"from a pipe (tcp)", from_a_pipe, TCP},
		{"from a pipe (unix)", from_a_pipe, UNIX_STREAM},
		{"from a pipe (pipe)", from_a_pipe, PIPE},
		{"waits for room (tcp)", waits_for_room, TCP},
		{"waits for room (unix)", waits_for_room, UNIX_STREAM},
		{"a full one (unix)", a_full_one, UNIX_STREAM},
		{"a full one (pipe)", a_full_one, PIPE},
		{"files", files},
		{"made non-blocking (tcp)", made_non_blocking, TCP},
		{"made non-blocking (pipe)", made_non_blocking, PIPE},
		{"refused", refused},
		{"time of the socket", time_of_the_socket, TCP},
		{"interrupted (tcp)", interrupted, TCP, PLAIN | ROOT},
		{"interrupted (pipe)", interrupted, PIPE, PLAIN | ROOT},
		{"reader is gone (unix)", reader_is_gone, UNIX_STREAM},
		{"reader is gone (pipe)", reader_is_gone, PIPE},
		{"cancelled (tcp)", cancelled, TCP},
		{"cancelled (pipe)", cancelled, PIPE},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("splice");
}
