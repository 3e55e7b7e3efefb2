/* explain.h - --cohook-explain. */
#ifndef COHOOK_EXPLAIN_H
#define COHOOK_EXPLAIN_H

#include "sources.h"

/* explain_sources - say on standard error what was done with every site. */
void explain_sources(const struct sources *sources);

#endif
