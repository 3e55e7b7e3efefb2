/* view.h - one unit as the rules see it: its sites, its survey, and where findings go. */
#ifndef COHOOK_AUDIT_VIEW_H
#define COHOOK_AUDIT_VIEW_H

#include "audit/finding.h"
#include "rewrite.h"
#include "survey.h"

struct foreign;

#define NO_FUNCTION ((size_t)-1)
#define NO_EVENT ((size_t)-1)

/* What a call waits for, as sets of the classes of hooks.def. */
enum waits {
	WAITS_IO = 1, /* READY NAME, FD_IN and FD_OUT of streams: another party */
	WAITS_FILE = 2,
	WAITS_TIME = 4,
	WAITS_THREAD = 8, /* JOIN COND */
	WAITS_LOCK = 16,
	WAITS_OTHER = 32, /* CHILD SIGNAL */
	WAITS_YIELD = 64,
	WAITS_CONSOLE = 128, /* messages: what goes to stdout and stderr */
	WAITS_FD = 256,      /* FD_IN FD_OUT of a descriptor, which may be non-blocking */
	WAITS_LONG = WAITS_IO | WAITS_FD | WAITS_FILE | WAITS_TIME | WAITS_THREAD | WAITS_OTHER,
	WAITS_BLOCKS = WAITS_LONG | WAITS_LOCK | WAITS_CONSOLE,
	WAITS_PARKS = WAITS_LONG | WAITS_LOCK | WAITS_YIELD,
};

struct view {
	struct pool *pool;
	const struct rewrite_result *result;
	const struct survey *survey;
	const struct foreign *foreign;
	struct finding_list *findings;
	size_t *callees;     /* of each event: the function of the unit that it names */
	size_t *homes;       /* of each event: the function that it is in */
	struct mark *never;  /* of each event, a call: what shows that it never waits; */
	const char **shown;  /* and how; NULL: nothing does */
	bool *quiet; /* of each event, a call: it hardly ever waits, as far as the unit
			shows */
	bool nonblocking;    /* something in the unit makes a descriptor so */
	bool deadlines;      /* something in the unit sets one */
	const char **defines; /* functions of foreign libraries, of which it is a part */
	size_t ndefines;
	const char **places; /* absolute names of the survey's files */
};

/* view_open - RESULT has a survey; findings go to LIST. */
void view_open(struct view *view, const struct rewrite_result *result,
	const struct foreign *foreign, struct finding_list *list);

/* view_function - the function of the unit with KEY, NO_FUNCTION if there is none. */
size_t view_function(const struct view *view, const char *key);

/* view_set - the set that a class of hooks.def belongs to, of enum waits. */
unsigned view_set(const char *waits);

/* view_takes_descriptor - whether CALL, of a row, waits for the descriptor that is its first
 * argument. */
bool view_takes_descriptor(const struct event *call);

/* view_waits - what the call EVENT waits for, a set of enum waits; 0: nothing that is
 * known, or it is shown not to wait. */
unsigned view_waits(const struct view *view, size_t event);

/* view_spelled, view_used - MARK as places. */
struct place view_spelled(const struct view *view, const struct mark *mark);
struct place view_used(const struct view *view, const struct mark *mark);

/* view_add - a finding of RULE at EVENT, with its function, callee and class. */
struct finding *view_add(struct view *view, enum rule_id rule, size_t event);

/* view_class - the class of hooks.def in words: "for data". */
const char *view_class(const char *waits);

#endif
