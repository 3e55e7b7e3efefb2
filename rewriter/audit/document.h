/* document.h - findings and the units that they are of, in memory and as JSON
 * (docs/audit.md has the schema). */
#ifndef COHOOK_AUDIT_DOCUMENT_H
#define COHOOK_AUDIT_DOCUMENT_H

#include <stdio.h>

#include "audit/finding.h"

enum { DOCUMENT_VERSION = 1 };

struct audited {
	const char *file;
	const char *directory;   /* that it is compiled in */
	const char *trouble;     /* why there is nothing of it; NULL normally */
	bool deadlines;          /* it sets one, or makes descriptors non-blocking */
	const char **defines;    /* the foreign functions that it defines itself */
	size_t ndefines;
	const char *stack_usage; /* where -fstack-usage would write; NULL: unknown */
};

struct document {
	struct pool *pool; /* set by the user, all else zero at first */
	const char *root;  /* that names of files are relative to */
	struct audited *units;
	size_t nunits;
	struct finding_list findings;
	bool compared; /* with a baseline */
};

/* document_init - an empty one, for document_fini(). */
void document_init(struct document *document);
void document_fini(struct document *document);

struct audited *document_add_unit(struct document *document);

/* document_read - add what the JSON at TEXT holds. NULL, or what is wrong with it. */
const char *document_read(struct document *document, const char *text, size_t length);

/* document_write - as JSON. */
void document_write(FILE *out, const struct document *document);

/* document_relate - name files relative to ROOT that lie below it, sort units and
 * findings, drop repetitions. */
void document_relate(struct document *document, const char *root);

#endif
