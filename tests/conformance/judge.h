/* judge.h - runs points and says whether the mirror did as libc. */
#ifndef CONFORMANCE_JUDGE_H
#define CONFORMANCE_JUDGE_H

#include "point.h"

enum verdict {
	UNSEEN,
	EQUAL,
	DIFFERENT, /* from libc, the fibers among themselves alike */
	BROKEN,    /* a run found something wrong itself, hung, or the fibers differ */
};

struct judgement {
	enum verdict verdict;
	char text[1000]; /* what differs or is broken */
};

/* Judge those of the COUNT points that WANTED says, JOBS at a time. JUDGEMENTS has room
 * for all of them. */
void judge_all(size_t count, const bool *wanted, int jobs, struct judgement *judgements);

/* Memory that child processes share; ends the program when there is none. */
void *shared_memory(size_t size);

#endif
