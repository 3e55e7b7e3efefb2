/* calls.c - the two tables a scenario can run against: libc's functions and their
 * mirrors.
 *
 * Both are made from hooks.def; a row without a mirror does not link. */
#include "harness/calls.h"

const struct calls plain_calls = {
#define HOOK(name, waits, header) .name = name,
#include "cohook/hooks.def"
};

const struct calls mirror_calls = {
#define HOOK(name, waits, header) .name = co_##name,
#include "cohook/hooks.def"
};
