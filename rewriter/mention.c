/* mention.c - owns the question whether a source that cannot be parsed names a hooked
 * function at all.
 *
 * Comments and strings count: it decides about a warning, not about a rewrite. Called by
 * compile. */
#include "mention.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "slurp.h"

static const char *const names[] = {
#define HOOK(name, waits, header) #name,
#define ALIAS(alias, name) #alias,
#include "cohook/hooks.def"
};

static bool is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool is_name(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == length && memcmp(names[i], word, length) == 0)
			return true;
	return false;
}

static bool has_name(const char *text, const char *end)
{
	while (text < end) {
		const char *word = text;
		while (text < end && is_word_byte(*text))
			text++;
		if (text > word && is_name(word, (size_t)(text - word)))
			return true;
		text += text == word;
	}
	return false;
}

bool mention_any(const char *path)
{
	char *text;
	size_t length;

	if (slurp_path(path, &text, &length) < 0)
		return true;
	bool found = has_name(text, text + length);
	free(text);
	return found;
}
