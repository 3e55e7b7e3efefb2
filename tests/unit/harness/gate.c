/* gate.c - threads that are there, and do nothing until they are told to end. */
#include "harness/gate.h"

static void *wait_at_gate(void *arg)
{
	struct gate *gate = arg;

	atomic_store(&gate->arrived, true);
	await_flag(gate->run, &gate->open);
	atomic_store(&gate->done, true);
	return gate;
}

void gate_start(struct run *run, struct gate *gate)
{
	*gate = (struct gate){.run = run};
	check(run, run->calls->pthread_create(&gate->thread, NULL, wait_at_gate, gate) == 0);
}

void gate_open(struct gate *gate)
{
	atomic_store(&gate->open, true);
}

void gate_finish(struct gate *gate)
{
	void *value = NULL;

	gate_open(gate);
	check(gate->run, gate->run->calls->pthread_join(gate->thread, &value) == 0);
	check(gate->run, value == gate);
}
