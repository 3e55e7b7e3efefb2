/* meaning.c - owns what single options mean: one short handler for each action of
 * options.def.
 *
 * A handler notes a fact in the cmdline and changes no word. Some mean nothing, or
 * something else, in a word that is only passed on to another program. Called by
 * cmdline.c during its walks. */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "inputkind.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void add_input(struct walk *walk, const char *path, enum input_kind kind)
{
	struct cmdline *line = walk->line;

	if (walk->context != FOR_DRIVER)
		return;
	line->inputs[line->ninputs++] = (struct input){
		.path = path,
		.kind = kind,
		.static_only = walk->static_libraries,
		.word = walk->at,
	};
}

/* g++ takes C for C++. */
static enum input_kind kind_of(const struct walk *walk, const char *path)
{
	enum input_kind kind = inputkind_of_path(path);

	if (walk->kind_given)
		return walk->kind;
	if (walk->compiles_cxx && kind == INPUT_C)
		return INPUT_CXX;
	return kind;
}

void meaning_of_input(struct walk *walk, const char *path)
{
	add_input(walk, path, kind_of(walk, path));
}

/* libclang sees the option as the user spelled it; its driver knows the same ones. */
void meaning_pass_to_parse(struct walk *walk, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (walk->context == FOR_CC1)
			argvec_push(&walk->line->parse, "-Xclang");
		argvec_push(&walk->line->parse, walk->words->items[walk->at + i]);
	}
}

/* Given plainly, the driver inside libclang would look for a precompiled header beside
 * the file. */
void meaning_include(struct walk *walk, const char *value)
{
	struct argvec *parse = &walk->line->parse;

	argvec_push(parse, "-Xclang");
	argvec_push(parse, "-include");
	argvec_push(parse, "-Xclang");
	argvec_push(parse, value);
	if (walk->context == FOR_CC1)
		walk->includes_for_cc1 = true;
}

static void on_define(struct walk *walk, const char *value)
{
	static const char name[] = "_FORTIFY_SOURCE";

	if (!starts(value, name))
		return;
	value += sizeof name - 1;
	if (!*value)
		walk->line->fortify = 1;
	else if (*value == '=')
		walk->line->fortify = atoi(value + 1);
}

static void on_undefine(struct walk *walk, const char *value)
{
	if (is(value, "_FORTIFY_SOURCE"))
		walk->line->fortify = 0;
}

static void on_language(struct walk *walk, const char *value)
{
	if (walk->context != FOR_DRIVER)
		return;
	walk->kind_given = !is(value, "none");
	walk->kind = inputkind_of_name(value);
}

static void on_stage(struct walk *walk, const char *value)
{
	(void)value;
	if (walk->context != FOR_DRIVER)
		return;
	if (walk->line->stage != STAGE_PLAIN)
		walk->line->stage = STAGE_COMPILE;
	if (is(walk->row->spelling, "-S") || is(walk->row->spelling, "--assemble"))
		walk->line->assembly = true;
}

static void on_output(struct walk *walk, const char *value)
{
	if (walk->context == FOR_DRIVER)
		walk->line->output = value;
}

static void on_standard(struct walk *walk, const char *value)
{
	argvec_push(
		&walk->line->parse, *value ? arena_printf("-std=%s", value) : "-ansi");
}

static void on_nostdinc(struct walk *walk, const char *value)
{
	(void)value;
	walk->line->nostdinc = true;
}

static void on_optimize(struct walk *walk, const char *value)
{
	walk->line->optimizes = !is(value, "0");
}

static void on_pedantic(struct walk *walk, const char *value)
{
	(void)value;
	walk->line->pedantic = !starts(walk->row->spelling, "-Wno");
}

static void on_sanitize(struct walk *walk, const char *value)
{
	walk->line->sanitizers = starts(walk->row->spelling, "-fno") ? NULL : value;
}

static void on_colour(struct walk *walk, const char *value)
{
	(void)value;
	walk->line->coloured = true;
}

static void on_database(struct walk *walk, const char *value)
{
	if (walk->context == FOR_DRIVER)
		walk->line->database = value;
}

static void on_record(struct walk *walk, const char *value)
{
	bool off = strstr(walk->row->spelling, "no-") != NULL;

	(void)value;
	walk->line->records = off ? NULL : walk->row->spelling;
}

static void on_pch(struct walk *walk, const char *value)
{
	walk->pch = value;
}

static void on_library(struct walk *walk, const char *value)
{
	add_input(walk, value, INPUT_LIBRARY);
}

static void on_library_path(struct walk *walk, const char *value)
{
	argvec_push(&walk->line->paths, value);
}

static void on_shared(struct walk *walk, const char *value)
{
	(void)value;
	walk->line->shared = true;
}

static void on_static(struct walk *walk, const char *value)
{
	(void)value;
	walk->line->fully_static = true;
}

static void on_no_libraries(struct walk *walk, const char *value)
{
	(void)value;
	walk->line->no_libraries = true;
}

static void on_relocatable(struct walk *walk, const char *value)
{
	(void)value;
	walk->line->relocatable = true;
}

/* One word for the linker itself. */
static void linker_word(struct walk *walk, const char *word)
{
	struct cmdline *line = walk->line;

	if (is(word, "-r") || is(word, "-i") || is(word, "--relocatable"))
		line->relocatable = true;
	else if (is(word, "-shared") || is(word, "--shared") || is(word, "-Bshareable"))
		line->shared = true;
	else if (is(word, "-Bstatic") || is(word, "-dn") || is(word, "-non_shared"))
		walk->static_libraries = true;
	else if (is(word, "-Bdynamic") || is(word, "-dy") || is(word, "-call_shared"))
		walk->static_libraries = false;
	else if (starts(word, "-l") && word[2])
		add_input(walk, word + 2, INPUT_LIBRARY);
	else if (starts(word, "-L") && word[2])
		argvec_push(&line->paths, word + 2);
	else if (*word != '-')
		add_input(walk, word, INPUT_OBJECT);
}

/* Calls TAKE for every part of LIST between commas. */
static void each_part(struct walk *walk, const char *list,
	void (*take)(struct walk *walk, const char *part))
{
	for (;;) {
		size_t length = strcspn(list, ",");
		take(walk, arena_copy(list, length));
		if (!list[length])
			return;
		list += length + 1;
	}
}

static void on_linker(struct walk *walk, const char *value)
{
	if (is(walk->row->spelling, "-Wl,"))
		each_part(walk, value, linker_word);
	else
		linker_word(walk, value);
}

static void preprocessor_word(struct walk *walk, const char *word)
{
	argvec_push(&walk->preprocessor, word);
}

void meaning_set_role(struct walk *walk, size_t word, enum role role)
{
	if (walk->context == FOR_DRIVER && word < walk->words->count)
		walk->line->roles[word] = role;
}

static bool is_side(const char *word)
{
	const struct option_row *row = option_find(word);

	return row && (row->effects & SIDE);
}

/* Whether the words from FIRST on name a file beside the output; side_is_mixed if they do
 * more than that. The file is a word of its own. */
static bool words_are_side(struct walk *walk, size_t first)
{
	const struct argvec *words = &walk->preprocessor;
	size_t side = 0, other = 0;

	for (size_t i = first; i < words->count; i++) {
		if (is_side(words->items[i]))
			side++;
		else if (words->items[i][0] == '-' || !i || !is_side(words->items[i - 1]))
			other++;
		else
			side++;
	}
	if (side && other)
		walk->line->side_is_mixed = true;
	return side && !other;
}

/* -Wp,-MD,file or -Xpreprocessor -MF -Xpreprocessor file. */
static void on_preprocessor(struct walk *walk, const char *value)
{
	bool several = is(walk->row->spelling, "-Wp,");
	size_t first = walk->preprocessor.count;

	if (several)
		each_part(walk, value, preprocessor_word);
	else
		preprocessor_word(walk, value);
	if (!words_are_side(walk, first))
		return;
	meaning_set_role(walk, walk->at, ROLE_SIDE);
	if (!several)
		meaning_set_role(walk, walk->at + 1, ROLE_SIDE);
}

static void on_clang(struct walk *walk, const char *value)
{
	if (walk->context != FOR_DRIVER)
		return;
	argvec_push(&walk->cc1, value);
}

static void on_inputs(struct walk *walk, const char *value)
{
	(void)value;
	if (walk->context != FOR_DRIVER)
		return;
	while (walk->at + 1 < walk->words->count) {
		walk->at++;
		meaning_set_role(walk, walk->at, ROLE_INPUT);
		meaning_of_input(walk, walk->words->items[walk->at]);
	}
}

static void (*const handlers[OPTION_ACTIONS])(struct walk *walk, const char *value) = {
	[CLANG] = on_clang,
	[COLOUR] = on_colour,
	[DATABASE] = on_database,
	[DEFINE] = on_define,
	[INCLUDE] = meaning_include,
	[INPUTS] = on_inputs,
	[LANGUAGE] = on_language,
	[LIBRARY] = on_library,
	[LIBRARY_PATH] = on_library_path,
	[LINKER] = on_linker,
	[NOSTDINC] = on_nostdinc,
	[NO_LIBRARIES] = on_no_libraries,
	[OPTIMIZE] = on_optimize,
	[OUTPUT] = on_output,
	[PCH] = on_pch,
	[PEDANTIC] = on_pedantic,
	[PREPROCESSOR] = on_preprocessor,
	[RECORD] = on_record,
	[RELOCATABLE] = on_relocatable,
	[SANITIZE] = on_sanitize,
	[SHARED] = on_shared,
	[STAGE] = on_stage,
	[STANDARD] = on_standard,
	[STATIC] = on_static,
	[UNDEFINE] = on_undefine,
};

void meaning_of_option(struct walk *walk, const char *value)
{
	if (handlers[walk->row->action])
		handlers[walk->row->action](walk, value);
}

enum role meaning_role(const struct option_row *row)
{
	switch (row->action) {
	case DATABASE:
		return ROLE_DATABASE;
	case OUTPUT:
		return ROLE_OUTPUT;
	case LANGUAGE:
		return ROLE_LANGUAGE;
	case LIBRARY:
	case LIBRARY_PATH:
	case LINKER:
	case SHARED:
	case STATIC:
	case RELOCATABLE:
		return ROLE_LINK;
	default:
		return row->effects & SIDE ? ROLE_SIDE : ROLE_OPTION;
	}
}
