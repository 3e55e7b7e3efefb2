/* reach.h - which calls a function of the unit comes to, by way of others. */
#ifndef COHOOK_AUDIT_REACH_H
#define COHOOK_AUDIT_REACH_H

#include "audit/view.h"

struct reach {
	const struct view *view;
	unsigned set;        /* what calls are looked for, of enum waits */
	size_t *witnesses;   /* of each function: the event by which it gets there */
	unsigned char *seen; /* of each function: looked at */
};

void reach_open(struct reach *reach, const struct view *view, unsigned set);

/* reach_from - the event of FUNCTION that waits, or calls what comes to wait; NO_EVENT if
 * none does. */
size_t reach_from(struct reach *reach, size_t function);

/* reach_tell - add to the last finding the way from EVENT, a call of a function that gets
 * there, to the call that waits; which that is. */
size_t reach_tell(struct reach *reach, struct finding_list *list, size_t event);

/* reach_tell_from - likewise from FUNCTION, which gets there. */
size_t reach_tell_from(struct reach *reach, struct finding_list *list, size_t function);

#endif
