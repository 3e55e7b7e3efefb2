/* thin.h - archives that only name their members. */
#ifndef COHOOK_THIN_H
#define COHOOK_THIN_H

#include <stdbool.h>
#include <stddef.h>

/* thin_is_archive - whether the LENGTH bytes at START are one. */
bool thin_is_archive(const char *start, size_t length);

/* thin_any_member - whether TEST holds for the path of a member; true for an archive that
 * is not understood. PATH is that of the archive, which the members' names are relative
 * to. */
bool thin_any_member(const char *path, const char *start, size_t length,
	bool (*test)(const char *member));

#endif
