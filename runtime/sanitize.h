/* sanitize.h - tells AddressSanitizer, ThreadSanitizer and Valgrind about stacks and
 * switches.
 *
 * The sanitizers' functions are weak, so one build of the runtime serves programs with
 * and without them: they are there exactly when the program itself is instrumented. */
#ifndef COHOOK_SANITIZE_H
#define COHOOK_SANITIZE_H

#include <stddef.h>

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef VALGRIND_STACK_REGISTER
#define VALGRIND_STACK_REGISTER(low, high) 0
#define VALGRIND_STACK_DEREGISTER(id) ((void)(id))
#define RUNNING_ON_VALGRIND 0
#endif

/* A function that reads without the lock what others write under it, and can do with any
 * answer. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define GLANCES __attribute__((noinline, no_sanitize("thread")))
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define GLANCES __attribute__((noinline, no_sanitize("thread")))
#endif
#ifndef GLANCES
#define GLANCES
#endif

#define WEAK __attribute__((weak))

WEAK void __sanitizer_start_switch_fiber(void **save, const void *bottom, size_t size);
WEAK void __sanitizer_finish_switch_fiber(void *save, const void **bottom, size_t *size);
WEAK void __asan_unpoison_memory_region(const volatile void *address, size_t size);
WEAK void __asan_handle_no_return(void);
WEAK void *__tsan_create_fiber(unsigned flags);
WEAK void __tsan_destroy_fiber(void *fiber);
WEAK void __tsan_switch_to_fiber(void *fiber, unsigned flags);
WEAK void *__tsan_get_current_fiber(void);

static inline void asan_unpoison(const void *address, size_t size)
{
	if (__asan_unpoison_memory_region)
		__asan_unpoison_memory_region(address, size);
}

#endif
