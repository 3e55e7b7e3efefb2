/* tls.h - thread-local variables that are a fiber's own.
 *
 * A rewritten unit takes the address of a __thread variable as ever, in the storage of
 * the OS thread, and goes from there to the fiber's copy. The names below that no header
 * of the runtime needs are part of what the rewriter writes. */
#ifndef COHOOK_TLS_H
#define COHOOK_TLS_H

#include <stdint.h>

struct co_fiber;

/* No copy of the program's block yet: every use goes through co__tls_find(). No distance
 * is odd. */
enum { TLS_UNKNOWN = 1 };

/* From the OS thread's variables, those of the program itself, to the running fiber's: 0
 * outside of fibers. Set at every switch. co__tls_shift_outer is the same, for variables
 * that other units may name: in a shared library those are the OS thread's. */
extern __thread intptr_t co__tls_shift;
extern __thread intptr_t co__tls_shift_outer;

/* co__tls_find - the running fiber's copy of the variable that the OS thread has at
 * VARIABLE; made, from what variables are when a thread begins, if there is none. Ends the
 * process, as libc does, if there is no memory for it. */
void *co__tls_find(const volatile void *variable);

/* co__tls_free - the fiber's copies, once it has ended. */
void co__tls_free(struct co_fiber *fiber);

#endif
