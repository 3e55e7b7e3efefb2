/* taker.c - one form for all calls that take bytes.
 *
 * Those of stdio keep a FILE for as long as a scenario goes on, over a number that the
 * scenario closes. */
#include "taker.h"
#include "kinds.h"

#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

static FILE *stream;

void taker_begin(void)
{
	stream = NULL;
}

static FILE *over(int fd)
{
	if (!stream)
		stream = fdopen(fd, "r");
	return stream;
}

static void got(struct run *run, const char *call, ssize_t n, const void *buf)
{
	result(run, call, n);
	if (n > 0)
		note_bytes(run, "bytes", buf, n);
}

/* --- reads --------------------------------------------------------------------------------- */

static void by_read(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "read", enter(run)->read(fd, buf, size), buf);
}

/* Two pieces of the buffer, the first of three bytes. */
static struct iovec *pieces(void *buf, size_t size)
{
	static struct iovec iov[2];
	const size_t first = size < 3 ? size : 3;

	iov[0] = (struct iovec){buf, first};
	iov[1] = (struct iovec){(char *)buf + first, size - first};
	return iov;
}

static void by_readv(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "readv", enter(run)->readv(fd, pieces(buf, size), 2), buf);
}

static void by_preadv2(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "preadv2", enter(run)->preadv2(fd, pieces(buf, size), 2, -1, 0), buf);
}

static void by_preadv2_nowait(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "preadv2", enter(run)->preadv2(fd, pieces(buf, size), 2, -1, RWF_NOWAIT), buf);
}

/* --- messages ------------------------------------------------------------------------------ */

static void by_recv(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "recv", enter(run)->recv(fd, buf, size, 0), buf);
}

static void by_recv_waitall(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "recv", enter(run)->recv(fd, buf, size, MSG_WAITALL), buf);
}

static void by_recv_peek(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "recv", enter(run)->recv(fd, buf, size, MSG_PEEK), buf);
}

static void by_recv_trunc(struct run *run, int fd, void *buf, size_t size)
{
	(void)size;
	result(run, "recv", enter(run)->recv(fd, buf, 2, MSG_TRUNC));
}

static void by_recv_dontwait(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "recv", enter(run)->recv(fd, buf, size, MSG_DONTWAIT), buf);
}

static void by_recv_errqueue(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "recv", enter(run)->recv(fd, buf, size, MSG_ERRQUEUE), buf);
}

static void by_recv_oob(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "recv", enter(run)->recv(fd, buf, size, MSG_OOB), buf);
}

static void by_recvfrom(struct run *run, int fd, void *buf, size_t size)
{
	struct sockaddr_storage from = {0};
	socklen_t room = sizeof(from);

	got(run, "recvfrom",
		enter(run)->recvfrom(fd, buf, size, 0, (struct sockaddr *)&from, &room), buf);
	note(run, "from %u bytes of family %d", room, from.ss_family);
}

static void by_recvfrom_little(struct run *run, int fd, void *buf, size_t size)
{
	char from[16];
	socklen_t room = 1;

	memset(from, '#', sizeof(from));
	got(run, "recvfrom",
		enter(run)->recvfrom(fd, buf, size, 0, (struct sockaddr *)from, &room), buf);
	note_bytes(run, "from", from + 1, sizeof(from) - 1);
	note(run, "it has %u bytes", room);
}

static void note_header(struct run *run, const struct msghdr *header)
{
	note(run, "name %u, control %zu, flags %#x, iov %zu", header->msg_namelen,
		header->msg_controllen, (unsigned)header->msg_flags, header->msg_iovlen);
}

static void receive_message(struct run *run, int fd, void *buf, size_t size, int flags)
{
	char control[64];
	struct sockaddr_storage name;
	struct msghdr header = {&name, sizeof(name), pieces(buf, size), 2, control,
		sizeof(control), 0x55};

	got(run, "recvmsg", enter(run)->recvmsg(fd, &header, flags), buf);
	note_header(run, &header);
}

static void by_recvmsg(struct run *run, int fd, void *buf, size_t size)
{
	receive_message(run, fd, buf, size, 0);
}

static void by_recvmsg_trunc(struct run *run, int fd, void *buf, size_t size)
{
	(void)size;
	receive_message(run, fd, buf, 3, 0);
}

static void by_recvmsg_peek(struct run *run, int fd, void *buf, size_t size)
{
	receive_message(run, fd, buf, size, MSG_PEEK);
}

static void by_recvmsg_cloexec(struct run *run, int fd, void *buf, size_t size)
{
	receive_message(run, fd, buf, size, MSG_CMSG_CLOEXEC | MSG_WAITALL);
}

static void receive_batch(struct run *run, int fd, char *buf, size_t size, int flags)
{
	struct iovec iov[2] = {{buf, size / 2}, {buf + size / 2, size - size / 2}};
	struct mmsghdr messages[2] = {{{0}, 77}, {{0}, 77}};
	int n;

	for (int i = 0; i < 2; i++) {
		messages[i].msg_hdr.msg_iov = &iov[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	n = (int)result(run, "recvmmsg", enter(run)->recvmmsg(fd, messages, 2, flags, NULL));
	for (int i = 0; i < 2; i++) {
		note(run, "length %u", messages[i].msg_len);
		if (i < n && messages[i].msg_len <= iov[i].iov_len)
			note_bytes(run, "bytes", iov[i].iov_base, messages[i].msg_len);
		note_header(run, &messages[i].msg_hdr);
	}
}

static void by_recvmmsg(struct run *run, int fd, void *buf, size_t size)
{
	receive_batch(run, fd, buf, size, MSG_WAITFORONE);
}

static void by_recvmmsg_dontwait(struct run *run, int fd, void *buf, size_t size)
{
	receive_batch(run, fd, buf, size, MSG_DONTWAIT);
}

/* --- pipes --------------------------------------------------------------------------------- */

static void through_pipe(struct run *run, const char *call, ssize_t n, int from)
{
	char buf[64];
	ssize_t there;

	result(run, call, n);
	fcntl(from, F_SETFL, O_NONBLOCK);
	there = read(from, buf, sizeof(buf));
	if (there > 0)
		note_bytes(run, "in the pipe", buf, there);
}

static void by_splice(struct run *run, int fd, void *buf, size_t size)
{
	int fds[2];

	(void)buf;
	check(run, pipe(fds) == 0);
	through_pipe(run, "splice", enter(run)->splice(fd, NULL, fds[1], NULL, size, 0), fds[0]);
	close(fds[0]);
	close(fds[1]);
}

static void by_splice_nonblock(struct run *run, int fd, void *buf, size_t size)
{
	int fds[2];

	(void)buf;
	check(run, pipe(fds) == 0);
	through_pipe(run, "splice",
		enter(run)->splice(fd, NULL, fds[1], NULL, size, SPLICE_F_NONBLOCK), fds[0]);
	close(fds[0]);
	close(fds[1]);
}

static void by_tee(struct run *run, int fd, void *buf, size_t size)
{
	int fds[2];

	(void)buf;
	check(run, pipe(fds) == 0);
	through_pipe(run, "tee", enter(run)->tee(fd, fds[1], size, 0), fds[0]);
	close(fds[0]);
	close(fds[1]);
}

static void by_vmsplice(struct run *run, int fd, void *buf, size_t size)
{
	got(run, "vmsplice", enter(run)->vmsplice(fd, pieces(buf, size), 2, 0), buf);
}

/* --- stdio --------------------------------------------------------------------------------- */

static void note_state(struct run *run)
{
	note(run, "end %d, error %d", feof(stream) != 0, ferror(stream) != 0);
}

static void by_fgetc(struct run *run, int fd, void *buf, size_t size)
{
	(void)buf;
	(void)size;
	over(fd);
	result(run, "fgetc", enter(run)->fgetc(stream));
	note_state(run);
}

static void by_getc(struct run *run, int fd, void *buf, size_t size)
{
	(void)buf;
	(void)size;
	over(fd);
	result(run, "getc", enter(run)->getc(stream));
	note_state(run);
}

static void by_getc_unlocked(struct run *run, int fd, void *buf, size_t size)
{
	(void)buf;
	(void)size;
	over(fd);
	result(run, "getc_unlocked", enter(run)->getc_unlocked(stream));
	note_state(run);
}

static void by_fgets(struct run *run, int fd, void *buf, size_t size)
{
	char *line;

	over(fd);
	line = enter(run)->fgets(buf, (int)size, stream);
	result(run, "fgets", line ? 1 : -1);
	note_bytes(run, "line", buf, line ? (ssize_t)strlen(line) : 0);
	note_state(run);
}

static void by_fread(struct run *run, int fd, void *buf, size_t size)
{
	size_t n;

	over(fd);
	n = enter(run)->fread(buf, 2, size / 2, stream);
	note(run, "errno %s", n ? "none" : error_name(errno));
	got(run, "fread", (ssize_t)n, buf);
	note_state(run);
}

static void by_getline(struct run *run, int fd, void *buf, size_t size)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	(void)buf;
	(void)size;
	over(fd);
	n = enter(run)->getline(&line, &room, stream);
	got(run, "getline", n, line);
	note_state(run);
	free(line);
}

static void by_getdelim(struct run *run, int fd, void *buf, size_t size)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	(void)buf;
	(void)size;
	over(fd);
	n = enter(run)->getdelim(&line, &room, 'l', stream);
	got(run, "getdelim", n, line);
	note_state(run);
	free(line);
}

static void by_fscanf(struct run *run, int fd, void *buf, size_t size)
{
	int n;

	(void)size;
	over(fd);
	n = enter(run)->fscanf(stream, "%7s", (char *)buf);
	result(run, "fscanf", n);
	note_bytes(run, "word", buf, n == 1 ? (ssize_t)strlen(buf) : 0);
	note_state(run);
}

/* --- waits --------------------------------------------------------------------------------- */

static void by_poll(struct run *run, int fd, void *buf, size_t size)
{
	struct pollfd fds[2] = {{-1, POLLIN, 0x55}, {fd, POLLIN | POLLRDHUP | POLLPRI, 0x55}};

	(void)buf;
	(void)size;
	result(run, "poll", enter(run)->poll(fds, 2, -1));
	note(run, "revents %#x %#x", (unsigned)fds[0].revents, (unsigned)fds[1].revents);
}

static void by_ppoll(struct run *run, int fd, void *buf, size_t size)
{
	struct pollfd p = {fd, POLLIN | POLLRDNORM, 0x55};
	const struct timespec span = {600, 0};

	(void)buf;
	(void)size;
	result(run, "ppoll", enter(run)->ppoll(&p, 1, &span, NULL));
	note(run, "revents %#x", (unsigned)p.revents);
}

static void by_select(struct run *run, int fd, void *buf, size_t size)
{
	struct timeval span = {600, 0};
	fd_set in, except;

	(void)buf;
	(void)size;
	FD_ZERO(&in);
	FD_SET(fd, &in);
	except = in;
	result(run, "select", enter(run)->select(fd + 1, &in, NULL, &except, &span));
	note(run, "in %d, except %d, time went by %d", FD_ISSET(fd, &in), FD_ISSET(fd, &except),
		span.tv_sec < 600);
}

static void by_pselect(struct run *run, int fd, void *buf, size_t size)
{
	const struct timespec span = {600, 0};
	fd_set in;

	(void)buf;
	(void)size;
	FD_ZERO(&in);
	FD_SET(fd, &in);
	result(run, "pselect", enter(run)->pselect(fd + 1, &in, NULL, NULL, &span, NULL));
	note(run, "in %d", FD_ISSET(fd, &in));
}

static int set_with(struct run *run, int fd, unsigned events)
{
	struct epoll_event event = {.events = events, .data.u64 = 4711};
	int set = run->calls->epoll_create1(EPOLL_CLOEXEC);

	check(run, set >= 0 && epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0);
	return set;
}

static void end_set(struct run *run, int set, const struct epoll_event *event)
{
	note(run, "events %#x, data %d", event->events, (int)event->data.u64);
	run->calls->close(set);
}

static void by_epoll_wait(struct run *run, int fd, void *buf, size_t size)
{
	struct epoll_event event = {0};
	int set = set_with(run, fd, EPOLLIN | EPOLLRDHUP);

	(void)buf;
	(void)size;
	result(run, "epoll_wait", enter(run)->epoll_wait(set, &event, 1, -1));
	end_set(run, set, &event);
}

static void by_epoll_pwait(struct run *run, int fd, void *buf, size_t size)
{
	struct epoll_event event = {0};
	int set = set_with(run, fd, EPOLLIN | EPOLLET);

	(void)buf;
	(void)size;
	result(run, "epoll_pwait", enter(run)->epoll_pwait(set, &event, 1, 600000, NULL));
	end_set(run, set, &event);
}

static void by_epoll_pwait2(struct run *run, int fd, void *buf, size_t size)
{
	struct epoll_event event = {0};
	int set = set_with(run, fd, EPOLLIN | EPOLLONESHOT);

	(void)buf;
	(void)size;
	result(run, "epoll_pwait2", enter(run)->epoll_pwait2(set, &event, 1, NULL, NULL));
	end_set(run, set, &event);
}

enum { SPLICED = USUAL_STREAM_SOCKETS | PIPES };

const struct taker takers[] = {
	{"read", "", by_read, ALL_KINDS},
	{"readv", "", by_readv, USUAL_KINDS},
	{"preadv2", "", by_preadv2, USUAL_KINDS},
	{"preadv2", "RWF_NOWAIT", by_preadv2_nowait, 1 << TCP | 1 << PIPE | 1 << PTY, NEVER},
	{"recv", "", by_recv, USUAL_SOCKETS},
	{"recv", "MSG_WAITALL", by_recv_waitall, USUAL_SOCKETS, WHOLE},
	{"recv", "MSG_PEEK", by_recv_peek, USUAL_SOCKETS},
	{"recv", "MSG_TRUNC", by_recv_trunc, USUAL_SOCKETS},
	{"recv", "MSG_DONTWAIT", by_recv_dontwait, USUAL_SOCKETS, NEVER},
	{"recv", "MSG_ERRQUEUE", by_recv_errqueue, USUAL_SOCKETS, NEVER},
	{"recv", "MSG_OOB", by_recv_oob, USUAL_SOCKETS, NEVER},
	{"recvfrom", "", by_recvfrom, SOCKETS},
	{"recvfrom", "little room for the name", by_recvfrom_little, 1 << TCP | 1 << UDP},
	{"recvmsg", "", by_recvmsg, USUAL_SOCKETS},
	{"recvmsg", "little room", by_recvmsg_trunc, USUAL_SOCKETS},
	{"recvmsg", "MSG_PEEK", by_recvmsg_peek, USUAL_SOCKETS},
	{"recvmsg", "MSG_WAITALL", by_recvmsg_cloexec, USUAL_SOCKETS, WHOLE},
	{"recvmmsg", "", by_recvmmsg, USUAL_SOCKETS},
	{"recvmmsg", "MSG_DONTWAIT", by_recvmmsg_dontwait, USUAL_SOCKETS, NEVER},
	{"splice", "", by_splice, SPLICED, NO_BUFFER},
	{"splice", "SPLICE_F_NONBLOCK", by_splice_nonblock, PIPES, NEVER | NO_BUFFER},
	{"tee", "", by_tee, PIPES, NO_BUFFER},
	{"vmsplice", "", by_vmsplice, PIPES, DEAF},
	{"fgetc", "", by_fgetc, 1 << TCP | 1 << UNIX_STREAM | 1 << PIPE, STDIO},
	{"getc", "", by_getc, 1 << PTY | 1 << PIPE, STDIO},
	{"getc_unlocked", "", by_getc_unlocked, 1 << PTY | 1 << FIFO, STDIO},
	{"fgets", "", by_fgets, USUAL_STREAMS, STDIO},
	{"fread", "", by_fread, USUAL_STREAMS, STDIO | WHOLE},
	{"getline", "", by_getline, 1 << TCP | 1 << PIPE, STDIO},
	{"getdelim", "", by_getdelim, 1 << TCP | 1 << PIPE, STDIO},
	{"fscanf", "", by_fscanf, 1 << TCP | 1 << PIPE | 1 << PTY, STDIO},
	{"poll", "", by_poll, USUAL_KINDS, EAGER | NO_BUFFER},
	{"ppoll", "", by_ppoll, USUAL_KINDS, EAGER | NO_BUFFER},
	{"select", "", by_select, USUAL_KINDS, EAGER | NO_BUFFER},
	{"pselect", "", by_pselect, USUAL_KINDS, EAGER | NO_BUFFER},
	{"epoll_wait", "", by_epoll_wait, USUAL_KINDS, EAGER | NO_BUFFER | EPOLLS},
	{"epoll_pwait", "", by_epoll_pwait, USUAL_KINDS, EAGER | NO_BUFFER | EPOLLS},
	{"epoll_pwait2", "", by_epoll_pwait2, USUAL_KINDS, EAGER | NO_BUFFER | EPOLLS},
};

const size_t ntakers = COUNT(takers);
