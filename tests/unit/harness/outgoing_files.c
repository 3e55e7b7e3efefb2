/* outgoing_files.c - giving bytes to what is no conversation: files, devices, the
 * kernel's small objects. */
#include "harness/outgoing.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

static int temporary_file(struct run *run, int flags)
{
	char path[] = "/tmp/cohook-file-XXXXXX";
	int fd = keep_foreign(run, mkostemp(path, flags));

	unlink(path);
	return fd;
}

static void note_content(struct run *run, int fd)
{
	char buf[256];
	ssize_t n = pread(fd, buf, sizeof(buf), 0);

	note(run, "offset %ld", (long)lseek(fd, 0, SEEK_CUR));
	note_bytes(run, "content", buf, n);
}

static void regular_file(struct run *run)
{
	int fd = temporary_file(run, 0);

	give(run, fd, 10);
	give(run, fd, 20);
	lseek(fd, 5, SEEK_SET);
	give(run, fd, 3);
	note_content(run, fd);
	give(run, fd, 0);
	give(run, fd, MORE_THAN_FITS);
	note_content(run, fd);
}

static void appending(struct run *run)
{
	int fd = temporary_file(run, O_APPEND);

	give(run, fd, 10);
	lseek(fd, 0, SEEK_SET);
	give(run, fd, 4);
	note_content(run, fd);
}

static void bad_memory_for_a_file(struct run *run)
{
	const struct outgoing *verb = run->verb;
	int fd = temporary_file(run, 0);

	verb->give(run, fd, nowhere(), 10);
	verb->give(run, fd, NULL, 10);
	note_content(run, fd);
}

static void file_size_limit(struct run *run)
{
	struct rlimit limit;
	int fd = temporary_file(run, 0);
	rlim_t before;

	catch_signal(run, SIGXFSZ, 0);
	getrlimit(RLIMIT_FSIZE, &limit);
	before = limit.rlim_cur;
	limit.rlim_cur = 100;
	check(run, setrlimit(RLIMIT_FSIZE, &limit) == 0);
	give(run, fd, 150);
	give(run, fd, 150);
	limit.rlim_cur = before;
	check(run, setrlimit(RLIMIT_FSIZE, &limit) == 0);
	note_caught(run, SIGXFSZ);
}

static void devices(struct run *run)
{
	give(run, keep_foreign(run, open("/dev/null", O_WRONLY)), 16);
	give(run, keep_foreign(run, open("/dev/full", O_WRONLY)), 16);
	took_no_wait(run);
}

static void not_for_writing(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, FROM_ME);

	give(run, keep_foreign(run, open("/", O_RDONLY | O_DIRECTORY)), 16);
	give(run, keep_foreign(run, open("/dev/zero", O_RDONLY)), 16);
	give(run, keep_foreign(run, open("/", O_PATH)), 16);
	give(run, pair.theirs, 16);
	took_no_wait(run);
}

static void peer_reads_counter(struct peer *peer)
{
	uint64_t value;

	if (read(peer->fd, &value, sizeof(value)) != sizeof(value))
		trace_failure(peer->run->trace, "peer: counter not read");
}

static ssize_t give_number(struct run *run, int fd, uint64_t value, size_t size)
{
	const struct outgoing *verb = run->verb;

	return verb->give(run, fd, &value, size);
}

static void event_counter(struct run *run)
{
	int fd = keep_foreign(run, eventfd(0, 0));
	struct peer peer = {.act = peer_reads_counter, .fd = fd};

	give_number(run, fd, UINT64_MAX - 1, 8);
	peer_start(run, &peer);
	give_number(run, fd, 1, 8);
	peer_join(&peer);
	give_number(run, fd, UINT64_MAX, 8);
	give_number(run, fd, 1, 7);
}

/* Portions of up to PIPE_BUF bytes go into a pipe whole, or wait. */
static void peer_takes_in_little_bites(struct peer *peer)
{
	char buf[100];
	size_t total = 0;

	while (total < peer->size) {
		ssize_t n = read(peer->fd, buf, sizeof(buf));

		if (n <= 0)
			break;
		total += (size_t)n;
	}
	peer->count = (ssize_t)total;
}

static void whole_portion_for_a_pipe(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, FROM_ME);
	struct peer peer = {.act = peer_takes_in_little_bites, .fd = pair.theirs};

	narrow(run, &pair);
	give(run, pair.mine, 1000);
	peer.size = 1000 + PIPE_BUF;
	peer_start(run, &peer);
	give(run, pair.mine, PIPE_BUF);
	peer_join(&peer);
	note(run, "peer got %zd", peer.count);
}

static void epoll_set(struct run *run)
{
	give(run, keep_foreign(run, epoll_create1(0)), 16);
}

static void socket_that_listens(struct run *run)
{
	struct sockaddr_storage address;
	int fd = keep(run, listener_open(run->calls, (void *)&address, 1));

	catch_signal(run, SIGPIPE, 0);
	give(run, fd, 16);
	took_no_wait(run);
	note_caught(run, SIGPIPE);
}

static const struct scenario scenarios[] = {
	{"regular file", regular_file},
	{"appending", appending},
	{"bad memory for a file", bad_memory_for_a_file},
	{"file size limit", file_size_limit, 0, PLAIN | ROOT},
	{"devices", devices},
	{"not for writing", not_for_writing},
	{"event counter", event_counter},
	{"whole portion for a pipe", whole_portion_for_a_pipe},
	{"epoll set", epoll_set},
	{"socket that listens", socket_that_listens},
};

void outgoing_add_files(const struct outgoing *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
