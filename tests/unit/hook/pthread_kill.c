/* pthread_kill.c - pthread_kill(3) through libc and through its mirror: a signal for one
 * thread. */
#include "harness/gate.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void send_signal(struct run *run, pthread_t thread, int sig)
{
	code(run, "kill", enter(run)->pthread_kill(thread, sig));
}

static void await_caught(struct run *run, int sig)
{
	while (!caught(sig))
		run->calls->usleep(50);
}

static void to_oneself(struct run *run)
{
	catch_signal(run, SIGUSR1, 0);
	send_signal(run, run->calls->pthread_self(), SIGUSR1);
	took_no_wait(run);
	note_caught(run, SIGUSR1);
}

static void is_it_there(struct run *run)
{
	struct gate gate;

	gate_start(run, &gate);
	send_signal(run, gate.thread, 0);
	send_signal(run, gate.thread, -1);
	send_signal(run, gate.thread, NSIG);
	gate_open(&gate);
	await_flag(run, &gate.done);
	run->calls->usleep(2000);
	send_signal(run, gate.thread, 0);
	check(run, run->calls->pthread_join(gate.thread, NULL) == 0);
}

struct reader {
	struct mate mate;
	int fd, error;
	ssize_t got;
};

static void read_it(struct mate *mate)
{
	struct reader *reader = mate->arg;
	char buf[8];

	reader->got = mate_leave(mate, mate_enter(mate)->read(reader->fd, buf, sizeof(buf)));
	reader->error = errno;
}

static void start(struct run *run, struct reader *reader, int fd)
{
	*reader = (struct reader){.mate = {.act = read_it, .arg = reader}, .fd = fd};
	mate_start(run, &reader->mate);
	check(run, mate_blocked(&reader->mate));
}

/* The one it is for is interrupted, and nobody else. */
static void interrupts_the_one(struct run *run)
{
	struct pair pairs[2] = {pair_open(run, 0, TO_ME), pair_open(run, 0, TO_ME)};
	struct reader one, other;

	catch_signal(run, SIGUSR1, 0);
	start(run, &one, pairs[0].mine);
	start(run, &other, pairs[1].mine);
	send_signal(run, one.mate.thread, SIGUSR1);
	mate_join(&one.mate);
	note(run, "%zd %s", one.got, error_name(one.error));
	check(run, mate_blocked(&other.mate));
	check(run, write(pairs[1].theirs, "hello", 5) == 5);
	mate_join(&other.mate);
	note(run, "%zd", other.got);
	note_caught(run, SIGUSR1);
}

static void restarts_the_one(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct reader reader;

	catch_signal(run, SIGUSR1, SA_RESTART);
	start(run, &reader, pair.mine);
	send_signal(run, reader.mate.thread, SIGUSR1);
	await_caught(run, SIGUSR1);
	check(run, mate_blocked(&reader.mate));
	check(run, write(pair.theirs, "hello", 5) == 5);
	mate_join(&reader.mate);
	note(run, "%zd", reader.got);
	note_caught(run, SIGUSR1);
}

static void ignored(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct reader reader;

	check(run, run->calls->signal(SIGUSR1, SIG_IGN) != SIG_ERR);
	start(run, &reader, pair.mine);
	send_signal(run, reader.mate.thread, SIGUSR1);
	check(run, mate_blocked(&reader.mate));
	check(run, write(pair.theirs, "hello", 5) == 5);
	mate_join(&reader.mate);
	note(run, "%zd", reader.got);
	check(run, run->calls->signal(SIGUSR1, SIG_DFL) != SIG_ERR);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"to oneself", to_oneself},
		{"is it there", is_it_there},
		{"interrupts the one (tcp)", interrupts_the_one, TCP},
		{"interrupts the one (pipe)", interrupts_the_one, PIPE},
		{"restarts the one (tcp)", restarts_the_one, TCP},
		{"ignored", ignored, TCP},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_kill");
}
