/* pselect.c - pselect(2) through libc and through its mirror. */
#include "harness/masked.h"
#include "harness/pair.h"
#include "harness/scenario.h"
#include "harness/selecting.h"

#include <sys/select.h>

static int pselect_sets(struct run *run, int n, fd_set *sets[3], struct timespec *span)
{
	return enter(run)->pselect(n, sets[0], sets[1], sets[2], span, NULL);
}

static int pselect_masked(struct run *run, int fd, int ms, const sigset_t *mask)
{
	struct timespec span = {ms / 1000, ms % 1000 * 1000000};
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	return enter(run)->pselect(fd + 1, &set, NULL, NULL, ms < 0 ? NULL : &span, mask);
}

/* Unlike select's, the timeout stays as it is, and nanoseconds are not seconds. */
static void spans_stay(struct run *run)
{
	static const struct timespec spans[] = {
		{0, 0}, {0, 1}, {0, 5000000}, {0, 1000000000}};
	struct timespec span;
	size_t i;

	for (i = 0; i < COUNT(spans); i++) {
		span = spans[i];
		result(run, "pselect",
			enter(run)->pselect(0, NULL, NULL, NULL, &span, NULL));
		note(run, "%ld %ld", (long)span.tv_sec, span.tv_nsec);
	}
}

int main(void)
{
	static const struct selecting verb = {"pselect", pselect_sets};
	static const struct masked masked = {"pselect", pselect_masked};
	static const struct scenario scenarios[] = {
		{"spans stay", spans_stay},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	selecting_add(&verb);
	masked_add(&masked);
	return suite_run("pselect");
}
