/* res_query.c - res_query(3) through libc and through its mirror. */
#include "harness/resolving.h"
#include "harness/scenario.h"

static int ask(const struct calls *calls, res_state state, const struct question *q,
	unsigned char *answer)
{
	char name[FULL_NAME];

	(void)state;
	return calls->res_query(full_name(q, name), q->class, q->type, answer, q->room);
}

int main(void)
{
	static const struct resolving verb = {.ask = ask};

	resolving_add(&verb);
	return suite_run("res_query");
}
