/* conflicts.c - keeps account of what else a name's text is used for.
 *
 * Only texts in macros, and in headers that are included several times, can have other
 * uses; those of the C++ library are known to have none. Strings and names that macros make up cannot be traced back to a text; if one
 * holds a name of the table, every use of that name in macros counts as concerned: they
 * can be rewritten in other ways. Pure; called by finder. */
#include "conflicts.h"

#include <stdlib.h>
#include <string.h>

#include "finder.h"
#include "lex.h"
#include "pool.h"
#include "unit.h"

/* A text that an edit would change. */
struct edited {
	size_t file, offset, reference;
};

static bool can_conflict(const struct unit *unit, const struct reference *reference)
{
	return !reference->obstacles && !unit->files[reference->at.file].part &&
	       (reference->at.in_macro || unit->files[reference->at.file].inclusions > 1);
}

static int by_place(const void *a, const void *b)
{
	const struct edited *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return (x->reference > y->reference) - (x->reference < y->reference);
}

static void add_name(struct conflicts *conflicts, const char *name)
{
	for (size_t i = 0; i < conflicts->nnames; i++) {
		if (!strcmp(conflicts->names[i], name))
			return;
	}
	conflicts->names = pool_grow(conflicts->unit->pool, conflicts->names,
		conflicts->nnames, sizeof *conflicts->names);
	conflicts->names[conflicts->nnames++] = name;
}

static void add_text(struct conflicts *conflicts, size_t index)
{
	const struct reference *reference = &conflicts->findings->references[index];

	add_name(conflicts, conflicts->findings->targets[reference->target].name);
	conflicts->edited = pool_grow(conflicts->unit->pool, conflicts->edited,
		conflicts->nedited, sizeof *conflicts->edited);
	conflicts->edited[conflicts->nedited++] =
		(struct edited){reference->at.file, reference->at.offset, index};
}

bool conflicts_open(
	struct conflicts *conflicts, const struct unit *unit, struct findings *findings)
{
	*conflicts = (struct conflicts){.unit = unit, .findings = findings};
	for (size_t i = 0; i < findings->nreferences; i++) {
		if (can_conflict(unit, &findings->references[i]))
			add_text(conflicts, i);
	}
	if (conflicts->nedited)
		qsort(conflicts->edited, conflicts->nedited, sizeof *conflicts->edited,
			by_place);
	return conflicts->nedited != 0;
}

/* The first of the texts at or behind that place. */
static size_t find_place(const struct conflicts *conflicts, size_t file, size_t offset)
{
	size_t low = 0, high = conflicts->nedited;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct edited *at = &conflicts->edited[middle];
		if (at->file < file || (at->file == file && at->offset < offset))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void conflicts_place(struct conflicts *conflicts, size_t file, size_t offset)
{
	for (size_t i = find_place(conflicts, file, offset); i < conflicts->nedited;
		i++) {
		const struct edited *at = &conflicts->edited[i];
		if (at->file != file || at->offset != offset)
			break;
		conflicts->findings->references[at->reference].obstacles |=
			OBSTACLE_SHARED;
	}
}

/* NAME went into a string or another name somewhere: OBSTACLE. */
static void mark_name(struct conflicts *conflicts, const char *name, unsigned obstacle)
{
	struct findings *found = conflicts->findings;

	for (size_t i = 0; i < found->nreferences; i++) {
		struct reference *reference = &found->references[i];
		if (reference->at.in_macro &&
			!strcmp(found->targets[reference->target].name, name))
			reference->obstacles |= obstacle;
	}
}

void conflicts_pasted(struct conflicts *conflicts, const char *name)
{
	for (size_t i = 0; i < conflicts->nnames; i++) {
		if (strstr(name, conflicts->names[i]))
			mark_name(conflicts, conflicts->names[i], OBSTACLE_PART);
	}
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static size_t count_word(const char *text, size_t length, const char *word)
{
	size_t size = strlen(word), count = 0;
	const char *end = text + length;

	for (const char *at = text; (at = memmem(at, (size_t)(end - at), word, size));
		at++) {
		bool begins = at == text || !is_word_byte(at[-1]);
		count += begins && (at + size == end || !is_word_byte(at[size]));
	}
	return count;
}

/* How often WORD occurs in the string tokens that stand at OFFSET of FILE. */
static size_t count_written(
	const struct conflicts *conflicts, size_t index, size_t offset, const char *word)
{
	const struct unit_file *file =
		index == NO_FILE ? NULL : &conflicts->unit->files[index];
	struct lexer lexer;
	struct token token;
	size_t count = 0;

	if (!file || !file->text)
		return 0;
	lex_open(&lexer, file->text, file->length);
	lexer.at = offset;
	lexer.line_began = true;
	while ((token = lex_code(&lexer)).kind == TOKEN_STRING)
		count += count_word(
			file->text + token.begin, token.end - token.begin, word);
	return count;
}

/* How often WORD occurs in TEXT because __FILE__ does. */
static size_t count_in_file_name(const struct conflicts *conflicts, size_t file,
	const char *text, const char *word)
{
	const char *name = file == NO_FILE ? "" : conflicts->unit->files[file].name;

	return strstr(text, name) ? count_word(name, strlen(name), word) : 0;
}

void conflicts_string(struct conflicts *conflicts, const char *text, size_t file,
	size_t offset, size_t use_file)
{
	for (size_t i = 0; i < conflicts->nnames; i++) {
		const char *name = conflicts->names[i];
		size_t count = count_word(text, strlen(text), name);
		if (count && count > count_written(conflicts, file, offset, name) +
					     count_in_file_name(
						     conflicts, use_file, text, name))
			mark_name(conflicts, name, OBSTACLE_STRING);
	}
}

/* Uses of one text have its obstacles in common. */
void conflicts_close(struct conflicts *conflicts)
{
	struct reference *references = conflicts->findings->references;

	for (size_t begin = 0, end; begin < conflicts->nedited; begin = end) {
		const struct edited *first = &conflicts->edited[begin];
		unsigned obstacles = 0;
		for (end = begin; end < conflicts->nedited; end++) {
			const struct edited *at = &conflicts->edited[end];
			if (at->file != first->file || at->offset != first->offset)
				break;
			obstacles |= references[at->reference].obstacles;
		}
		for (size_t i = begin; i < end; i++)
			references[conflicts->edited[i].reference].obstacles = obstacles;
	}
}
