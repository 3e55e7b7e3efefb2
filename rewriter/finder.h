/* finder.h - every place of a unit that names a function of hooks.def or a thread-local
 * variable, as facts without a verdict. */
#ifndef COHOOK_FINDER_H
#define COHOOK_FINDER_H

#include <stdbool.h>
#include <stddef.h>

#include "mark.h"

struct hook;
struct rewrite_request;
struct unit;

/* A declaration at file scope in one of the user's files. ORDINAL counts all of the unit,
 * the system's too. */
struct toplevel {
	size_t file;
	size_t begin,
		end; /* offsets; END may be too small when a macro ends the declaration */
	size_t body; /* offset behind the brace that opens a function's body; 0 if that is
			not there to see */
	size_t ordinal;
};

/* A function of the table as this unit declares it. */
struct target {
	const struct hook *row;
	const char *name;        /* as the source spells it */
	const char *symbol;      /* what the linker will see */
	const char *attributes;  /* those a mirror must have too, as text:
				    "__attribute__((..)) ..", or "" */
	const char *object_size; /* the macro with which libc's inline form checks
				    (FORTIFY, FORMAT), else NULL */
	size_t declared;         /* ordinal of libc's declaration */
	const char *called;      /* what the program calls it, where its declaration says
				    whose symbol is meant; else NULL */
	bool by_libc;            /* false: the program alone declares it */
	bool weak;               /* the program made the name weak */
	bool takes_union;        /* has a parameter of a transparent union */
	bool cxx;                /* the unit is C++: to be named ::NAME, of linkage "C" */
	bool nested;             /* libc's declaration is inside a namespace */
	size_t overload; /* 1 + index of the first declaration at file scope that overloads
			    or may hide the name; 0 if there is none */
	void *cursor;    /* finder's own */
};

/* What forbids changing the text of a name. */
enum obstacle {
	OBSTACLE_PASTED = 1,  /* ## made it, it stands nowhere */
	OBSTACLE_SPLICED = 2, /* a line continuation is in the middle */
	OBSTACLE_SYSTEM =
		4, /* it stands in a macro of the system's or of the command line */
	OBSTACLE_SHARED = 8, /* the same text means something else in another expansion */
	OBSTACLE_STRING = 16,    /* a macro makes a string of it as well */
	OBSTACLE_QUALIFIED = 32, /* its namespaces are not simply written ahead of it */
	OBSTACLE_DEPENDENT = 64, /* arguments that depend on a template decide which
				    function it names */
	OBSTACLE_PART = 128,     /* a macro makes another name of it as well */
	OBSTACLE_NAMESAKE = 256, /* it stands in the body of a macro of that name, which
				    would be read in the mirror's declaration, too */
};

struct reference {
	size_t target;
	struct mark at;       /* its name */
	const char *function; /* that encloses it, NULL at file scope */
	size_t top; /* the declaration that it is in; NO_FILE in the system's files */
	bool is_call;
	bool unevaluated; /* only its type matters; no site, but must go on compiling */
	bool is_operand;  /* an operator, & that is, is applied to the function itself */
	bool names_type;  /* as an argument of a template it is part of a type's name */
	bool qualified;   /* something with "::" is ahead of it: no local can hide it */
	size_t qualifier; /* length of the "m::" ahead of it, if it is to go */
	unsigned obstacles;
};

/* A function of the C++ library that the unit may have for itself. */
struct adopted {
	size_t file;
	size_t offset;    /* where its tag goes */
	bool ahead;       /* of the name, not behind it */
	size_t remove;    /* from there on, in favour of BODY */
	const char *body; /* parameters and body; NULL if it has one */
};

/* A thread-local variable of the program's. */
struct variable {
	const char *name, *symbol;
	size_t file; /* where it is declared first */
	unsigned line;
	bool external;   /* other units can name it */
	bool defined;    /* in this unit */
	size_t top;      /* that defines it first; NO_FILE if none does */
	const char *why; /* a fiber cannot have a copy, NULL if it can */
	bool noted;      /* a declaration of it was walked */
	void *cursor;    /* finder's own */
};

struct findings {
	struct toplevel *tops; /* in the order of the unit */
	size_t ntops;
	struct target *targets;
	size_t ntargets;
	struct reference *references; /* in the order of the unit */
	size_t nreferences;
	struct adopted *adopted; /* in no order */
	size_t nadopted;
	struct variable *variables; /* in no order; none unless they are looked for */
	size_t nvariables;
	struct reference
		*uses; /* of variables, their targets, in the order of the unit */
	size_t nuses;
};

/* finder_find - walk UNIT, as REQUEST wants it: with its mappings, with the functions
 * that are only watched or without. What FINDINGS points to lives in the unit's pool. */
void finder_find(struct unit *unit, const struct rewrite_request *request,
	struct findings *findings);

#endif
