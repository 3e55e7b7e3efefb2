/* settingsopt.c - owns --threads and --config of cohook's commands. */
#include "settingsopt.h"

#include <string.h>

error_t settingsopt_take(
	int key, char *value, struct argp_state *state, struct settings *settings)
{
	bool fiber = value && !strcmp(value, "fiber");

	switch (key) {
	case SETTINGSOPT_CONFIG:
		settings->config = value;
		return 0;
	case SETTINGSOPT_THREADS:
		if (!fiber && strcmp(value, "os") != 0)
			argp_error(state, "--threads may be fiber or os, not %s", value);
		settings->threads = fiber ? THREADS_FIBER : THREADS_OS;
		settings->threads_given = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}
