/* attributes.c - carries over what __typeof__ drops.
 *
 * With gcc the type has most attributes in it, with clang none. Put back are those that
 * only make the compiler warn, and noreturn, which is true of the mirror too; never
 * `leaf`, since other fibers run during the call, nor anything that lets the optimizer
 * assume more. Pure text; called by finder. */
#include "attributes.h"

#include <string.h>

#include "pool.h"

/* Attributes as clang prints them, and whether their arguments are kept. */
static const struct kept {
	const char *name;
	bool arguments;
} kept[] = {
	{"nonnull", true},
	{"format", true},
	{"format_arg", true},
	{"sentinel", true},
	{"warn_unused_result", false},
	{"noreturn", false},
};

enum { KEPT = sizeof kept / sizeof *kept };

static const char opening[] = "__attribute__((";

/* The length of TEXT up to the parenthesis that closes what is open; strings may hold
 * any. */
static size_t to_closing(const char *text)
{
	unsigned depth = 0;
	bool quoted = false;
	size_t i;

	for (i = 0; text[i]; i++) {
		if (text[i] == '\\' && text[i + 1])
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && text[i] == '(')
			depth++;
		else if (!quoted && text[i] == ')' && !depth--)
			break;
	}
	return i;
}

/* The attribute "name(arguments)" of LENGTH bytes as one to keep, or NULL. */
static const char *keep(struct pool *pool, const char *text, size_t length)
{
	size_t name = strcspn(text, "(),");

	if (name > length)
		name = length;
	for (size_t i = 0; i < KEPT; i++) {
		if (strlen(kept[i].name) != name ||
			strncmp(text, kept[i].name, name) != 0)
			continue;
		const char *arguments =
			kept[i].arguments ? pool_copy(pool, text + name, length - name)
					  : "";
		return pool_printf(
			pool, " %s__%s__%s))", opening, kept[i].name, arguments);
	}
	return NULL;
}

static const char *append(struct pool *pool, const char *list, const char *attribute)
{
	if (!attribute || strstr(list, attribute))
		return list;
	return pool_printf(pool, "%s%s", list, attribute);
}

const char *attributes_for_mirror(
	struct pool *pool, const char *const *printed, const char *type)
{
	const char *list = "";

	for (; *printed; printed++) {
		for (const char *at = *printed; (at = strstr(at, opening));) {
			at += sizeof opening - 1;
			size_t length = to_closing(at);
			list = append(pool, list, keep(pool, at, length));
			at += length;
		}
	}
	if (strstr(type, "__attribute__((noreturn))"))
		list = append(pool, list, keep(pool, "noreturn", 8));
	return list;
}

/* Compilers know these functions by their names, and gcc wants no null pointers. */
static const struct {
	const char *name, *text;
	bool gcc;
} builtin[] = {
	{"printf", "__format__(__printf__, 1, 2)", false},
	{"fprintf", "__format__(__printf__, 2, 3)", false},
	{"vprintf", "__format__(__printf__, 1, 0)", false},
	{"vfprintf", "__format__(__printf__, 2, 0)", false},
	{"scanf", "__format__(__scanf__, 1, 2)", false},
	{"fscanf", "__format__(__scanf__, 2, 3)", false},
	{"vscanf", "__format__(__scanf__, 1, 0)", false},
	{"vfscanf", "__format__(__scanf__, 2, 0)", false},
	{"puts", "__nonnull__", true},
	{"fputs", "__nonnull__", true},
	{"fputs_unlocked", "__nonnull__", true},
	{"fputc", "__nonnull__", true},
	{"fwrite", "__nonnull__", true},
	{"fwrite_unlocked", "__nonnull__", true},
};

const char *attributes_of_builtin(struct pool *pool, const char *name, bool gcc)
{
	for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++) {
		if (!strcmp(builtin[i].name, name) && (gcc || !builtin[i].gcc))
			return pool_printf(pool, " %s%s))", opening, builtin[i].text);
	}
	return "";
}

bool attributes_are_weak(const char *printed)
{
	return strstr(printed, "__attribute__((weak))") != NULL;
}
