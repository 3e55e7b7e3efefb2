/* ioctl.c - ioctl(2) through libc and through its mirror: FIONBIO is ours, the rest
 * passes through. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <netinet/in.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void set_flag(struct run *run, int fd, int on)
{
	result(run, "ioctl", enter(run)->ioctl(fd, FIONBIO, &on));
	note(run, "status flags %#x", (unsigned)run->calls->fcntl(fd, F_GETFL));
	note_flags(run, "the description", fd);
}

static void nonblocking_on_and_off(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	set_flag(run, pair.mine, 1);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	took_no_wait(run);
	set_flag(run, pair.mine, 0);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	set_flag(run, pair.mine, 77);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	took_no_wait(run);
}

static void nonblocking_listener(struct run *run)
{
	struct sockaddr_in address;
	int fd = keep(run, listener_open(run->calls, &address, 1)), on = 1;

	result(run, "ioctl", enter(run)->ioctl(fd, FIONBIO, &on));
	note(run, "status flags %#x", (unsigned)run->calls->fcntl(fd, F_GETFL));
	result(run, "accept", enter(run)->accept(fd, NULL, NULL));
	took_no_wait(run);
}

static void bytes_that_wait(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int n = -1;

	result(run, "ioctl", enter(run)->ioctl(pair.mine, FIONREAD, &n));
	note(run, "%d", n);
	pair_put(run, &pair, "hello");
	result(run, "ioctl", enter(run)->ioctl(pair.mine, FIONREAD, &n));
	note(run, "%d", n);
}

static void close_on_exec(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);

	result(run, "ioctl", enter(run)->ioctl(pair.mine, FIOCLEX));
	note(run, "descriptor flags %d", run->calls->fcntl(pair.mine, F_GETFD));
	result(run, "ioctl", enter(run)->ioctl(pair.mine, FIONCLEX));
	note(run, "descriptor flags %d", run->calls->fcntl(pair.mine, F_GETFD));
}

static void window_of_a_terminal(struct run *run)
{
	struct pair pair = pair_open(run, PTY, TO_ME);
	struct winsize size = {24, 80, 0, 0};

	result(run, "ioctl", enter(run)->ioctl(pair.mine, TIOCSWINSZ, &size));
	size = (struct winsize){0};
	result(run, "ioctl", enter(run)->ioctl(pair.mine, TIOCGWINSZ, &size));
	note(run, "%u x %u", size.ws_row, size.ws_col);
}

static void errors(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct winsize size;
	int on = 1;

	result(run, "ioctl", enter(run)->ioctl(-1, FIONBIO, &on));
	result(run, "ioctl", enter(run)->ioctl(900, FIONBIO, &on));
	result(run, "ioctl", enter(run)->ioctl(pair.mine, FIONBIO, nowhere()));
	result(run, "ioctl", enter(run)->ioctl(pair.mine, FIONBIO, NULL));
	result(run, "ioctl", enter(run)->ioctl(pair.mine, TIOCGWINSZ, &size));
	result(run, "ioctl", enter(run)->ioctl(pair.mine, 0xdeadUL, 0));
	note_flags(run, "the pipe", pair.mine);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"non-blocking on and off (tcp)", nonblocking_on_and_off, TCP},
		{"non-blocking on and off (udp)", nonblocking_on_and_off, UDP},
		{"non-blocking on and off (pipe)", nonblocking_on_and_off, PIPE},
		{"non-blocking on and off (pty)", nonblocking_on_and_off, PTY},
		{"non-blocking listener", nonblocking_listener},
		{"bytes that wait (tcp)", bytes_that_wait, TCP},
		{"bytes that wait (pipe)", bytes_that_wait, PIPE},
		{"close on exec", close_on_exec},
		{"window of a terminal", window_of_a_terminal},
		{"errors", errors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("ioctl");
}
