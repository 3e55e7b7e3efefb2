/* condition.c - the product of calls, kinds of pairs and conditions. */
#include "condition.h"
#include "kinds.h"

#include <stdio.h>

static bool belongs(const struct condition *c, const struct form *f, int kind)
{
	return f->kinds & c->kinds & 1 << kind && !(f->traits & c->without) &&
	       (f->traits & c->with) == c->with;
}

static const char *place(const struct form *f, int kind)
{
	char *name;

	if (!*f->how)
		return kind_name(kind);
	return asprintf(&name, "%s, %s", kind_name(kind), f->how) < 0 ? f->how : name;
}

static void add(const struct form *f, int kind, const struct condition *conditions, size_t count)
{
	const char *on = place(f, kind);

	for (size_t i = 0; i < count; i++)
		if (belongs(&conditions[i], f, kind))
			point_add((struct point){f->call, on, conditions[i].name,
				conditions[i].body, f->verb, kind, 0, conditions[i].modes});
}

void conditions_add(struct form form, const struct condition *conditions, size_t count)
{
	for (int kind = TCP; kind < KINDS_END; kind++)
		add(&form, kind, conditions, count);
}
