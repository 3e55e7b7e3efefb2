/* settingsopt.h - the options that `cohook` has in common with the wrapper, for argp. */
#ifndef COHOOK_SETTINGSOPT_H
#define COHOOK_SETTINGSOPT_H

#include <argp.h>

#include "settings.h"

enum { SETTINGSOPT_THREADS = 0x1000, SETTINGSOPT_CONFIG };

/* settingsopt_take - act on one of those keys; argp's own codes. */
error_t settingsopt_take(
	int key, char *value, struct argp_state *state, struct settings *settings);

#endif
