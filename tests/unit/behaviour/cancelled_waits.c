/* cancelled_waits.c - a thread that is cancelled while it waits: in every call that is a
 * cancellation point it ends at once, having taken nothing, and in others it goes on. */
#include "harness/doomed.h"
#include "harness/idler.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void in_read(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct doomed doomed = {.act = doomed_reads, .fd = pair.mine, .sort = run->kind};

	doomed_meets_end(run, &doomed);
	pair_put(run, &pair, "x");
	result(run, "read", enter(run)->read(pair.mine, &(char){0}, 1));
}

static void receive(struct doomed *doomed)
{
	char byte;

	doomed_enter(doomed)->recv(doomed->fd, &byte, 1, 0);
}

static void in_recv(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct doomed doomed = {.act = receive, .fd = pair.mine, .sort = run->kind};

	doomed_meets_end(run, &doomed);
}

static void write_one(struct doomed *doomed)
{
	doomed_enter(doomed)->write(doomed->fd, "x", 1);
}

/* Whole pages fill a pipe to its last byte. */
static void in_write(struct run *run)
{
	static const char block[4096];
	struct pair pair = pair_open(run, PIPE, FROM_ME);
	struct doomed doomed = {.act = write_one, .fd = pair.mine, .sort = run->kind};
	int i, room = fcntl(pair.mine, F_GETPIPE_SZ);

	for (i = 0; i < room; i += (int)sizeof(block))
		check(run, write(pair.mine, block, sizeof(block)) == sizeof(block));
	doomed_meets_end(run, &doomed);
	check(run, ioctl(pair.theirs, FIONREAD, &i) == 0 && i == room);
}

static void poll_for_ever(struct doomed *doomed)
{
	struct pollfd pollfd = {.fd = doomed->fd, .events = POLLIN};

	doomed_enter(doomed)->poll(&pollfd, 1, -1);
}

static void in_poll(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct doomed doomed = {.act = poll_for_ever, .fd = pair.mine, .sort = run->kind};

	doomed_meets_end(run, &doomed);
}

static void select_for_ever(struct doomed *doomed)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(doomed->fd, &set);
	doomed_enter(doomed)->select(doomed->fd + 1, &set, NULL, NULL, NULL);
}

static void in_select(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct doomed doomed = {
		.act = select_for_ever, .fd = pair.mine, .sort = run->kind};

	doomed_meets_end(run, &doomed);
}

/* With a mask of its own, there is more to be put back in order. */
static void ppoll_for_ever(struct doomed *doomed)
{
	struct pollfd pollfd = {.fd = doomed->fd, .events = POLLIN};
	sigset_t none;

	sigemptyset(&none);
	doomed_enter(doomed)->ppoll(&pollfd, 1, NULL, &none);
}

static void in_ppoll(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct doomed doomed = {
		.act = ppoll_for_ever, .fd = pair.mine, .sort = run->kind};
	sigset_t set, before;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, &before);
	doomed_meets_end(run, &doomed);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void sleep_long(struct doomed *doomed)
{
	struct timespec span = {1000, 0};

	doomed_enter(doomed)->nanosleep(&span, &span);
}

static void in_nanosleep(struct run *run)
{
	struct doomed doomed = {.act = sleep_long, .sort = run->kind};

	doomed_meets_end(run, &doomed);
}

static void accept_one(struct doomed *doomed)
{
	doomed_enter(doomed)->accept(doomed->fd, NULL, NULL);
}

static void in_accept(struct run *run)
{
	struct sockaddr_in address;
	int fd = keep(run, listener_open(run->calls, &address, 8));
	struct doomed doomed = {.act = accept_one, .fd = fd, .sort = run->kind};

	doomed_meets_end(run, &doomed);
}

static void join_idler(struct doomed *doomed)
{
	const struct idler *idler = doomed->arg;

	doomed_enter(doomed)->pthread_join(idler->thread, NULL);
}

/* Who was waited for can still be joined. Foreign code joins only its own. */
static void in_join(struct run *run)
{
	struct idler idler = {.sort = run->kind == OS_PLAIN ? OS_PLAIN : OWN};
	struct doomed doomed = {.act = join_idler, .arg = &idler, .sort = run->kind};

	idler_start(run, &idler);
	doomed_meets_end(run, &doomed);
	idler_end(&idler);
}

/* An error checking mutex, so that unlocking says whether it is held. */
struct door {
	struct doomed *doomed;
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	int bells;
};

static void door_init(struct run *run, struct door *door, struct doomed *doomed)
{
	pthread_mutexattr_t attr;

	door->doomed = doomed;
	door->bells = 0;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	check(run, run->calls->pthread_mutex_init(&door->mutex, &attr) == 0);
	check(run, run->calls->pthread_cond_init(&door->cond, NULL) == 0);
	pthread_mutexattr_destroy(&attr);
}

static void door_fini(struct run *run, struct door *door)
{
	code(run, "destroy cond", run->calls->pthread_cond_destroy(&door->cond));
	code(run, "destroy mutex", run->calls->pthread_mutex_destroy(&door->mutex));
}

static void unlock_held(void *arg)
{
	struct door *door = arg;
	int error = door->doomed->calls->pthread_mutex_unlock(&door->mutex);

	doomed_step(door->doomed, error ? '!' : 'u');
}

static void wait_at_door(struct doomed *doomed)
{
	struct door *door = doomed->arg;

	doomed->calls->pthread_mutex_lock(&door->mutex);
	pthread_cleanup_push(unlock_held, door);
	while (door->bells == 0)
		doomed_enter(doomed)->pthread_cond_wait(&door->cond, &door->mutex);
	pthread_cleanup_pop(1);
}

static void in_cond_wait(struct run *run)
{
	struct door door;
	struct doomed doomed = {.act = wait_at_door, .arg = &door, .sort = run->kind};

	door_init(run, &door, &doomed);
	doomed_meets_end(run, &doomed);
	door_fini(run, &door);
}

static void wait_at_door_a_while(struct doomed *doomed)
{
	struct door *door = doomed->arg;
	struct timespec until = time_in(CLOCK_REALTIME, 60000);

	doomed->calls->pthread_mutex_lock(&door->mutex);
	pthread_cleanup_push(unlock_held, door);
	doomed_enter(doomed)->pthread_cond_timedwait(&door->cond, &door->mutex, &until);
	pthread_cleanup_pop(1);
}

static void in_cond_timedwait(struct run *run)
{
	struct door door;
	struct doomed doomed = {
		.act = wait_at_door_a_while, .arg = &door, .sort = run->kind};

	door_init(run, &door, &doomed);
	doomed_meets_end(run, &doomed);
	door_fini(run, &door);
}

/* The handler runs with the mutex, so whoever has it is waited for. */
static void mutex_is_taken_first(struct run *run)
{
	struct door door;
	struct doomed doomed = {.act = wait_at_door, .arg = &door, .sort = run->kind};
	int i;

	door_init(run, &door, &doomed);
	doomed_start(run, &doomed);
	check(run, spot_blocked(run, &doomed.spot));
	check(run, run->calls->pthread_mutex_lock(&door.mutex) == 0);
	doomed_cancel_blocked(run, &doomed);
	for (i = 0; i < 20; i++)
		run->calls->usleep(100);
	note(run, "steps while it is locked: %d", atomic_load(&doomed.nsteps));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&door.mutex));
	doomed_end(run, &doomed);
	door_fini(run, &door);
}

static void wait_for_bell(struct mate *mate)
{
	struct door *door = mate->arg;

	mate->calls->pthread_mutex_lock(&door->mutex);
	while (door->bells == 0)
		mate_enter(mate)->pthread_cond_wait(&door->cond, &door->mutex);
	mate_leave(mate, 0);
	mate->outcome = door->bells--;
	mate->calls->pthread_mutex_unlock(&door->mutex);
}

/* One that was cancelled takes nobody's signal away. */
static void takes_no_signal(struct run *run)
{
	struct door door;
	struct doomed doomed = {.act = wait_at_door, .arg = &door};
	struct mate mate = {.act = wait_for_bell, .arg = &door, .sort = run->kind};

	door_init(run, &door, &doomed);
	doomed_start(run, &doomed);
	check(run, spot_blocked(run, &doomed.spot));
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	doomed_cancel_blocked(run, &doomed);
	doomed_end(run, &doomed);
	check(run, run->calls->pthread_mutex_lock(&door.mutex) == 0);
	door.bells = 1;
	check(run, run->calls->pthread_mutex_unlock(&door.mutex) == 0);
	check(run, run->calls->pthread_cond_signal(&door.cond) == 0);
	mate_join(&mate);
	note(run, "mate heard %ld", mate.outcome);
	door_fini(run, &door);
}

static void lock_door(struct doomed *doomed)
{
	struct door *door = doomed->arg;

	doomed_step(doomed,
		doomed_enter(doomed)->pthread_mutex_lock(&door->mutex) ? '!' : 'l');
	spot_leave(&doomed->spot);
	unlock_held(door);
	doomed->calls->pthread_testcancel();
}

/* Waiting for a mutex is not a cancellation point. */
static void not_in_mutex_lock(struct run *run)
{
	struct door door;
	struct doomed doomed = {.act = lock_door, .arg = &door, .sort = run->kind};

	door_init(run, &door, &doomed);
	check(run, run->calls->pthread_mutex_lock(&door.mutex) == 0);
	doomed_start(run, &doomed);
	doomed_cancel_blocked(run, &doomed);
	check(run, spot_blocked(run, &doomed.spot));
	check(run, run->calls->pthread_mutex_unlock(&door.mutex) == 0);
	doomed_end(run, &doomed);
	door_fini(run, &door);
}

static void open_a_fifo(struct doomed *doomed)
{
	doomed_enter(doomed)->open(doomed->arg, O_WRONLY);
}

static void in_open(struct run *run)
{
	char folder[] = "/tmp/cohook-open-XXXXXX", path[64];
	struct doomed doomed = {.act = open_a_fifo, .arg = path, .sort = run->kind};

	check(run, mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/fifo", folder);
	check(run, mkfifo(path, 0600) == 0);
	doomed_meets_end(run, &doomed);
	check(run, unlink(path) == 0 && rmdir(folder) == 0);
}

static void lock_the_file(struct doomed *doomed)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	doomed_enter(doomed)->fcntl(doomed->fd, F_OFD_SETLKW, &lock);
}

/* Two descriptions of one file: the lock of one is in the way of the other's. */
static void in_fcntl(struct run *run)
{
	char path[] = "/tmp/cohook-lock-XXXXXX";
	int other = keep_foreign(run, mkstemp(path));
	struct doomed doomed = {.act = lock_the_file, .sort = run->kind};
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	doomed.fd = keep(run, run->calls->open(path, O_RDWR));
	check(run, fcntl(other, F_OFD_SETLK, &lock) == 0);
	doomed_meets_end(run, &doomed);
	lock.l_type = F_UNLCK;
	check(run, fcntl(other, F_OFD_SETLK, &lock) == 0);
	lock.l_type = F_RDLCK;
	check(run, fcntl(other, F_OFD_GETLK, &lock) == 0);
	note(run, "free: %d", lock.l_type == F_UNLCK);
	check(run, unlink(path) == 0);
}

/* AddressSanitizer of gcc 12 finds fault with frames that libc unwinds to end an OS
 * thread. */
#ifdef __SANITIZE_ADDRESS__
#define THROUGH_OUR_FRAMES(text, body) {text " (own)", body, OWN}, \
	{text " (foreign thread)", body, OS_PLAIN}
#else
#define THROUGH_OUR_FRAMES(text, body) FOR_ALL_SORTS(text, body)
#endif

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("in read", in_read),
		FOR_ALL_SORTS("in recv", in_recv),
		FOR_ALL_SORTS("in write", in_write),
		FOR_ALL_SORTS("in poll", in_poll),
		FOR_ALL_SORTS("in select", in_select),
		FOR_ALL_SORTS("in ppoll", in_ppoll),
		FOR_ALL_SORTS("in nanosleep", in_nanosleep),
		FOR_OUR_SORTS("in accept", in_accept),
		FOR_ALL_SORTS("in open", in_open),
		FOR_ALL_SORTS("in fcntl", in_fcntl),
		/* An OS thread that joins a fiber waits outside of libc's cancellation
		 * points. */
		{"in join (own)", in_join, OWN},
		{"in join (foreign thread)", in_join, OS_PLAIN},
		THROUGH_OUR_FRAMES("in cond_wait", in_cond_wait),
		THROUGH_OUR_FRAMES("in cond_timedwait", in_cond_timedwait),
		THROUGH_OUR_FRAMES("mutex is taken first", mutex_is_taken_first),
		FOR_OUR_SORTS("takes no signal", takes_no_signal),
		FOR_ALL_SORTS("not in mutex_lock", not_in_mutex_lock),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("cancelled_waits");
}
