/* masquerade.c - owns the way out of lib/cohook/masquerade.
 *
 * With that folder ahead in PATH a build that ignores CC gets the wrapper as gcc. A
 * launcher behind it, ccache under a compiler's name, looks for that compiler along PATH
 * and must not come back here. Called by backend before it looks for the compiler. */
#include "masquerade.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "layout.h"

static bool is_same(const char *path, const struct stat *known)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_dev == known->st_dev &&
	       st.st_ino == known->st_ino;
}

/* LIST without the folders that are FOLDER. */
static const char *without(const char *list, const struct stat *folder)
{
	const char *rest = NULL;

	for (;; list++) {
		size_t length = strcspn(list, ":");
		const char *entry = arena_copy(list, length);
		if (!is_same(*entry ? entry : ".", folder))
			rest = rest ? arena_printf("%s:%s", rest, entry) : entry;
		list += length;
		if (!*list)
			return rest ? rest : "";
	}
}

static const char *behind_us(const char *list, const char *name)
{
	for (;; list++) {
		size_t length = strcspn(list, ":");
		const char *folder = length ? arena_copy(list, length) : ".";
		list += length;
		if (layout_is_self(arena_printf("%s/%s", folder, name)))
			return *list ? list + 1 : NULL;
		if (!*list)
			return NULL;
	}
}

const char *masquerade_leave(const char *name)
{
	const char *list = getenv("PATH"), *folder = layout_library("masquerade");
	const char *kept = list ? arena_string(list) : NULL;
	struct stat st;

	if (!kept)
		return NULL;
	const char *rest = behind_us(kept, name);
	if (!folder || stat(folder, &st) < 0)
		return rest;
	setenv("PATH", without(kept, &st), 1);
	return rest ? without(rest, &st) : NULL;
}
