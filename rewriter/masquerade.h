/* masquerade.h - the folder in which the wrapper has compilers' names. */
#ifndef COHOOK_MASQUERADE_H
#define COHOOK_MASQUERADE_H

/* masquerade_leave - take the folder out of PATH, for us and all that we start: what is
 * behind us finds compilers by name itself. What follows in PATH after the place where
 * NAME is this program; NULL if it is nowhere. */
const char *masquerade_leave(const char *name);

#endif
