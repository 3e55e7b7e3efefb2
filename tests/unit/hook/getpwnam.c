/* getpwnam.c - getpwnam(3) through libc and through its mirror. */
#include "harness/bystander.h"
#include "harness/scenario.h"

#include <errno.h>

static void note_entry(struct run *run, const struct passwd *e)
{
	note(run, "%s %u %u %s %s", e->pw_name, e->pw_uid, e->pw_gid, e->pw_dir,
		e->pw_shell);
}

static const struct passwd *find(struct run *run, const char *key)
{
	const struct passwd *e = enter(run)->getpwnam(key);
	int error = errno;

	result(run, "found", e ? 1 : 0);
	if (e)
		note_entry(run, e);
	else
		note(run, "errno %s", error_name(error));
	return e;
}

static void there(struct run *run)
{
	struct bystander bystander;

	bystander_start(run, &bystander);
	find(run, "root");
	bystander_ran(run, &bystander);
}

static void not_there(struct run *run)
{
	find(run, "no-such-account");
	find(run, "");
}

/* A result stays until the caller asks again. */
static void stays(struct run *run)
{
	const struct passwd *e = find(run, "root");
	const struct timespec span = {0, 1000};

	run->calls->nanosleep(&span, NULL);
	note_entry(run, e);
	check(run, find(run, "root") == e);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"there", there},
		{"not there", not_there},
		{"stays", stays},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("getpwnam");
}
