/* prefilter.h - a quick look at a source before anything expensive is done with it. */
#ifndef COHOOK_PREFILTER_H
#define COHOOK_PREFILTER_H

#include <stdbool.h>

struct rewrite_request;

enum prefilter_answer {
	PREFILTER_NOTHING, /* a parse of REQUEST would find nothing to rewrite in the
			      user's files and no pragma of ours */
	PREFILTER_PERHAPS, /* prefilter_look_closer() may know better */
	PREFILTER_HIT,     /* something, or any doubt */
};

/* prefilter_look - what a parse of REQUEST may find. */
enum prefilter_answer prefilter_look(const struct rewrite_request *request);

/* prefilter_look_closer - false only if a parse of REQUEST would find nothing, now that
 * what is behind an #if that cannot hold does not count. Of use after PREFILTER_PERHAPS;
 * costs several times more, but a tenth of a parse. */
bool prefilter_look_closer(const struct rewrite_request *request);

#endif
