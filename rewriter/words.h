/* words.h - the distinct words of a unit's text. */
#ifndef COHOOK_WORDS_H
#define COHOOK_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct pool;

struct word {
	const char *text;
	unsigned hash; /* private */
	unsigned length : 31;
	unsigned in_code : 1; /* it occurs outside of directives */
};

/* Zero-initialised but for the pool it is empty. */
struct words {
	struct pool *pool;
	struct word *list;
	unsigned count;
	unsigned *slots; /* private: place in LIST plus one, 0 is free */
	unsigned room;   /* private: of SLOTS */
};

/* words_add - take in a word, which must live as long as the set. */
void words_add(struct words *words, const char *text, size_t length, bool in_code);

/* words_has - whether the word occurs at all. */
bool words_has(const struct words *words, const char *text, size_t length);

/* words_has_in_code - whether the word occurs outside of directives. */
bool words_has_in_code(const struct words *words, const char *text, size_t length);

#endif
