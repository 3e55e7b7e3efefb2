/* table.c - owns the points of the table and the reasons.
 *
 * Both are complete after table_fill(). A reason names points by patterns of the shell's
 * kind; each of them has to differ. */
#include "table.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

enum { POINTS_MAX = 16384, NAME_SIZE = 200 };

static struct point points[POINTS_MAX];
static size_t npoints;

static const struct reason {
	const char *call, *on, *condition, *why;
} reasons[] = {
#define REASON(call, on, condition, why) {call, on, condition, why},
#include "reasons.def"
};

void point_add(struct point point)
{
	if (npoints == POINTS_MAX) {
		fprintf(stderr, "too many points\n");
		exit(1);
	}
	points[npoints++] = point;
}

size_t table_fill(void)
{
	arrivals_add();
	departures_add();
	things_add();
	waits_add();
	trials_add();
	faults_add();
	return npoints;
}

const struct point *table_at(size_t i)
{
	return &points[i];
}

const char *point_name(const struct point *point)
{
	static char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%s, %s: %s", point->call, point->on, point->condition);
	return name;
}

static bool fits(const struct reason *reason, const struct point *point)
{
	return !fnmatch(reason->call, point->call, FNM_EXTMATCH) &&
	       !fnmatch(reason->on, point->on, FNM_EXTMATCH) &&
	       !fnmatch(reason->condition, point->condition, FNM_EXTMATCH);
}

const char *reason_of(const struct point *point)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (fits(&reasons[i], point))
			return reasons[i].why;
	return NULL;
}

static bool is_used(const struct reason *reason)
{
	for (size_t i = 0; i < npoints; i++)
		if (fits(reason, &points[i]))
			return true;
	return false;
}

const char *reason_unused(void)
{
	static char name[NAME_SIZE];

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (is_used(&reasons[i]))
			continue;
		snprintf(name, sizeof(name), "%s, %s: %s", reasons[i].call, reasons[i].on,
			reasons[i].condition);
		return name;
	}
	return NULL;
}
