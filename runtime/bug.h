/* bug.h - what happens when cohook itself is wrong: a message with the place, then
 * abort(3). */
#ifndef COHOOK_BUG_H
#define COHOOK_BUG_H

#include <stddef.h>

/* Write TEXT to standard error with write(2) alone; async-signal-safe. */
void co__say(const char *text);

/* A decimal or hexadecimal number into BUF (at least 24 bytes), for co__say(); gives
 * BUF. */
const char *co__decimal(char *buf, size_t value);
const char *co__hexadecimal(char *buf, size_t value);

_Noreturn void co__bug(const char *file, const char *line, const char *what);

#define BUG_LINE_(n) #n
#define BUG_LINE(n) BUG_LINE_(n)
#define BUG(what) co__bug(__FILE__, BUG_LINE(__LINE__), what)

/* Unlike assert(3) it stays in release builds; use it where going on would corrupt the
 * program. */
#define BUG_IF(condition) ((condition) ? BUG(#condition) : (void)0)

#endif
