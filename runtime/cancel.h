/* cancel.h - where a fiber that was asked to end by pthread_cancel(3) does so. */
#ifndef COHOOK_CANCEL_H
#define COHOOK_CANCEL_H

#include "fiber.h"

_Noreturn void co__cancel_act(struct co_fiber *self);

/* A cancellation point. The caller holds nothing that its frames would have to give
 * back. */
static inline void co__cancel_point(struct co_fiber *self)
{
	if (atomic_load_explicit(&self->cancel_requested, memory_order_relaxed) &&
		!self->cancel_off)
		co__cancel_act(self);
}

#endif
