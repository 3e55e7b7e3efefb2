/* cleanup.h - the handlers of pthread_cleanup_push(3), a chain per fiber.
 *
 * libc keeps the chain of the thread in the thread; what pthread_cleanup_push() and
 * _pop() compile to changes its head. Each fiber's head is put there while the fiber
 * runs, so that a fiber which ends early runs its own handlers, by libc's own
 * unwinding. */
#ifndef COHOOK_CLEANUP_H
#define COHOOK_CLEANUP_H

#include <pthread.h>
#include <setjmp.h>

#ifdef __GLIBC__

typedef __pthread_unwind_buf_t cleanup_frame;

/* Its first pointer links to the next outer frame, where libc's header only says
 * padding. */
static inline void *cleanup_swap(void *head)
{
	cleanup_frame probe;
	void *before;

	__pthread_register_cancel(&probe);
	before = probe.__pad[0];
	probe.__pad[0] = head;
	__pthread_unregister_cancel(&probe);
	return before;
}

extern void _pthread_cleanup_push(
	struct _pthread_cleanup_buffer *buffer, void (*routine)(void *), void *arg);
extern void _pthread_cleanup_pop(struct _pthread_cleanup_buffer *buffer, int execute);

/* The same for the older chain, in which printf(3) and scanf(3) have the stream's lock while
 * they run. */
static inline void *cleanup_swap_inner(void *head)
{
	struct _pthread_cleanup_buffer probe;
	void *before;

	_pthread_cleanup_push(&probe, NULL, NULL);
	before = probe.__prev;
	probe.__prev = head;
	_pthread_cleanup_pop(&probe, 0);
	return before;
}

/* Make FRAME, in the caller's frame, the outermost of the chain: zero now, and once more,
 * as setjmp(3) has it, when cleanup_run() has come there. */
#define cleanup_catch(frame) \
	(cleanup_setjmp((frame)->__cancel_jmp_buf) ? 1 : (__pthread_register_cancel(frame), 0))

/* The frame has no room for a signal mask, which is not saved; only newer headers say so
 * to compilers. */
#if __GLIBC_PREREQ(2, 34)
#define cleanup_setjmp(buffer) __sigsetjmp_cancel(buffer, 0)
#else
#define cleanup_setjmp(buffer) __sigsetjmp((struct __jmp_buf_tag *)(void *)(buffer), 0)
#endif

static inline void cleanup_release(cleanup_frame *frame)
{
	__pthread_unregister_cancel(frame);
}

/* Run what was pushed, innermost first, unwind to the frame that catches. */
static inline _Noreturn void cleanup_run(cleanup_frame *outermost)
{
	cleanup_frame start = {.__pad = {cleanup_swap(NULL)}};

	(void)outermost;
	__pthread_unwind_next(&start);
}

#else /* musl: one chain, by the public structure */

typedef jmp_buf cleanup_frame;

static inline void *cleanup_swap(void *head)
{
	struct __ptcb probe = {0};
	void *before;

	_pthread_cleanup_push(&probe, NULL, NULL);
	before = probe.__next;
	probe.__next = head;
	_pthread_cleanup_pop(&probe, 0);
	return before;
}

static inline void *cleanup_swap_inner(void *head)
{
	return head;
}

#define cleanup_catch(frame) (_setjmp(*(frame)))

static inline void cleanup_release(cleanup_frame *frame)
{
	(void)frame;
}

static inline _Noreturn void cleanup_run(cleanup_frame *outermost)
{
	struct __ptcb *top;

	while ((top = cleanup_swap(NULL))) {
		cleanup_swap(top->__next);
		top->__f(top->__x);
	}
	_longjmp(*outermost, 1);
}

#endif

#endif
