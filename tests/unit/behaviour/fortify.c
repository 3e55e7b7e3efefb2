/* fortify.c - the checking forms that _FORTIFY_SOURCE asks for: like the mirrors while
 * the object is large enough, the end of the program when it is not. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIST(...) __VA_ARGS__
#define FORTIFY(name, chk, ret, params, args, object, bytes) \
	extern ret co_##chk(LIST params, size_t object_size);
#include "cohook/hooks.def"

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

/* How a child ends that makes CALL. */
static void note_end(struct run *run, void (*call)(int fd), int fd)
{
	int status = -1, null;
	pid_t child = fork();

	if (child == 0) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		call(fd);
		_exit(0);
	}
	check(run, waitpid(child, &status, 0) == child);
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
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("fortify");
}
