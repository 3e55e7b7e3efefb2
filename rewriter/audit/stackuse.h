/* stackuse.h - frames that are too large for the stacks of fibers. */
#ifndef COHOOK_AUDIT_STACKUSE_H
#define COHOOK_AUDIT_STACKUSE_H

#include "audit/document.h"

/* stackuse_add - findings for the frames of LIMIT bytes and more in what the compiler's
 * -fstack-usage wrote for the units of DOCUMENT, where that is there. */
void stackuse_add(struct document *document, unsigned long limit);

#endif
