/* mention.h - the crudest look at a source. */
#ifndef COHOOK_MENTION_H
#define COHOOK_MENTION_H

#include <stdbool.h>

struct config;

/* mention_any - whether a word in the file PATH is the name of a hooked function, or of
 * one that CONFIG, which may be NULL, maps. True for what cannot be read. */
bool mention_any(const char *path, const struct config *config);

#endif
