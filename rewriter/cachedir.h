/* cachedir.h - the folder of all that the wrapper keeps between runs. */
#ifndef COHOOK_CACHEDIR_H
#define COHOOK_CACHEDIR_H

#include <stdbool.h>

/* cachedir_choose - what COHOOK_CACHE or --cohook-cache= says: "off", or the folder;
 * false if it is neither. */
bool cachedir_choose(const char *value);

/* cachedir - the folder, which may not exist yet; NULL: keep nothing. */
const char *cachedir(void);

#endif
