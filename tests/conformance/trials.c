/* trials.c - every call with arguments that are not as they should be: ordeal.def.
 *
 * A process tries one of them, so what they name may be static. A call that ends the
 * process has to end it through the mirror, too, and by the same signal. */
#include "point.h"

#include "harness/scenario.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <wchar.h>

/* Bad arguments are what this is about. */
#pragma GCC diagnostic ignored "-Wnonnull"
#pragma GCC diagnostic ignored "-Wformat"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#pragma GCC diagnostic ignored "-Wformat-overflow"
#pragma GCC diagnostic ignored "-Wdangling-pointer"
#endif

enum { SIZE = 4096, THERE = 8 };

static char buffer[SIZE] __attribute__((aligned(16))), buffer2[SIZE];
static int zeros[256];
static int sockets[2], empty[2], pipe_fds[2], file;
static char *edge;
static void *read_only;

static struct iovec iov[2], bad_iov[2], long_iov[2], negative_iov[2];
static struct msghdr header, bad_header, bad_control, many_pieces;
static struct mmsghdr batch[1];
static struct sockaddr_in nobody, broadcast;
static struct sockaddr odd;
static socklen_t room = 100, negative = (socklen_t)-1;
static off64_t minus = -5, most = LONG_MAX, zero;
static size_t length;
static fpos_t position;
static char *NOTHING;

static struct timespec negative_span = {-1, 0}, odd_span = {0, 1000000000},
		       moment = {0, 1000000};
static struct timeval val = {0, 1000}, negative_val = {-1, 0}, odd_val = {0, 1000000};
static fd_set high_set;
static struct epoll_event event;
static struct flock bad_lock = {.l_type = 77}, pid_lock = {.l_type = F_WRLCK, .l_pid = 7};
static const struct sigaction action = {.sa_handler = SIG_IGN};
static sigset_t pending, never;
static struct addrinfo *found;
static const struct addrinfo bad_hints = {.ai_flags = 0x40000000},
			     odd_hints = {.ai_family = 77},
			     type_hints = {.ai_socktype = 77},
			     number_hints = {.ai_flags = AI_NUMERICHOST};
static FILE *stream, *out;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER,
		       checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP,
		       recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static sem_t sem, full_sem;
static mtx_t c11_mutex;
static cnd_t c11_cond;

/* --- what is made when it is asked for ------------------------------------------------------ */

static int fresh_socket(struct run *run)
{
	return keep(run, run->calls->socket(AF_INET, SOCK_STREAM, 0));
}

static int listener(struct run *run, struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = keep(run, run->calls->socket(AF_INET, SOCK_STREAM, 0));

	check(run, run->calls->listen(fd, 4) == 0);
	check(run, getsockname(fd, (struct sockaddr *)address, &size) == 0);
	return fd;
}

static int silent_listener(struct run *run)
{
	struct sockaddr_in address;

	return listener(run, &address);
}

static int called_listener(struct run *run)
{
	struct sockaddr_in address;
	int fd = listener(run, &address), caller;

	caller = keep_foreign(run, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	check(run, connect(caller, (struct sockaddr *)&address, sizeof(address)) == 0);
	return fd;
}

static int set_of(struct run *run, int fd)
{
	struct epoll_event in = {.events = EPOLLIN};
	int set = keep(run, run->calls->epoll_create1(EPOLL_CLOEXEC));

	check(run, epoll_ctl(set, EPOLL_CTL_ADD, fd, &in) == 0);
	return set;
}

static int impatient(struct run *run, int fd)
{
	check(run, run->calls->fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	return fd;
}

/* A child that has ended. */
static pid_t dead_child(struct run *run)
{
	siginfo_t info;
	pid_t pid = fork();

	if (pid == 0)
		_exit(7);
	check(run, waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
	return pid;
}

/* Whether it is still there after a call that gave R. */
static long reaped(const struct calls *calls, long r)
{
	const int error = errno;
	const bool left = waitpid(-1, NULL, WNOHANG) > 0;

	(void)calls;
	errno = error;
	return (r > 0 ? 1 : r) * 10 + left;
}

#define C run->calls
#define BAD nowhere()
#define BUF buffer
#define BUF2 buffer2
#define READ_ONLY read_only
#define EDGE edge
#define SOCKET sockets[0]
#define EMPTY empty[0]
#define DONTWAIT impatient(run, empty[0])
#define PIPE_IN pipe_fds[0]
#define PIPE_OUT pipe_fds[1]
#define FILE_FD file
#define FRESH fresh_socket(run)
#define LISTENER silent_listener(run)
#define CALLED called_listener(run)
#define READY_SET set_of(run, sockets[0])
#define EMPTY_SET set_of(run, empty[0])
#define KID dead_child(run)
#define LONG_PATH memset(buffer, 'x', SIZE - 1)

#define NAME_AT(line) ordeal_##line
#define NAME(line) NAME_AT(line)
#define ORDEAL(call, bad, expression)                 \
	static long NAME(__LINE__)(struct run * run)  \
	{                                             \
		(void)run;                            \
		return (long)(expression);            \
	}
#include "ordeal.def"

static const struct ordeal {
	const char *call, *bad;
	long (*act)(struct run *run);
} ordeals[] = {
#define ORDEAL(call, bad, expression) {#call, bad, NAME(__LINE__)},
#include "ordeal.def"
};

/* --- the rest ------------------------------------------------------------------------------- */

static void prepare_memory(struct run *run)
{
	edge = mmap(NULL, 2 * SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	read_only = mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(run, edge != MAP_FAILED && read_only != MAP_FAILED);
	check(run, mprotect(edge + SIZE, SIZE, PROT_NONE) == 0);
	memset(buffer, '#', SIZE);
}

static void prepare_descriptors(struct run *run)
{
	const struct calls *calls = run->calls;

	check(run, calls->socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
	check(run, calls->socketpair(AF_UNIX, SOCK_STREAM, 0, empty) == 0);
	check(run, calls->pipe(pipe_fds) == 0);
	for (int i = 0; i < 2; i++) {
		keep(run, sockets[i]);
		keep(run, empty[i]);
		keep(run, pipe_fds[i]);
	}
	file = keep_foreign(run, memfd_create("trial", MFD_CLOEXEC));
	check(run, write(sockets[1], "01234567", THERE) == THERE);
	check(run, write(pipe_fds[1], "01234567", THERE) == THERE);
	check(run, write(file, "abcdefghijkl", 12) == 12 && lseek(file, 2, SEEK_SET) == 2);
	stream = fdopen(keep_foreign(run, dup(sockets[0])), "r");
	out = fdopen(keep_foreign(run, dup(sockets[0])), "w");
	check(run, stream && out);
}

static void prepare_arguments(void)
{
	iov[0] = bad_iov[0] = (struct iovec){buffer, 3};
	iov[1] = (struct iovec){buffer + 3, 5};
	bad_iov[1] = (struct iovec){nowhere(), 5};
	long_iov[0] = long_iov[1] = (struct iovec){buffer, SSIZE_MAX};
	negative_iov[0] = negative_iov[1] = (struct iovec){buffer, (size_t)-1};
	header = (struct msghdr){.msg_iov = iov, .msg_iovlen = 2};
	bad_header = (struct msghdr){.msg_iov = nowhere(), .msg_iovlen = 2};
	bad_control = header;
	bad_control.msg_control = nowhere();
	bad_control.msg_controllen = 64;
	many_pieces = (struct msghdr){.msg_iov = iov, .msg_iovlen = 2000};
	batch[0].msg_hdr = header;
	nobody = broadcast = (struct sockaddr_in){.sin_family = AF_INET,
		.sin_port = htons(1),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	broadcast.sin_addr.s_addr = htonl(INADDR_BROADCAST);
	odd.sa_family = 77;
	FD_SET(900, &high_set);
}

static void prepare_signals(struct run *run)
{
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&never);
	sigaddset(&never, SIGUSR1);
	sigemptyset(&pending);
	sigaddset(&pending, SIGUSR2);
	sigaddset(&pending, SIGUSR1);
	sigprocmask(SIG_BLOCK, &pending, NULL);
	check(run, raise(SIGUSR2) == 0);
}

static void prepare_locks(struct run *run)
{
	pthread_spin_init(&spin, 0);
	sem_init(&sem, 0, 0);
	sem_init(&full_sem, 0, SEM_VALUE_MAX);
	check(run, run->calls->mtx_init(&c11_mutex, mtx_timed) == thrd_success);
	cnd_init(&c11_cond);
}

static void note_left(struct run *run, const char *what, int fd)
{
	int left = -1;

	if (!ioctl(fd, FIONREAD, &left))
		note(run, "%s has %d", what, left);
}

static void note_rest(struct run *run)
{
	int value = -1;
	sigset_t still;

	note_bytes(run, "buffer", buffer, 20);
	note_bytes(run, "edge", edge + SIZE - 8, 8);
	note_left(run, "socket", sockets[0]);
	note_left(run, "other socket", sockets[1]);
	note_left(run, "pipe", pipe_fds[0]);
	note(run, "file at %lld", (long long)lseek(file, 0, SEEK_CUR));
	note(run, "room %u, events %#x, time %ld", room, event.events, val.tv_sec);
	note(run, "header %#x, batch %u", (unsigned)header.msg_flags, batch[0].msg_len);
	sem_getvalue(&sem, &value);
	sigpending(&still);
	note(run, "semaphore %d, signal %d", value, sigismember(&still, SIGUSR2));
	note(run, "stream %d %d, out %d %d", feof(stream) != 0, ferror(stream) != 0,
		feof(out) != 0, ferror(out) != 0);
}

static void undergo(struct run *run)
{
	const struct ordeal *ordeal = point_of(run)->verb;
	long r;

	prepare_memory(run);
	prepare_descriptors(run);
	prepare_arguments();
	prepare_signals(run);
	prepare_locks(run);
	enter(run);
	r = ordeal->act(run);
	note(run, "errno %s", error_name(errno));
	result(run, ordeal->call, r);
	note_rest(run);
}

void trials_add(void)
{
	for (size_t i = 0; i < COUNT(ordeals); i++)
		point_add((struct point){.call = ordeals[i].call,
			.on = "bad arguments",
			.condition = ordeals[i].bad,
			.body = undergo,
			.verb = &ordeals[i]});
}
