/* pipe.c - pipe(2) through libc and through its mirror. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <sys/resource.h>
#include <unistd.h>

static int make(struct run *run, int fds[2])
{
	ssize_t n = result(run, "pipe", enter(run)->pipe(fds));

	if (n == 0) {
		keep(run, fds[0]);
		keep(run, fds[1]);
	}
	return (int)n;
}

static void flags(struct run *run)
{
	int fds[2], i;

	if (make(run, fds) < 0)
		return;
	for (i = 0; i < 2; i++) {
		note(run, "descriptor flags %d, status flags %#x",
			run->calls->fcntl(fds[i], F_GETFD),
			(unsigned)run->calls->fcntl(fds[i], F_GETFL));
		note_flags(run, "an end", fds[i]);
	}
}

static void both_ends_wait(struct run *run)
{
	struct peer writer = {.act = peer_writes, .data = "hello", .size = 5};
	struct peer reader = {.act = peer_drains, .size = 100000};
	static char bytes[100000];
	int fds[2];

	if (make(run, fds) < 0)
		return;
	writer.fd = fds[1];
	peer_start(run, &writer);
	result(run, "read", enter(run)->read(fds[0], bytes, sizeof(bytes)));
	peer_join(&writer);
	pattern_fill(bytes, sizeof(bytes));
	reader.fd = fds[0];
	peer_start(run, &reader);
	result(run, "write", enter(run)->write(fds[1], bytes, sizeof(bytes)));
	peer_join(&reader);
	note(run, "reader got %zd", reader.count);
}

static void bad_memory(struct run *run)
{
	result(run, "pipe", enter(run)->pipe(nowhere()));
}

static void no_more_descriptors(struct run *run)
{
	struct rlimit limit, one;
	int fds[2] = {-7, -7}, next = dup(0);

	close(next);
	getrlimit(RLIMIT_NOFILE, &limit);
	one = limit;
	one.rlim_cur = (rlim_t)next + 1;
	check(run, setrlimit(RLIMIT_NOFILE, &one) == 0);
	result(run, "pipe", enter(run)->pipe(fds));
	check(run, setrlimit(RLIMIT_NOFILE, &limit) == 0);
	note(run, "untouched: %d %d", fds[0], fds[1]);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"flags", flags},
		{"both ends wait", both_ends_wait},
		{"bad memory", bad_memory},
		{"no more descriptors", no_more_descriptors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pipe");
}
