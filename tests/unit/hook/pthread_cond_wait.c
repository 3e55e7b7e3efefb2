/* pthread_cond_wait.c - pthread_cond_wait(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"
#include "harness/signpost.h"

#include <errno.h>

/* A mate waits, this one signals. */
static void mate_waits(struct run *run)
{
	struct signpost post;
	struct mate mate = {.act = signpost_wait, .arg = &post, .sort = run->kind};
	int i;

	signpost_init(run, &post, CLOCK_REALTIME);
	for (i = 0; i < 3; i++) {
		mate_start(run, &mate);
		check(run, mate_blocked(&mate));
		signpost_signal(run->calls, &post, 1);
		mate_join(&mate);
		note(run, "mate: %s", error_name((int)mate.outcome));
	}
	signpost_fini(run, &post);
}

static void signal_when_blocked(struct mate *mate)
{
	mate->outcome = !spot_blocked(mate->run, &mate->run->spot);
	signpost_signal(mate->calls, mate->arg, 1);
}

/* This one waits, a mate signals. */
static void mate_signals(struct run *run)
{
	struct signpost post;
	struct mate mate = {.act = signal_when_blocked, .arg = &post, .sort = run->kind};

	signpost_init(run, &post, CLOCK_REALTIME);
	code(run, "lock", run->calls->pthread_mutex_lock(&post.mutex));
	spot_reset(&run->spot);
	mate_start(run, &mate);
	while (post.tickets == 0)
		code(run, "wait", enter(run)->pthread_cond_wait(&post.cond, &post.mutex));
	code(run, "trylock", run->calls->pthread_mutex_trylock(&post.mutex));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&post.mutex));
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	signpost_fini(run, &post);
}

struct pingpong {
	pthread_mutex_t mutex;
	pthread_cond_t cond[2];
	int turn, rounds;
};

enum { ROUNDS = 300 };

static void play(const struct calls *calls, struct pingpong *game, int me)
{
	int i;

	calls->pthread_mutex_lock(&game->mutex);
	for (i = 0; i < ROUNDS; i++) {
		while (game->turn != me)
			calls->pthread_cond_wait(&game->cond[me], &game->mutex);
		game->turn = !me;
		game->rounds++;
		calls->pthread_cond_signal(&game->cond[!me]);
	}
	calls->pthread_mutex_unlock(&game->mutex);
}

static void play_second(struct mate *mate)
{
	play(mate->calls, mate->arg, 1);
}

/* A signal that is lost ends the game for ever. */
static void pingpong(struct run *run)
{
	static struct pingpong game;
	struct mate mate = {.act = play_second, .arg = &game, .sort = run->kind};

	game = (struct pingpong){PTHREAD_MUTEX_INITIALIZER,
		{PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER}, 0, 0};
	mate_start(run, &mate);
	play(run->calls, &game, 0);
	mate_join(&mate);
	note(run, "rounds %d", game.rounds);
	code(run, "destroy", run->calls->pthread_cond_destroy(&game.cond[0]));
	code(run, "destroy", run->calls->pthread_cond_destroy(&game.cond[1]));
}

/* Other kinds of mutexes are released while their owner waits, too. */
static void kinds_of_mutexes(struct run *run)
{
	static const int types[] = {PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_RECURSIVE};
	size_t i;

	for (i = 0; i < COUNT(types); i++) {
		struct signpost post;
		struct mate mate = {.act = signpost_wait, .arg = &post, .sort = run->kind};
		pthread_mutexattr_t attr;

		signpost_init(run, &post, CLOCK_REALTIME);
		pthread_mutexattr_init(&attr);
		pthread_mutexattr_settype(&attr, types[i]);
		check(run, run->calls->pthread_mutex_init(&post.mutex, &attr) == 0);
		mate_start(run, &mate);
		check(run, mate_blocked(&mate));
		signpost_signal(run->calls, &post, 1);
		mate_join(&mate);
		note(run, "through %d", post.through);
		signpost_fini(run, &post);
	}
}

static void mutex_is_not_held(struct run *run)
{
	pthread_mutex_t mutex = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
	pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

	code(run, "wait", enter(run)->pthread_cond_wait(&cond, &mutex));
	took_no_wait(run);
	code(run, "destroy", run->calls->pthread_cond_destroy(&cond));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("mate waits", mate_waits),
		FOR_OUR_SORTS("mate signals", mate_signals),
		FOR_OUR_SORTS("ping-pong", pingpong),
		FOR_ALL_SORTS("kinds of mutexes", kinds_of_mutexes),
		{"mutex is not held", mutex_is_not_held},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_cond_wait");
}
