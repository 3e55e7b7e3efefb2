/* bystander.h - a fiber that is ready: it runs during a call that gives others their
 * turn, whatever the clock says. */
#ifndef HARNESS_BYSTANDER_H
#define HARNESS_BYSTANDER_H

#include "harness/mate.h"

struct bystander {
	struct mate mate;
};

/* Make one; and note, after the call, that among mirrors it has run. */
void bystander_start(struct run *run, struct bystander *bystander);
void bystander_ran(struct run *run, struct bystander *bystander);

#endif
