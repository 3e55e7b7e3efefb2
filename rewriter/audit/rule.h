/* rule.h - the rules: each looks at a unit and adds its findings. */
#ifndef COHOOK_AUDIT_RULE_H
#define COHOOK_AUDIT_RULE_H

#include "audit/view.h"

/* rule_nonblocking - note in VIEW which calls are shown not to wait; the others build on
 * it. */
void rule_nonblocking(struct view *view);

void rule_sites(struct view *view);    /* rewritten, kept, no-mirror */
void rule_direct(struct view *view);   /* direct, dlsym */
void rule_foreign(struct view *view);  /* foreign */
void rule_callback(struct view *view); /* callback */
void rule_lock(struct view *view);     /* lock */
void rule_signal(struct view *view);   /* signal */
void rule_local(struct view *view);    /* thread-local */
void rule_thread(struct view *view);   /* hog, computes */
void rule_deadline(struct view *view); /* no-deadline */

#endif
