/* cmdline.c - owns the understanding of the command line: one walk over its words, led by
 * options.def.
 *
 * The words themselves are never changed: `given` is what the user wrote less our own
 * options, and what libclang must know is collected beside it. Options that are passed
 * through -Wp, -Xpreprocessor and -Xclang go through the same table in a second walk.
 * Called by cc_main; deliver, compile and link read the result. */
#include "cmdline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "response.h"
#include "walk.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static void apply_effects(struct walk *walk, size_t count)
{
	struct cmdline *line = walk->line;
	unsigned effects = walk->row->effects;

	if (walk->context == BEFORE_OURS)
		effects &= PARSE;
	if (effects & PLAIN)
		line->stage = STAGE_PLAIN;
	if ((effects & HARD) && !line->hard)
		line->hard = walk->words->items[walk->at];
	if (effects & PARSE)
		meaning_pass_to_parse(walk, count);
	if (effects & PROBE)
		for (size_t i = 0; i < count; i++)
			argvec_push(&line->probe, walk->words->items[walk->at + i]);
	for (size_t i = 0; i < count; i++)
		meaning_set_role(walk, walk->at + i, meaning_role(walk->row));
}

/* How many words the option at hand takes; its value goes to VALUE. An option without the
 * value that it needs is the compiler's to complain about. */
static size_t extent(struct walk *walk, const char **value)
{
	const char *word = walk->words->items[walk->at];

	*value = word + strlen(walk->row->spelling);
	if (!option_takes_next(walk->row, word))
		return 1;
	if (walk->at + 1 == walk->words->count) {
		if (walk->context == FOR_DRIVER)
			walk->line->stage = STAGE_PLAIN;
		*value = "";
		return 1;
	}
	*value = walk->words->items[walk->at + 1];
	return 2;
}

static void walk_words(struct walk *walk)
{
	for (walk->at = 0; walk->at < walk->words->count; walk->at++) {
		const char *word = walk->words->items[walk->at], *value;

		walk->row = option_find(word);
		if (!walk->row) {
			if (*word == '-' && word[1])
				continue;
			meaning_set_role(walk, walk->at, ROLE_INPUT);
			meaning_of_input(walk, word);
			continue;
		}
		size_t count = extent(walk, &value), start = walk->at;
		apply_effects(walk, count);
		meaning_of_option(walk, value);
		if (walk->at == start)
			walk->at += count - 1;
	}
}

/* Takes our own options out of WORDS; whether there were any. What follows "--" are
 * inputs. */
static bool take_own(struct argvec *words, struct settings *settings)
{
	size_t kept = 0, i;

	for (i = 0; i < words->count && !is(words->items[i], "--"); i++) {
		const struct option_row *row = option_find(words->items[i]);
		if (row && row->action == OWN)
			settings_option(settings, words->items[i]);
		else
			words->items[kept++] = words->items[i];
		/* A value that looks like one of ours is a value. */
		if (row && option_takes_next(row, words->items[i]) &&
			i + 1 < words->count)
			words->items[kept++] = words->items[++i];
	}
	bool any = kept < i;
	for (; i < words->count; i++)
		words->items[kept++] = words->items[i];
	words->count = kept;
	if (words->items)
		words->items[kept] = NULL;
	return any;
}

/* Fills in `given` and `words`. */
static void split_off_own(
	struct cmdline *line, char *const *argv, struct settings *settings)
{
	struct settings twice = *settings;
	bool from_file = false;

	for (size_t i = 0; argv[i]; i++)
		argvec_push(&line->given, argv[i]);
	if (response_expand(argv, &line->words, &from_file) < 0)
		line->hard = "@file";
	size_t all = line->words.count, given = line->given.count;
	take_own(&line->words, settings);
	take_own(&line->given, &twice);
	if (all - line->words.count != given - line->given.count) {
		line->given = (struct argvec){0};
		argvec_append(&line->given, &line->words);
	}
}

/* A response file that is there but cannot be read twice, a pipe, hides words from us. */
static const char *unread_file(const struct cmdline *line)
{
	for (size_t i = 0; i < line->words.count; i++)
		if (line->words.items[i][0] == '@' &&
			access(line->words.items[i] + 1, F_OK) == 0)
			return line->words.items[i];
	return NULL;
}

static void walk_passed_on(struct walk *walk)
{
	walk->context = FOR_PREPROCESSOR;
	walk->words = &walk->preprocessor;
	walk_words(walk);
	walk->context = FOR_CC1;
	walk->words = &walk->cc1;
	walk_words(walk);
}

/* The header that the precompiled header PATH was made of, by the usual name; NULL if
 * there is none. */
static const char *header_of_pch(const char *path)
{
	size_t length = strlen(path);

	if (length < 4 ||
		(!is(path + length - 4, ".pch") && !is(path + length - 4, ".gch")))
		return NULL;
	const char *header = arena_copy(path, length - 4);
	return access(header, R_OK) == 0 ? header : NULL;
}

/* libclang cannot read the precompiled headers of other versions; beside its header in
 * text, one is only a shortcut. */
static void settle_pch(struct walk *walk)
{
	struct cmdline *line = walk->line;

	if (!walk->pch || walk->includes_for_cc1)
		return;
	const char *header = header_of_pch(walk->pch);
	if (header)
		meaning_include(walk, header);
	else if (!line->hard)
		line->hard = "-include-pch";
}

static void settle_stage(struct cmdline *line)
{
	bool any = false;

	for (size_t i = 0; i < line->ninputs; i++) {
		any = true;
		if (line->inputs[i].kind == INPUT_HEADER)
			line->stage = STAGE_PLAIN;
	}
	if (!any)
		line->stage = STAGE_PLAIN;
}

/* Every word, and every part of a word between commas, may be an input. */
static size_t most_inputs(const struct argvec *words)
{
	size_t most = words->count;

	for (size_t i = 0; i < words->count; i++)
		for (const char *c = words->items[i]; *c; c++)
			most += *c == ',';
	return most;
}

/* Whether a C++ compiler is among the words: g++, clang++-14, x86_64-linux-gnu-g++. */
static bool names_cxx(const struct argvec *words)
{
	for (size_t i = 0; i < words->count && words->items[i][0] != '-'; i++) {
		const char *slash = strrchr(words->items[i], '/');
		if (strstr(slash ? slash : words->items[i], "++"))
			return true;
	}
	return false;
}

void cmdline_parse(struct cmdline *line, const struct argvec *before, char *const *argv,
	struct settings *settings)
{
	struct walk walk = {.line = line, .words = before, .context = BEFORE_OURS};

	*line = (struct cmdline){.stage = STAGE_LINK, .fortify = FORTIFY_DEFAULT};
	split_off_own(line, argv, settings);
	size_t most = most_inputs(&line->words);
	line->inputs = arena_alloc((most + 1) * sizeof *line->inputs);
	line->roles = arena_alloc((line->words.count + 1) * sizeof *line->roles);
	if (!line->hard)
		line->hard = unread_file(line);
	line->cxx = walk.compiles_cxx = names_cxx(before);
	walk_words(&walk);
	walk.context = FOR_DRIVER;
	walk.words = &line->words;
	walk_words(&walk);
	walk_passed_on(&walk);
	settle_pch(&walk);
	settle_stage(line);
}

const char *cmdline_default_output(const struct cmdline *line, const struct input *input)
{
	const char *base = strrchr(input->path, '/');
	const char *name = base ? base + 1 : input->path;
	const char *dot = strrchr(name, '.');
	size_t length = dot ? (size_t)(dot - name) : strlen(name);

	if (line->stage == STAGE_LINK)
		return "a.out";
	return arena_printf("%.*s.%s", (int)length, name, line->assembly ? "s" : "o");
}
