/* storage.h - the words that make a variable thread-local. */
#ifndef COHOOK_STORAGE_H
#define COHOOK_STORAGE_H

#include <stdbool.h>
#include <stddef.h>

/* storage_is_word - whether NAME is one of them. */
bool storage_is_word(const char *name, size_t length);

/* storage_word - the Ith of them; NULL behind the last. */
const char *storage_word(size_t i);

#endif
