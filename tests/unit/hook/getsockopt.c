/* getsockopt.c - getsockopt(2) through libc and through its mirror: it tells what was
 * set. */
#include "harness/pair.h"
#include "harness/scenario.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

static ssize_t get(struct run *run, int fd, int option, void *value, socklen_t *size)
{
	return result(run, "getsockopt",
		enter(run)->getsockopt(fd, SOL_SOCKET, option, value, size));
}

static void note_timeout(struct run *run, int fd, int option)
{
	struct timeval timeout = {77, 77};
	socklen_t size = sizeof(timeout);

	get(run, fd, option, &timeout, &size);
	note(run, "size %u: %ld s %ld us", size, (long)timeout.tv_sec, (long)timeout.tv_usec);
}

static void set_timeout(struct run *run, int fd, int option, long s, long us)
{
	const struct timeval timeout = {s, us};

	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, option, &timeout, sizeof(timeout)) == 0);
}

static void timeouts(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	note_timeout(run, pair.mine, SO_RCVTIMEO);
	note_timeout(run, pair.mine, SO_SNDTIMEO);
	set_timeout(run, pair.mine, SO_RCVTIMEO, 3, 250000);
	set_timeout(run, pair.mine, SO_SNDTIMEO, 0, 500000);
	note_timeout(run, pair.mine, SO_RCVTIMEO);
	note_timeout(run, pair.mine, SO_SNDTIMEO);
	set_timeout(run, pair.mine, SO_RCVTIMEO, 0, 0);
	note_timeout(run, pair.mine, SO_RCVTIMEO);
	set_timeout(run, pair.mine, SO_RCVTIMEO, -1, 0);
	note_timeout(run, pair.mine, SO_RCVTIMEO);
}

static void timeouts_set_by_foreign_code(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);
	const struct timeval timeout = {5, 0};

	setsockopt(pair.mine, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	note_timeout(run, pair.mine, SO_RCVTIMEO);
}

static void little_room(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct timeval timeout = {77, 77};
	socklen_t size = 3;

	set_timeout(run, pair.mine, SO_RCVTIMEO, 3, 0);
	get(run, pair.mine, SO_RCVTIMEO, &timeout, &size);
	note(run, "size %u, %ld", size, (long)timeout.tv_usec);
	size = 0;
	get(run, pair.mine, SO_TYPE, &timeout, &size);
	note(run, "size %u", size);
}

static void other_options(struct run *run)
{
	static const int options[] = {SO_TYPE, SO_DOMAIN, SO_ACCEPTCONN, SO_ERROR,
		SO_REUSEADDR, SO_KEEPALIVE, SO_RCVLOWAT};
	struct pair pair = pair_open(run, 0, TO_ME);
	size_t i;

	for (i = 0; i < COUNT(options); i++) {
		int value = -1;
		socklen_t size = sizeof(value);

		get(run, pair.mine, options[i], &value, &size);
		note(run, "option %d: %d, size %u", options[i], value, size);
	}
}

static void other_levels(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	int value = -1;
	socklen_t size = sizeof(value);

	result(run, "getsockopt", enter(run)->getsockopt(pair.mine, IPPROTO_TCP, TCP_NODELAY,
					  &value, &size));
	note(run, "%d", value);
	result(run, "getsockopt",
		enter(run)->getsockopt(pair.mine, 12345, 1, &value, &size));
}

/* The kernel keeps SO_ERROR until it is asked once; what the mirrors do must not take it
 * away. */
static void pending_error(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	const struct linger at_once = {1, 0};
	int value = -1;
	socklen_t size = sizeof(value);

	setsockopt(pair.theirs, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	let_go(run, pair.theirs);
	close(pair.theirs);
	get(run, pair.mine, SO_ERROR, &value, &size);
	note(run, "%s", error_name(value));
	get(run, pair.mine, SO_ERROR, &value, &size);
	note(run, "%s", error_name(value));
}

static void errors(struct run *run)
{
	struct pair tcp = pair_open(run, TCP, TO_ME), pipe = pair_open(run, PIPE, TO_ME);
	int value;
	socklen_t size = sizeof(value);

	get(run, -1, SO_TYPE, &value, &size);
	get(run, 900, SO_RCVTIMEO, &value, &size);
	get(run, pipe.mine, SO_RCVTIMEO, &value, &size);
	get(run, tcp.mine, 54321, &value, &size);
	size = (socklen_t)-1;
	get(run, tcp.mine, SO_TYPE, &value, &size);
}

static void bad_memory(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	socklen_t size = sizeof(struct timeval);

	get(run, pair.mine, SO_RCVTIMEO, nowhere(), &size);
	get(run, pair.mine, SO_RCVTIMEO, NULL, &size);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"timeouts (tcp)", timeouts, TCP},
		{"timeouts (udp)", timeouts, UDP},
		{"timeouts (unix stream)", timeouts, UNIX_STREAM},
		{"timeouts set by foreign code", timeouts_set_by_foreign_code, TCP},
		{"little room", little_room},
		{"other options (tcp)", other_options, TCP},
		{"other options (unix stream)", other_options, UNIX_STREAM},
		{"other levels", other_levels},
		{"pending error", pending_error},
		{"errors", errors},
		{"bad memory", bad_memory},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("getsockopt");
}
