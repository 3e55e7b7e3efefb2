/* arena.h - memory that lives as long as the process.
 *
 * The wrapper runs for milliseconds and then becomes the compiler: what it builds from
 * its command line is never given back piece by piece. */
#ifndef COHOOK_ARENA_H
#define COHOOK_ARENA_H

#include <stddef.h>

/* All of these end the process with a message when there is no memory. */
void *arena_alloc(size_t size); /* zeroed */
char *arena_copy(const char *text, size_t length);
char *arena_string(const char *text);
char *arena_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
