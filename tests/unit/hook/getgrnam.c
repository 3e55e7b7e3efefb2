/* getgrnam.c - getgrnam(3) through libc and through its mirror. */
#include "harness/account.h"
#include "harness/scenario.h"

static const char *const keys[ACCOUNT_KEYS] = {"root", "no-such-account", ""};

static const void *find_by_it(const struct calls *calls, int key)
{
	return calls->getgrnam(keys[key]);
}

static void note_it(struct run *run, const void *entry)
{
	const struct group *e = entry;

	note(run, "%s %u, %s", e->gr_name, e->gr_gid,
		e->gr_mem[0] ? e->gr_mem[0] : "nobody");
}

int main(void)
{
	static const struct account verb = {find_by_it, note_it};

	account_add(&verb);
	return suite_run("getgrnam");
}
