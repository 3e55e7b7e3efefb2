/* syncing.c - scenarios of fsync and its kin: which descriptors they take, and that
 * others run meanwhile. */
#include "harness/syncing.h"
#include "harness/bystander.h"
#include "harness/pair.h"
#include "harness/positioned.h"
#include "harness/scenario.h"

static void sync_it(struct run *run, int fd)
{
	const struct syncing *verb = run->verb;

	verb->sync(run, fd);
}

static void files(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);

	sync_it(run, fd);
	sync_it(run, keep_foreign(run, open("/tmp", O_RDONLY | O_DIRECTORY)));
	note_file(run, fd);
}

/* The wait is the fiber's, not the thread's. */
static void others_run(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);
	struct bystander bystander;

	bystander_start(run, &bystander);
	sync_it(run, fd);
	bystander_ran(run, &bystander);
}

static void no_files(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	sync_it(run, pair.mine);
}

static void no_descriptor(struct run *run)
{
	sync_it(run, -1);
	sync_it(run, 900);
	sync_it(run, keep_foreign(run, open("/", O_PATH)));
	sync_it(run, keep_foreign(run, open("/dev/null", O_RDWR)));
}

static const struct scenario scenarios[] = {
	{"files", files},
	{"others run", others_run},
	{"no files (tcp)", no_files, TCP},
	{"no files (pipe)", no_files, PIPE},
	{"no descriptor", no_descriptor},
};

void syncing_add(const struct syncing *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
