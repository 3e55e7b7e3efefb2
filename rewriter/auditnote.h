/* auditnote.h - builds that are audited while they run: COHOOK_AUDIT. */
#ifndef COHOOK_AUDITNOTE_H
#define COHOOK_AUDITNOTE_H

struct job;

/* auditnote_leave - have the sources of JOB audited; what is found goes to a file in the
 * folder that the settings name. The compilation goes on whatever comes of it. */
void auditnote_leave(const struct job *job);

#endif
