/* threads.c - what threads pay among themselves: a thread-local variable, a lock that is
 * free, a lock that all want, a turn by condition variable.
 *
 *	threads [SECONDS]        each loop runs for about that long (0.5)
 *
 * Plain pthreads; built by cc and by cohook-cc. Prints a line for each: nanoseconds, name.
 * Run by bench/threads. */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 1000, CONVOY = 8 };

static double seconds_each = 0.5;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct game {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	double end;
	bool over;
	int turn, players;
	unsigned long moves; /* under the lock */
};

static __thread unsigned long own;
__thread unsigned long outer;

__attribute__((noinline)) static void use_own(unsigned long by)
{
	own += by;
}

__attribute__((noinline)) static void use_outer(unsigned long by)
{
	outer += by;
}

static void *use(struct game *g, void (*step)(unsigned long by))
{
	for (; now() < g->end; g->moves += BATCH)
		for (unsigned long i = 0; i < BATCH; i++)
			step(i);
	return NULL;
}

static void *owner(void *game)
{
	return use(game, use_own);
}

static void *outsider(void *game)
{
	return use(game, use_outer);
}

static void *alone(void *game)
{
	struct game *g = game;

	for (; now() < g->end; g->moves += BATCH)
		for (int i = 0; i < BATCH; i++) {
			pthread_mutex_lock(&g->lock);
			pthread_mutex_unlock(&g->lock);
		}
	return NULL;
}

/* Each holds the lock for a while, so that the others have to wait. */
static void *together(void *game)
{
	struct game *g = game;
	bool over = false;

	while (!over) {
		pthread_mutex_lock(&g->lock);
		for (int i = 0; i < 50; i++)
			__asm__ volatile("" ::: "memory");
		if (++g->moves % BATCH == 0)
			g->over = now() > g->end;
		over = g->over;
		pthread_mutex_unlock(&g->lock);
	}
	return NULL;
}

static void *in_turn(void *game)
{
	struct game *g = game;

	pthread_mutex_lock(&g->lock);
	for (int me = g->players++; !g->over; g->moves++) {
		while (g->turn != me && !g->over)
			pthread_cond_wait(&g->moved, &g->lock);
		g->turn = !me;
		pthread_cond_signal(&g->moved);
		if (g->moves % BATCH == 0 && now() > g->end)
			g->over = true;
	}
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

static void play(const char *name, void *(*player)(void *), int players)
{
	struct game game = {.lock = PTHREAD_MUTEX_INITIALIZER,
		.moved = PTHREAD_COND_INITIALIZER,
		.end = now() + seconds_each};
	pthread_t threads[CONVOY];
	double start = now();

	for (int i = 0; i < players; i++)
		if (pthread_create(&threads[i], NULL, player, &game))
			exit(1);
	for (int i = 0; i < players; i++)
		pthread_join(threads[i], NULL);
	printf("%.3f %s\n", (now() - start) / (double)game.moves * 1e9, name);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seconds_each = strtod(argv[1], NULL);
	if (argc > 2 || !(seconds_each > 0)) {
		fprintf(stderr, "usage: threads [SECONDS]\n");
		return 2;
	}
	play("a use of a thread-local variable", owner, 1);
	play("the same, if other units can name it", outsider, 1);
	play("lock and unlock, nobody else there", alone, 1);
	play("lock and unlock, by 8 at once", together, CONVOY);
	play("a turn by condition variable", in_turn, 2);
	return 0;
}
