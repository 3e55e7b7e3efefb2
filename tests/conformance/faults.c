/* faults.c - calls that meet failures of the kernel.
 *
 * A call that moves bytes hands the error on, in libc as through its mirror. What fails
 * beneath a mirror alone (its epoll set, its descriptors, memory, threads) must not be
 * noticed: the call comes to the same end, and leaves nothing behind. */
#include "fault.h"
#include "giver.h"
#include "kinds.h"
#include "point.h"
#include "taker.h"

#include "harness/kid.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOM = 16 };

static const char line[] = "hello, world!!!\n";

/* --- errors of the call itself --------------------------------------------------------------- */

static void note_after(struct run *run, int fd)
{
	struct pollfd p = {fd, POLLIN, 0};
	char buf[32];

	note(run, "struck: %d", fault_disarm() > 0);
	if (poll(&p, 1, 0) == 1)
		note_bytes(run, "still there", buf, read(fd, buf, sizeof(buf)));
}

static void taking_fails(struct run *run)
{
	const struct taker *taker = point_of(run)->verb;
	struct pair pair = pair_open(run, 0, TO_ME);
	const struct fault fault = {"moving", point_of(run)->number, 100, pair.mine};
	char buf[ROOM + 1] = {0};

	pair_put(run, &pair, line);
	fault_arm(run, &fault);
	taker->take(run, pair.mine, buf, ROOM);
	note_after(run, pair.mine);
}

static void giving_fails(struct run *run)
{
	const struct giver *giver = point_of(run)->verb;
	struct pair pair = pair_open(run, 0, FROM_ME);
	const struct fault fault = {"moving", point_of(run)->number, 100, pair.mine};

	signal(SIGPIPE, SIG_IGN);
	fault_arm(run, &fault);
	result(run, "given", giver->give(run, pair.mine, line, ROOM));
	note(run, "struck: %d", fault_disarm() > 0);
}

/* The first attempts find nothing, though something is there: only a mirror makes them. */
static void taking_is_put_off(struct run *run)
{
	const struct taker *taker = point_of(run)->verb;
	struct pair pair = pair_open(run, 0, TO_ME);
	const struct fault fault = {"moving", EAGAIN, point_of(run)->number, pair.mine};
	char buf[ROOM + 1] = {0};

	pair_put(run, &pair, line);
	if (run->mode != PLAIN)
		fault_arm(run, &fault);
	taker->take(run, pair.mine, buf, ROOM);
	fault_disarm();
}

static void giving_is_put_off(struct run *run)
{
	const struct giver *giver = point_of(run)->verb;
	struct pair pair = pair_open(run, 0, FROM_ME);
	const struct fault fault = {"moving", EAGAIN, point_of(run)->number, pair.mine};

	if (run->mode != PLAIN)
		fault_arm(run, &fault);
	result(run, "given", giver->give(run, pair.mine, line, ROOM));
	fault_disarm();
}

/* --- errands: calls that need something of their own to wait ---------------------------------- */

static void reads(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct peer peer = {.act = peer_writes, .fd = pair.theirs, .data = line, .size = ROOM};
	char buf[ROOM];

	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, ROOM));
	peer_join(&peer);
}

static void receives(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_writes, .fd = pair.theirs, .data = line, .size = ROOM};
	char buf[ROOM];

	peer_start(run, &peer);
	result(run, "recv", enter(run)->recv(pair.mine, buf, ROOM, 0));
	peer_join(&peer);
}

static void writes(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_STREAM, FROM_ME);
	static char much[1 << 18];
	struct peer peer = {.act = peer_drains, .fd = pair.theirs, .size = sizeof(much)};

	pattern_fill(much, sizeof(much));
	narrow(run, &pair);
	peer_start(run, &peer);
	result(run, "write", enter(run)->write(pair.mine, much, sizeof(much)));
	peer_join(&peer);
}

static void accepts(struct run *run)
{
	struct sockaddr_in address;
	int fd = keep(run, listener_open(run->calls, &address, 4));
	int caller = keep_foreign(run, socket(AF_INET, SOCK_STREAM, 0));

	check(run, connect(caller, (void *)&address, sizeof(address)) == 0);
	descriptor(run, "accept", enter(run)->accept(fd, NULL, NULL));
}

static void polls(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct peer peer = {.act = peer_writes, .fd = pair.theirs, .data = line, .size = ROOM};
	struct pollfd p[12];

	for (int i = 0; i < 12; i++)
		p[i] = (struct pollfd){i == 11 ? pair.mine : pair.theirs, i == 11 ? POLLIN : 0, 0};
	peer_start(run, &peer);
	result(run, "poll", enter(run)->poll(p, 12, -1));
	peer_join(&peer);
	note(run, "revents %d", p[11].revents);
}

static void selects(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct peer peer = {.act = peer_writes, .fd = pair.theirs, .data = line, .size = ROOM};
	fd_set in;

	FD_ZERO(&in);
	for (int i = 0; i < 12; i++)
		FD_SET(keep(run, run->calls->dup(pair.mine)), &in);
	FD_SET(pair.mine, &in);
	peer_start(run, &peer);
	result(run, "select", enter(run)->select(100, &in, NULL, NULL, NULL));
	peer_join(&peer);
}

static void waits_for_events(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct peer peer = {.act = peer_writes, .fd = pair.theirs, .data = line, .size = ROOM};
	struct epoll_event event = {.events = EPOLLIN};
	int set = keep(run, run->calls->epoll_create1(EPOLL_CLOEXEC));

	check(run, epoll_ctl(set, EPOLL_CTL_ADD, pair.mine, &event) == 0);
	peer_start(run, &peer);
	result(run, "epoll_wait", enter(run)->epoll_wait(set, &event, 1, -1));
	peer_join(&peer);
}

static void polls_with_mask(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct peer peer = {.act = peer_writes, .fd = pair.theirs, .data = line, .size = ROOM};
	struct pollfd p = {pair.mine, POLLIN, 0};
	sigset_t set, none;

	sigemptyset(&none);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	peer_start(run, &peer);
	result(run, "ppoll", enter(run)->ppoll(&p, 1, NULL, &none));
	peer_join(&peer);
}

static void sleeps(struct run *run)
{
	const struct timespec span = {0, 2000000};

	result(run, "nanosleep", enter(run)->nanosleep(&span, NULL));
}

static void sleeps_until(struct run *run)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 20000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	code(run, "clock_nanosleep",
		enter(run)->clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL));
}

static void sleeps_by_cpu(struct run *run)
{
	struct timespec until = {0, 1};

	code(run, "clock_nanosleep",
		enter(run)->clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &until, NULL));
}

static void awaits_signal(struct run *run)
{
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	peer_start(run, &peer);
	result(run, "sigwaitinfo", enter(run)->sigwaitinfo(&set, NULL));
	peer_join(&peer);
}

static void reap(struct run *run, bool any)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = "x"};
	int status = 0;
	pid_t pid;

	peer_start(run, &peer);
	pid = enter(run)->waitpid(any ? -1 : kid.pid, &status, 0);
	result(run, "waitpid", pid == kid.pid ? 1 : pid);
	peer_join(&peer);
	note(run, "status %#x", (unsigned)status);
	if (pid == kid.pid)
		kid_forget(&kid);
	else
		kid_end(run, &kid);
}

static void reaps_one(struct run *run)
{
	reap(run, false);
}

static void reaps_any(struct run *run)
{
	reap(run, true);
}

static void runs_command(struct run *run)
{
	result(run, "system", enter(run)->system("exit 7"));
}

static void splices(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_STREAM, FROM_ME), pipes = pair_open(run, PIPE, TO_ME);

	pair_put(run, &pipes, line);
	result(run, "splice", enter(run)->splice(pipes.mine, NULL, pair.mine, NULL, 50, 0));
}

static void sends_file(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_STREAM, FROM_ME);
	int file = keep_foreign(run, memfd_create("sent", MFD_CLOEXEC));

	check(run, write(file, line, ROOM) == ROOM);
	result(run, "sendfile", enter(run)->sendfile(pair.mine, file, &(off_t){0}, 50));
}

static void syncs(struct run *run)
{
	int file = keep_foreign(run, memfd_create("synced", MFD_CLOEXEC));

	result(run, "fsync", enter(run)->fsync(file));
}

static void looks_up(struct run *run)
{
	struct addrinfo *found = NULL;
	const struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_family = AF_INET};

	note(run, "getaddrinfo = %d", enter(run)->getaddrinfo("localhost", "1", &hints, &found));
	if (found)
		freeaddrinfo(found);
}

static void peer_opens_fifo(struct peer *peer)
{
	peer->count = open(peer->data, O_WRONLY | O_CLOEXEC);
}

static void opens_fifo(struct run *run)
{
	char folder[] = "/tmp/cohook-fault-XXXXXX", path[64];
	struct peer peer = {.act = peer_opens_fifo, .data = path};

	check(run, mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/fifo", folder);
	check(run, mkfifo(path, 0600) == 0);
	peer_start(run, &peer);
	descriptor(run, "open", enter(run)->open(path, O_RDONLY));
	peer_join(&peer);
	close((int)peer.count);
	unlink(path);
	rmdir(folder);
}

static void *come_and_go(void *arg)
{
	return arg;
}

static void makes_thread(struct run *run)
{
	pthread_t thread;
	void *value = NULL;
	int r = enter(run)->pthread_create(&thread, NULL, come_and_go, run);

	code(run, "pthread_create", r);
	if (r == 0)
		code(run, "pthread_join", enter(run)->pthread_join(thread, &value));
	check(run, r != 0 || value == run);
}

static const struct errand {
	const char *call, *what;
	void (*run)(struct run *run);
	bool allocates; /* and fails as the kernel's call does when it cannot */
	bool needs_a_thread; /* or it is the worker that blocks */
} errands[] = {
	{"read", "pipe", reads},
	{"recv", "tcp", receives},
	{"write", "unix stream", writes},
	{"accept", "tcp", accepts},
	{"poll", "12 pipes", polls, true},
	{"select", "13 pipes", selects, true},
	{"epoll_wait", "pipe", waits_for_events},
	{"ppoll", "with a mask", polls_with_mask},
	{"nanosleep", "2 ms", sleeps},
	{"clock_nanosleep", "until", sleeps_until},
	{"clock_nanosleep", "CPU time", sleeps_by_cpu},
	{"sigwaitinfo", "SIGUSR1", awaits_signal},
	{"waitpid", "one child", reaps_one},
	{"waitpid", "any child", reaps_any},
	{"system", "exit 7", runs_command},
	{"splice", "into a socket", splices},
	{"sendfile", "into a socket", sends_file},
	{"fsync", "memfd", syncs},
	{"getaddrinfo", "localhost", looks_up},
	{"open", "FIFO", opens_fifo, .needs_a_thread = true},
	{"pthread_create", "a thread", makes_thread, true},
};

/* What a mirror may need and not get; for ever, or at first. */
static const struct lack {
	const char *name;
	struct fault fault;
} lacks[] = {
	{"epoll_ctl: ENOMEM", {"epoll_ctl", ENOMEM, 1 << 20, NOT_ONE}},
	{"epoll_ctl: ENOSPC, once", {"epoll_ctl", ENOSPC, 1, NOT_ONE}},
	{"epoll_pwait2: EINTR, 50 times", {"epoll_pwait2", EINTR, 50, NOT_ONE}},
	{"getsockopt: ENOBUFS", {"getsockopt", ENOBUFS, 1 << 20, NOT_ONE}},
	{"timerfd_create: EMFILE", {"timerfd_create", EMFILE, 1 << 20, NOT_ONE}},
	{"signalfd: EMFILE", {"signalfd", EMFILE, 1 << 20, NOT_ONE}},
	{"pidfd_open: EMFILE", {"pidfd_open", EMFILE, 1 << 20, NOT_ONE}},
	{"pipe2: EMFILE", {"pipe2", EMFILE, 1 << 20, NOT_ONE}},
	{"malloc: ENOMEM", {"malloc", ENOMEM, 1 << 20, NOT_ONE}},
	{"malloc: ENOMEM, once", {"malloc", ENOMEM, 1, NOT_ONE}},
	{"pthread_create: EAGAIN", {"pthread_create", EAGAIN, 1 << 20, NOT_ONE}},
};

static void arm(struct run *run)
{
	fault_arm(run, &lacks[point_of(run)->number].fault);
}

/* What an errand needs before its call it gets. */
static void goes_without(struct run *run)
{
	const struct errand *errand = point_of(run)->verb;

	run->on_enter = run->mode == PLAIN ? NULL : arm;
	errand->run(run);
	run->on_enter = NULL;
	fault_disarm();
}

/* --- the table ------------------------------------------------------------------------------ */

static const struct {
	int error;
	const char *name;
} errors[] = {{EINTR, "EINTR"}, {ENOMEM, "ENOMEM"}, {ENOBUFS, "ENOBUFS"}, {EIO, "EIO"},
	{ECONNRESET, "ECONNRESET"}, {ETIMEDOUT, "ETIMEDOUT"}};

enum { TRIED = 1 << TCP | 1 << UDP | 1 << UNIX_STREAM | 1 << PIPE };

static const char *joined(const char *a, const char *b)
{
	char *text;

	return asprintf(&text, "%s%s%s", a, *b ? ", " : "", b) < 0 ? a : text;
}

static void add_taker(const struct taker *t, int kind)
{
	const char *on = joined(kind_name(kind), t->how);

	if (!(t->kinds & TRIED & 1 << kind) || t->traits & (STDIO | EAGER | NEVER | NO_BUFFER | DEAF))
		return;
	for (size_t i = 0; i < COUNT(errors); i++)
		point_add((struct point){t->call, on, errors[i].name, taking_fails, t, kind,
			errors[i].error, 0});
	for (int n = 1; n <= 2; n++)
		point_add((struct point){t->call, on, n == 1 ? "EAGAIN once" : "EAGAIN twice",
			taking_is_put_off, t, kind, n, 0});
}

static void add_giver(const struct giver *g, int kind)
{
	const char *on = joined(kind_name(kind), g->how);

	if (!(g->kinds & TRIED & 1 << kind) || g->traits & (STDIO | EAGER | NEVER | NO_BUFFER | DEAF))
		return;
	for (size_t i = 0; i < COUNT(errors); i++)
		point_add((struct point){g->call, on, joined("giving", errors[i].name), giving_fails, g,
			kind, errors[i].error, 0});
	for (int n = 1; n <= 2; n++)
		point_add((struct point){g->call, on,
			n == 1 ? "giving, EAGAIN once" : "giving, EAGAIN twice",
			giving_is_put_off, g, kind, n, 0});
}

static bool is_of_threads(const struct lack *lack)
{
	return !strcmp(lack->fault.name, "malloc") ||
	       !strcmp(lack->fault.name, "pthread_create");
}

static void add_errand(const struct errand *errand, size_t lack)
{
	const bool alone = errand->needs_a_thread && is_of_threads(&lacks[lack]);

	point_add((struct point){errand->call, errand->what, lacks[lack].name, goes_without,
		errand, 0, (int)lack, alone ? PLAIN | ROOT : 0, true});
}

void faults_add(void)
{
	for (int kind = TCP; kind < KINDS_END; kind++) {
		for (size_t i = 0; i < ntakers; i++)
			add_taker(&takers[i], kind);
		for (size_t i = 0; i < ngivers; i++)
			add_giver(&givers[i], kind);
	}
	for (size_t i = 0; i < COUNT(errands); i++)
		for (size_t k = 0; k < COUNT(lacks); k++)
			if (!errands[i].allocates || strcmp(lacks[k].fault.name, "malloc"))
				add_errand(&errands[i], k);
}
