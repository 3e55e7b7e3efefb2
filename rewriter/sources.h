/* sources.h - the sources of one command, each with what the core made of it. */
#ifndef COHOOK_SOURCES_H
#define COHOOK_SOURCES_H

#include "facts.h"
#include "job.h"
#include "rewrite.h"

struct source {
	const struct input *input;
	struct rewrite_result
		result; /* valid if it was looked at; freed by sources_free() */
	const struct config *config; /* that it is under, or NULL */
	bool looked_at;
	bool from_stdin;
	char *text;          /* of standard input, else NULL */
	size_t length;       /* of TEXT */
	const char *trouble; /* why it is compiled as it is although it should not be;
				NULL normally */
};

struct sources {
	struct source *list;
	size_t count;
	struct facts c_facts, cxx_facts; /* of the compiler for C and C++; valid if such a
					    source could be read */
};

/* sources_read - find the C and C++ sources of JOB and have each rewritten. */
void sources_read(struct sources *sources, struct job *job);

/* sources_facts - what holds for the compiler in either language. */
const struct facts *sources_facts(const struct sources *sources);

void sources_free(struct sources *sources);

/* sources_changed - whether SOURCE is to be compiled with other text. */
bool sources_changed(const struct source *source);

/* sources_own_text - SOURCE's own file in its result, NULL if only headers change or
 * nothing. */
const struct rewritten_file *sources_own_text(const struct source *source);

/* sources_name - what messages call it. */
const char *sources_name(const struct source *source);

#endif
