/* surveyguards.c - owns what is known of std::mutex, std::lock_guard and their kin.
 *
 * A mutex is known by the text that names it, an object that guards one by its own name
 * in the scopes around. Called by survey for C++. */
#include <clang-c/Index.h>

#include "surveyguards.h"

#include <string.h>

#include "libclang.h"
#include "pool.h"
#include "unit.h"

static bool begins_with_one_of(const char *text, const char *const *names)
{
	for (; *names; names++)
		if (!strncmp(text, *names, strlen(*names)))
			return true;
	return false;
}

static const char *type_of(struct survey_walk *walk, CXCursor cursor)
{
	const struct libclang *clang = walk->clang;

	return unit_take(
		walk->unit, clang->clang_getTypeSpelling(clang->clang_getCanonicalType(
				    clang->clang_getCursorType(cursor))));
}

static bool is_guard(const char *type)
{
	static const char *const names[] = {"std::lock_guard<", "std::unique_lock<",
		"std::scoped_lock<", "std::shared_lock<", NULL};

	return begins_with_one_of(type, names);
}

/* std::defer_lock and the like, after or ahead of the mutexes. */
static bool is_tag(const char *type)
{
	return strstr(type, "_lock_t") != NULL;
}

static bool is_time(const char *type)
{
	return strstr(type, "std::chrono::") != NULL;
}

size_t surveyguards_made(struct survey_walk *walk, CXCursor cursor)
{
	const struct libclang *clang = walk->clang;
	struct children children = expression_children(walk, cursor);
	size_t mutexes = 0;
	bool locks = true;

	if (!children.count || !is_guard(type_of(walk, cursor)))
		return 0;
	CXCursor made = children.list[children.count - 1];
	int count = clang->clang_Cursor_getNumArguments(made);
	for (int i = 0; i < count; i++) {
		CXCursor argument = clang->clang_Cursor_getArgument(made, (unsigned)i);
		const char *type = type_of(walk, argument);
		const char *words = expression_words(walk, argument);
		locks = locks && !is_tag(type) && !is_time(type);
		if (is_tag(type) || is_time(type) || !*words)
			continue;
		walk->guards = pool_grow(
			walk->pool, walk->guards, walk->nguards, sizeof *walk->guards);
		walk->guards[walk->nguards++] = (struct survey_guard){
			expression_take(walk, clang->clang_getCursorSpelling(cursor)),
			words};
		mutexes++;
	}
	return locks ? mutexes : 0;
}

static bool is_of_library(struct survey_walk *walk, CXCursor function)
{
	static const char *const names[] = {"mutex", "recursive_mutex", "timed_mutex",
		"recursive_timed_mutex", "shared_mutex", "shared_timed_mutex",
		"unique_lock", "shared_lock", "__shared_mutex_", NULL};
	const struct libclang *clang = walk->clang;
	const char *parent = unit_take(
		walk->unit, clang->clang_getCursorSpelling(
				    clang->clang_getCursorSemanticParent(function)));

	return begins_with_one_of(parent, names) &&
	       unit_is_systems(walk->unit, clang->clang_getCursorLocation(function));
}

static bool is_locking(const char *name)
{
	static const char *const names[] = {
		"lock", "unlock", "lock_shared", "unlock_shared"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

const char *surveyguards_mutex(struct survey_walk *walk, CXCursor call, CXCursor function)
{
	const struct libclang *clang = walk->clang;

	if (clang->clang_getCursorKind(function) != CXCursor_CXXMethod ||
		!is_locking(unit_take(
			walk->unit, clang->clang_getCursorSpelling(function))) ||
		!is_of_library(walk, function))
		return NULL;
	struct children named = expression_children(walk, call);
	struct children object = {0};
	if (named.count)
		object = expression_children(walk, named.list[0]);
	const char *words =
		object.count ? expression_words(walk, object.list[0]) : "*this";
	for (size_t i = walk->nguards; i-- > 0;)
		if (!strcmp(walk->guards[i].name, words))
			return walk->guards[i].mutex;
	return words;
}
