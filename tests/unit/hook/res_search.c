/* res_search.c - res_search(3) through libc and through its mirror. */
#include "harness/resolving.h"
#include "harness/scenario.h"

static int ask(const struct calls *calls, res_state state, const struct question *q,
	unsigned char *answer)
{
	(void)state;
	return calls->res_search(q->label, q->class, q->type, answer, q->room);
}

int main(void)
{
	static const struct resolving verb = {.ask = ask};

	resolving_add(&verb);
	return suite_run("res_search");
}
