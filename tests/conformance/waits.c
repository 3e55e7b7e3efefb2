/* waits.c - calls that wait for one thing, on no pair: it comes, or signals come first.
 *
 * signal(7) has the list of those that are restarted. */
#include "point.h"

#include "harness/interrupt.h"
#include "harness/kid.h"
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

enum { FAR_S = 600 };

/* What a wait is made of; the address names a listening socket. */
struct place {
	int fd, other;
	struct kid kid;
	sem_t sem;
	struct sockaddr_un address;
	char path[64];
};

static struct place place;

struct wait {
	const char *call, *what;
	void (*prepare)(struct run *run);
	void (*call_it)(struct run *run); /* through enter(), noted */
	void (*release)(struct peer *peer);
	int traits;
};

enum {
	NUMBER = 1,  /* waits on place.fd */
	ENDLESS = 2, /* nothing releases it */
	STOPS = 4,   /* SA_RESTART or not */
	GOES_ON = 8, /* handlers do not end it at all */
};

static const struct wait *wait_of(const struct run *run)
{
	return point_of(run)->verb;
}

/* --- counters and their like ------------------------------------------------------------------ */

static void counter(struct run *run)
{
	place.fd = keep(run, eventfd(0, EFD_CLOEXEC));
}

static void full_counter(struct run *run)
{
	const uint64_t most = UINT64_MAX - 1;

	counter(run);
	check(run, write(place.fd, &most, sizeof(most)) == sizeof(most));
}

static void count_up(struct peer *peer)
{
	const uint64_t one = 1;

	check(peer->run, write(place.fd, &one, sizeof(one)) == sizeof(one));
}

static void count_down(struct peer *peer)
{
	uint64_t all;

	check(peer->run, read(place.fd, &all, sizeof(all)) == sizeof(all));
}

static void timer(struct run *run)
{
	place.fd = keep(run, timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
}

static void set_timer(struct peer *peer)
{
	const struct itimerspec soon = {.it_value.tv_nsec = 1};

	check(peer->run, timerfd_settime(place.fd, 0, &soon, NULL) == 0);
}

static void signals(struct run *run)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	place.fd = keep(run, signalfd(-1, &set, SFD_CLOEXEC));
}

static void send_other_signal(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR2);
}

static void folder(struct run *run)
{
	strcpy(place.path, "/tmp/cohook-wait-XXXXXX");
	check(run, mkdtemp(place.path) != NULL);
	place.fd = keep(run, inotify_init1(IN_CLOEXEC));
	check(run, inotify_add_watch(place.fd, place.path, IN_DELETE_SELF) >= 0);
}

static void remove_folder(struct peer *peer)
{
	check(peer->run, rmdir(place.path) == 0);
}

static void read_number(struct run *run)
{
	char buf[256];

	result(run, "read", enter(run)->read(place.fd, buf, sizeof(buf)));
}

static void readv_number(struct run *run)
{
	char buf[128];
	struct iovec iov = {buf, sizeof(buf)};

	result(run, "readv", enter(run)->readv(place.fd, &iov, 1));
}

static void write_number(struct run *run)
{
	const uint64_t five = 5;

	result(run, "write", enter(run)->write(place.fd, &five, sizeof(five)));
}

/* --- readiness -------------------------------------------------------------------------------- */

static void poll_number(struct run *run)
{
	struct pollfd p = {place.fd, POLLIN, 0};

	result(run, "poll", enter(run)->poll(&p, 1, FAR_S * 1000));
	note(run, "revents %#x", (unsigned)p.revents);
}

static void ppoll_number(struct run *run)
{
	const struct timespec span = {FAR_S, 0};
	struct pollfd p = {place.fd, POLLIN, 0};

	result(run, "ppoll", enter(run)->ppoll(&p, 1, &span, NULL));
	note(run, "revents %#x, span %ld", (unsigned)p.revents, (long)span.tv_sec);
}

static void poll_nothing(struct run *run)
{
	result(run, "poll", enter(run)->poll(NULL, 0, -1));
}

static void select_number(struct run *run)
{
	struct timeval span = {FAR_S, 0};
	fd_set in;

	FD_ZERO(&in);
	FD_SET(place.fd, &in);
	result(run, "select", enter(run)->select(place.fd + 1, &in, NULL, NULL, &span));
	note(run, "set %d, time went by %d", FD_ISSET(place.fd, &in) != 0, span.tv_sec < FAR_S);
}

static void pselect_nothing(struct run *run)
{
	result(run, "pselect", enter(run)->pselect(0, NULL, NULL, NULL, NULL, NULL));
}

static void set_of_one(struct run *run)
{
	struct epoll_event in = {.events = EPOLLIN};

	counter(run);
	place.other = keep(run, run->calls->epoll_create1(EPOLL_CLOEXEC));
	check(run, epoll_ctl(place.other, EPOLL_CTL_ADD, place.fd, &in) == 0);
}

static void wait_for_set(struct run *run)
{
	struct epoll_event event = {0};

	result(run, "epoll_wait", enter(run)->epoll_wait(place.other, &event, 1, FAR_S * 1000));
	note(run, "events %#x", event.events);
}

static void wait_for_set_ns(struct run *run)
{
	const struct timespec span = {FAR_S, 0};
	struct epoll_event event = {0};

	result(run, "epoll_pwait2",
		enter(run)->epoll_pwait2(place.other, &event, 1, &span, NULL));
	note(run, "events %#x", event.events);
}

static void poll_set(struct run *run)
{
	struct pollfd p = {place.other, POLLIN, 0};

	result(run, "poll", enter(run)->poll(&p, 1, -1));
	note(run, "revents %#x", (unsigned)p.revents);
}

/* --- connections ------------------------------------------------------------------------------ */

static void listener_with(struct run *run, int backlog)
{
	place.fd = keep(run, run->calls->socket(AF_UNIX, SOCK_STREAM, 0));
	place.address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(place.address.sun_path + 1, sizeof(place.address.sun_path) - 1,
		"cohook-wait-%d", getpid());
	check(run, bind(place.fd, (void *)&place.address, sizeof(place.address)) == 0);
	check(run, run->calls->listen(place.fd, backlog) == 0);
}

static void listener(struct run *run)
{
	listener_with(run, 4);
}

static void impatient_listener(struct run *run)
{
	const struct timeval span = {FAR_S, 0};

	listener(run);
	check(run, run->calls->setsockopt(
			   place.fd, SOL_SOCKET, SO_RCVTIMEO, &span, sizeof(span)) == 0);
}

static int call_listener(struct run *run)
{
	int fd = keep_foreign(run, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	check(run, connect(fd, (void *)&place.address, sizeof(place.address)) == 0);
	return fd;
}

static void call(struct peer *peer)
{
	call_listener(peer->run);
}

static void accept_it(struct run *run)
{
	descriptor(run, "accept", enter(run)->accept(place.fd, NULL, NULL));
}

static void accept4_it(struct run *run)
{
	descriptor(run, "accept4", enter(run)->accept4(place.fd, NULL, NULL, SOCK_NONBLOCK));
}

/* The queue takes one more than it is said to. */
static void busy_listener(struct run *run)
{
	listener_with(run, 0);
	call_listener(run);
	place.other = keep(run, run->calls->socket(AF_UNIX, SOCK_STREAM, 0));
}

static void take_one(struct peer *peer)
{
	keep_foreign(peer->run, accept(place.fd, NULL, NULL));
}

static void connect_it(struct run *run)
{
	result(run, "connect", enter(run)->connect(place.other, (void *)&place.address,
				       sizeof(place.address)));
}

/* --- time ------------------------------------------------------------------------------------- */

static void nothing(struct run *run)
{
	(void)run;
}

static void note_rest(struct run *run, const struct timespec *rest)
{
	note(run, "most is left: %d", rest->tv_sec > FAR_S - 60 && rest->tv_sec < FAR_S);
}

static void sleep_ns(struct run *run)
{
	struct timespec span = {FAR_S, 0}, rest = {7, 7};

	result(run, "nanosleep", enter(run)->nanosleep(&span, &rest));
	note_rest(run, &rest);
}

static void sleep_clock(struct run *run)
{
	struct timespec span = {FAR_S, 0}, rest = {7, 7};

	code(run, "clock_nanosleep",
		enter(run)->clock_nanosleep(CLOCK_BOOTTIME, 0, &span, &rest));
	note_rest(run, &rest);
}

static void sleep_until(struct run *run)
{
	struct timespec until = time_in(CLOCK_REALTIME, FAR_S * 1000), rest = {7, 7};

	code(run, "clock_nanosleep",
		enter(run)->clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, &rest));
	note(run, "rest %ld", (long)rest.tv_sec);
}

static void sleep_s(struct run *run)
{
	unsigned left = enter(run)->sleep(FAR_S);

	note(run, "sleep leaves most: %d", left > FAR_S - 60);
}

static void sleep_us(struct run *run)
{
	result(run, "usleep", enter(run)->usleep(FAR_S * 1000000u));
}

static void sleep_c11(struct run *run)
{
	struct timespec span = {FAR_S, 0}, rest = {7, 7};

	note(run, "thrd_sleep = %d", enter(run)->thrd_sleep(&span, &rest));
	note_rest(run, &rest);
}

/* --- semaphores ------------------------------------------------------------------------------- */

static void semaphore(struct run *run)
{
	check(run, sem_init(&place.sem, 0, 0) == 0);
}

static void post(struct peer *peer)
{
	peer->run->calls->sem_post(&place.sem);
}

static void sem_wait_it(struct run *run)
{
	result(run, "sem_wait", enter(run)->sem_wait(&place.sem));
}

static void sem_timedwait_it(struct run *run)
{
	struct timespec until = time_in(CLOCK_REALTIME, FAR_S * 1000);

	result(run, "sem_timedwait", enter(run)->sem_timedwait(&place.sem, &until));
}

static void sem_clockwait_it(struct run *run)
{
	struct timespec until = time_in(CLOCK_MONOTONIC, FAR_S * 1000);

	result(run, "sem_clockwait",
		enter(run)->sem_clockwait(&place.sem, CLOCK_MONOTONIC, &until));
}

/* --- signals ---------------------------------------------------------------------------------- */

static sigset_t other_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	return set;
}

static void wait_info(struct run *run)
{
	sigset_t set = other_signal();
	siginfo_t info = {0};

	result(run, "sigwaitinfo", enter(run)->sigwaitinfo(&set, &info));
	note(run, "signal %d", info.si_signo);
}

static void wait_timed(struct run *run)
{
	const struct timespec span = {FAR_S, 0};
	sigset_t set = other_signal();

	result(run, "sigtimedwait", enter(run)->sigtimedwait(&set, NULL, &span));
}

static void wait_signal(struct run *run)
{
	sigset_t set = other_signal();
	int signo = 0;

	code(run, "sigwait", enter(run)->sigwait(&set, &signo));
	note(run, "signal %d", signo);
}

static void suspend(struct run *run)
{
	sigset_t set = other_signal();

	result(run, "sigsuspend", enter(run)->sigsuspend(&set));
}

static void pause_it(struct run *run)
{
	result(run, "pause", enter(run)->pause());
}

/* --- children --------------------------------------------------------------------------------- */

static void kid(struct run *run)
{
	place.kid = kid_new(run);
}

static void let_kid_end(struct peer *peer)
{
	check(peer->run, write(place.kid.orders, "x", 1) == 1);
}

static void end_kid(struct run *run, bool reaped)
{
	if (reaped)
		kid_forget(&place.kid);
	else
		kid_end(run, &place.kid);
}

static void wait_kid(struct run *run)
{
	int status = 0;
	pid_t pid = enter(run)->waitpid(place.kid.pid, &status, 0);

	result(run, "waitpid", pid > 0 ? 1 : pid);
	note(run, "status %#x", (unsigned)status);
	end_kid(run, pid > 0);
}

static void wait_any(struct run *run)
{
	int status = 0;
	pid_t pid = enter(run)->wait(&status);

	result(run, "wait", pid > 0 ? 1 : pid);
	note(run, "status %#x", (unsigned)status);
	end_kid(run, pid > 0);
}

static void wait_id(struct run *run)
{
	siginfo_t info = {0};

	result(run, "waitid",
		enter(run)->waitid(P_PID, (id_t)place.kid.pid, &info, WEXITED | WNOWAIT));
	note(run, "code %d, status %d", info.si_code, info.si_status);
	end_kid(run, false);
}

/* --- files ------------------------------------------------------------------------------------ */

static void locked_file(struct run *run)
{
	char path[64];

	place.fd = keep_foreign(run, memfd_create("locked", MFD_CLOEXEC));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", place.fd);
	place.other = keep(run, run->calls->open(path, O_RDWR | O_CLOEXEC));
	check(run, place.other >= 0);
}

static void flocked_file(struct run *run)
{
	locked_file(run);
	check(run, flock(place.fd, LOCK_EX) == 0);
}

static void flock_it(struct run *run)
{
	result(run, "flock", enter(run)->flock(place.other, LOCK_SH));
}

static void funlock(struct peer *peer)
{
	check(peer->run, flock(place.fd, LOCK_UN) == 0);
}

static void record_locked_file(struct run *run)
{
	struct flock lock = {.l_type = F_WRLCK, .l_len = 5};

	locked_file(run);
	check(run, fcntl(place.fd, F_OFD_SETLK, &lock) == 0);
}

static void lock_record(struct run *run)
{
	struct flock lock = {.l_type = F_RDLCK, .l_start = 2, .l_len = 1};

	result(run, "fcntl", enter(run)->fcntl(place.other, F_OFD_SETLKW, &lock));
}

static void unlock_record(struct peer *peer)
{
	struct flock lock = {.l_type = F_UNLCK};

	check(peer->run, fcntl(place.fd, F_OFD_SETLK, &lock) == 0);
}

static const struct wait waits[] = {
	{"read", "eventfd", counter, read_number, count_up, NUMBER},
	{"readv", "eventfd", counter, readv_number, count_up, NUMBER},
	{"write", "full eventfd", full_counter, write_number, count_down, NUMBER},
	{"read", "timerfd", timer, read_number, set_timer, NUMBER},
	{"read", "signalfd", signals, read_number, send_other_signal, NUMBER},
	{"read", "inotify", folder, read_number, remove_folder, NUMBER},
	{"poll", "eventfd", counter, poll_number, count_up, STOPS},
	{"poll", "timerfd", timer, poll_number, set_timer, STOPS},
	{"poll", "signalfd", signals, poll_number, send_other_signal, STOPS},
	{"poll", "nothing", nothing, poll_nothing, NULL, STOPS | ENDLESS},
	{"ppoll", "eventfd", counter, ppoll_number, count_up, STOPS},
	{"select", "eventfd", counter, select_number, count_up, STOPS},
	{"pselect", "nothing", nothing, pselect_nothing, NULL, STOPS | ENDLESS},
	{"epoll_wait", "eventfd", set_of_one, wait_for_set, count_up, STOPS},
	{"epoll_pwait2", "eventfd", set_of_one, wait_for_set_ns, count_up, STOPS},
	{"poll", "epoll", set_of_one, poll_set, count_up, STOPS},
	{"accept", "unix listener", listener, accept_it, call, NUMBER},
	{"accept4", "unix listener", listener, accept4_it, call, NUMBER},
	{"accept", "listener with SO_RCVTIMEO", impatient_listener, accept_it, call,
		NUMBER | STOPS},
	{"poll", "unix listener", listener, poll_number, call, STOPS},
	{"connect", "full unix listener", busy_listener, connect_it, take_one},
	{"nanosleep", "ten minutes", nothing, sleep_ns, NULL, STOPS | ENDLESS},
	{"clock_nanosleep", "ten minutes", nothing, sleep_clock, NULL, STOPS | ENDLESS},
	{"clock_nanosleep", "until", nothing, sleep_until, NULL, STOPS | ENDLESS},
	{"sleep", "ten minutes", nothing, sleep_s, NULL, STOPS | ENDLESS},
	{"usleep", "ten minutes", nothing, sleep_us, NULL, STOPS | ENDLESS},
	{"thrd_sleep", "ten minutes", nothing, sleep_c11, NULL, STOPS | ENDLESS},
	{"sem_wait", "semaphore", semaphore, sem_wait_it, post},
	{"sem_timedwait", "semaphore", semaphore, sem_timedwait_it, post, STOPS},
	{"sem_clockwait", "semaphore", semaphore, sem_clockwait_it, post, STOPS},
	{"sigwaitinfo", "SIGUSR2", signals, wait_info, send_other_signal, STOPS},
	{"sigtimedwait", "SIGUSR2", signals, wait_timed, send_other_signal, STOPS},
	{"sigwait", "SIGUSR2", signals, wait_signal, send_other_signal, GOES_ON},
	{"sigsuspend", "any signal", nothing, suspend, NULL, STOPS | ENDLESS},
	{"pause", "any signal", nothing, pause_it, NULL, STOPS | ENDLESS},
	{"waitpid", "a child", kid, wait_kid, let_kid_end},
	{"wait", "any child", kid, wait_any, let_kid_end},
	{"waitid", "a child", kid, wait_id, let_kid_end},
	{"flock", "locked file", flocked_file, flock_it, funlock},
	{"fcntl", "locked record", record_locked_file, lock_record, unlock_record},
};

/* --- conditions ------------------------------------------------------------------------------- */

static void prepare(struct run *run)
{
	place.path[0] = '\0';
	wait_of(run)->prepare(run);
}

static void clean_up(void)
{
	if (place.path[0])
		rmdir(place.path);
}

static void comes(struct run *run)
{
	struct peer peer = {.act = wait_of(run)->release};

	prepare(run);
	peer_start(run, &peer);
	wait_of(run)->call_it(run);
	peer_join(&peer);
}

static void stopped_by(struct run *run, int flags)
{
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	prepare(run);
	catch_signal(run, SIGUSR1, flags);
	peer_start(run, &peer);
	wait_of(run)->call_it(run);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	clean_up();
}

static void interrupted(struct run *run)
{
	stopped_by(run, 0);
}

static void not_restarted(struct run *run)
{
	stopped_by(run, SA_RESTART);
}

static void peer_signals_then_releases(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	while (!caught(SIGUSR1))
		sched_yield();
	peer_await(peer);
	wait_of(peer->run)->release(peer);
}

static void outlasts_signal(struct run *run, int flags)
{
	struct peer peer = {.act = peer_signals_then_releases};

	prepare(run);
	catch_signal(run, SIGUSR1, flags);
	peer_start(run, &peer);
	wait_of(run)->call_it(run);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void restarted(struct run *run)
{
	outlasts_signal(run, SA_RESTART);
}

static void goes_on(struct run *run)
{
	outlasts_signal(run, 0);
}

static void ignored(struct run *run)
{
	struct peer peer = {.act = wait_of(run)->release};

	prepare(run);
	signal(SIGUSR1, SIG_IGN);
	tgkill(getpid(), run->home, SIGUSR1);
	peer_start(run, &peer);
	wait_of(run)->call_it(run);
	peer_join(&peer);
}

static void nonblocking(struct run *run)
{
	prepare(run);
	check(run, run->calls->fcntl(place.fd, F_SETFL, O_NONBLOCK) == 0);
	wait_of(run)->call_it(run);
	clean_up();
}

static const struct condition {
	const char *name;
	void (*body)(struct run *run);
	int with, without, modes;
} conditions[] = {
	{"comes", comes, 0, ENDLESS, 0},
	{"comes after an ignored signal", ignored, 0, ENDLESS, 0},
	{"interrupted", interrupted, 0, GOES_ON, PLAIN | ROOT},
	{"interrupted, SA_RESTART", not_restarted, STOPS, 0, PLAIN | ROOT},
	{"restarted", restarted, 0, STOPS | GOES_ON, PLAIN | ROOT},
	{"goes on", goes_on, GOES_ON, 0, PLAIN | ROOT},
	{"non-blocking", nonblocking, NUMBER, 0, 0},
};

void waits_add(void)
{
	for (size_t i = 0; i < COUNT(waits); i++)
		for (size_t k = 0; k < COUNT(conditions); k++)
			if ((waits[i].traits & conditions[k].with) == conditions[k].with &&
				!(waits[i].traits & conditions[k].without))
				point_add((struct point){waits[i].call, waits[i].what,
					conditions[k].name, conditions[k].body, &waits[i], 0, 0,
					conditions[k].modes});
}
