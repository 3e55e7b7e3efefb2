/* words.c - owns a set of words, so that the prefilter need not read a text again for
 * each question.
 *
 * The words stand in a list, in the order in which they came; an open hash index with
 * room for twice as many leads to them. Nothing is ever removed. Both are small because a
 * page that is touched for the first time costs more than many look-ups. */
#include "words.h"

#include <limits.h>
#include <string.h>

#include "pool.h"

enum { FIRST_ROOM = 1024, GROWTH = 4 };

static unsigned hash_of(const char *text, size_t length)
{
	unsigned hash = (unsigned)length;

	for (size_t i = 0; i < length; i++)
		hash = hash * 31 + (unsigned char)text[i];
	return hash;
}

/* Where the word is, or where it would have to be. */
static unsigned *slot_of(
	const struct words *words, const char *text, size_t length, unsigned hash)
{
	for (unsigned at = hash;; at++) {
		unsigned *slot = &words->slots[at & (words->room - 1)];
		if (!*slot)
			return slot;
		const struct word *word = &words->list[*slot - 1];
		if (word->hash == hash && word->length == length &&
			!memcmp(word->text, text, length))
			return slot;
	}
}

static void make_room(struct words *words)
{
	words->room = words->room ? GROWTH * words->room : FIRST_ROOM;
	words->slots = pool_alloc(words->pool, words->room * sizeof *words->slots);
	for (unsigned i = 0; i < words->count; i++) {
		unsigned at = words->list[i].hash;
		while (words->slots[at & (words->room - 1)])
			at++;
		words->slots[at & (words->room - 1)] = i + 1;
	}
}

void words_add(struct words *words, const char *text, size_t length, bool in_code)
{
	unsigned hash = hash_of(text, length);

	if (2 * words->count >= words->room)
		make_room(words);
	unsigned *slot = slot_of(words, text, length, hash);
	if (!*slot) {
		words->list = pool_grow(
			words->pool, words->list, words->count, sizeof *words->list);
		words->list[words->count] = (struct word){
			.text = text, .length = length & INT_MAX, .hash = hash};
		*slot = ++words->count;
	}
	words->list[*slot - 1].in_code |= in_code;
}

static const struct word *find(const struct words *words, const char *text, size_t length)
{
	if (!words->room)
		return NULL;
	unsigned slot = *slot_of(words, text, length, hash_of(text, length));
	return slot ? &words->list[slot - 1] : NULL;
}

bool words_has(const struct words *words, const char *text, size_t length)
{
	return find(words, text, length);
}

bool words_has_in_code(const struct words *words, const char *text, size_t length)
{
	const struct word *word = find(words, text, length);

	return word && word->in_code;
}
