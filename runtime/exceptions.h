/* exceptions.h - the C++ exceptions that a fiber is in the middle of.
 *
 * The language's runtime keeps two words per thread: the exceptions that catch blocks are
 * handling, as a stack, and how many are on their way. Each fiber has its own, which are
 * put there while it runs; otherwise a fiber that waits in a catch block would end its
 * handling of another's exception. A weak reference is no dependency: a program without
 * C++ has no such words, and one that loads its C++ later, by dlopen(3), shares them. */
#ifndef COHOOK_EXCEPTIONS_H
#define COHOOK_EXCEPTIONS_H

#include <stddef.h>

/* __cxa_eh_globals of the C++ ABI. */
struct exceptions {
	void *caught;
	unsigned int uncaught;
};

__attribute__((weak)) struct exceptions *__cxa_get_globals(void);

/* Those of the calling thread, NULL without C++. */
static inline struct exceptions *exceptions_current(void)
{
	return __cxa_get_globals ? __cxa_get_globals() : NULL;
}

/* CURRENT, of this thread, were FROM's and become TO's. */
static inline void exceptions_swap(struct exceptions *current, struct exceptions *from,
	const struct exceptions *to)
{
	if (!current)
		return;
	*from = *current;
	*current = *to;
}

#endif
