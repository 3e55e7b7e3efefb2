/* recall.h - results of rewrite_unit() from earlier runs. */
#ifndef COHOOK_RECALL_H
#define COHOOK_RECALL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct pool;
struct rewrite_request;
struct rewrite_result;
struct unit;

struct recall {
	const struct rewrite_request *request;
	struct pool *pool;
	struct timespec since;
	char *text; /* of the source, unless the request has it */
	size_t length;
	const char *name; /* of the entry in the cache; NULL: there can be none */
};

/* recall_open - begin with REQUEST, with memory from POOL. To be closed. */
void recall_open(
	struct recall *recall, const struct rewrite_request *request, struct pool *pool);
void recall_close(struct recall *recall);

/* recall_find - whether RESULT, empty but for its pool, was filled from the cache. */
bool recall_find(struct recall *recall, struct rewrite_result *result);

/* recall_keep - have later runs find RESULT, which came of parsing UNIT. */
void recall_keep(struct recall *recall, const struct unit *unit,
	const struct rewrite_result *result);

#endif
