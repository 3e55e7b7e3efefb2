/* facts.c - owns what is known of the compiler behind, and where it is kept.
 *
 * Facts belong to a key: the programs with their times and sizes, the flags that change
 * the answer, the language. They are looked for in the file beside the runtime, which the
 * build made with the default compiler, then in the user's cache; a file whose key
 * differs counts for nothing. probe.c asks the compiler when both fail. Called by compile
 * before anything is parsed. */
#include "facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cachedir.h"
#include "cachefile.h"
#include "inputkind.h"
#include "layout.h"
#include "probe.h"
#include "slurp.h"

enum { ROOM_FOR_FACTS = 1024 * 1024 };

static const char built_in_file[] = "backend.facts";

static const char *const kind_names[] = {
	[COMPILER_OTHER] = "other",
	[COMPILER_GCC] = "gcc",
	[COMPILER_CLANG] = "clang",
};

static const char *key_of(
	const struct backend *backend, const struct cmdline *line, enum input_kind kind)
{
	static const char *const variables[] = {"GCC_EXEC_PREFIX", "COMPILER_PATH"};
	char *key = arena_printf("5 %s%s", inputkind_is_cxx(kind) ? "c++" : "c",
		backend_identity(backend));

	for (size_t i = 0; i < line->probe.count; i++)
		key = arena_printf("%s %s", key, line->probe.items[i]);
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		if (getenv(variables[i]))
			key = arena_printf(
				"%s %s=%s", key, variables[i], getenv(variables[i]));
	for (char *c = key; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return key;
}

static const char *format(const struct facts *facts, const char *key)
{
	char *text = arena_printf("key %s\nkind %s\ntarget %s\nabi %s\nfortify %d\n", key,
		kind_names[facts->kind], facts->target, facts->abi, facts->fortify);

	if (facts->standard)
		text = arena_printf("%sstandard %s\n", text, facts->standard);
	if (facts->builtin)
		text = arena_printf("%sbuiltin %s\n", text, facts->builtin);
	for (size_t i = 0; i < facts->system.count; i++)
		text = arena_printf("%ssystem %s\n", text, facts->system.items[i]);
	return arena_printf("%send\n", text);
}

/* The value of LINE if it is about NAME, else NULL. */
static const char *value_of(const char *line, const char *name)
{
	size_t length = strlen(name);

	return strncmp(line, name, length) == 0 && line[length] == ' ' ? line + length + 1
								       : NULL;
}

static void take_line(struct facts *facts, const char *line)
{
	const char *value;

	if ((value = value_of(line, "kind"))) {
		for (size_t i = 0; i < sizeof kind_names / sizeof *kind_names; i++)
			if (strcmp(value, kind_names[i]) == 0)
				facts->kind = (enum compiler_kind)i;
	} else if ((value = value_of(line, "target"))) {
		facts->target = value;
	} else if ((value = value_of(line, "abi"))) {
		facts->abi = value;
	} else if ((value = value_of(line, "standard"))) {
		facts->standard = value;
	} else if ((value = value_of(line, "fortify"))) {
		facts->fortify = atoi(value);
	} else if ((value = value_of(line, "builtin"))) {
		facts->builtin = value;
	} else if ((value = value_of(line, "system"))) {
		argvec_push(&facts->system, value);
	}
}

/* Reads PATH into FACTS when it is about KEY, or about any when KEY is NULL. */
static bool load(struct facts *facts, const char *path, const char *key)
{
	char *text;
	size_t length;

	if (!path || slurp_path(path, &text, &length) < 0)
		return false;
	char *kept = arena_copy(text, length);
	free(text);
	char *line = strtok(kept, "\n");
	const char *found = line ? value_of(line, "key") : NULL;
	if (!found || (key && strcmp(found, key) != 0))
		return false;

	struct facts read = {.target = "", .abi = ""};
	bool whole = false;
	while ((line = strtok(NULL, "\n"))) {
		whole = strcmp(line, "end") == 0;
		take_line(&read, line);
	}
	if (whole)
		*facts = read;
	return whole;
}

/* The name of the file of KEY in the cache. */
static const char *name_of(const char *key)
{
	uint64_t hash = 14695981039346656037u;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 1099511628211u;
	return arena_printf("backend-%016" PRIx64, hash);
}

void facts_learn(struct facts *facts, const struct backend *backend,
	const struct cmdline *line, enum input_kind kind)
{
	const char *key = key_of(backend, line, kind);

	if (load(facts, layout_library(built_in_file), key))
		return;
	const char *root = cachedir(), *name = name_of(key);
	if (root && load(facts, arena_printf("%s/%s", root, name), key))
		return;
	if (probe(facts, backend, line, inputkind_is_cxx(kind) ? "c++" : "c") == 0 &&
		root) {
		const char *text = format(facts, key);
		cachefile_store(root, name, text, strlen(text));
		cachefile_trim(root, ROOM_FOR_FACTS);
	}
}

const char *facts_runtime_abi(void)
{
	struct facts facts;

	if (!load(&facts, layout_library(built_in_file), NULL))
		return NULL;
	return facts.abi;
}

void facts_print(const struct backend *backend, const struct cmdline *line)
{
	struct facts facts;

	if (probe(&facts, backend, line, "c") < 0)
		facts.kind = COMPILER_OTHER;
	fputs(format(&facts, key_of(backend, line, INPUT_C)), stdout);
}
