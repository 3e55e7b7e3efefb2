/* progress.h - how far the audit is, for somebody who watches. */
#ifndef COHOOK_AUDIT_PROGRESS_H
#define COHOOK_AUDIT_PROGRESS_H

#include <stddef.h>

/* progress_show - DONE of ALL are done: a line on standard error if that is a terminal.
 * progress_clear() takes it away. */
void progress_show(size_t done, size_t all);
void progress_clear(void);

#endif
