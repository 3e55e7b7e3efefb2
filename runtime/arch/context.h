/* context.h - stacks of execution that can be left and entered again.
 *
 * A context is what a call must preserve: the callee-saved registers and the
 * floating-point control words lie on its stack, only the stack pointer is kept here. One
 * source file per CPU implements it. */
#ifndef COHOOK_CONTEXT_H
#define COHOOK_CONTEXT_H

struct context {
	void *sp; /* valid while the context is not running */
};

/* Let CONTEXT begin ENTRY(ARG) on the stack that ends below TOP when it is first switched
 * to. ENTRY never returns. */
void co__context_make(
	struct context *context, void *top, void (*entry)(void *arg), void *arg);

/* Leave FROM, to be gone on with by a later switch to it, and go on with TO. The signal
 * mask is left as it is: it belongs to the OS thread. */
void co__context_switch(struct context *from, const struct context *to);

#endif
