/* binary.h - what compiled files say of the calls in them. */
#ifndef COHOOK_AUDIT_BINARY_H
#define COHOOK_AUDIT_BINARY_H

#include "argvec.h"
#include "audit/document.h"

/* binary_audit - add to DOCUMENT what the ledgers and symbol tables of FILES, and of the
 * libraries that they are linked to, tell. NULL, or what is wrong with one of them, from
 * its pool. */
const char *binary_audit(struct document *document, const struct argvec *files);

#endif
