/* scheduling.h - policies and priorities of threads, as tests set and look at them. */
#ifndef HARNESS_SCHEDULING_H
#define HARNESS_SCHEDULING_H

#include "harness/run.h"

void set_policy(struct run *run, pthread_t thread, int policy, int priority);
void note_policy(struct run *run, pthread_t thread);

#endif
