/* layout.h - where this program and the files that belong to it are. */
#ifndef COHOOK_LAYOUT_H
#define COHOOK_LAYOUT_H

#include <stdbool.h>
#include <sys/stat.h>

/* layout_self - the path of the running executable, NULL when /proc does not tell. */
const char *layout_self(void);

/* layout_is_self - whether PATH is the running executable under whatever name. */
bool layout_is_self(const char *path);

/* layout_library - the path of NAME in our library directory, NULL if it is not there. */
const char *layout_library(const char *name);

#endif
