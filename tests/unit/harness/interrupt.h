/* interrupt.h - signals that arrive while a call waits. */
#ifndef HARNESS_INTERRUPT_H
#define HARNESS_INTERRUPT_H

#include "harness/run.h"

/* Have SIG counted by a handler, installed through the calls under test. FLAGS as in
 * sigaction(2). */
void catch_signal(struct run *run, int sig, int flags);

/* Note how often SIG was caught, and set it back to its default. */
void note_caught(struct run *run, int sig);

/* The count so far. */
int caught(int sig);

#endif
