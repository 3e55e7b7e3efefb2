/* rules.h - rules.def as a table. */
#ifndef COHOOK_AUDIT_RULES_H
#define COHOOK_AUDIT_RULES_H

#include <stdbool.h>
#include <stddef.h>

enum rule_id {
#define RULE(id, name, level, shown, summary, help) RULE_##id,
#include "audit/rules.def"
	RULES
};

enum rule_level {
	LEVEL_NONE,
	LEVEL_NOTE,
	LEVEL_WARNING,
};

struct rule {
	const char *name;
	enum rule_level level;
	bool shown; /* without being asked for */
	const char *summary, *help;
};

const struct rule *rules_at(enum rule_id id);

/* rules_find - the rule whose name is the LENGTH bytes at NAME; RULES if there is none.
 */
enum rule_id rules_find(const char *name, size_t length);

/* A choice of rules. */
struct rule_set {
	bool has[RULES];
};

/* rules_default - those that are shown without being asked for. */
struct rule_set rules_default(void);

/* rules_choose - change SET by LIST, "NAME,-NAME,all,none". NULL, or the word that is
 * not understood, up to a comma or the end. */
const char *rules_choose(struct rule_set *set, const char *list);

#endif
