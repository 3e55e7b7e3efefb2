/* inputkind.h - which language an input file is in. */
#ifndef COHOOK_INPUTKIND_H
#define COHOOK_INPUTKIND_H

#include "cmdline.h"

/* inputkind_of_path - by its extension, as the compilers decide it. */
enum input_kind inputkind_of_path(const char *path);

/* inputkind_of_name - by the name that -x takes, "none" excluded. */
enum input_kind inputkind_of_name(const char *name);

/* inputkind_is_cxx - whether it is C++ source. */
bool inputkind_is_cxx(enum input_kind kind);

#endif
