/* hookscmd.c - owns `cohook hooks`: the table of functions, for people and programs.
 * Called by cohook_main. */
#include "hookscmd.h"

#include <argp.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooks.h"

enum { KEY_FORMAT = 256 };

static void print_text(void)
{
	const struct hook *row;

	for (size_t i = 0; (row = hooks_at(i)); i++) {
		printf("%-24s %-7s ", row->name, row->waits);
		if (row->kind == HOOK_WATCH)
			printf("not hooked: %s\n", row->why->reason);
		else
			printf("co_%s\n", row->name);
	}
}

static const char *kind_name(const struct hook *row)
{
	return row->kind == HOOK_WATCH   ? "watched"
	       : row->kind == HOOK_ALIAS ? "alias"
					 : "hooked";
}

static json_object *row_object(const struct hook *row)
{
	json_object *made = json_object_new_object();
	char mirror[128];

	json_object_object_add(made, "name", json_object_new_string(row->name));
	json_object_object_add(made, "kind", json_object_new_string(kind_name(row)));
	json_object_object_add(made, "waits", json_object_new_string(row->waits));
	if (row->kind == HOOK_WATCH) {
		json_object_object_add(
			made, "why", json_object_new_string(row->why->reason));
		return made;
	}
	snprintf(mirror, sizeof mirror, "co_%s", row->name);
	json_object_object_add(made, "mirror", json_object_new_string(mirror));
	if (row->kind == HOOK_ALIAS)
		json_object_object_add(made, "of", json_object_new_string(row->target));
	if (row->header)
		json_object_object_add(
			made, "header", json_object_new_string(row->header));
	return made;
}

static void print_json(void)
{
	json_object *whole = json_object_new_object(), *list = json_object_new_array();
	const struct hook *row;

	for (size_t i = 0; (row = hooks_at(i)); i++)
		json_object_array_add(list, row_object(row));
	json_object_object_add(whole, "cohookHooks", json_object_new_int(1));
	json_object_object_add(whole, "table", json_object_new_string(hooks_version()));
	json_object_object_add(whole, "hooks", list);
	puts(json_object_to_json_string_ext(
		whole, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(whole);
}

static void print_markdown(void)
{
	const struct hook *row;

	puts("| Function | Waits for | Mirror |\n| --- | --- | --- |");
	for (size_t i = 0; (row = hooks_at(i)); i++) {
		printf("| `%s` | %s | ", row->name, row->waits);
		if (row->kind == HOOK_WATCH)
			printf("none: %s |\n", row->why->reason);
		else
			printf("`co_%s` |\n", row->name);
	}
}

/* Words that are put into lines of at most COLUMNS. */
enum { COLUMNS = 110 };

static void print_word(size_t *column, const char *word)
{
	const size_t length = strlen(word);

	if (*column + 1 + length > COLUMNS)
		*column = (size_t)printf("\n  %s", word) - 1;
	else
		*column += (size_t)printf(" %s", word);
}

/* The names of all rows with the reason of row FIRST; the next row behind them. */
static size_t print_names(size_t first, size_t *column)
{
	const struct why *why = hooks_at(first)->why;
	const struct hook *row;
	char word[128];

	for (size_t i = first;; i++) {
		const struct hook *next = hooks_at(i + 1);
		const bool more = next && next->why == why;

		row = hooks_at(i);
		snprintf(word, sizeof word, "`%s`%s", row->name, more ? "," : ":");
		print_word(column, word);
		if (!more)
			return i + 1;
	}
}

static void print_reason(const struct why *why, size_t *column)
{
	char *text = strdup(why->reason), *rest = text, *word;

	while (text && (word = strsep(&rest, " ")))
		print_word(column, word);
	free(text);
}

/* What README says of the functions without a mirror. */
static void print_reasons(void)
{
	const struct hook *row;

	for (size_t i = 0; (row = hooks_at(i));) {
		size_t column;

		if (row->kind != HOOK_WATCH) {
			i++;
			continue;
		}
		column = (size_t)printf("- **%s**,", row->why->subject);
		i = print_names(i, &column);
		print_reason(row->why, &column);
		puts(".");
	}
}

static const struct {
	const char *name;
	void (*print)(void);
} formats[] = {{"text", print_text}, {"json", print_json}, {"markdown", print_markdown},
	{"reasons", print_reasons}};

static error_t take_option(int key, char *value, struct argp_state *state)
{
	void (**print)(void) = state->input;

	switch (key) {
	case KEY_FORMAT:
		for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
			if (!strcmp(formats[i].name, value)) {
				*print = formats[i].print;
				return 0;
			}
		argp_error(state,
			"--format may be text, json, markdown or reasons, not %s", value);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it takes no %s", value);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int hookscmd_run(int argc, char **argv)
{
	static char name[] = "cohook hooks";
	static const struct argp_option options[] = {
		{"format", KEY_FORMAT, "FORMAT", 0,
			"text (the default), json, markdown, or reasons: why the others "
			"are not hooked, as Markdown",
			0},
		{0},
	};
	static const struct argp argp = {options, take_option, NULL,
		"Lists the functions that are hooked, or only watched."
		"\vExit status: 0, or 2 for wrong use.",
		NULL, NULL, NULL};
	void (*print)(void) = print_text;

	argv[0] = name;
	argp_parse(&argp, argc, argv, 0, NULL, &print);
	print();
	return 0;
}
