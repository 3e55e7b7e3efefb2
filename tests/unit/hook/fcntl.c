/* fcntl.c - fcntl(2) through libc and through its mirror: copies, flags, and what is none
 * of ours. */
#include "harness/copying.h"
#include "harness/filelocking.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int copy_by_fcntl(struct run *run, int fd)
{
	return enter(run)->fcntl(fd, F_DUPFD, 0);
}

static void copy_close_on_exec(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int copy = descriptor(
		run, "fcntl", enter(run)->fcntl(pair.mine, F_DUPFD_CLOEXEC, 0));
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	note(run, "descriptor flags %d", run->calls->fcntl(copy, F_GETFD));
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(copy, buf, sizeof(buf)));
	peer_join(&peer);
}

static void copy_from_a_number_on(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	int copy = descriptor(run, "fcntl", enter(run)->fcntl(pair.mine, F_DUPFD, 500));

	note(run, "number %d", copy);
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_DUPFD, -1));
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_DUPFD, INT_MAX));
}

static void note_status_flags(struct run *run, int fd)
{
	int flags = run->calls->fcntl(fd, F_GETFL);

	note(run, "status flags %#x", (unsigned)flags);
	note_flags(run, "the description", fd);
}

static void status_flags(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	note_status_flags(run, pair.mine);
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_SETFL, O_NONBLOCK | O_ASYNC));
	note_status_flags(run, pair.mine);
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_SETFL, O_NONBLOCK));
	note_status_flags(run, pair.mine);
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_SETFL, 0));
	note_status_flags(run, pair.mine);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	note_status_flags(run, pair.mine);
}

/* A listening socket shows what its user set, before and after somebody waited on it. */
static void listening_socket(struct run *run)
{
	struct sockaddr_in address;
	int fd = keep(run, listener_open(run->calls, &address, 1));
	const struct timeval timeout = {0, 1000};

	note(run, "%#x", (unsigned)run->calls->fcntl(fd, F_GETFL));
	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) == 0);
	result(run, "accept", enter(run)->accept(fd, NULL, NULL));
	note(run, "%#x", (unsigned)run->calls->fcntl(fd, F_GETFL));
	check(run, run->calls->fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	note(run, "%#x", (unsigned)run->calls->fcntl(fd, F_GETFL));
	check(run, run->calls->fcntl(fd, F_SETFL, 0) == 0);
	note(run, "%#x", (unsigned)run->calls->fcntl(fd, F_GETFL));
	result(run, "accept", enter(run)->accept(fd, NULL, NULL));
}

static void descriptor_flags(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);

	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_GETFD));
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_SETFD, FD_CLOEXEC));
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_GETFD));
}

static void size_of_a_pipe(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);

	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_GETPIPE_SZ));
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_SETPIPE_SZ, 8192));
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_GETPIPE_SZ));
}

static void owner(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct f_owner_ex who = {F_OWNER_PID, getpid()};

	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_GETOWN));
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_SETOWN_EX, &who));
	who.pid = 0;
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_GETOWN_EX, &who));
	check(run, who.pid == getpid());
	check(run, run->calls->fcntl(pair.mine, F_GETOWN) == getpid());
}

static int temporary_file(struct run *run)
{
	char path[] = "/tmp/cohook-file-XXXXXX";
	int fd = keep_foreign(run, mkstemp(path));

	unlink(path);
	return fd;
}

/* Locks of the process: its pointer argument arrives, and what it points to comes
 * back. */
static void record_lock(struct run *run)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 10};
	int fd = temporary_file(run);

	result(run, "fcntl", enter(run)->fcntl(fd, F_SETLK, &lock));
	result(run, "fcntl", enter(run)->fcntl(fd, F_SETLKW, &lock));
	lock.l_type = F_RDLCK;
	result(run, "fcntl", enter(run)->fcntl(fd, F_GETLK, &lock));
	note(run, "type %d", lock.l_type);
}

/* The lock of a description, held through another one: two conflict within a process. */
static void description_lock(struct run *run)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[32];
	int fd = temporary_file(run), other;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	other = keep_foreign(run, open(path, O_RDWR));
	result(run, "fcntl", enter(run)->fcntl(fd, F_OFD_SETLK, &lock));
	result(run, "fcntl", enter(run)->fcntl(other, F_OFD_SETLK, &lock));
	lock.l_type = F_UNLCK;
	result(run, "fcntl", enter(run)->fcntl(fd, F_OFD_SETLK, &lock));
	lock.l_type = F_WRLCK;
	result(run, "fcntl", enter(run)->fcntl(other, F_OFD_SETLK, &lock));
}

static void errors(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);

	result(run, "fcntl", enter(run)->fcntl(-1, F_GETFL));
	result(run, "fcntl", enter(run)->fcntl(900, F_SETFL, O_NONBLOCK));
	result(run, "fcntl", enter(run)->fcntl(900, F_GETFD));
	result(run, "fcntl", enter(run)->fcntl(pair.mine, 12345));
	result(run, "fcntl", enter(run)->fcntl(pair.mine, F_GETPIPE_SZ));
}

static struct flock whole_file(void)
{
	return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

static int lock_record_as(const struct calls *calls, int fd)
{
	struct flock lock = whole_file();

	return calls->fcntl(fd, F_SETLKW, &lock);
}

static int lock_record(struct run *run, int fd)
{
	return (int)result(run, "F_SETLKW", lock_record_as(enter(run), fd));
}

static int hold_record(int fd)
{
	return lock_record_as(&plain_calls, fd);
}

static int attempt_record(int fd)
{
	struct flock lock = whole_file();

	return fcntl(fd, F_SETLK, &lock);
}

static int lock_description_as(const struct calls *calls, int fd)
{
	struct flock lock = whole_file();

	return calls->fcntl(fd, F_OFD_SETLKW, &lock);
}

static int lock_description(struct run *run, int fd)
{
	return (int)result(run, "F_OFD_SETLKW", lock_description_as(enter(run), fd));
}

static int hold_description(int fd)
{
	return lock_description_as(&plain_calls, fd);
}

static int attempt_description(int fd)
{
	struct flock lock = whole_file();

	return fcntl(fd, F_OFD_SETLK, &lock);
}

int main(void)
{
	static const struct filelocking records = {
		lock_record, hold_record, attempt_record, lock_record_as, true};
	static const struct filelocking descriptions = {lock_description,
		hold_description, attempt_description, lock_description_as};
	static const struct copying verb = {"fcntl", copy_by_fcntl};
	static const struct scenario scenarios[] = {
		{"copy, close on exec (tcp)", copy_close_on_exec, TCP},
		{"copy, close on exec (pipe)", copy_close_on_exec, PIPE},
		{"copy from a number on", copy_from_a_number_on},
		{"status flags (tcp)", status_flags, TCP},
		{"status flags (pipe)", status_flags, PIPE},
		{"status flags (pty)", status_flags, PTY},
		{"listening socket", listening_socket},
		{"descriptor flags", descriptor_flags},
		{"size of a pipe", size_of_a_pipe},
		{"owner", owner},
		{"record lock", record_lock},
		{"description lock", description_lock},
		{"errors", errors},
	};

	copying_add(&verb);
	filelocking_add(&records);
	filelocking_add(&descriptions);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("fcntl");
}
