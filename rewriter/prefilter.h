/* prefilter.h - a quick look at a source before anything expensive is done with it. */
#ifndef COHOOK_PREFILTER_H
#define COHOOK_PREFILTER_H

#include <stdbool.h>

struct rewrite_request;

/* prefilter_may_hook - false only if a parse of REQUEST would find nothing to rewrite in
 * the user's files and no pragma of ours. Any doubt is true. */
bool prefilter_may_hook(const struct rewrite_request *request);

#endif
