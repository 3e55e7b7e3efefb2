/* getgrgid_r.c - getgrgid_r(3) through libc and through its mirror. */
#include "harness/bystander.h"
#include "harness/scenario.h"

static void find(struct run *run, id_t key, size_t size)
{
	struct group entry, *e = NULL;
	char buffer[4096];

	code(run, "getgrgid_r", enter(run)->getgrgid_r(key, &entry, buffer, size, &e));
	if (e)
		note(run, "%s %u, %s", e->gr_name, e->gr_gid,
			e->gr_mem[0] ? e->gr_mem[0] : "nobody");
	check(run, !e || e == &entry);
}

static void there(struct run *run)
{
	struct bystander bystander;

	bystander_start(run, &bystander);
	find(run, 0, 4096);
	bystander_ran(run, &bystander);
}

static void not_there(struct run *run)
{
	find(run, 987654, 4096);
	find(run, (id_t)-1, 4096);
}

static void little_room(struct run *run)
{
	find(run, 0, 4);
	find(run, 0, 0);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"there", there},
		{"not there", not_there},
		{"little room", little_room},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("getgrgid_r");
}
