/* thing.c - makes descriptors that are no end of a conversation, by foreign code: nothing
 * of them went through the calls under test. */
#include "thing.h"
#include "kinds.h"

#include "harness/scenario.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static int unlinked_file(struct run *run, int flags)
{
	char name[] = "/tmp/cohook-thing-XXXXXX";
	int file = mkstemp(name), fd;

	check(run, file >= 0 && write(file, "0123456789", 10) == 10);
	fd = open(name, flags | O_CLOEXEC);
	close(file);
	unlink(name);
	return fd;
}

static int regular_file(struct run *run)
{
	return unlinked_file(run, O_RDWR);
}

static int file_to_read(struct run *run)
{
	return unlinked_file(run, O_RDONLY);
}

static int file_to_write(struct run *run)
{
	return unlinked_file(run, O_WRONLY);
}

static int file_to_append(struct run *run)
{
	return unlinked_file(run, O_RDWR | O_APPEND);
}

static int memory_file(struct run *run)
{
	int fd = memfd_create("thing", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	check(run, pwrite(fd, "0123456789", 10, 0) == 10);
	return fd;
}

static int sealed_file(struct run *run)
{
	int fd = memory_file(run);

	check(run, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK) == 0);
	return fd;
}

static int path_only(struct run *run)
{
	(void)run;
	return open("/tmp", O_PATH | O_CLOEXEC);
}

static int directory(struct run *run)
{
	(void)run;
	return open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int kernel_s_file(struct run *run)
{
	(void)run;
	return open("/proc/self/comm", O_RDWR | O_CLOEXEC);
}

static int null_device(struct run *run)
{
	(void)run;
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

static int zero_device(struct run *run)
{
	(void)run;
	return open("/dev/zero", O_RDWR | O_CLOEXEC);
}

static int full_device(struct run *run)
{
	(void)run;
	return open("/dev/full", O_RDWR | O_CLOEXEC);
}

static int counter(struct run *run)
{
	(void)run;
	return eventfd(5, EFD_CLOEXEC);
}

static int timer(struct run *run)
{
	const struct itimerspec soon = {.it_value.tv_nsec = 1};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	check(run, timerfd_settime(fd, 0, &soon, NULL) == 0);
	return fd;
}

static int pending_signal(struct run *run)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	check(run, raise(SIGUSR2) == 0);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int watch(struct run *run)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	check(run, inotify_add_watch(fd, "/proc/self", IN_OPEN) >= 0);
	return fd;
}

static int event_set(struct run *run)
{
	(void)run;
	return epoll_create1(EPOLL_CLOEXEC);
}

static int process(struct run *run)
{
	(void)run;
	return (int)syscall(SYS_pidfd_open, getppid(), 0);
}

static int terminal_master(struct run *run)
{
	(void)run;
	return posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
}

static int end_to_read(struct run *run)
{
	int fds[2];

	check(run, pipe2(fds, O_CLOEXEC) == 0 && write(fds[1], "0123456789", 10) == 10);
	close(fds[1]);
	return fds[0];
}

static int end_to_write(struct run *run)
{
	int fds[2], copy;

	check(run, pipe2(fds, O_CLOEXEC) == 0);
	copy = fcntl(fds[0], F_DUPFD_CLOEXEC, 500); /* somebody reads; closed with the process */
	check(run, copy >= 0);
	keep_foreign(run, copy);
	close(fds[0]);
	return fds[1];
}

static int stream_socket(struct run *run)
{
	(void)run;
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int listening_socket(struct run *run)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	check(run, listen(fd, 1) == 0);
	return fd;
}

static int datagram_socket(struct run *run)
{
	(void)run;
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static int local_socket(struct run *run)
{
	(void)run;
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int packet_socket(struct run *run)
{
	(void)run;
	return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
}

static int socket_with_bytes(struct run *run)
{
	int fds[2];

	check(run, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
	check(run, write(fds[1], "0123456789", 10) == 10);
	close(fds[1]);
	return fds[0];
}

static int closed_number(struct run *run)
{
	(void)run;
	return 999;
}

static int negative_number(struct run *run)
{
	(void)run;
	return -1;
}

static int most_negative_number(struct run *run)
{
	(void)run;
	return -2147483647 - 1;
}

const struct thing things[] = {
	{"file", regular_file},
	{"file, read-only", file_to_read},
	{"file, write-only", file_to_write},
	{"file, O_APPEND", file_to_append},
	{"memfd", memory_file},
	{"memfd, sealed", sealed_file},
	{"O_PATH", path_only},
	{"directory", directory},
	{"/proc file", kernel_s_file},
	{"/dev/null", null_device},
	{"/dev/zero", zero_device},
	{"/dev/full", full_device},
	{"eventfd", counter},
	{"timerfd", timer},
	{"signalfd", pending_signal},
	{"inotify", watch},
	{"epoll", event_set},
	{"pidfd", process},
	{"pty master", terminal_master},
	{"pipe, reading end", end_to_read},
	{"pipe, writing end", end_to_write},
	{"tcp, unconnected", stream_socket},
	{"tcp, listening", listening_socket},
	{"udp, unconnected", datagram_socket},
	{"unix stream, unconnected", local_socket},
	{"unix seqpacket, unconnected", packet_socket},
	{"unix stream, half closed", socket_with_bytes},
	{"closed number", closed_number},
	{"-1", negative_number},
	{"INT_MIN", most_negative_number},
};

const size_t nthings = COUNT(things);
