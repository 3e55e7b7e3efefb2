/* probe.h - asking a compiler about itself. */
#ifndef COHOOK_PROBE_H
#define COHOOK_PROBE_H

#include "facts.h"

/* probe - run BACKEND once with the flags of LINE that matter, and read FACTS off its
 * answer. LANGUAGE is the compilers' name of it. 0, or -errno with FACTS set to those of
 * an unknown compiler. */
int probe(struct facts *facts, const struct backend *backend, const struct cmdline *line,
	const char *language);

#endif
