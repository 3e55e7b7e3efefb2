/* pthread_setname_np.c - pthread_setname_np(3) through libc and through its mirror. */
#include "harness/gate.h"
#include "harness/naming.h"
#include "harness/scenario.h"

static void names_of_any_length(struct run *run)
{
	pthread_t self = run->calls->pthread_self();

	set_name(run, self, "short");
	get_name(run, self, 16);
	set_name(run, self, "fifteen-letters");
	get_name(run, self, 16);
	set_name(run, self, "sixteen-letters!");
	get_name(run, self, 16);
	set_name(run, self, "");
	get_name(run, self, 16);
}

/* Everyone has his own. */
static void of_another(struct run *run)
{
	struct gate gate;

	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	set_name(run, run->calls->pthread_self(), "me");
	set_name(run, gate.thread, "you");
	get_name(run, run->calls->pthread_self(), 16);
	get_name(run, gate.thread, 16);
	gate_finish(&gate);
	get_name(run, run->calls->pthread_self(), 16);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"names of any length", names_of_any_length},
		{"of another", of_another},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_setname_np");
}
