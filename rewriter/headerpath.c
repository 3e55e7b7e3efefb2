/* headerpath.c - reads the flags that decide which header an #include finds.
 *
 * Folders stand in the order in which compilers search them: -iquote, -I, CPATH,
 * -isystem, C_INCLUDE_PATH and CPLUS_INCLUDE_PATH, -idirafter. What looks like a flag about headers and is not
 * understood raises `doubt`. Called by the prefilter only: the compilers and libclang
 * read the same flags by themselves. */
#include "headerpath.h"

#include <stdlib.h>
#include <string.h>

#include "pool.h"

enum meaning {
	QUOTE,
	NORMAL,
	SYSTEM,
	AFTER,
	FORCED,
	DEFINE,
	SKIP,
	DOUBT,
};

/* The first row that fits decides. JOINED: the value may follow in the same word. */
static const struct flag {
	const char *spelling;
	bool joined;
	enum meaning meaning;
} flags[] = {
	{"-I-", false, DOUBT},
	{"-I", true, NORMAL},
	{"-iquote", true, QUOTE},
	{"-isystem", true, SYSTEM},
	{"-idirafter", true, AFTER},
	{"--include-directory=", true, NORMAL},
	{"--include-directory", false, NORMAL},
	{"--include-directory-after=", true, AFTER},
	{"--include-directory-after", false, AFTER},
	{"-include", true, FORCED},
	{"-imacros", true, FORCED},
	{"--include=", true, FORCED},
	{"--include", false, FORCED},
	{"--imacros=", true, FORCED},
	{"--imacros", false, FORCED},
	{"-D", true, DEFINE},
	{"--define-macro=", true, DEFINE},
	{"--define-macro", false, DEFINE},
	{"-isysroot", true, SKIP},
	{"--sysroot", false, SKIP},
	{"-imultiarch", true, SKIP},
	{"-imultilib", true, SKIP},
	{"-internal-isystem", false, SKIP},
	{"-internal-externc-isystem", false, SKIP},
	{"-i", true, DOUBT},
	{"--i", true, DOUBT},
	{"-F", true, DOUBT},
	{"-Wp,", true, DOUBT},
	{"-Xpreprocessor", false, DOUBT},
	{"-trigraphs", false, DOUBT},
	{"--trigraphs", false, DOUBT},
	{"-working-directory", true, DOUBT},
};

static const struct flag *find(const char *word)
{
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		const struct flag *flag = &flags[i];
		size_t length = strlen(flag->spelling);
		if (!strncmp(word, flag->spelling, length) &&
			(flag->joined || !word[length]))
			return flag;
	}
	return NULL;
}

static void push(
	struct headerpath *path, const char ***list, size_t *count, const char *value)
{
	*list = pool_grow(path->pool, *list, *count, sizeof **list);
	(*list)[(*count)++] = value;
}

static void add_folder(struct headerpath *path, const char *folder, bool quoted_only)
{
	if (*folder == '=' || !strncmp(folder, "$SYSROOT", 8)) {
		path->doubt = true;
		return;
	}
	path->folders = pool_grow(
		path->pool, path->folders, path->nfolders, sizeof *path->folders);
	path->folders[path->nfolders++] = (struct header_folder){folder, quoted_only, false};
}

/* The folders of a variable like PATH, an empty one being the current folder. */
static void add_variable(struct headerpath *path, const char *variable)
{
	const char *value = getenv(variable);

	while (value && *value) {
		size_t length = strcspn(value, ":");
		add_folder(
			path, length ? pool_copy(path->pool, value, length) : ".", false);
		value += length + (value[length] == ':');
	}
}

static void take(struct headerpath *path, enum meaning meaning, const char *value)
{
	if (meaning == FORCED)
		push(path, &path->forced, &path->nforced, value);
	else if (meaning == DEFINE)
		push(path, &path->defines, &path->ndefines, value);
}

/* The value of FLAG in *ARGS, which moves on if it is in the next word. */
static const char *value_of(const struct flag *flag, const char *const **args)
{
	const char *joined = **args + strlen(flag->spelling);

	if (*joined)
		return joined;
	const char *next = (*args)[1];
	/* libclang's own options are handed through word by word. */
	if (next && !strcmp(next, "-Xclang")) {
		++*args;
		next = (*args)[1];
	}
	if (next)
		++*args;
	return next;
}

/* One pass over the flags: adds folders of the meaning WANTED; with SKIP, everything that
 * is no folder. */
static void pass(struct headerpath *path, const char *const *args, enum meaning wanted)
{
	for (; *args; args++) {
		const struct flag *flag = find(*args);
		if (!flag)
			continue;
		if (flag->meaning == DOUBT) {
			path->doubt = true;
			continue;
		}
		const char *value = value_of(flag, &args);
		if (!value)
			break;
		if (flag->meaning == wanted && flag->meaning <= AFTER)
			add_folder(path, value, wanted == QUOTE);
		else if (wanted == SKIP)
			take(path, flag->meaning, value);
	}
}

void headerpath_read(struct headerpath *path, const char *const *args)
{
	pass(path, args, SKIP);
	pass(path, args, QUOTE);
	pass(path, args, NORMAL);
	add_variable(path, "CPATH");
	pass(path, args, SYSTEM);
	add_variable(path, "C_INCLUDE_PATH");
	add_variable(path, "CPLUS_INCLUDE_PATH");
	pass(path, args, AFTER);
}
