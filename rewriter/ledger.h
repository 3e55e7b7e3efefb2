/* ledger.h - the record of what was done to a unit, for its object file. */
#ifndef COHOOK_LEDGER_H
#define COHOOK_LEDGER_H

#define LEDGER_SECTION ".cohook.ledger"

struct edit_list;
struct findings;
struct rewrite_request;
struct rewrite_result;
struct unit;

/* ledger_add - have the compiled unit carry the sites of RESULT, as FOUND in it: one
 * more edit in LIST, which edit_list_make() has made. */
void ledger_add(struct edit_list *list, const struct rewrite_request *request,
	const struct unit *unit, const struct findings *found,
	const struct rewrite_result *result);

#endif
