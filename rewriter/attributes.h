/* attributes.h - which attributes of libc's declaration a mirror must have as well. */
#ifndef COHOOK_ATTRIBUTES_H
#define COHOOK_ATTRIBUTES_H

#include <stdbool.h>

struct pool;

/* attributes_for_mirror - from declarations as clang prints them (the later ones may
 * repeat attributes) and the printed type, the attributes to declare a mirror with, as C
 * text that gcc and clang take, each with a blank before it; "" if there are none. */
const char *attributes_for_mirror(
	struct pool *pool, const char *const *printed, const char *type);

/* attributes_of_builtin - the same for what no declaration says, since compilers know the
 * function NAME by itself; GCC says which one. */
const char *attributes_of_builtin(struct pool *pool, const char *name, bool gcc);

/* attributes_are_weak - whether the printed declaration is weak. */
bool attributes_are_weak(const char *printed);

#endif
