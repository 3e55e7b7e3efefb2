/* things.c - everything that can be done with one descriptor, done with each sort of them. */
#include "point.h"
#include "thing.h"

#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SIZE = 256 };

/* --- calls that need more than one expression --------------------------------------------- */

static long closed(const struct calls *C, int fd)
{
	return fd < 0 ? -1 : C->close(fd);
}

static long polled(const struct calls *C, int fd)
{
	struct pollfd p = {fd, POLLIN | POLLOUT | POLLPRI, 0x55};
	long n = C->poll(&p, 1, 5);

	return n < 0 ? n : n * 65536 + p.revents;
}

static long ppolled(const struct calls *C, int fd)
{
	const struct timespec moment = {0, 1000000};
	struct pollfd p = {fd, POLLIN | POLLRDHUP, 0x55};
	long n = C->ppoll(&p, 1, &moment, NULL);

	return n < 0 ? n : n * 65536 + p.revents;
}

/* Numbers that are no bits of a set are libc's own end. */
static long selected(const struct calls *C, int fd, int which)
{
	struct timeval span = {0, 1000};
	fd_set sets[3];
	long n;

	if (fd < 0 || fd >= FD_SETSIZE)
		return -2;
	for (int i = 0; i < 3; i++)
		FD_ZERO(&sets[i]);
	FD_SET(fd, &sets[which]);
	n = C->select(fd + 1, &sets[0], &sets[1], &sets[2], &span);
	return n < 0 ? n : n * 10 + (FD_ISSET(fd, &sets[which]) != 0);
}

static long pselected(const struct calls *C, int fd)
{
	const struct timespec span = {0, 1000000};
	fd_set in, out;
	long n;

	if (fd < 0 || fd >= FD_SETSIZE)
		return -2;
	FD_ZERO(&in);
	FD_SET(fd, &in);
	out = in;
	n = C->pselect(fd + 1, &in, &out, NULL, &span, NULL);
	return n < 0 ? n
		     : n * 100 + 10 * (FD_ISSET(fd, &in) != 0) + (FD_ISSET(fd, &out) != 0);
}

/* A copy, so that the number stays the scenario's; some stream even where there is none. */
static FILE *stream_of(int fd, const char *mode)
{
	const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *fp = fdopen(copy, mode);

	if (!fp)
		close(copy);
	return fp ? fp : fdopen(fcntl(0, F_DUPFD_CLOEXEC, 0), mode);
}

static long streamed_in(const struct calls *C, int fd, char *buf)
{
	FILE *fp = stream_of(fd, "r");
	int c = C->fgetc(fp), error = errno;

	buf[0] = (char)(feof(fp) != 0);
	buf[1] = (char)(ferror(fp) != 0);
	buf[2] = (char)C->fclose(fp);
	errno = error;
	return c;
}

static long streamed_out(const struct calls *C, int fd)
{
	FILE *fp = stream_of(fd, "w");
	int n = C->fputs("hello", fp), end = C->fclose(fp);

	return n * 10 + end;
}

/* --- what they are done with --------------------------------------------------------------- */

/* All that an expression of deed.def may name; FD is the thing. */
struct tools {
	int fd, file, pipe, out, socket;
	char buf[SIZE], buf2[SIZE];
	struct iovec iov[2];
	struct msghdr header;
	struct mmsghdr batch[1];
	struct sockaddr_in nobody;
	struct sockaddr odd;
	socklen_t room;
	off_t offset;
	struct timeval span;
	struct timespec moment;
	struct epoll_event event;
	struct flock lock;
	int one;
};

#define C run->calls
#define FD t->fd
#define BUF t->buf
#define BUF2 t->buf2
#define FILE_FD t->file
#define PIPE_FD t->pipe
#define OUT_FD t->out
#define SOCKET_FD t->socket
#define iov t->iov
#define header t->header
#define batch t->batch
#define nobody t->nobody
#define odd t->odd
#define room t->room
#define offset t->offset
#define span t->span
#define moment t->moment
#define event t->event
#define lock t->lock
#define one t->one

#define NAME_AT(line) deed_##line
#define NAME(line) NAME_AT(line)
#define DEED(call, how, expression)                                        \
	static long NAME(__LINE__)(struct run * run, struct tools * t)     \
	{                                                                  \
		(void)t;                                                   \
		return (long)(expression);                                 \
	}
#include "deed.def"

#undef C
#undef FD
#undef iov
#undef header
#undef batch
#undef nobody
#undef odd
#undef room
#undef offset
#undef span
#undef moment
#undef event
#undef lock
#undef one

static const struct deed {
	const char *call, *how;
	long (*act)(struct run *run, struct tools *tools);
} deeds[] = {
#define DEED(call, how, expression) {#call, how, NAME(__LINE__)},
#include "deed.def"
};

static void prepare(struct run *run, struct tools *t)
{
	int in[2], out[2], sockets[2];

	memset(t, 0, sizeof(*t));
	memset(t->buf, '#', SIZE);
	t->file = keep_foreign(run, memfd_create("tool", MFD_CLOEXEC));
	check(run, write(t->file, "abcdefghijkl", 12) == 12 && lseek(t->file, 2, SEEK_SET) == 2);
	check(run, pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	check(run, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0);
	t->socket = keep_foreign(run, sockets[0]);
	keep_foreign(run, sockets[1]);
	t->pipe = keep_foreign(run, in[0]);
	keep_foreign(run, in[1]);
	keep_foreign(run, out[0]);
	t->out = keep_foreign(run, out[1]);
	check(run, write(in[1], "ABCDEFGH", 8) == 8);
	t->iov[0] = (struct iovec){t->buf, 3};
	t->iov[1] = (struct iovec){t->buf + 3, 5};
	t->header = (struct msghdr){.msg_iov = t->iov, .msg_iovlen = 2};
	t->batch[0].msg_hdr = t->header;
	t->nobody = (struct sockaddr_in){.sin_family = AF_INET,
		.sin_port = htons(1),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	t->odd.sa_family = 77;
	t->room = SIZE;
	t->offset = 1;
	t->span.tv_usec = 1000;
	t->moment.tv_nsec = 1000000;
	t->lock = (struct flock){.l_type = F_WRLCK, .l_len = 3};
	t->one = 1;
}

static void note_tools(struct run *run, const struct tools *t)
{
	note_bytes(run, "buffer", t->buf, 16);
	note(run, "room %u, offset %lld, events %#x", t->room, (long long)t->offset,
		t->event.events);
	note(run, "file at %lld", (long long)lseek(t->file, 0, SEEK_CUR));
	note(run, "header %zu %#x, batch %u", t->header.msg_controllen,
		(unsigned)t->header.msg_flags, t->batch[0].msg_len);
}

static void note_thing(struct run *run, int fd)
{
	char bytes[32];
	ssize_t n;

	note(run, "at %lld", (long long)lseek(fd, 0, SEEK_CUR));
	note_flags(run, "it", fd);
	n = pread(fd, bytes, sizeof(bytes), 0);
	if (n >= 0)
		note_bytes(run, "content", bytes, n);
}

static void do_deed(struct run *run)
{
	static struct tools tools;
	const struct point *point = point_of(run);
	const struct deed *deed = point->verb;
	int fd = things[point->number].open(run);

	signal(SIGPIPE, SIG_IGN);
	prepare(run, &tools);
	tools.fd = fd;
	enter(run);
	result(run, deed->call, deed->act(run, &tools));
	note(run, "errno %s", error_name(errno));
	note_tools(run, &tools);
	note_thing(run, fd);
	if (fd >= 0 && fd < 999)
		run->calls->close(fd);
}

void things_add(void)
{
	for (size_t i = 0; i < COUNT(deeds); i++)
		for (size_t k = 0; k < nthings; k++)
			point_add((struct point){deeds[i].call, things[k].name, deeds[i].how,
				do_deed, &deeds[i], 0, (int)k, 0});
}
