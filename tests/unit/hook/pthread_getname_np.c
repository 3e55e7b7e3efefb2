/* pthread_getname_np.c - pthread_getname_np(3) through libc and through its mirror. */
#include "harness/gate.h"
#include "harness/naming.h"
#include "harness/scenario.h"

static void room_for_it(struct run *run)
{
	pthread_t self = run->calls->pthread_self();

	set_name(run, self, "short");
	get_name(run, self, 64);
	get_name(run, self, 16);
	get_name(run, self, 15);
	get_name(run, self, 0);
}

/* A thread is born with its maker's name. */
static void of_a_newborn(struct run *run)
{
	struct gate gate;

	set_name(run, run->calls->pthread_self(), "parent");
	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	get_name(run, gate.thread, 16);
	gate_finish(&gate);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"room for it", room_for_it},
		{"of a newborn", of_a_newborn},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_getname_np");
}
