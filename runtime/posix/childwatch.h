/* childwatch.h - news of children that no descriptor tells of: of any of them, of a
 * process group, of stopped and continued ones. */
#ifndef COHOOK_CHILDWATCH_H
#define COHOOK_CHILDWATCH_H

#include "../list.h"

#include <stdbool.h>
#include <sys/wait.h>

struct co_fiber;

struct childwatch {
	struct list link; /* in the list of those who watch the same; under its lock */
	struct co_fiber *fiber;
};

/* See that the running fiber is woken when waitid(TYPE, ID, ..., OPTIONS | WNOWAIT) would
 * come back, be it now. Must follow co__wait_begin(). False if nobody can watch. */
bool co__childwatch_link(struct childwatch *watch, idtype_t type, id_t id, int options);
void co__childwatch_unlink(struct childwatch *watch);

#endif
