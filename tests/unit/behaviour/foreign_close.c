/* foreign_close.c - code that knows nothing of cohook closes a descriptor on which a
 * fiber waits.
 *
 * No crash, and no wait much longer than a second; what comes after on the same number
 * works. Threads in libc would wait for ever, so only the mirrors are asked. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PATIENCE_MS = 4000 };

struct user {
	struct mate mate;
	int fd, error;
	ssize_t value;
	char first;
};

static void read_it(struct mate *mate)
{
	struct user *user = mate->arg;
	char buf[16] = "";

	user->value = mate_leave(mate, mate_enter(mate)->read(user->fd, buf, sizeof(buf)));
	user->error = errno;
	user->first = buf[0];
}

static void poll_it(struct mate *mate)
{
	struct user *user = mate->arg;
	struct pollfd p = {user->fd, POLLIN, 0};

	user->value = mate_leave(mate, mate_enter(mate)->poll(&p, 1, -1));
	user->error = p.revents == POLLNVAL ? EBADF : 0;
}

static void start(struct run *run, struct user *user, void (*act)(struct mate *), int fd)
{
	*user = (struct user){.mate = {.act = act, .arg = user}, .fd = fd};
	mate_start(run, &user->mate);
	check(run, mate_blocked(&user->mate));
}

static void close_behind(struct run *run, int fd)
{
	let_go(run, fd);
	check(run, syscall(SYS_close, fd) == 0);
}

/* KIND is the sort of descriptor. */
static void reader_hears_of_it(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct user user;

	start(run, &user, read_it, pair.mine);
	enter(run);
	close_behind(run, pair.mine);
	mate_join(&user.mate);
	result(run, "gone", 0);
	note(run, "%zd %s", user.value, error_name(user.error));
	check(run, user.value == -1 && user.error == EBADF);
	check(run, run->took_ns < PATIENCE_MS * MS);
}

static void poller_hears_of_it(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct user user;

	start(run, &user, poll_it, pair.mine);
	enter(run);
	close_behind(run, pair.mine);
	mate_join(&user.mate);
	result(run, "gone", 0);
	check(run, user.value == 1 && user.error == EBADF);
	check(run, run->took_ns < PATIENCE_MS * MS);
}

static void by_a_foreign_thread(struct mate *mate)
{
	struct user *user = mate->arg;

	close_behind(mate->run, user->fd);
}

static void from_another_thread(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct user user;
	struct mate closer = {.act = by_a_foreign_thread, .arg = &user, .sort = OS_PLAIN};

	start(run, &user, read_it, pair.mine);
	enter(run);
	mate_start(run, &closer);
	mate_join(&closer);
	mate_join(&user.mate);
	result(run, "gone", 0);
	check(run, user.value == -1 && user.error == EBADF);
	check(run, run->took_ns < PATIENCE_MS * MS);
}

/* The runtime believes the number to be registered; the kernel has forgotten it. */
static void number_comes_back(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME), next;
	struct user user;

	start(run, &user, read_it, pair.mine);
	check(run, write(pair.theirs, "old", 3) == 3);
	mate_join(&user.mate);
	check(run, user.value == 3);
	close_behind(run, pair.mine);
	next = pair_open(run, 0, TO_ME);
	start(run, &user, read_it, next.mine);
	check(run, write(next.theirs, "new", 3) == 3);
	mate_join(&user.mate);
	note(run, "%zd %c", user.value, user.first);
	check(run, user.value == 3 && user.first == 'n');
}

/* The same, and the new one comes from foreign code, too: nothing was announced at
 * all. */
static void number_comes_back_from_foreign_code(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME), next;
	struct user user;

	start(run, &user, read_it, pair.mine);
	check(run, write(pair.theirs, "old", 3) == 3);
	mate_join(&user.mate);
	close_behind(run, pair.mine);
	next = pair_open_foreign(run, 0, TO_ME);
	start(run, &user, read_it, next.mine);
	enter(run);
	check(run, write(next.theirs, "new", 3) == 3);
	mate_join(&user.mate);
	result(run, "read", user.value);
	check(run, user.value == 3 && user.first == 'n');
	check(run, run->took_ns < PATIENCE_MS * MS);
}

/* Close and reopen while a fiber waits: it must not wait for ever, nor crash; whose bytes
 * it gets is as undefined as among threads. */
static void replaced_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME), next;
	struct user user;

	start(run, &user, read_it, pair.mine);
	next = pair_open_foreign(run, 0, TO_ME);
	enter(run);
	check(run, syscall(SYS_dup3, next.mine, pair.mine, 0) == pair.mine);
	check(run, write(next.theirs, "new", 3) == 3);
	mate_join(&user.mate);
	result(run, "gone", 0);
	check(run, run->took_ns < PATIENCE_MS * MS);
}

#define MIRROR(text, body, kind) {text, body, kind, MODES_MIRROR}

int main(void)
{
	static const struct scenario scenarios[] = {
		MIRROR("reader hears of it (tcp)", reader_hears_of_it, TCP),
		MIRROR("reader hears of it (pipe)", reader_hears_of_it, PIPE),
		MIRROR("poller hears of it (tcp)", poller_hears_of_it, TCP),
		MIRROR("from another thread", from_another_thread, TCP),
		MIRROR("number comes back (tcp)", number_comes_back, TCP),
		MIRROR("number comes back (unix stream)", number_comes_back, UNIX_STREAM),
		MIRROR("number comes back (pipe)", number_comes_back, PIPE),
		MIRROR("number comes back from foreign code (tcp)",
			number_comes_back_from_foreign_code, TCP),
		MIRROR("number comes back from foreign code (pipe)",
			number_comes_back_from_foreign_code, PIPE),
		MIRROR("replaced while waiting (unix stream)", replaced_while_waiting,
			UNIX_STREAM),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("foreign_close");
}
