/* storage.c - the words that make a variable thread-local. Uses of one stand where one of
 * them is. Pure; called by prefilter. */
#include "storage.h"

#include <string.h>

static const char *const words[] = {"__thread", "_Thread_local", "thread_local"};

const char *storage_word(size_t i)
{
	return i < sizeof words / sizeof *words ? words[i] : NULL;
}

bool storage_is_word(const char *name, size_t length)
{
	const char *word;

	for (size_t i = 0; (word = storage_word(i)); i++)
		if (strlen(word) == length && !memcmp(word, name, length))
			return true;
	return false;
}
