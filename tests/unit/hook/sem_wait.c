/* sem_wait.c - sem_wait(3) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/taking.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

static int take(const struct calls *calls, sem_t *sem)
{
	return calls->sem_wait(sem);
}

/* Opened twice it is the same object. */
static void named(struct run *run)
{
	struct mate mate = {.act = post_when_waited_for, .sort = run->kind};
	sem_t *sem, *again;
	char name[40];

	snprintf(name, sizeof(name), "/cohook-test-%d", getpid());
	sem = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
	again = sem_open(name, 0);
	check(run, sem != SEM_FAILED && again != SEM_FAILED);
	sem_unlink(name);
	mate.arg = again;
	spot_reset(&run->spot);
	mate_start(run, &mate);
	result(run, "wait", enter(run)->sem_wait(sem));
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	check(run, sem_close(again) == 0 && sem_close(sem) == 0);
}

struct shop {
	sem_t room, goods;
	const struct calls *calls;
	atomic_int made, sold, stock;
};

enum { CROWD = 4, EACH = 300, SHELVES = 3 };

static void make_goods(struct mate *mate)
{
	struct shop *shop = mate->arg;
	int i;

	for (i = 0; i < EACH; i++) {
		mate->outcome += mate->calls->sem_wait(&shop->room);
		if (atomic_fetch_add(&shop->stock, 1) >= SHELVES)
			mate->outcome = -100;
		atomic_fetch_add(&shop->made, 1);
		mate->outcome += mate->calls->sem_post(&shop->goods);
	}
}

static void buy_goods(struct mate *mate)
{
	struct shop *shop = mate->arg;
	int i;

	for (i = 0; i < EACH; i++) {
		mate->outcome += mate->calls->sem_wait(&shop->goods);
		if (atomic_fetch_sub(&shop->stock, 1) <= 0)
			mate->outcome = -100;
		atomic_fetch_add(&shop->sold, 1);
		mate->outcome += mate->calls->sem_post(&shop->room);
	}
}

/* Makers and buyers of all sorts: the shelves are never overfull, nothing is left. */
static void crowd(struct run *run)
{
	static const int sorts[CROWD] = {OWN, OS_MIRRORS, OWN, OS_PLAIN};
	struct mate makers[CROWD], buyers[CROWD];
	static struct shop shop;
	long wrong = 0;
	int i;

	atomic_store(&shop.made, 0);
	atomic_store(&shop.sold, 0);
	sem_make(run, &shop.room, SHELVES);
	sem_make(run, &shop.goods, 0);
	for (i = 0; i < CROWD; i++) {
		makers[i] =
			(struct mate){.act = make_goods, .arg = &shop, .sort = sorts[i]};
		buyers[i] = (struct mate){
			.act = buy_goods, .arg = &shop, .sort = sorts[CROWD - 1 - i]};
		mate_start(run, &makers[i]);
		mate_start(run, &buyers[i]);
	}
	for (i = 0; i < CROWD; i++) {
		mate_join(&makers[i]);
		mate_join(&buyers[i]);
		wrong += makers[i].outcome + buyers[i].outcome;
	}
	note(run, "made %d, sold %d, wrong %ld", shop.made, shop.sold, wrong);
	note_count(run, &shop.room);
	note_count(run, &shop.goods);
}

int main(void)
{
	static const struct taking verb = {take};
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("named", named),
		{"crowd", crowd},
	};

	taking_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sem_wait");
}
