/* settings.h - what the user asked of the wrapper itself: environment first, then
 * --cohook-* options. */
#ifndef COHOOK_SETTINGS_H
#define COHOOK_SETTINGS_H

#include <stdbool.h>

#include "calledas.h"
#include "rewrite.h"

enum request {
	REQUEST_BUILD,   /* be a compiler */
	REQUEST_HELP,    /* --cohook-help */
	REQUEST_VERSION, /* --cohook-version */
	REQUEST_BACKEND, /* --cohook-backend: say what is known of the compiler behind */
};

struct settings {
	enum request request;
	enum threads_mode threads; /* COHOOK_THREADS, --cohook-threads= */
	bool threads_given;        /* by one of those */
	enum tls_mode tls;         /* COHOOK_TLS, --cohook-tls= */
	const char *config; /* COHOOK_CONFIG, --cohook-config=: the file, or "off"; NULL:
			       to be looked for */
	struct calledas called;
	bool off;      /* COHOOK_OFF, --cohook-off: the plain compiler */
	bool strict;   /* COHOOK_STRICT, --cohook-strict: our warnings are errors */
	bool emit;     /* --cohook-emit: print the rewritten source */
	bool explain;  /* --cohook-explain: say what was done with every site */
	bool launched; /* --cohook-launch named the compiler */
	bool audits;   /* nothing is compiled: all sites are listed, and a survey made */
	const char
		*audit; /* COHOOK_AUDIT: the folder for what the audit finds; or NULL */
	const char *compiler; /* COHOOK_CC, --cohook-launch, NULL for the default */
};

/* Both end the process with status 2 and a message when a value or an option is not
 * known. NAME is what the program was called. */
void settings_from_environment(struct settings *settings, const char *name);
void settings_option(struct settings *settings, const char *word);

/* settings_compiler_variable - the one that names the compiler behind, or the option that
 * did. */
const char *settings_compiler_variable(const struct settings *settings);

/* settings_help - the text of --cohook-help, on standard output. */
void settings_help(void);

#endif
