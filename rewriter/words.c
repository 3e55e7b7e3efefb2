/* words.c - owns a set of words, so that the prefilter need not read a text again for
 * each question.
 *
 * Open hashing with room for twice the words; nothing is ever removed. */
#include "words.h"

#include <string.h>

#include "pool.h"

enum { FIRST_ROOM = 1024 };

static struct word *slot_of(const struct words *words, const char *text, size_t length)
{
	size_t hash = length;

	for (size_t i = 0; i < length; i++)
		hash = hash * 31 + (unsigned char)text[i];
	for (;; hash++) {
		struct word *slot = &words->slots[hash & (words->room - 1)];
		if (!slot->text ||
			(slot->length == length && !memcmp(slot->text, text, length)))
			return slot;
	}
}

static void make_room(struct words *words)
{
	const struct words old = *words;

	words->room = old.room ? 2 * old.room : FIRST_ROOM;
	words->slots = pool_alloc(words->pool, words->room * sizeof *words->slots);
	for (size_t i = 0; i < old.room; i++) {
		const struct word *word = &old.slots[i];
		if (word->text)
			*slot_of(words, word->text, word->length) = *word;
	}
}

void words_add(struct words *words, const char *text, size_t length, bool in_code)
{
	if (2 * words->count >= words->room)
		make_room(words);
	struct word *slot = slot_of(words, text, length);
	words->count += !slot->text;
	slot->text = text;
	slot->length = length;
	slot->in_code |= in_code;
}

bool words_has(const struct words *words, const char *text, size_t length)
{
	return words->room && slot_of(words, text, length)->text;
}

bool words_has_in_code(const struct words *words, const char *text, size_t length)
{
	return words->room && slot_of(words, text, length)->in_code;
}
