/* cancel.c - the end of a fiber at a cancellation point. Called by mirrors, see
 * pthread/cancel.c. */
#include "cancel.h"

#include "sched.h"
#include "worker.h"

_Noreturn void co__cancel_act(struct co_fiber *self)
{
	self->cancel_off = true;
	if (!self->is_root)
		co__fiber_exit(PTHREAD_CANCELED);
	co__worker_finish(self->worker);
	pthread_exit(PTHREAD_CANCELED);
}
