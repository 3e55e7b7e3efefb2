/* surroundings.h - what the text around a name of a C++ source says of it, where libclang
 * does not. */
#ifndef COHOOK_SURROUNDINGS_H
#define COHOOK_SURROUNDINGS_H

#include <stdbool.h>
#include <stddef.h>

/* surroundings_are_simple - whether the text from BEGIN to END, ahead of a name, is
 * nothing but namespaces on one line: `m::` or `::m :: n::`. */
bool surroundings_are_simple(const char *text, size_t begin, size_t end);

/* surroundings_are_typeof - whether the name that begins at BEGIN is all that decltype or
 * typeof is applied to. */
bool surroundings_are_typeof(const char *text, size_t begin);

/* surroundings_are_template - whether the name that begins at BEGIN, and is not called,
 * may be the argument of a template, or the default for one. */
bool surroundings_are_template(const char *text, size_t begin);

/* surroundings_are_namesake - whether what stands at OFFSET is in the body of a macro
 * without parameters that is called NAME. */
bool surroundings_are_namesake(
	const char *text, size_t length, size_t offset, const char *name);

#endif
