/* sizing.c - scenarios of calls that make files longer or shorter. */
#include "harness/sizing.h"
#include "harness/bystander.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/positioned.h"
#include "harness/scenario.h"

#include <signal.h>
#include <sys/resource.h>

static void resize(struct run *run, int fd, off_t size)
{
	const struct sizing *verb = run->verb;

	verb->resize(run, fd, size);
}

static void longer_and_shorter(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);
	struct bystander bystander;

	bystander_start(run, &bystander);
	resize(run, fd, 20);
	bystander_ran(run, &bystander);
	note_file(run, fd);
	resize(run, fd, 6);
	resize(run, fd, 6);
	note_file(run, fd);
	resize(run, fd, 1 << 20);
	note(run, "size %ld", (long)lseek(fd, 0, SEEK_END));
}

static void malformed(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);

	resize(run, fd, -1);
	resize(run, fd, INT64_MIN);
	resize(run, fd, INT64_MAX);
	resize(run, fd, 0);
	note(run, "size %ld", (long)lseek(fd, 0, SEEK_END));
	resize(run, -1, 5);
	resize(run, 900, 5);
	resize(run, keep_foreign(run, open("/dev/null", O_RDONLY)), 5);
	resize(run, keep_foreign(run, open("/", O_PATH)), 5);
}

static void no_files(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);

	resize(run, pair.mine, 5);
	resize(run, pair.theirs, 5);
}

static void size_limit(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);
	struct rlimit limit;
	rlim_t before;

	catch_signal(run, SIGXFSZ, 0);
	getrlimit(RLIMIT_FSIZE, &limit);
	before = limit.rlim_cur;
	limit.rlim_cur = 100;
	setrlimit(RLIMIT_FSIZE, &limit);
	resize(run, fd, 50);
	resize(run, fd, 100);
	resize(run, fd, 101);
	limit.rlim_cur = before;
	setrlimit(RLIMIT_FSIZE, &limit);
	note_caught(run, SIGXFSZ);
	note_file(run, fd);
}

static const struct scenario scenarios[] = {
	{"longer and shorter", longer_and_shorter},
	{"malformed", malformed},
	{"no files", no_files},
	{"size limit", size_limit},
};

void sizing_add(const struct sizing *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
