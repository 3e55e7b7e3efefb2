/* calls.h - the hooked functions as a table, so that one scenario can run through libc
 * and the mirrors. */
#ifndef HARNESS_CALLS_H
#define HARNESS_CALLS_H

#include "cohook/posix.h"

struct calls {
#define HOOK(name, waits, header) __typeof__(name) *name;
#include "cohook/hooks.def"
};

extern const struct calls plain_calls;
extern const struct calls mirror_calls;

#endif
