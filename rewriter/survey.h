/* survey.h - what the functions of a unit do, in order, as facts without libclang's types.
 *
 * finder.h lists single names; this is for findings that need more than one place: calls
 * and the functions that they are in, what they are given, and the branches, loops and
 * exits around them. */
#ifndef COHOOK_SURVEY_H
#define COHOOK_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "mark.h"

struct hook;
struct pool;
struct unit;

enum event_kind {
	EVENT_CALL,    /* NAME is called; NULL: a pointer is */
	EVENT_NAME,    /* the address of function NAME is taken */
	EVENT_HANDLER, /* function NAME becomes a handler of a signal */
	EVENT_LOCAL,   /* the thread-local variable NAME is used */
	EVENT_LOCK,    /* an object of C++ locks the mutex NAME, and unlocks it at the end */
	EVENT_UNLOCK,  /* of its scope: this one */
	EVENT_ASM,     /* an asm statement; NAME is its text */
	EVENT_IF,      /* then what is done if so, perhaps EVENT_ELSE, then EVENT_END */
	EVENT_ELSE,
	EVENT_LOOP, /* then its condition and body, then EVENT_END */
	EVENT_SWITCH,
	EVENT_CASE,
	EVENT_END,
	EVENT_LEAVE, /* NAME is "return", "goto", "break" or "continue" */
};

struct argument {
	const char *text; /* as written, blanks as they are; "" if that is in no file */
	bool constant;
	long long value; /* valid if it is constant */
	long long bits;  /* of all numbers in it, or-ed: flags that are surely there */
	const char *function; /* that it names, or NULL */
	const char *string;   /* that it is, or NULL */
};

enum loop_kind {
	LOOP_BOUNDED, /* as far as can be seen */
	LOOP_ENDLESS, /* its condition is true for ever */
	LOOP_SPINS,   /* it waits for a variable that only others change */
};

struct event {
	enum event_kind kind;
	enum loop_kind loop; /* of EVENT_LOOP */
	struct mark at;
	const char *name;
	const char *key;        /* of a function: like no other's in the unit */
	const struct hook *row; /* of a function of libc's in hooks.def */
	bool system;            /* the function is declared by the system */
	const char *mutex;      /* that a method of C++ locks or unlocks, or NULL */
	const char *assigned;   /* of a call: what takes its value, as written; or NULL */
	struct argument *arguments; /* of a call that is of interest */
	size_t narguments;
};

/* A function with a body in one of the user's files, or what is at file scope. */
struct surveyed {
	const char *name; /* NULL: at file scope */
	const char *key;
	bool external; /* other units can call it */
	struct mark at;
	const char **parameters; /* their names */
	size_t nparameters;
	size_t begin, end; /* indices of its events */
};

/* A comment with "cohook-audit:" in it. */
struct survey_comment {
	size_t file;
	unsigned line;
	bool alone;       /* nothing else is on its line: it is about the next */
	const char *text; /* what follows that, to the end of the line */
};

struct survey {
	const char **files; /* the unit's, as libclang names them */
	size_t nfiles;
	struct surveyed *functions; /* in the order of the unit */
	size_t nfunctions;
	struct event *events;
	size_t nevents;
	struct survey_comment *comments;
	size_t ncomments;
};

/* survey_make - walk UNIT; all of it lives in POOL. */
void survey_make(struct survey *survey, struct unit *unit, struct pool *pool);

#endif
