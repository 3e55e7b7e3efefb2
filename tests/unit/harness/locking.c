/* locking.c - the mate that keeps a stream to itself. */
#include "harness/locking.h"

static void hold(struct mate *mate)
{
	struct holder *holder = mate->arg;

	mate->calls->flockfile(holder->fp);
	atomic_store(&holder->taken, true);
	while (!atomic_load(&holder->told))
		mate->calls->usleep(50);
	mate->calls->funlockfile(holder->fp);
}

void holder_start(struct run *run, struct holder *holder, FILE *fp)
{
	holder->mate = (struct mate){.act = hold, .arg = holder, .sort = run->kind};
	holder->fp = fp;
	atomic_store(&holder->taken, false);
	atomic_store(&holder->told, false);
	mate_start(run, &holder->mate);
	await_flag(run, &holder->taken);
}

void holder_release(struct holder *holder)
{
	atomic_store(&holder->told, true);
	mate_join(&holder->mate);
}
