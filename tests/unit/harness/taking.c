/* taking.c - scenarios for whatever takes from a semaphore. */
#include "harness/taking.h"
#include "harness/cancellee.h"
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

void sem_make(struct run *run, sem_t *sem, unsigned count)
{
	check(run, sem_init(sem, 0, count) == 0);
}

void note_count(struct run *run, sem_t *sem)
{
	int value = -1;

	check(run, sem_getvalue(sem, &value) == 0);
	note(run, "count %d", value);
}

static const struct taking *verb_of(const struct run *run)
{
	return run->verb;
}

static int take(struct run *run, sem_t *sem)
{
	return (int)result(run, "take", verb_of(run)->take(enter(run), sem));
}

/* One that waits is in the call; errno is its own. */
static void take_as_mate(struct mate *mate)
{
	const struct taking *verb = verb_of(mate->run);

	mate->outcome = mate_leave(mate, verb->take(mate_enter(mate), mate->arg));
	if (mate->outcome < 0)
		mate->outcome = errno;
}

void post_when_waited_for(struct mate *mate)
{
	mate->outcome = !spot_blocked(mate->run, &mate->run->spot);
	mate->outcome += mate->calls->sem_post(mate->arg);
}

static void nobody_need_wait(struct run *run)
{
	sem_t sem;

	sem_make(run, &sem, 2);
	take(run, &sem);
	took_no_wait(run);
	take(run, &sem);
	took_no_wait(run);
	note_count(run, &sem);
	check(run, sem_destroy(&sem) == 0);
}

static void errno_is_left_alone(struct run *run)
{
	sem_t sem;

	sem_make(run, &sem, 1);
	enter(run);
	errno = ENOTTY;
	verb_of(run)->take(run->calls, &sem);
	note(run, "errno %s", error_name(errno));
	result(run, "taken", 0);
}

static void a_mate_posts(struct run *run)
{
	struct mate mate = {.act = post_when_waited_for, .sort = run->kind};
	sem_t sem;
	int i;

	sem_make(run, &sem, 0);
	mate.arg = &sem;
	for (i = 0; i < 3; i++) {
		spot_reset(&run->spot);
		mate_start(run, &mate);
		take(run, &sem);
		mate_join(&mate);
		note(run, "mate: %ld", mate.outcome);
		note_count(run, &sem);
	}
	check(run, sem_destroy(&sem) == 0);
}

static void a_mate_waits(struct run *run)
{
	struct mate mate = {.act = take_as_mate, .sort = run->kind};
	sem_t sem;

	sem_make(run, &sem, 0);
	mate.arg = &sem;
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	check(run, run->calls->sem_post(&sem) == 0);
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	note_count(run, &sem);
	check(run, sem_destroy(&sem) == 0);
}

/* As many get through as there were posts, whoever they are. */
static void several_wait(struct run *run)
{
	static const int sorts[] = {OWN, OS_MIRRORS, OWN, OS_PLAIN, OWN};
	struct mate mates[COUNT(sorts)];
	sem_t sem;
	size_t i;

	sem_make(run, &sem, 0);
	for (i = 0; i < COUNT(sorts); i++) {
		mates[i] =
			(struct mate){.act = take_as_mate, .arg = &sem, .sort = sorts[i]};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
	for (i = 0; i < COUNT(sorts); i++)
		check(run, run->calls->sem_post(&sem) == 0);
	for (i = 0; i < COUNT(sorts); i++)
		mate_join(&mates[i]);
	note_count(run, &sem);
	check(run, sem_destroy(&sem) == 0);
}

/* --- signals ------------------------------------------------------------------------- */

static void interrupted(struct run *run)
{
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	sem_t sem;

	sem_make(run, &sem, 0);
	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	take(run, &sem);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	note_count(run, &sem);
}

struct signaller {
	struct peer peer;
	sem_t sem;
};

static void signal_and_post(struct peer *peer)
{
	struct signaller *s = peer->arg;

	peer_signals(peer);
	while (!caught(SIGUSR1))
		sched_yield();
	if (!atomic_load(&peer->run->spot.left))
		spot_blocked(peer->run, &peer->run->spot);
	sem_post(&s->sem);
}

/* With SA_RESTART it depends on whether there is a deadline. */
static void restarted(struct run *run)
{
	struct signaller s = {
		.peer = {.act = signal_and_post, .size = SIGUSR1, .arg = &s}};

	sem_make(run, &s.sem, 0);
	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &s.peer);
	take(run, &s.sem);
	peer_join(&s.peer);
	note_caught(run, SIGUSR1);
	note_count(run, &s.sem);
}

static struct run *handlers_run;
static sem_t handlers_sem;

static void post_in_handler(int signo)
{
	(void)signo;
	handlers_run->calls->sem_post(&handlers_sem);
}

/* The handler's own post, made through the calls under test, while its thread waits. */
static void posted_by_a_handler(struct run *run)
{
	const struct sigaction action = {
		.sa_handler = post_in_handler, .sa_flags = run->kind};
	struct peer peer = {.act = peer_signals, .size = SIGUSR2};

	handlers_run = run;
	sem_make(run, &handlers_sem, 0);
	check(run, run->calls->sigaction(SIGUSR2, &action, NULL) == 0);
	peer_start(run, &peer);
	take(run, &handlers_sem);
	peer_join(&peer);
	note_count(run, &handlers_sem);
	check(run, sem_destroy(&handlers_sem) == 0);
}

static void take_in_handler(int signo)
{
	(void)signo;
	verb_of(handlers_run)->take(handlers_run->calls, &handlers_sem);
}

/* In a handler it is the plain call. */
static void taken_by_a_handler(struct run *run)
{
	const struct sigaction action = {.sa_handler = take_in_handler};

	handlers_run = run;
	sem_make(run, &handlers_sem, 2);
	check(run, run->calls->sigaction(SIGUSR2, &action, NULL) == 0);
	check(run, raise(SIGUSR2) == 0);
	note_count(run, &handlers_sem);
	take(run, &handlers_sem);
	note_count(run, &handlers_sem);
	check(run, sem_destroy(&handlers_sem) == 0);
}

/* --- cancellation -------------------------------------------------------------------- */

static void take_as_doomed(struct doomed *doomed)
{
	verb_of(doomed->run)->take(doomed_enter(doomed), doomed->arg);
}

/* Whoever was cancelled took nothing. */
static void cancelled_while_waiting(struct run *run)
{
	struct doomed doomed = {.act = take_as_doomed, .sort = run->kind};
	sem_t sem;

	sem_make(run, &sem, 0);
	doomed.arg = &sem;
	doomed_meets_end(run, &doomed);
	check(run, run->calls->sem_post(&sem) == 0);
	take(run, &sem);
	note_count(run, &sem);
	check(run, sem_destroy(&sem) == 0);
}

static sem_t full;

static void take_when_asked_to_end(struct cancellee *me)
{
	cancellee_await_request(me);
	cancellee_step(me, 'a');
	verb_of(me->run)->take(me->run->calls, &full);
	cancellee_step(me, 'b');
}

static void cancelled_before(struct run *run)
{
	sem_make(run, &full, 1);
	cancellee_run(run, take_when_asked_to_end);
	note_count(run, &full);
	check(run, sem_destroy(&full) == 0);
}

/* --- another process ----------------------------------------------------------------- */

enum { ROUNDS = 30 };

static int answer(sem_t *sems)
{
	int i;

	alarm(60);
	for (i = 0; i < ROUNDS; i++)
		if (sem_wait(&sems[0]) < 0 || sem_post(&sems[1]) < 0)
			return 1;
	return 0;
}

/* It knows nothing of us; each waits for the other in turn. */
static void shared_with_a_process(struct run *run)
{
	sem_t *sems = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i, status = -1;
	pid_t child;

	check(run, sem_init(&sems[0], 1, 0) == 0 && sem_init(&sems[1], 1, 0) == 0);
	child = fork();
	if (child == 0)
		_exit(answer(sems));
	for (i = 0; i < ROUNDS; i++) {
		check(run, run->calls->sem_post(&sems[0]) == 0);
		check(run, verb_of(run)->take(enter(run), &sems[1]) == 0);
	}
	check(run, waitpid(child, &status, 0) == child && status == 0);
	note_count(run, &sems[0]);
	note_count(run, &sems[1]);
	munmap(sems, 4096);
}

/* AddressSanitizer of gcc 12 finds fault with frames that libc unwinds to end an OS
 * thread. */
#ifdef __SANITIZE_ADDRESS__
#define THROUGH_OUR_FRAMES(text, body)                   \
	{text " (own)", body, OWN},                      \
	{                                                \
		text " (foreign thread)", body, OS_PLAIN \
	}
#else
#define THROUGH_OUR_FRAMES(text, body) FOR_ALL_SORTS(text, body)
#endif

void taking_add(const struct taking *verb)
{
	static const struct scenario scenarios[] = {
		{"nobody need wait", nobody_need_wait},
		{"errno is left alone", errno_is_left_alone},
		FOR_ALL_SORTS("a mate posts", a_mate_posts),
		FOR_ALL_SORTS("a mate waits", a_mate_waits),
		{"several wait", several_wait},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"restarted", restarted, 0, PLAIN | ROOT},
		{"posted by a handler", posted_by_a_handler, 0, PLAIN | ROOT},
		{"posted by a handler that restarts", posted_by_a_handler, SA_RESTART,
			PLAIN | ROOT},
		{"taken by a handler", taken_by_a_handler, 0, PLAIN | ROOT},
		THROUGH_OUR_FRAMES("cancelled while waiting", cancelled_while_waiting),
		{"cancelled before", cancelled_before},
		{"shared with a process", shared_with_a_process, 0, PLAIN | ROOT},
	};

	suite_add(scenarios, COUNT(scenarios), verb);
}
