/* without_scheduler.c - in a thread that runs no fibers a mirror is the plain call,
 * whatever fibers do elsewhere in the process. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

struct talk {
	struct mate mate;
	int fd;
	long sum;
};

static void listen_and_answer(struct mate *mate)
{
	struct talk *talk = mate->arg;
	struct pollfd p = {talk->fd, POLLIN, 0};
	char byte;
	int i;

	for (i = 0; i < 20; i++) {
		if (mate->calls->poll(&p, 1, -1) != 1 ||
			mate->calls->read(talk->fd, &byte, 1) != 1)
			break;
		talk->sum += byte;
		byte++;
		if (mate->calls->write(talk->fd, &byte, 1) != 1)
			break;
	}
}

/* A fiber here and a thread there talk to each other, each through mirrors. */
static void talk_with_a_fiber(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct talk talk = {
		.mate = {.act = listen_and_answer, .arg = &talk, .sort = OS_MIRRORS},
		.fd = pair.theirs};
	long sum = 0;
	int i;

	mate_start(run, &talk.mate);
	for (i = 0; i < 20; i++) {
		char byte = (char)i;

		check(run, run->calls->write(pair.mine, &byte, 1) == 1);
		check(run, run->calls->read(pair.mine, &byte, 1) == 1);
		sum += byte;
	}
	mate_join(&talk.mate);
	note(run, "%ld %ld", sum, talk.sum);
}

static void do_a_bit_of_everything(struct mate *mate)
{
	const struct calls *calls = mate->calls;
	struct timespec span = {0, 1000};
	int fds[2], copy;
	char byte;

	mate->outcome += calls->nanosleep(&span, NULL) != 0;
	mate->outcome += calls->socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0;
	copy = calls->dup(fds[0]);
	mate->outcome += calls->send(fds[1], "x", 1, 0) != 1;
	mate->outcome += calls->recv(copy, &byte, 1, 0) != 1;
	mate->outcome += calls->recv(copy, &byte, 1, MSG_DONTWAIT) != -1 || errno != EAGAIN;
	mate->outcome += calls->fcntl(copy, F_GETFL) != O_RDWR;
	mate->outcome += calls->close(copy) != 0;
	mate->outcome += calls->close(fds[0]) != 0;
	mate->outcome += calls->read(fds[1], &byte, 1) != 0;
	mate->outcome += calls->close(fds[1]) != 0;
	/* Another thread may have got the number fds[1] by now. */
	mate->outcome += calls->close(-1) != -1 || errno != EBADF;
	mate->outcome += calls->sched_yield() != 0;
}

static void everything_works(struct run *run)
{
	struct mate mates[6];
	int i;

	for (i = 0; i < 6; i++) {
		mates[i] = (struct mate){
			.act = do_a_bit_of_everything, .sort = i % 2 ? OS_MIRRORS : OWN};
		mate_start(run, &mates[i]);
	}
	for (i = 0; i < 6; i++) {
		mate_join(&mates[i]);
		note(run, "%ld", mates[i].outcome);
	}
}

/* It closes what a fiber waits on: through a mirror, so the fiber hears of it. */
static void close_it(struct mate *mate)
{
	struct talk *talk = mate->arg;

	let_go(mate->run, talk->fd);
	mate->outcome = mate->calls->close(talk->fd);
}

static void read_it(struct mate *mate)
{
	struct talk *talk = mate->arg;
	char byte;

	talk->sum = mate_leave(mate, mate_enter(mate)->read(talk->fd, &byte, 1));
	mate->outcome = errno;
}

static void closes_for_a_fiber(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct talk reader = {.mate = {.act = read_it, .arg = &reader}, .fd = pair.mine};
	struct talk closer = {
		.mate = {.act = close_it, .arg = &closer, .sort = OS_MIRRORS}, .fd = pair.mine};

	mate_start(run, &reader.mate);
	check(run, mate_blocked(&reader.mate));
	enter(run);
	mate_start(run, &closer.mate);
	mate_join(&closer.mate);
	mate_join(&reader.mate);
	result(run, "gone", 0);
	check(run, reader.sum == -1 && reader.mate.outcome == EBADF);
	check(run, run->took_ns < 500 * MS);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"talk with a fiber (tcp)", talk_with_a_fiber, TCP},
		{"talk with a fiber (unix stream)", talk_with_a_fiber, UNIX_STREAM},
		{"everything works", everything_works},
		{"closes for a fiber (tcp)", closes_for_a_fiber, TCP, MODES_MIRROR},
		{"closes for a fiber (pipe)", closes_for_a_fiber, PIPE, MODES_MIRROR},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("without_scheduler");
}
