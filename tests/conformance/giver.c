/* giver.c - one form for all calls that give bytes away.
 *
 * Those of stdio keep a FILE for as long as a scenario goes on; what sendfile and splice
 * take their bytes from is made and removed around the call. */
#include "giver.h"
#include "kinds.h"

#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

static FILE *stream;

void giver_begin(void)
{
	stream = NULL;
}

static FILE *over(int fd, int buffering)
{
	if (!stream) {
		stream = fdopen(fd, "w");
		setvbuf(stream, NULL, buffering, 0);
	}
	return stream;
}

/* --- writes -------------------------------------------------------------------------------- */

static ssize_t by_write(struct run *run, int fd, const void *buf, size_t size)
{
	return enter(run)->write(fd, buf, size);
}

static struct iovec *pieces(const void *buf, size_t size)
{
	static struct iovec iov[2];
	const size_t first = size < 3 ? size : 3;

	iov[0] = (struct iovec){(void *)buf, first};
	iov[1] = (struct iovec){(char *)buf + first, size - first};
	return iov;
}

static ssize_t by_writev(struct run *run, int fd, const void *buf, size_t size)
{
	return enter(run)->writev(fd, pieces(buf, size), 2);
}

static ssize_t by_pwritev2(struct run *run, int fd, const void *buf, size_t size)
{
	return enter(run)->pwritev2(fd, pieces(buf, size), 2, -1, 0);
}

/* --- messages ------------------------------------------------------------------------------ */

static ssize_t by_send(struct run *run, int fd, const void *buf, size_t size)
{
	return enter(run)->send(fd, buf, size, 0);
}

static ssize_t by_send_nosignal(struct run *run, int fd, const void *buf, size_t size)
{
	return enter(run)->send(fd, buf, size, MSG_NOSIGNAL | MSG_MORE);
}

static ssize_t by_send_dontwait(struct run *run, int fd, const void *buf, size_t size)
{
	return enter(run)->send(fd, buf, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static ssize_t by_sendto(struct run *run, int fd, const void *buf, size_t size)
{
	return enter(run)->sendto(fd, buf, size, MSG_EOR, NULL, 0);
}

static ssize_t by_sendmsg(struct run *run, int fd, const void *buf, size_t size)
{
	const struct msghdr header = {.msg_iov = pieces(buf, size), .msg_iovlen = 2};

	return enter(run)->sendmsg(fd, &header, 0);
}

/* Two messages of half the size each; the sum of the lengths that are filled in. */
static ssize_t by_sendmmsg(struct run *run, int fd, const void *buf, size_t size)
{
	struct iovec iov[2] = {{(void *)buf, size / 2}, {(char *)buf + size / 2, size - size / 2}};
	struct mmsghdr messages[2] = {0};
	ssize_t sum = 0;
	int n, error;

	for (int i = 0; i < 2; i++) {
		messages[i].msg_hdr.msg_iov = &iov[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	n = enter(run)->sendmmsg(fd, messages, 2, 0);
	error = errno;
	for (int i = 0; i < n; i++)
		sum += messages[i].msg_len;
	errno = error;
	return n < 0 ? n : sum;
}

/* --- out of files and pipes ---------------------------------------------------------------- */

static int file_with(struct run *run, const void *buf, size_t size)
{
	int file = memfd_create("given", MFD_CLOEXEC);

	check(run, file >= 0 && pwrite(file, buf, size, 0) == (ssize_t)size);
	return file;
}

static ssize_t by_sendfile(struct run *run, int fd, const void *buf, size_t size)
{
	int file = file_with(run, buf, size), error;
	off_t at = 0;
	ssize_t n = enter(run)->sendfile(fd, file, &at, size);

	error = errno;
	note(run, "the file's position moved %d", lseek(file, 0, SEEK_CUR) != 0);
	check(run, at == (n < 0 ? 0 : n));
	close(file);
	errno = error;
	return n;
}

static ssize_t by_splice(struct run *run, int fd, const void *buf, size_t size)
{
	int fds[2], error;
	ssize_t n;

	check(run, pipe(fds) == 0);
	fcntl(fds[1], F_SETPIPE_SZ, 1 << 20);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	check(run, write(fds[1], buf, size) == (ssize_t)size);
	n = enter(run)->splice(fds[0], NULL, fd, NULL, size, 0);
	error = errno;
	close(fds[0]);
	close(fds[1]);
	errno = error;
	return n;
}

static ssize_t by_tee(struct run *run, int fd, const void *buf, size_t size)
{
	int fds[2], error;
	ssize_t n;

	check(run, pipe(fds) == 0);
	fcntl(fds[1], F_SETPIPE_SZ, 1 << 20);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	check(run, write(fds[1], buf, size) == (ssize_t)size);
	fcntl(fds[1], F_SETFL, 0);
	n = enter(run)->tee(fds[0], fd, size, 0);
	error = errno;
	close(fds[0]);
	close(fds[1]);
	errno = error;
	return n;
}

static ssize_t by_vmsplice(struct run *run, int fd, const void *buf, size_t size)
{
	return enter(run)->vmsplice(fd, pieces(buf, size), 2, 0);
}

/* --- stdio --------------------------------------------------------------------------------- */

static ssize_t state(struct run *run, ssize_t n)
{
	int error = errno;

	note(run, "error %d", ferror(stream) != 0);
	errno = error;
	return n;
}

static ssize_t by_fwrite(struct run *run, int fd, const void *buf, size_t size)
{
	over(fd, _IONBF);
	return state(run, (ssize_t)enter(run)->fwrite(buf, 1, size, stream));
}

static ssize_t by_fflush(struct run *run, int fd, const void *buf, size_t size)
{
	ssize_t n;

	over(fd, _IOFBF);
	n = (ssize_t)fwrite(buf, 1, size < 4000 ? size : 4000, stream);
	return state(run, enter(run)->fflush(stream) ? -1 : n);
}

static ssize_t by_fputs(struct run *run, int fd, const void *buf, size_t size)
{
	char *text = strndup(buf, size);
	ssize_t n;
	int error;

	over(fd, _IONBF);
	n = state(run, enter(run)->fputs(text, stream) < 0 ? -1 : 1);
	error = errno;
	free(text);
	errno = error;
	return n;
}

static ssize_t by_dprintf(struct run *run, int fd, const void *buf, size_t size)
{
	return enter(run)->dprintf(fd, "%.*s", (int)size, (const char *)buf);
}

static ssize_t by_fprintf(struct run *run, int fd, const void *buf, size_t size)
{
	over(fd, _IONBF);
	return state(run, enter(run)->fprintf(stream, "%.*s", (int)size, (const char *)buf));
}

/* --- waits --------------------------------------------------------------------------------- */

static ssize_t by_poll(struct run *run, int fd, const void *buf, size_t size)
{
	struct pollfd p = {fd, POLLOUT, 0};
	int n = enter(run)->poll(&p, 1, -1);

	(void)buf;
	(void)size;
	return n > 0 ? p.revents : n;
}

static ssize_t by_ppoll(struct run *run, int fd, const void *buf, size_t size)
{
	struct pollfd p = {fd, POLLOUT, 0};
	int n = enter(run)->ppoll(&p, 1, NULL, NULL);

	(void)buf;
	(void)size;
	return n > 0 ? p.revents : n;
}

static ssize_t by_select(struct run *run, int fd, const void *buf, size_t size)
{
	fd_set out;
	int n;

	(void)buf;
	(void)size;
	FD_ZERO(&out);
	FD_SET(fd, &out);
	n = enter(run)->select(fd + 1, NULL, &out, NULL, NULL);
	return n > 0 && !FD_ISSET(fd, &out) ? -2 : n;
}

static ssize_t by_epoll_wait(struct run *run, int fd, const void *buf, size_t size)
{
	struct epoll_event event = {.events = EPOLLOUT};
	int set = run->calls->epoll_create1(EPOLL_CLOEXEC), n, error;

	(void)buf;
	(void)size;
	check(run, epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0);
	n = enter(run)->epoll_wait(set, &event, 1, -1);
	error = errno;
	run->calls->close(set);
	errno = error;
	return n > 0 ? (ssize_t)event.events : n;
}

enum { FEW = 1 << TCP | 1 << UNIX_STREAM | 1 << PIPE };

const struct giver givers[] = {
	{"write", "", by_write, ALL_KINDS},
	{"writev", "", by_writev, USUAL_KINDS},
	{"pwritev2", "", by_pwritev2, FEW | 1 << UNIX_SEQPACKET | 1 << PTY},
	{"send", "", by_send, USUAL_SOCKETS},
	{"send", "MSG_NOSIGNAL", by_send_nosignal, USUAL_STREAM_SOCKETS},
	{"send", "MSG_DONTWAIT", by_send_dontwait, USUAL_SOCKETS, NEVER},
	{"sendto", "", by_sendto, USUAL_SOCKETS},
	{"sendmsg", "", by_sendmsg, SOCKETS},
	{"sendmmsg", "", by_sendmmsg, USUAL_SOCKETS},
	{"sendfile", "", by_sendfile, USUAL_STREAM_SOCKETS, NO_BUFFER},
	{"sendfile", "", by_sendfile, PIPES, NO_BUFFER | SHORT},
	{"splice", "", by_splice, USUAL_STREAM_SOCKETS, NO_BUFFER},
	{"splice", "", by_splice, PIPES, NO_BUFFER | SHORT},
	{"tee", "", by_tee, PIPES, NO_BUFFER | SHORT},
	{"vmsplice", "", by_vmsplice, PIPES, DEAF | SHORT},
	{"fwrite", "", by_fwrite, FEW | 1 << PTY, STDIO},
	{"fflush", "", by_fflush, FEW, STDIO | SHORT},
	{"fputs", "", by_fputs, FEW, STDIO},
	{"dprintf", "", by_dprintf, FEW, STDIO},
	{"fprintf", "", by_fprintf, FEW, STDIO},
	{"poll", "POLLOUT", by_poll, USUAL_KINDS, EAGER | NO_BUFFER},
	{"ppoll", "POLLOUT", by_ppoll, FEW | 1 << PTY, EAGER | NO_BUFFER},
	{"select", "to write", by_select, USUAL_KINDS, EAGER | NO_BUFFER},
	{"epoll_wait", "EPOLLOUT", by_epoll_wait, USUAL_KINDS, EAGER | NO_BUFFER | EPOLLS},
};

const size_t ngivers = COUNT(givers);
