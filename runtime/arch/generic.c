/* generic.c - contexts for CPUs without a file of their own, on swapcontext(3).
 *
 * The ucontext_t lies on the context's own stack; sp points to it. Slower than assembly,
 * since swapcontext saves and restores the signal mask with a system call. */
#include "context.h"

#include <stdint.h>
#include <ucontext.h>

struct start {
	ucontext_t ucontext;
	void (*entry)(void *arg);
	void *arg;
};

/* makecontext(3) passes ints; a pointer is put together again from two of them. */
static void begin(unsigned high, unsigned low)
{
	uintptr_t address = (uintptr_t)((uint64_t)high << 32 | low);
	struct start *start = (struct start *)address;

	start->entry(start->arg);
	__builtin_trap();
}

void co__context_make(
	struct context *context, void *top, void (*entry)(void *arg), void *arg)
{
	uintptr_t place = ((uintptr_t)top - sizeof(struct start)) & ~(uintptr_t)63;
	struct start *start = (struct start *)place;
	const uintptr_t reach = 16 * 1024; /* what entry needs before it is known where the stack ends */

	start->entry = entry;
	start->arg = arg;
	getcontext(&start->ucontext);
	start->ucontext.uc_link = 0;
	start->ucontext.uc_stack.ss_sp = (void *)(place - reach);
	start->ucontext.uc_stack.ss_size = reach;
	makecontext(&start->ucontext, (void (*)(void))begin, 2,
		(unsigned)((uint64_t)place >> 32), (unsigned)place);
	context->sp = &start->ucontext;
}

void co__context_switch(struct context *from, const struct context *to)
{
	ucontext_t here;

	from->sp = &here;
	swapcontext(&here, to->sp);
}
