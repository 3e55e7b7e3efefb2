/* account.h - what the lookups of one user or group have in common. */
#ifndef HARNESS_ACCOUNT_H
#define HARNESS_ACCOUNT_H

#include "harness/run.h"

enum { ACCOUNT_KEYS = 3 };

struct account {
	/* The call under test for the key of that index: 0 is there, the others are not. */
	const void *(*find)(const struct calls *calls, int key);
	void (*note)(struct run *run, const void *entry);
};

/* Add the shared scenarios for VERB to the suite. */
void account_add(const struct account *verb);

#endif
