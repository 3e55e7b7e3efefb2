/* sync.c - sync(2) through libc and through its mirror. */
#include "harness/bystander.h"
#include "harness/positioned.h"
#include "harness/scenario.h"

#include <errno.h>

static void writes_all_back(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);
	struct bystander bystander;

	bystander_start(run, &bystander);
	enter(run)->sync();
	result(run, "sync", errno);
	bystander_ran(run, &bystander);
	note_file(run, fd);
}

int main(void)
{
	static const struct scenario scenarios[] = {{"writes all back", writes_all_back}};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sync");
}
