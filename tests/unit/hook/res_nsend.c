/* res_nsend.c - res_nsend(3) through libc and through its mirror. */
#include "harness/resolving.h"
#include "harness/scenario.h"

static int ask(const struct calls *calls, res_state state, const struct question *q,
	unsigned char *answer)
{
	unsigned char message[MESSAGE];
	int size = make_message(q, message);

	return calls->res_nsend(state, message, size, answer, q->room);
}

int main(void)
{
	static const struct resolving verb = {
		.ask = ask, .takes_state = true, .takes_message = true};

	resolving_add(&verb);
	return suite_run("res_nsend");
}
