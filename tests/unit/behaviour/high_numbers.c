/* high_numbers.c - descriptors of any number work, also those that a later, higher limit
 * allows. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

enum { HIGHEST_WANTED = 200000 };

static void read_when_written(struct run *run, int fd, int theirs)
{
	struct peer peer = {.act = peer_writes, .fd = theirs, .data = "hello", .size = 5};
	char buf[16];

	peer_start(run, &peer);
	result(run, "read", enter(run)->read(fd, buf, sizeof(buf)));
	peer_join(&peer);
}

static int highest(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	return (int)(limit.rlim_cur < HIGHEST_WANTED ? limit.rlim_cur : HIGHEST_WANTED) - 1;
}

static void at_the_limit(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int fd = highest();

	keep(run, run->calls->dup2(pair.mine, fd));
	read_when_written(run, fd, pair.theirs);
	read_when_written(run, pair.mine, pair.theirs);
}

static void limit_is_raised(struct run *run)
{
	struct rlimit before, low;
	struct pair pair;
	int fd = highest();

	getrlimit(RLIMIT_NOFILE, &before);
	low = before;
	low.rlim_cur = 64;
	check(run, setrlimit(RLIMIT_NOFILE, &low) == 0);
	pair = pair_open(run, TCP, TO_ME);
	read_when_written(run, pair.mine, pair.theirs);
	check(run, run->calls->dup2(pair.mine, fd) == -1 && errno == EBADF);
	check(run, setrlimit(RLIMIT_NOFILE, &before) == 0);
	keep(run, run->calls->dup2(pair.mine, fd));
	read_when_written(run, fd, pair.theirs);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"at the limit (tcp)", at_the_limit, TCP},
		{"at the limit (pipe)", at_the_limit, PIPE},
		{"limit is raised", limit_is_raised},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("high_numbers");
}
