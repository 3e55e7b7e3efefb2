/* finding.h - what the audit has to say of one place, whatever it is printed as. */
#ifndef COHOOK_AUDIT_FINDING_H
#define COHOOK_AUDIT_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/rules.h"
#include "reason.h"

struct pool;

enum finding_verdict {
	FINDING_REWRITTEN,
	FINDING_KEPT,
	FINDING_REMARK, /* no verdict on one call: see the message */
};

struct place {
	const char *file; /* NULL: there is none */
	unsigned line, column;
};

struct related {
	struct place at;
	const char *message;
};

enum { FINGERPRINT_LENGTH = 32 };

struct finding {
	enum rule_id rule;
	enum finding_verdict verdict;
	struct reason reason; /* none if it has none to give */
	struct place spelled;
	struct place used; /* where the macro is used that it is spelled in; no file: in
			      none */
	const char *function; /* NULL at file scope */
	const char *callee;
	const char *waits; /* the class in hooks.def; NULL: not one of those */
	bool is_address;   /* not called but its address taken */
	const char *message;
	struct related *related; /* the other places that it takes */
	size_t nrelated;
	const char *suppressed; /* why it is of no concern, by the user; NULL: it is */
	bool by_file;           /* that is said in a file, not in the source */
	bool known;             /* the baseline has it */
	char fingerprint[FINGERPRINT_LENGTH + 1]; /* by finding_sort() */
};

struct finding_list {
	struct pool *pool; /* set by the user, all else zero at first */
	struct finding *items;
	size_t count;
};

/* finding_add - a new one, with RULE and the verdict that goes with it. Valid until the
 * next call. */
struct finding *finding_add(struct finding_list *list, enum rule_id rule);

/* finding_relate - another place for the last one. */
void finding_relate(struct finding_list *list, struct place at, const char *message);

/* finding_sort - by place, each once, and with fingerprints: the same for the same
 * finding when lines move. */
void finding_sort(struct finding_list *list);

/* finding_counts - whether it weighs: neither suppressed nor known. */
static inline bool finding_counts(const struct finding *finding)
{
	return !finding->suppressed && !finding->known;
}

const char *finding_verdict_name(const struct finding *finding);

#endif
