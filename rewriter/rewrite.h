/* rewrite.h - the middle of the wrapper behind one call: prefilter, parse, find, plan,
 * edit.
 *
 * cmdline knows what the user asked for, deliver knows how to hand text to a compiler;
 * this knows what the text should be. */
#ifndef COHOOK_REWRITE_H
#define COHOOK_REWRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "reason.h"

struct config;
struct pool;
struct survey;

enum threads_mode {
	THREADS_OS,    /* rows of class THREAD are kept */
	THREADS_FIBER, /* pthread_create makes a fiber */
};

/* What becomes of thread-local variables where pthread_create makes a fiber. */
enum tls_mode {
	TLS_WARN,   /* a fiber's own; a warning for each that cannot be */
	TLS_STRICT, /* likewise, an error */
	TLS_SHARED, /* the OS thread's */
};

enum verdict {
	VERDICT_REWRITTEN,
	VERDICT_KEPT, /* see reason */
};

/* One place that names a row of hooks.def. Strings belong to the rewrite_result. */
struct site {
	const char *file; /* of the spelling, as libclang names it */
	unsigned line, column;
	unsigned offset; /* of the name in FILE, in bytes */
	const char *
		use_file; /* where a macro that spells it is expanded; NULL if no macro */
	unsigned use_line, use_column;
	const char *function; /* that encloses it, NULL at file scope */
	const char *callee;   /* libc's name, as spelled */
	const char *waits;    /* the row's class, "FD_IN" */
	bool is_call;         /* false: its address is taken */
	enum verdict verdict;
	struct reason reason; /* why it was kept, none if it was rewritten */
};

struct rewrite_request {
	const char *source; /* path as the user gave it */
	const char *const *
		args; /* for libclang: the whitelisted flags, in order, NULL at the end */
	const char *text; /* the source's text if it is not in SOURCE (standard input),
			     else NULL */
	size_t length;    /* of TEXT */
	const struct config *config; /* of the .cohook file, or NULL */
	const char *builtin; /* the folder of the compiler's own headers, or NULL */
	const char *excluded;        /* why the whole source is kept, NULL if it is not */
	enum threads_mode threads;
	enum tls_mode tls;      /* of interest with THREADS_FIBER alone */
	const char *threads_by; /* the line of the file that wants THREADS_OS, or NULL */
	bool fortified; /* _FORTIFY_SOURCE > 0 may hold: emit the checking forms */
	bool gcc;       /* the compiler is gcc */
	bool pedantic;  /* prefix __extension__ where transparent unions would warn */
	bool prefilter; /* skip the parse when nothing can be there; the audit says no */
	bool keeps_unused; /* the compiler makes code of unused inline functions, too */
	bool ledger;       /* have the object carry what was done */
	const char *const
		*prefix_maps; /* of -ffile-prefix-map, OLD=NEW, for the ledger; NULL
					   at the end, or NULL */
	const char *cache;    /* folder of results of earlier runs, or NULL */
	bool keep_library;    /* nothing in the C++ library's headers is changed */
	bool watch;           /* list WATCH rows too (they are always kept) */
	bool survey;          /* write down what functions do, for the audit */
};

/* A file whose text changes in this unit: the source itself or a header of the user's. */
struct rewritten_file {
	char *path; /* as libclang names it: the spelling under which the compiler will
		       open it */
	char *text;
	size_t length;
};

/* A thread-local variable that the fibers of an OS thread share. */
struct shared_variable {
	const char *file; /* where it is declared */
	unsigned line;
	const char *name;
	const char *why;
};

struct rewrite_result {
	struct site *sites; /* sorted by file, line, column */
	size_t nsites;
	struct rewritten_file *files;
	size_t nfiles;                  /* 0: compile as it is */
	struct shared_variable *shared; /* NULL under TLS_SHARED */
	size_t nshared;
	bool own_locals;   /* thread-local variables are each fiber's, but for those */
	bool locals;       /* uses of thread-local variables are changed */
	struct survey *survey; /* if it was asked for, else NULL */
	bool library;      /* the C++ library's headers are among them */
	char *trouble;     /* why the unit could not be handled at all, NULL normally */
	struct pool *pool; /* private: where all of it lives */
};

/* rewrite_unit - work out what SOURCE should read like. 0, or -errno with RESULT->trouble
 * set; RESULT is always to be given to rewrite_free(). */
int rewrite_unit(const struct rewrite_request *request, struct rewrite_result *result);
void rewrite_free(struct rewrite_result *result);

#endif
