/* incoming_files.c - taking bytes from what is no conversation: files, devices, the
 * kernel's small objects. */
#include "harness/incoming.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

static int temporary_file(struct run *run, const char *text)
{
	char path[] = "/tmp/cohook-file-XXXXXX";
	int fd = keep_foreign(run, mkstemp(path));

	unlink(path);
	check(run, write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	check(run, lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static void regular_file(struct run *run)
{
	int fd = temporary_file(run, "twelve bytes");

	take(run, fd, 5);
	take(run, fd, 5);
	note(run, "offset %ld", (long)lseek(fd, 0, SEEK_CUR));
	take(run, fd, 16);
	take(run, fd, 16);
	lseek(fd, -5, SEEK_END);
	take(run, fd, 16);
	note(run, "offset %ld", (long)lseek(fd, 0, SEEK_CUR));
}

static void cold_file(struct run *run)
{
	int fd = temporary_file(run, "from the disk, if there is one");

	check(run, fdatasync(fd) == 0);
	check(run, posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	take(run, fd, 8);
	take(run, fd, 64);
	take(run, fd, 64);
}

static void bad_memory_for_a_file(struct run *run)
{
	const struct incoming *verb = run->verb;
	int fd = temporary_file(run, "twelve bytes");

	verb->take(run, fd, nowhere(), 5);
	verb->take(run, fd, NULL, 5);
	note(run, "offset %ld", (long)lseek(fd, 0, SEEK_CUR));
}

static void directory(struct run *run)
{
	take(run, keep_foreign(run, open("/", O_RDONLY | O_DIRECTORY)), 16);
}

static void devices(struct run *run)
{
	take(run, keep_foreign(run, open("/dev/null", O_RDONLY)), 16);
	take(run, keep_foreign(run, open("/dev/zero", O_RDONLY)), 8);
}

static void path_only(struct run *run)
{
	take(run, keep_foreign(run, open("/", O_PATH)), 16);
}

static void wrong_end_of_a_pipe(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);

	take(run, pair.theirs, 16);
}

static void kernel_file(struct run *run)
{
	int fd = keep_foreign(run, open("/proc/self/comm", O_RDONLY));

	check(run, take(run, fd, 64) > 0);
	take(run, fd, 64);
}

static void event_counter(struct run *run)
{
	static const uint64_t three = 3;
	int fd = keep_foreign(run, eventfd(0, 0));
	struct peer peer = {
		.act = peer_writes, .fd = fd, .data = &three, .size = sizeof(three)};

	peer_start(run, &peer);
	take(run, fd, 8);
	peer_join(&peer);
	check(run, eventfd_write(fd, 5) == 0);
	take(run, fd, 7);
	take(run, fd, 8);
}

static void event_semaphore(struct run *run)
{
	static const uint64_t one = 1;
	int fd = keep_foreign(run, eventfd(2, EFD_SEMAPHORE));
	struct peer peer = {.act = peer_writes, .fd = fd, .data = &one, .size = sizeof(one)};

	take(run, fd, 8);
	take(run, fd, 8);
	peer_start(run, &peer);
	take(run, fd, 8);
	peer_join(&peer);
}

static void event_counter_nonblocking(struct run *run)
{
	take(run, keep_foreign(run, eventfd(0, EFD_NONBLOCK)), 8);
	took_no_wait(run);
}

static void timer(struct run *run)
{
	const struct itimerspec once = {.it_value = {0, 20 * MS}};
	int fd = keep_foreign(run, timerfd_create(CLOCK_MONOTONIC, 0));

	check(run, timerfd_settime(fd, 0, &once, NULL) == 0);
	take(run, fd, 8);
	took(run, 15);
	check(run, timerfd_settime(fd, 0, &once, NULL) == 0);
	take(run, fd, 8);
	took(run, 15);
}

static void peer_makes_a_file(struct peer *peer)
{
	close(openat(peer->fd, "here", O_CREAT | O_WRONLY, 0600));
	unlinkat(peer->fd, "here", 0);
}

static void file_events(struct run *run)
{
	char folder[] = "/tmp/cohook-watch-XXXXXX";
	int fd = keep_foreign(run, inotify_init1(0));
	struct peer peer = {.act = peer_makes_a_file};

	check(run, mkdtemp(folder) != NULL);
	peer.fd = keep_foreign(run, open(folder, O_RDONLY | O_DIRECTORY));
	check(run, inotify_add_watch(fd, folder, IN_CREATE) > 0);
	peer_start(run, &peer);
	take(run, fd, 256);
	peer_join(&peer);
	rmdir(folder);
}

static void signals_as_bytes(struct run *run)
{
	const struct incoming *verb = run->verb;
	struct signalfd_siginfo info = {0};
	struct peer peer = {.act = peer_signals, .size = SIGUSR2};
	sigset_t set, before;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, &before);
	fd = keep_foreign(run, signalfd(-1, &set, 0));
	peer_start(run, &peer);
	verb->take(run, fd, &info, sizeof(info));
	peer_join(&peer);
	note(run, "signal %u", info.ssi_signo);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void epoll_set(struct run *run)
{
	take(run, keep_foreign(run, epoll_create1(0)), 16);
}

static void socket_that_listens(struct run *run)
{
	struct sockaddr_storage address;
	int fd = listener_open(run->calls, (void *)&address, 1);

	keep(run, fd);
	take(run, fd, 16);
	took_no_wait(run);
}

static const struct scenario scenarios[] = {
	{"regular file", regular_file},
	{"cold file", cold_file},
	{"bad memory for a file", bad_memory_for_a_file},
	{"directory", directory},
	{"devices", devices},
	{"path only", path_only},
	{"wrong end of a pipe", wrong_end_of_a_pipe},
	{"kernel file", kernel_file},
	{"event counter", event_counter},
	{"event counter as a semaphore", event_semaphore},
	{"event counter, non-blocking", event_counter_nonblocking},
	{"timer", timer},
	{"file events", file_events},
	{"signals as bytes", signals_as_bytes},
	{"epoll set", epoll_set},
	{"socket that listens", socket_that_listens},
};

void incoming_add_files(const struct incoming *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
