/* expression.h - cursors of libclang's as texts, values and places, for the survey.
 *
 * Include <clang-c/Index.h> first. */
#ifndef COHOOK_EXPRESSION_H
#define COHOOK_EXPRESSION_H

#include "libclang.h"
#include "survey.h"

/* An object of C++ that unlocks a mutex when it goes. */
struct survey_guard {
	const char *name, *mutex;
};

struct survey_walk {
	struct unit *unit;
	const struct libclang *clang;
	struct survey *survey;
	struct pool *pool;
	struct survey_guard *guards; /* in the scopes around */
	size_t nguards;
	const char *assigned; /* what takes the value of the call that comes next */
	bool handlers;        /* within an initializer of a struct sigaction */
};

struct children {
	struct survey_walk *walk;
	CXCursor *list;
	size_t count;
};

struct children expression_children(struct survey_walk *walk, CXCursor cursor);

/* expression_take - a string of libclang's as one in the survey's pool. */
const char *expression_take(struct survey_walk *walk, CXString string);

/* expression_text - the text of CURSOR in one of the user's files; "" if it is in none, or
 * in parts. expression_text_at() takes one in the body of a macro, too, if MACRO. */
const char *expression_text(struct survey_walk *walk, CXCursor cursor);
const char *expression_text_at(struct survey_walk *walk, CXCursor cursor, bool macro);

/* expression_words - as written, or as a macro makes it; "" if there is more to it than
 * names and the way to them. */
const char *expression_words(struct survey_walk *walk, CXCursor cursor);

/* expression_unwrap - CURSOR without what the compiler wraps around it. */
CXCursor expression_unwrap(struct survey_walk *walk, CXCursor cursor);

/* expression_is_function - whether KIND is that of a function's declaration;
 * expression_key - what no other of them in the unit is called. */
bool expression_is_function(enum CXCursorKind kind);
const char *expression_key(struct survey_walk *walk, CXCursor function);

/* expression_function - the function that CURSOR names, or the address of which it takes;
 * false if it does not. */
bool expression_function(struct survey_walk *walk, CXCursor cursor, CXCursor *function);

/* expression_evaluate - the number that CURSOR is; false if that is not known. */
bool expression_evaluate(struct survey_walk *walk, CXCursor cursor, long long *value);

/* expression_argument - what a call is given; CLOSELY: with its value. */
struct argument expression_argument(
	struct survey_walk *walk, CXCursor cursor, bool closely);

#endif
