/* getpwnam.c - getpwnam(3) through libc and through its mirror. */
#include "harness/account.h"
#include "harness/scenario.h"

static const char *const keys[ACCOUNT_KEYS] = {"root", "no-such-account", ""};

static const void *find_by_it(const struct calls *calls, int key)
{
	return calls->getpwnam(keys[key]);
}

static void note_it(struct run *run, const void *entry)
{
	const struct passwd *e = entry;

	note(run, "%s %u %u %s %s", e->pw_name, e->pw_uid, e->pw_gid, e->pw_dir,
		e->pw_shell);
}

int main(void)
{
	static const struct account verb = {find_by_it, note_it};

	account_add(&verb);
	return suite_run("getpwnam");
}
