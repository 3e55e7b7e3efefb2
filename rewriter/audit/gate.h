/* gate.h - what of a report makes a build fail. */
#ifndef COHOOK_AUDIT_GATE_H
#define COHOOK_AUDIT_GATE_H

#include "audit/document.h"

/* gate_baseline - mark what the report PATH, as JSON, has already. NULL, or what is
 * wrong with it, from DOCUMENT's pool. */
const char *gate_baseline(struct document *document, const char *path);

/* gate_choose - take the findings out of which RULES has none, waits for the network for
 * which a source beside theirs sets deadlines, and calls of libraries that are units of the
 * report. */
void gate_choose(struct document *document, const struct rule_set *rules);

/* gate_fails - how many findings of RULES there are that count. What is as it should be,
 * rewritten say, never does. */
size_t gate_fails(const struct document *document, const struct rule_set *rules);

#endif
