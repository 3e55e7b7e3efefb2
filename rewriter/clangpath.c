/* clangpath.c - knows the places where distributions put libclang and its builtin
 * headers.
 *
 * The order: what the user says, what CMake found when this was configured, Debian's
 * versioned folders from the newest down, and whatever the dynamic linker finds. Called
 * by unit when it first needs libclang. */
#include "clangpath.h"

#include <glob.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pool.h"

#ifndef COHOOK_LIBCLANG_PATH
#define COHOOK_LIBCLANG_PATH ""
#endif

enum { OLDEST = 19, NEWEST = 40 };

struct list {
	struct pool *pool;
	const char **items;
	size_t count;
};

static void push(struct list *list, const char *item)
{
	list->items =
		pool_grow(list->pool, list->items, list->count, sizeof *list->items);
	list->items[list->count++] = item;
}

static long version_in(const char *path)
{
	const char *number = strstr(path, "/llvm-");

	return number ? strtol(number + 6, NULL, 10) : 0;
}

static int newest_first(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	long difference = version_in(y) - version_in(x);

	return difference ? (difference > 0) - (difference < 0) : strcmp(x, y);
}

static void push_versioned_folders(struct list *list)
{
	glob_t found = {0};

	glob("/usr/lib/llvm-*/lib/libclang.so*", 0, NULL, &found);
	glob("/usr/lib/llvm-*/lib/libclang-[0-9]*.so*", GLOB_APPEND, NULL, &found);
	qsort(found.gl_pathv, found.gl_pathc, sizeof *found.gl_pathv, newest_first);
	for (size_t i = 0; i < found.gl_pathc; i++)
		push(list, pool_string(list->pool, found.gl_pathv[i]));
	globfree(&found);
}

const char **clangpath_candidates(struct pool *pool)
{
	struct list list = {.pool = pool};
	const char *chosen = getenv("COHOOK_LIBCLANG");

	if (chosen && *chosen) {
		push(&list, chosen);
		push(&list, NULL);
		return list.items;
	}
	if (*COHOOK_LIBCLANG_PATH)
		push(&list, COHOOK_LIBCLANG_PATH);
	push_versioned_folders(&list);
	for (int version = NEWEST; version >= OLDEST; version--) {
		push(&list, pool_printf(pool, "libclang.so.%d", version));
		push(&list, pool_printf(pool, "libclang-%d.so.%d", version, version));
	}
	push(&list, "libclang.so");
	push(&list, NULL);
	return list.items;
}

/* The builtin headers at a place relative to FOLDER, as clangpath_resource_dir() gives
 * them. */
static char *headers_near(const char *folder, unsigned version)
{
	char candidate[PATH_MAX];
	const char *const places[] = {"%s/clang/%u", "%s/../lib/clang/%u",
		"%s/../lib64/clang/%u", "%s/../llvm-%u/lib/clang/%u",
		"%s/../../llvm-%u/lib/clang/%u"};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		int length = snprintf(candidate, sizeof candidate - 32, places[i], folder,
			version, version);
		strcpy(candidate + length, "/include/stddef.h");
		bool there = access(candidate, R_OK) == 0;
		candidate[length] = '\0';
		if (there)
			return realpath(candidate, NULL);
	}
	return NULL;
}

char *clangpath_resource_dir(const char *library, unsigned version)
{
	char *as_named = strdup(library), *real = realpath(library, NULL);
	char *found = as_named ? headers_near(dirname(as_named), version) : NULL;

	/* Debian's library is a link from LLVM's folder to the architecture's. */
	if (!found && real)
		found = headers_near(dirname(real), version);
	free(as_named);
	free(real);
	return found;
}
