/* crew.h - compilations examined side by side, each in a process of its own. */
#ifndef COHOOK_AUDIT_CREW_H
#define COHOOK_AUDIT_CREW_H

#include "audit/command.h"
#include "audit/document.h"
#include "settings.h"

/* crew_work - examine the commands of LIST, at most JOBS at once, into DOCUMENT. The
 * status of the first that was used wrongly, which has then said so; else 0. */
int crew_work(struct document *document, const struct command_list *list, unsigned jobs,
	const struct settings *asked);

#endif
