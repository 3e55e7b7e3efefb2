/* evidence.h - what must still be so for a parse to give what it gave. */
#ifndef COHOOK_EVIDENCE_H
#define COHOOK_EVIDENCE_H

#include <stdbool.h>
#include <time.h>

struct pack;
struct unit;
struct unpack;

/* evidence_take - write to PACK what the parse of UNIT, which began at SINCE under ARGS,
 * rests on beside its source; false if it cannot be told. */
bool evidence_take(struct pack *pack, const struct unit *unit, const char *const *args,
	const struct timespec *since);

/* evidence_holds - whether all of that is still so. */
bool evidence_holds(struct unpack *unpack);

#endif
