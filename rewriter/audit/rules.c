/* rules.c - owns the table of rules and what users say of them.
 *
 * Called by everything that makes, chooses or prints findings. */
#include "audit/rules.h"

#include <string.h>

static const struct rule table[] = {
#define RULE(id, name, level, shown, summary, help) \
	[RULE_##id] = {name, LEVEL_##level, shown, summary, help},
#include "audit/rules.def"
};

const struct rule *rules_at(enum rule_id id)
{
	return &table[id];
}

enum rule_id rules_find(const char *name, size_t length)
{
	int id = 0;

	while (id < RULES &&
		(strncmp(table[id].name, name, length) != 0 || table[id].name[length]))
		id++;
	return (enum rule_id)id;
}

struct rule_set rules_default(void)
{
	struct rule_set set;

	for (int id = 0; id < RULES; id++)
		set.has[id] = table[id].shown;
	return set;
}

static void choose_all(struct rule_set *set, bool has)
{
	for (int id = 0; id < RULES; id++)
		set->has[id] = has;
}

static bool is(const char *word, size_t length, const char *other)
{
	return strlen(other) == length && !strncmp(word, other, length);
}

static bool choose(struct rule_set *set, const char *word, size_t length)
{
	bool has = length && *word != '-';

	if (is(word, length, "all") || is(word, length, "none")) {
		choose_all(set, *word == 'a');
		return true;
	}
	enum rule_id id = has ? rules_find(word, length)
			      : rules_find(word + !!length, length - !!length);
	if (id == RULES)
		return false;
	set->has[id] = has;
	return true;
}

const char *rules_choose(struct rule_set *set, const char *list)
{
	for (;; list++) {
		size_t length = strcspn(list, ",");
		if (!choose(set, list, length))
			return list;
		list += length;
		if (!*list)
			return NULL;
	}
}
