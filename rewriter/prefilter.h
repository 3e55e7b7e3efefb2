/* prefilter.h - a quick look at a source before anything expensive is done with it. */
#ifndef COHOOK_PREFILTER_H
#define COHOOK_PREFILTER_H

#include <stdbool.h>

struct filter;
struct rewrite_request;

enum prefilter_answer {
	PREFILTER_NOTHING, /* a parse of REQUEST would find nothing to rewrite in the
			      user's files and no pragma of ours */
	PREFILTER_PERHAPS, /* prefilter_look_closer() may know better */
	PREFILTER_HIT,     /* something, or any doubt */
};

/* prefilter_look - what a parse of REQUEST may find. With PREFILTER_PERHAPS, *MORE is for
 * one of the two below, which end it. */
enum prefilter_answer prefilter_look(
	const struct rewrite_request *request, struct filter **more);

/* prefilter_look_closer - false only if a parse would find nothing, now that what is
 * behind an #if that cannot hold does not count. Costs several times more than the first
 * look, but a fifth of a parse. */
bool prefilter_look_closer(struct filter *more);
void prefilter_forget(struct filter *more);

#endif
