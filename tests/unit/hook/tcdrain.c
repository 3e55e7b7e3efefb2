/* tcdrain.c - tcdrain(3) through libc and through its mirror. A pseudoterminal has sent
 * all at any time. */
#include "harness/doomed.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <termios.h>
#include <unistd.h>

static void drain(struct run *run, int fd)
{
	result(run, "tcdrain", enter(run)->tcdrain(fd));
}

static void terminals(struct run *run)
{
	struct pair pair = pair_open(run, PTY, FROM_ME);
	char got[8];

	errno = EDOM;
	drain(run, pair.mine);
	result(run, "write", enter(run)->write(pair.mine, "hello", 5));
	drain(run, pair.mine);
	note_bytes(run, "got", got, read(pair.theirs, got, sizeof(got)));
}

static void other_descriptors(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, FROM_ME);

	drain(run, pair.mine);
	drain(run, 900);
	drain(run, -1);
}

static void doomed_drains(struct doomed *doomed)
{
	doomed_step(doomed, 'd');
	doomed_compute(doomed);
	doomed->calls->tcdrain(doomed->fd);
}

/* It is a cancellation point. */
static void cancelled(struct run *run)
{
	struct pair pair = pair_open(run, PTY, FROM_ME);
	struct doomed doomed = {.act = doomed_drains, .fd = pair.mine, .sort = OWN};

	doomed_start(run, &doomed);
	doomed_cancel_computing(run, &doomed);
	doomed_end(run, &doomed);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"terminals", terminals},
		{"other descriptors", other_descriptors},
		{"cancelled", cancelled},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("tcdrain");
}
