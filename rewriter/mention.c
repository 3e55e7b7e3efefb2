/* mention.c - owns the question whether a source that cannot be parsed names a hooked
 * function at all.
 *
 * Comments and strings count: it decides about a warning, not about a rewrite. Called by
 * compile. */
#include "mention.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "slurp.h"

static bool is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool is_name(const struct config *config, const char *word, size_t length)
{
	const struct hook *row = config_hook(config, word, length);

	return row && row->kind != HOOK_WATCH;
}

static bool has_name(const struct config *config, const char *text, const char *end)
{
	while (text < end) {
		const char *word = text;
		while (text < end && is_word_byte(*text))
			text++;
		if (text > word && is_name(config, word, (size_t)(text - word)))
			return true;
		text += text == word;
	}
	return false;
}

bool mention_any(const char *path, const struct config *config)
{
	char *text;
	size_t length;

	if (slurp_path(path, &text, &length) < 0)
		return true;
	bool found = has_name(config, text, text + length);
	free(text);
	return found;
}
