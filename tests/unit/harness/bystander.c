/* bystander.c - a mate whose only act is to have run. Plain threads may be slow to. */
#include "harness/bystander.h"

static void run_once(struct mate *mate)
{
	mate->outcome = 1;
}

void bystander_start(struct run *run, struct bystander *bystander)
{
	bystander->mate = (struct mate){.act = run_once};
	mate_start(run, &bystander->mate);
}

void bystander_ran(struct run *run, struct bystander *bystander)
{
	check(run, run->mode == PLAIN || atomic_load(&bystander->mate.done));
	mate_join(&bystander->mate);
}
