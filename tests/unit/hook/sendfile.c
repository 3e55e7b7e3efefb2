/* sendfile.c - sendfile(2) through libc and through its mirror. */
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/outgoing.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

/* A file with SIZE bytes of the pattern, at its beginning. */
static int file_of(struct run *run, size_t size)
{
	static char bytes[MORE_THAN_FITS];
	int fd = keep_foreign(run, memfd_create("pattern", MFD_CLOEXEC));

	pattern_fill(bytes, size);
	check(run, pwrite(fd, bytes, size, 0) == (ssize_t)size);
	return fd;
}

static ssize_t send_file(struct run *run, int out, int in, off_t *offset, size_t n)
{
	ssize_t r = result(run, "sendfile", enter(run)->sendfile(out, in, offset, n));

	note(run, "offset %ld, position %ld", offset ? (long)*offset : -1,
		(long)lseek(in, 0, SEEK_CUR));
	return r;
}

static void little(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	int file = file_of(run, 10);
	off_t offset = 3;
	char got[32];

	errno = EDOM;
	send_file(run, pair.mine, file, NULL, 4);
	send_file(run, pair.mine, file, NULL, 100);
	send_file(run, pair.mine, file, NULL, 100);
	send_file(run, pair.mine, file, &offset, 5);
	send_file(run, pair.mine, file, &offset, 100);
	send_file(run, pair.mine, file, &offset, 0);
	note_bytes(run, "got", got, read(pair.theirs, got, sizeof(got)));
}

static void more_than_fits(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {
		.act = peer_drains, .fd = pair.theirs, .size = MORE_THAN_FITS};
	int file = file_of(run, MORE_THAN_FITS);
	off_t offset = 0;

	narrow(run, &pair);
	peer_start(run, &peer);
	send_file(run, pair.mine, file, NULL, MORE_THAN_FITS);
	peer_join(&peer);
	note(run, "arrived %zd", peer.count);
	peer_start(run, &peer);
	send_file(run, pair.mine, file, &offset, 2 * MORE_THAN_FITS);
	peer_join(&peer);
	note(run, "arrived %zd", peer.count);
}

/* A pipe takes what there is room for. */
static void pipe_takes_a_part(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, FROM_ME);
	int file = file_of(run, MORE_THAN_FITS);
	struct peer peer = {.act = peer_drains, .fd = pair.theirs};
	ssize_t first = send_file(run, pair.mine, file, NULL, MORE_THAN_FITS);

	peer.size = (size_t)first;
	peer_start(run, &peer);
	check(run, enter(run)->sendfile(pair.mine, file, NULL, 10) == 10);
	spot_leave(&run->spot);
	peer_join(&peer);
	note(run, "arrived %zd", peer.count);
}

static void other_kinds(struct run *run)
{
	struct pair pty = pair_open(run, PTY, FROM_ME);
	int file = file_of(run, 1000), copy = file_of(run, 1);
	int null = keep_foreign(run, open("/dev/null", O_WRONLY | O_CLOEXEC));
	char got[32];

	send_file(run, copy, file, NULL, 1000);
	note(run, "size %ld", (long)lseek(copy, 0, SEEK_END));
	send_file(run, null, file, &(off_t){0}, 1000);
	send_file(run, pty.mine, file, &(off_t){0}, 5);
	note_bytes(run, "got", got, read(pty.theirs, got, sizeof(got)));
}

static void made_non_blocking(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	int file = file_of(run, MORE_THAN_FITS);

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	fill_up(run, &pair);
	result(run, "sendfile", enter(run)->sendfile(pair.mine, file, NULL, 1000));
	took_no_wait(run);
}

static void refused(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME),
		    other = pair_open(run, PIPE, TO_ME);
	int file = file_of(run, 10);
	int writable = keep_foreign(run, open("/dev/null", O_WRONLY | O_CLOEXEC));

	result(run, "not open", enter(run)->sendfile(900, file, NULL, 5));
	result(run, "not open", enter(run)->sendfile(pair.mine, 900, NULL, 5));
	result(run, "not readable", enter(run)->sendfile(pair.mine, writable, NULL, 5));
	result(run, "not writable", enter(run)->sendfile(other.mine, file, NULL, 5));
	result(run, "a socket", enter(run)->sendfile(pair.mine, pair.mine, NULL, 5));
	result(run, "an offset of a pipe",
		enter(run)->sendfile(pair.mine, other.mine, &(off_t){0}, 5));
	result(run, "negative", enter(run)->sendfile(pair.mine, file, &(off_t){-1}, 5));
	result(run, "nowhere", enter(run)->sendfile(pair.mine, file, nowhere(), 5));
	took_no_wait(run);
}

static void reader_is_gone(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};
	int file = file_of(run, 1000);

	catch_signal(run, SIGPIPE, 0);
	fill_up(run, &pair);
	peer_start(run, &peer);
	result(run, "sendfile", enter(run)->sendfile(pair.mine, file, NULL, 1000));
	peer_join(&peer);
	note_caught(run, SIGPIPE);
}

static void interrupted(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	int file = file_of(run, 1000);

	catch_signal(run, SIGUSR1, 0);
	fill_up(run, &pair);
	peer_start(run, &peer);
	send_file(run, pair.mine, file, NULL, 1000);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void doomed_sends(struct doomed *doomed)
{
	const struct calls *calls = doomed_enter(doomed);
	ssize_t n = calls->sendfile(doomed->fd, *(int *)doomed->arg, NULL, 1000);

	doomed_step(doomed, n == 1000 ? 's' : '!');
}

/* It is no cancellation point. */
static void not_cancelled(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	int file = file_of(run, 1000);
	struct doomed doomed = {
		.act = doomed_sends, .fd = pair.mine, .arg = &file, .sort = OWN};
	char buf[4096];

	fill_up(run, &pair);
	doomed_start(run, &doomed);
	doomed_cancel_blocked(run, &doomed);
	check(run, spot_blocked(run, &doomed.spot));
	open_up(pair.theirs);
	for (; atomic_load(&doomed.nsteps) == 0; run->calls->usleep(50))
		while (poll(&(struct pollfd){pair.theirs, POLLIN, 0}, 1, 0) > 0)
			check(run, read(pair.theirs, buf, sizeof(buf)) > 0);
	doomed_end(run, &doomed);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"little (tcp)", little, TCP},
		{"little (unix)", little, UNIX_STREAM},
		{"little (pipe)", little, PIPE},
		{"more than fits (tcp)", more_than_fits, TCP},
		{"more than fits (unix)", more_than_fits, UNIX_STREAM},
		{"pipe takes a part", pipe_takes_a_part},
		{"other kinds", other_kinds},
		{"made non-blocking (tcp)", made_non_blocking, TCP},
		{"made non-blocking (pipe)", made_non_blocking, PIPE},
		{"refused (tcp)", refused, TCP},
		{"refused (pipe)", refused, PIPE},
		{"reader is gone (unix)", reader_is_gone, UNIX_STREAM},
		{"reader is gone (pipe)", reader_is_gone, PIPE},
		{"interrupted (tcp)", interrupted, TCP, PLAIN | ROOT},
		{"interrupted (pipe)", interrupted, PIPE, PLAIN | ROOT},
		{"not cancelled (tcp)", not_cancelled, TCP},
		{"not cancelled (pipe)", not_cancelled, PIPE},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sendfile");
}
