/* examine.h - one compilation, from its words to findings. */
#ifndef COHOOK_AUDIT_EXAMINE_H
#define COHOOK_AUDIT_EXAMINE_H

#include <stdio.h>

#include "audit/command.h"
#include "settings.h"

/* examine_command - audit the sources of COMMAND, in whose directory we are, and write a
 * document about them to OUT. ASKED has the configuration and the mode of threads. */
void examine_command(
	FILE *out, const struct command *command, const struct settings *asked);

#endif
