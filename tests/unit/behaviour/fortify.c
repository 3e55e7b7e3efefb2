/* fortify.c - the checking forms that _FORTIFY_SOURCE asks for: like the mirrors while
 * the object is large enough, the end of the program when it is not. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"
#include "harness/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIST(...) __VA_ARGS__
#define FORTIFY(name, chk, ret, params, args, object, bytes) \
	extern ret co_##chk(LIST params, size_t object_size);
#define FORMAT(name, chk, takes, params, args) extern int co_##chk(LIST takes);
#define MODELESS(name, chk, params, args) extern int co_##chk params, chk params;
#include "cohook/hooks.def"

/* libc's, with parameters in another order. */
extern char *__fgets_chk(char *buf, size_t size, int n, FILE *fp);
extern size_t __fread_chk(void *buf, size_t room, size_t size, size_t n, FILE *fp);
extern int __fprintf_chk(FILE *fp, int flag, const char *format, ...);

static void large_enough(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	struct pollfd p = {pair.mine, POLLIN, 0};
	char buf[16];

	peer_start(run, &peer);
	enter(run);
	result(run, "read", co___read_chk(pair.mine, buf, sizeof(buf), sizeof(buf)));
	peer_join(&peer);
	peer_start(run, &peer);
	enter(run);
	result(run, "poll", co___poll_chk(&p, 1, -1, sizeof(p)));
	peer_join(&peer);
	enter(run);
	result(run, "ppoll", co___ppoll_chk(&p, 1, NULL, NULL, sizeof(p)));
	enter(run);
	result(run, "pread", co___pread_chk(pair.mine, buf, sizeof(buf), 0, sizeof(buf)));
	enter(run);
	result(run, "recv", co___recv_chk(pair.mine, buf, sizeof(buf), 0, sizeof(buf)));
}

/* 0 in a child that may abort without a word; its status in the parent, once it has
 * ended. */
static pid_t fork_quietly(struct run *run, int *status)
{
	pid_t child = fork();

	if (child == 0) {
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		return 0;
	}
	*status = -1;
	check(run, waitpid(child, status, 0) == child);
	return child;
}

/* How a child ends that makes CALL. */
static void note_end(struct run *run, void (*call)(int fd), int fd)
{
	int status;

	if (fork_quietly(run, &status) == 0) {
		call(fd);
		_exit(0);
	}
	note(run, "aborted: %d", WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void read_too_much(int fd)
{
	char buf[16];

	co___read_chk(fd, buf, sizeof(buf) + 1, sizeof(buf));
}

static void read_too_much_at(int fd)
{
	char buf[16];

	co___pread_chk(fd, buf, sizeof(buf) + 1, 0, sizeof(buf));
}

static void receive_too_much(int fd)
{
	char buf[16];

	co___recv_chk(fd, buf, sizeof(buf) + 1, 0, sizeof(buf));
}

static void poll_too_many(int fd)
{
	struct pollfd p = {fd, POLLIN, 0};

	co___poll_chk(&p, 2, 0, sizeof(p));
}

static void ppoll_too_many(int fd)
{
	struct pollfd p = {fd, POLLIN, 0};

	co___ppoll_chk(&p, 2, &(struct timespec){0}, NULL, sizeof(p));
}

/* --- streams ------------------------------------------------------------------------------------------ */

enum { ROOM = 8 };

struct attempt {
	struct run *run;
	FILE *fp;
	size_t n;
	const char *format;
};

static bool line_comes(const struct attempt *a)
{
	char buf[ROOM];
	int n = (int)a->n;

	if (a->run->mode == PLAIN)
		return __fgets_chk(buf, ROOM, n, a->fp);
	return co___fgets_chk(buf, n, a->fp, ROOM);
}

static bool block_comes(const struct attempt *a)
{
	char buf[ROOM];

	if (a->run->mode == PLAIN)
		return __fread_chk(buf, ROOM, a->n, 2, a->fp);
	return co___fread_chk(buf, a->n, 2, a->fp, ROOM);
}

static bool text_goes(const struct attempt *a)
{
	int count;

	if (a->run->mode == PLAIN)
		return __fprintf_chk(a->fp, 1, a->format, &count) >= 0;
	return co___fprintf_chk(a->fp, 1, a->format, &count) >= 0;
}

/* How a child ends that makes the attempt on a stream that holds TEXT. */
static void note_attempt(
	struct run *run, bool (*call)(const struct attempt *), size_t n, const char *text)
{
	struct attempt a = {run, stream_on_disk(run, "r+", text, strlen(text)), n, NULL};
	char writable[] = "%n";
	int status = -1, null;
	pid_t child;

	a.format = n ? "%n" : writable;
	child = fork();
	if (child == 0) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		_exit(call(&a));
	}
	check(run, waitpid(child, &status, 0) == child);
	note(run, "%zu of '%s': aborted %d, came %d", n, text,
		WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
		WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	fclose(a.fp);
}

static void streams(struct run *run)
{
	static const char *const texts[] = {
		"", "a", "123456\n", "1234567", "1234567\n", "12345678", "123456\n789"};
	static const size_t sizes[] = {0, 1, ROOM - 1, ROOM, ROOM + 1, 1000};
	size_t i, j;

	for (i = 0; i < COUNT(texts); i++)
		for (j = 0; j < COUNT(sizes); j++)
			note_attempt(run, line_comes, sizes[j], texts[i]);
	note_attempt(run, block_comes, ROOM / 2, "123456789");
	note_attempt(run, block_comes, ROOM / 2 + 1, "123456789");
	note_attempt(run, block_comes, SIZE_MAX / 2 + 2, "123456789");
#ifndef __SANITIZE_ADDRESS__ /* its own printf does not look */
	note_attempt(run, text_goes, 0, "");
#endif
	note_attempt(run, text_goes, 1, "");
}

/* --- open --------------------------------------------------------------------------------------------- */

static int open_by(const struct run *run, size_t form, const char *path, int flags)
{
	bool plain = run->mode == PLAIN;

	switch (form) {
	case 0:
		return plain ? __open_2(path, flags) : co___open_2(path, flags);
	case 1:
		return plain ? __open64_2(path, flags) : co___open64_2(path, flags);
	case 2:
		return plain ? __openat_2(AT_FDCWD, path, flags)
			     : co___openat_2(AT_FDCWD, path, flags);
	default:
		return plain ? __openat64_2(AT_FDCWD, path, flags)
			     : co___openat64_2(AT_FDCWD, path, flags);
	}
}

/* How a child ends that opens PATH. */
static void note_opening(struct run *run, size_t form, const char *path, int flags)
{
	int status;

	if (fork_quietly(run, &status) == 0)
		_exit(open_by(run, form, path, flags) < 0 ? errno : 0);
	note(run, "form %zu of '%s' with %o: aborted %d, error %d", form, path, flags,
		WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
		WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void without_mode(struct run *run)
{
	static const int flags[] = {O_RDONLY, O_DIRECTORY, O_WRONLY, O_WRONLY | O_CREAT,
		O_RDWR | O_CREAT | O_EXCL, O_RDWR | O_TMPFILE,
		O_RDWR | (O_TMPFILE & ~O_DIRECTORY)};
	size_t form, i;

	for (form = 0; form < 4; form++)
		for (i = 0; i < COUNT(flags); i++) {
			note_opening(run, form, "/", flags[i]);
			note_opening(run, form, "/nowhere/at/all", flags[i]);
		}
}

static void too_small(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_STREAM, TO_ME);

	pair_put(run, &pair, "hello");
	note_end(run, read_too_much, pair.mine);
	note_end(run, read_too_much_at, pair.mine);
	note_end(run, receive_too_much, pair.mine);
	note_end(run, poll_too_many, pair.mine);
	note_end(run, ppoll_too_many, pair.mine);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"large enough (tcp)", large_enough, TCP, MODES_MIRROR},
		{"large enough (unix stream)", large_enough, UNIX_STREAM, MODES_MIRROR},
		{"too small", too_small, 0, MODES_MIRROR},
		{"streams", streams},
		{"open without a mode", without_mode},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("fortify");
}
