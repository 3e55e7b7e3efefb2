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

/* layout_program - the path of the program NAME that lies beside this one, or NULL. */
const char *layout_program(const char *name);

/* layout_shared - the path of the data file NAME, or NULL. */
const char *layout_shared(const char *name);

#endif
