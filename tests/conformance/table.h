/* table.h - all points, and the reasons for which some may differ. */
#ifndef CONFORMANCE_TABLE_H
#define CONFORMANCE_TABLE_H

#include "point.h"

/* Make the table; the number of its points. */
size_t table_fill(void);
const struct point *table_at(size_t i);

/* "read, pipe: interrupted"; static storage. */
const char *point_name(const struct point *point);

/* Why the mirror differs from libc at POINT, or NULL: it does not. */
const char *reason_of(const struct point *point);

/* The pattern of a reason that fits no point of the table, or NULL. */
const char *reason_unused(void);

#endif
