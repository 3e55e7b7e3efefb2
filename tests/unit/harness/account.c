/* account.c - scenarios that every lookup of one user or group must pass. */
#include "harness/account.h"
#include "harness/bystander.h"
#include "harness/scenario.h"

#include <errno.h>

static const void *find(struct run *run, int key)
{
	const struct account *verb = run->verb;
	const void *entry = verb->find(enter(run), key);
	int error = errno;

	result(run, "found", entry ? 1 : 0);
	if (entry)
		verb->note(run, entry);
	else
		note(run, "errno %s", error_name(error));
	return entry;
}

static void there(struct run *run)
{
	struct bystander bystander;

	bystander_start(run, &bystander);
	find(run, 0);
	bystander_ran(run, &bystander);
}

static void not_there(struct run *run)
{
	for (int key = 1; key < ACCOUNT_KEYS; key++)
		find(run, key);
}

/* A result stays until the caller asks again. */
static void stays(struct run *run)
{
	const struct account *verb = run->verb;
	const void *entry = find(run, 0);
	const struct timespec span = {0, 1000};

	run->calls->nanosleep(&span, NULL);
	verb->note(run, entry);
	check(run, find(run, 0) == entry);
}

static const struct scenario scenarios[] = {
	{"there", there},
	{"not there", not_there},
	{"stays", stays},
};

void account_add(const struct account *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
