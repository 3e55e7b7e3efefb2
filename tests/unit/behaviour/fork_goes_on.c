/* fork_goes_on.c - after fork(2) the child is the forking fiber alone, and it can use
 * every hook at once; the parent does not notice. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_S = 8 };

static void await_child(struct run *run, pid_t child)
{
	int status = -1;

	check(run, waitpid(child, &status, 0) == child);
	if (WIFSIGNALED(status))
		note(run, "child died of signal %d", WTERMSIG(status));
	else
		note(run, "child: %d", WEXITSTATUS(status));
}

static int talk_to_oneself(const struct calls *calls)
{
	struct timespec span = {0, 2000000};
	struct pollfd p;
	int fds[2], wrong = 0;
	char buf[16];

	wrong += calls->nanosleep(&span, NULL) != 0;
	wrong += calls->pipe(fds) != 0;
	p = (struct pollfd){fds[0], POLLIN, 0};
	wrong += calls->poll(&p, 1, 5) != 0;
	wrong += calls->write(fds[1], "hello", 5) != 5;
	wrong += calls->poll(&p, 1, -1) != 1;
	wrong += calls->read(fds[0], buf, sizeof(buf)) != 5;
	wrong += calls->close(fds[0]) != 0;
	wrong += calls->close(fds[1]) != 0;
	return wrong;
}

static void every_call_at_once(struct run *run)
{
	pid_t child;

	check(run, talk_to_oneself(run->calls) == 0);
	child = fork();
	if (child == 0) {
		alarm(PATIENCE_S);
		_exit(talk_to_oneself(run->calls));
	}
	await_child(run, child);
	check(run, talk_to_oneself(run->calls) == 0);
}

struct reading {
	struct run *run;
	int fd;
	ssize_t got;
};

static void *read_it(void *arg)
{
	struct reading *reading = arg;
	char buf[16];

	reading->got = reading->run->calls->read(reading->fd, buf, sizeof(buf));
	return NULL;
}

static int make_a_thread_that_reads(struct run *run)
{
	struct reading reading = {.run = run};
	pthread_t thread;
	int fds[2], wrong = 0;

	wrong += run->calls->socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0;
	reading.fd = fds[0];
	wrong += run->calls->pthread_create(&thread, NULL, read_it, &reading) != 0;
	run->calls->usleep(2000);
	wrong += write(fds[1], "hello", 5) != 5;
	wrong += run->calls->pthread_join(thread, NULL) != 0;
	wrong += reading.got != 5;
	run->calls->close(fds[0]);
	run->calls->close(fds[1]);
	return wrong;
}

static void child_makes_threads(struct run *run)
{
	pid_t child = fork();

	if (child == 0) {
		alarm(PATIENCE_S);
		_exit(make_a_thread_that_reads(run));
	}
	await_child(run, child);
	note(run, "parent: %d", make_a_thread_that_reads(run));
}

/* Both wait on the same description: what the child takes, and forgets, does not disturb
 * the parent. */
static void a_shared_socket(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];
	pid_t child;

	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	child = fork();
	if (child == 0) {
		ssize_t n;

		alarm(PATIENCE_S);
		n = run->calls->read(pair.mine, buf, sizeof(buf));
		_exit(n == 4 && run->calls->close(pair.mine) == 0 ? 0 : 1);
	}
	check(run, write(pair.theirs, "kids", 4) == 4);
	await_child(run, child);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
}

/* Other fibers of the parent wait; they go on there, and only there. */
static void others_stay_with_the_parent(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct reading reading = {.run = run, .fd = pair.mine};
	pthread_t thread;
	pid_t child;

	check(run, run->calls->pthread_create(&thread, NULL, read_it, &reading) == 0);
	run->calls->usleep(1000);
	child = fork();
	if (child == 0) {
		alarm(PATIENCE_S);
		run->calls->usleep(2000);
		_exit(reading.got != 0);
	}
	await_child(run, child);
	check(run, write(pair.theirs, "hello", 5) == 5);
	check(run, run->calls->pthread_join(thread, NULL) == 0);
	note(run, "reader got %zd", reading.got);
}

static void mate_forks(struct mate *mate)
{
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		alarm(PATIENCE_S);
		_exit(talk_to_oneself(mate->calls) + make_a_thread_that_reads(mate->run));
	}
	waitpid(child, &status, 0);
	mate->outcome = status;
}

static void from_any_fiber(struct run *run)
{
	struct mate mate = {.act = mate_forks, .sort = run->kind};

	mate_start(run, &mate);
	mate_join(&mate);
	note(run, "status %ld", mate.outcome);
	check(run, talk_to_oneself(run->calls) == 0);
}

/* A pre-forking server: parent and child accept on one socket, nobody is stuck in
 * accept(2). */
static void child_serves(struct run *run, int listener)
{
	int i, fd;

	alarm(PATIENCE_S);
	for (i = 0; i < 10; i++) {
		fd = run->calls->accept(listener, NULL, NULL);
		if (fd < 0 || run->calls->write(fd, "c", 1) != 1)
			_exit(1);
		run->calls->close(fd);
	}
	_exit(0);
}

static void call_in(struct run *run, const struct sockaddr_in *address)
{
	char byte = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	check(run, connect(fd, (const void *)address, sizeof(*address)) == 0);
	check(run, read(fd, &byte, 1) == 1 && byte == 'c');
	close(fd);
}

static void shared_listener(struct run *run)
{
	struct sockaddr_in address;
	int listener = keep(run, listener_open(run->calls, &address, 16)), i;
	pid_t children[2];

	for (i = 0; i < 2; i++) {
		children[i] = fork();
		if (children[i] == 0)
			child_serves(run, listener);
	}
	for (i = 0; i < 20; i++)
		call_in(run, &address);
	await_child(run, children[0]);
	await_child(run, children[1]);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"every call at once", every_call_at_once},
		{"child makes threads", child_makes_threads},
		{"a shared socket (tcp)", a_shared_socket, TCP},
		{"a shared socket (unix stream)", a_shared_socket, UNIX_STREAM},
		{"others stay with the parent", others_stay_with_the_parent},
		{"from any fiber", from_any_fiber, OWN},
		{"from a thread without scheduler", from_any_fiber, OS_MIRRORS},
		{"shared listener", shared_listener},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("fork_goes_on");
}
