/* cachedir.c - owns the decision whether and where things are kept between runs.
 *
 * One setting governs every cache. Without it the place is what the XDG specification
 * says, and where that gives none nothing is kept. Set by settings, asked by facts and
 * sources. */
#include "cachedir.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

static const char *chosen; /* "off", a folder, or NULL: the usual place */

bool cachedir_choose(const char *value)
{
	if (strcmp(value, "off") != 0 && *value != '/')
		return false;
	chosen = arena_string(value);
	return true;
}

const char *cachedir(void)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	if (chosen)
		return *chosen == '/' ? chosen : NULL;
	if (cache && *cache == '/')
		return arena_printf("%s/cohook", cache);
	if (home && *home == '/')
		return arena_printf("%s/.cache/cohook", home);
	return NULL;
}
