/* argvec.c - owns the vector of words that every command line and environment is made of.
 *
 * The array always ends in NULL, and lives in the arena as the strings do. */
#include "argvec.h"

#include <ctype.h>
#include <string.h>

#include "arena.h"

static void reserve(struct argvec *vec, size_t more)
{
	if (vec->count + more + 1 <= vec->room)
		return;
	size_t room = 2 * (vec->count + more + 8);
	char **items = arena_alloc(room * sizeof *items);
	if (vec->count)
		memcpy(items, vec->items, vec->count * sizeof *items);
	vec->items = items;
	vec->room = room;
}

void argvec_push(struct argvec *vec, const char *item)
{
	reserve(vec, 1);
	vec->items[vec->count++] = (char *)item;
	vec->items[vec->count] = NULL;
}

void argvec_append(struct argvec *vec, const struct argvec *more)
{
	for (size_t i = 0; i < more->count; i++)
		argvec_push(vec, more->items[i]);
}

char **argvec_argv(struct argvec *vec)
{
	reserve(vec, 0);
	return vec->items;
}

/* The index of NAME in an environment, or the count. */
static size_t variable_index(const struct argvec *vec, const char *name)
{
	size_t length = strlen(name), i;

	for (i = 0; i < vec->count; i++)
		if (strncmp(vec->items[i], name, length) == 0 &&
			vec->items[i][length] == '=')
			break;
	return i;
}

void argvec_set_variable(struct argvec *vec, const char *name, const char *value)
{
	size_t at = variable_index(vec, name);
	char *entry = arena_printf("%s=%s", name, value);

	if (at < vec->count)
		vec->items[at] = entry;
	else
		argvec_push(vec, entry);
}

void argvec_unset_variable(struct argvec *vec, const char *name)
{
	size_t at = variable_index(vec, name);

	if (at == vec->count)
		return;
	memmove(vec->items + at, vec->items + at + 1,
		(vec->count - at) * sizeof *vec->items);
	vec->count--;
}

const char *argvec_variable(const struct argvec *vec, const char *name)
{
	size_t at = variable_index(vec, name);

	return at < vec->count ? vec->items[at] + strlen(name) + 1 : NULL;
}

/* Copies the word at TEXT to *OUT without its quotes and moves *OUT past it; where the
 * word ended. */
static const char *unquote(const char *text, char **out)
{
	char quote = 0, *to = *out;

	for (; *text && (quote || !isspace((unsigned char)*text)); text++) {
		if (*text == '\\' && text[1])
			*to++ = *++text;
		else if (quote ? *text == quote : *text == '\'' || *text == '"')
			quote = quote ? 0 : *text;
		else
			*to++ = *text;
	}
	*to++ = 0;
	*out = to;
	return text;
}

void argvec_split(struct argvec *vec, const char *text)
{
	char *out = arena_alloc(strlen(text) + 1);

	for (;;) {
		while (isspace((unsigned char)*text))
			text++;
		if (!*text)
			return;
		argvec_push(vec, out);
		text = unquote(text, &out);
	}
}
