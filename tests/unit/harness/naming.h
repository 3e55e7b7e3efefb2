/* naming.h - what pthread_setname_np and pthread_getname_np have in common. */
#ifndef HARNESS_NAMING_H
#define HARNESS_NAMING_H

#include "harness/run.h"

/* Set and note, or get and note, the name of THREAD. */
void set_name(struct run *run, pthread_t thread, const char *name);
void get_name(struct run *run, pthread_t thread, size_t size);

#endif
