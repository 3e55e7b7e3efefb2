/* calledas.h - what the name by which the wrapper was called says. */
#ifndef COHOOK_CALLEDAS_H
#define COHOOK_CALLEDAS_H

#include <stdbool.h>

struct calledas {
	const char *name;     /* without folder */
	const char *compiler; /* that it names, as PATH has it; NULL: it names none */
	bool cxx;             /* it links C++ */
	bool masquerades;     /* it is a compiler's name, not cohook-COMPILER */
};

/* calledas_read - PROGRAM is argv[0]. cohook-cc and cohook-c++ name no compiler, nor does
 * what looks like none. What CALLED points to is part of PROGRAM. */
void calledas_read(struct calledas *called, const char *program);

#endif
