/* handler.h - what changes while a signal handler runs: mirrors are plain calls. */
#ifndef COHOOK_HANDLER_H
#define COHOOK_HANDLER_H

#include "fiber.h"

#include <signal.h>

struct handler {
	struct co_fiber *self;
	void *outer_frame;
};

/* The handler that the kernel is given in place of the program's, see posix/signal.c:
 * what it runs is noted here. NULL until the first is installed. */
extern void (*co__handler_trampoline)(int signo, siginfo_t *info, void *context);

/* FRAME is an address in the frame of the function that calls the program's handler. */
void co__handler_enter(struct handler *handler, void *frame);
/* Instead of both: the handler has to wait, see critical.h. */
void co__handler_later(void);
/* Whether the handler was installed with SA_RESTART decides what it interrupts. */
void co__handler_leave(const struct handler *handler, bool restarts);

#endif
